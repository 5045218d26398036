//! `casus lsp`: the language server on standard input and output.
//!
//! Invariant: nothing is written to standard output but messages of the protocol, and a file is
//! read only from the folder of the agreement that names it.

use crate::{
    agreement::Folder,
    exit::{Exit, Failure},
};
use casus_check::Annexes;
use casus_lsp::{Door, Ended, serve};
use percent_encoding::percent_decode_str;
use std::{
    fs,
    io::{BufReader, BufWriter, stdin, stdout},
    path::{Path, PathBuf},
};

/// Answers an editor until it says that it is done.
///
/// # Errors
/// Where the input is no stream of messages, or nobody reads the answers.
pub fn lsp() -> Result<Exit, Failure> {
    let (input, mut output) = (BufReader::new(stdin()), BufWriter::new(stdout().lock()));
    match serve(input, &mut output, &Disk) {
        Ok(Ended::Orderly) => Ok(Exit::Fine),
        Ok(Ended::Abrupt) => Ok(Exit::Findings),
        Err(why) => Err(Failure::Told {
            exit: Exit::Findings,
            message: format!("the language server stops: {why}"),
            help: Some("it is started by an editor; see `docs/cli.md`".to_owned()),
        }),
    }
}

/// The folders of agreements on the disk.
struct Disk;

impl Door for Disk {
    fn read(&self, agreement: &str, name: &str) -> Result<Vec<u8>, String> {
        let path = path(agreement).ok_or("the agreement has not been saved in a folder yet")?;
        Folder::of(&path).read(name)
    }

    fn names(&self, agreement: &str) -> Vec<String> {
        /// Names of a folder that are looked at.
        const MOST: usize = 1_000;
        let path = path(agreement);
        let entries =
            path.as_deref().and_then(Path::parent).and_then(|path| fs::read_dir(path).ok());
        let entries = entries.into_iter().flatten().take(MOST).flatten();
        let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
        let mut names: Vec<String> =
            files.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names
    }
}

/// The path of a `file` URI.
fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    if !matches!(host, "" | "localhost") {
        return None;
    }
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    // A drive stands behind the first slash: `/C:/agreements/a.md`.
    let drive = decoded.as_bytes().get(2) == Some(&b':');
    let path = if drive { decoded.trim_start_matches('/') } else { &decoded };
    (!path.contains('\0')).then(|| PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::path;
    use std::path::Path;

    #[test]
    fn a_uri_is_a_path_on_this_machine_or_none() {
        let found = |uri| path(uri).map(|path| path.display().to_string());
        assert_eq!(found("file:///a%20b/%D1%8F.md").as_deref(), Some("/a b/я.md"));
        assert_eq!(found("file://localhost/a.md#x").as_deref(), Some("/a.md"));
        assert_eq!(path("file:///C%3A/a.md").as_deref(), Some(Path::new("C:/a.md")));
        for uri in
            ["untitled:Untitled-1", "file://other/a.md", "file:///%ff", "file:///%00", "file:"]
        {
            assert_eq!(found(uri), None, "{uri}");
        }
    }
}
