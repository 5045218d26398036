//! A record in one file, for hand-over: the log, what its entries name, the public key, and how a
//! stranger verifies it.
//!
//! Invariant: the same record gives the same bytes; no secret key and nothing sealed is in it.

use crate::{agreement::content, error::Error, monitor::Monitor};
use casus_ledger::{Hash, fsck};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};
use tar::{Builder, EntryType, Header};

/// How a stranger verifies it, with Casus and without.
const HOW: &str = "\
# How to verify this record

`log.pub` is the public key of the log. Trust it only if you had it from somewhere else too.

With Casus: unpack, then `casus verify .`

Without: `log/` is a log in the format of C2SP tlog-tiles, its checkpoint a signed note; any tool
for these verifies it. Leaves are SHA-256 over a zero byte and the entry (RFC 6962). An entry is
one JSON object. Contents that entries name lie under `log/attachments/`, each called by its
SHA-256.

What a log alone cannot show: that nobody was shown another one. Compare the checkpoint with one
that you, or a witness, saw before.
";

/// Writes a record into one file. Pages that are given go in beside the log, by name.
///
/// # Errors
/// Where something that an entry names is not there, or the file cannot be written.
pub fn archive(
    monitor: &Monitor,
    pages: &[(&str, Vec<u8>)],
    out: &mut impl Write,
) -> Result<(), Error> {
    let folder = monitor.folder.clone();
    let told = |cause| Error::file(&folder, cause);
    let mut tar = Builder::new(out);
    for (name, page) in pages.iter().chain(&[("VERIFY.md", HOW.as_bytes().to_vec())]) {
        put(&mut tar, name, page).map_err(told)?;
    }
    let key = format!("{}\n", monitor.verifier());
    put(&mut tar, "log.pub", key.as_bytes()).map_err(told)?;
    let log = folder.join("log");
    let left = fsck(&monitor.disk, monitor.verifier(), &[]).leftovers;
    for path in files(&log.join("tile")).map_err(told)? {
        let inside = path.strip_prefix(&log).unwrap_or(&path).to_string_lossy().into_owned();
        if left.contains(&inside) {
            continue;
        }
        let bytes = fs::read(&path).map_err(|cause| Error::file(&path, cause))?;
        let name = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().into_owned();
        put(&mut tar, &name, &bytes).map_err(told)?;
    }
    // Its journal holds nothing: all that is in the log was published.
    let journal = format!("journal.{}", monitor.size());
    for name in ["checkpoint", "cosigned", &journal] {
        if let Ok(bytes) = fs::read(log.join(name)) {
            put(&mut tar, &format!("log/{name}"), &bytes).map_err(told)?;
        }
    }
    let mut kept = monitor.state().kept();
    kept.sort_by(|a, b| a.sha256.cmp(&b.sha256));
    kept.dedup();
    for one in kept {
        let bytes = content(&monitor.attachments(), one)?;
        let hex: String =
            Hash::parse(&one.sha256)?.0.iter().map(|byte| format!("{byte:02x}")).collect();
        let (first, rest) = hex.split_at(2);
        put(&mut tar, &format!("log/attachments/{first}/{rest}"), &bytes).map_err(told)?;
    }
    tar.finish().map_err(told)
}

fn put(tar: &mut Builder<impl Write>, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_mtime(0);
    tar.append_data(&mut header, name, bytes)
}

/// All files under a folder, sorted.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let entry = entry?;
            match entry.file_type()?.is_dir() {
                true => folders.push(entry.path()),
                false => all.push(entry.path()),
            }
        }
    }
    all.sort();
    Ok(all)
}
