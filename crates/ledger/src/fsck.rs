//! Looks at everything in the directory of a log, and lists all that is wrong.
//!
//! Each entry is hashed, each tile compared with what the entries give, the root with the signed
//! checkpoint, the journal with its notes, what a witness cosigned with the tree. Nothing is
//! written.
//!
//! What it cannot see: a directory that was put back to an older state of its own, or replaced by
//! another that the log's key signed. That takes a witness, or a checkpoint kept elsewhere.
//!
//! Invariant: one problem hides no other that can still be looked for.

use crate::{
    attachments,
    checkpoint::{Checkpoint, Cosigned, Head, cosignatures, open_checkpoint},
    directory::{CHECKPOINT, COSIGNED, Tiles, journal_path, read, read_bundle, read_tile, recover},
    disk::Disk,
    edge::Edge,
    error::Error,
    hash::{Hash, fold, leaf_hash},
    keys::Verifier,
    note::Note,
    tile::{FULL, TileId},
    tree::Tree,
};
use std::{collections::BTreeSet, fmt};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file.
    pub place: String,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The newest head, if there is one that holds.
    pub head: Option<Head>,
    /// How many entries were hashed, those in the journal included.
    pub entries: u64,
    /// The known witnesses that cosigned the file `checkpoint`.
    pub cosigned: Vec<Cosigned>,
    /// What is wrong. Empty if all is well.
    pub problems: Vec<Problem>,
    /// Files under `tile` that the checkpoint does not need, and an unfinished group: what a crash
    /// leaves behind, and no harm.
    pub leftovers: Vec<String>,
}

impl Report {
    fn say(&mut self, place: &str, what: impl Into<String>) {
        let problem = Problem { place: place.to_owned(), what: what.into() };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn error(&mut self, place: &str, error: &Error) {
        match error {
            Error::Damaged { place, what } => self.say(place, what.clone()),
            other => self.say(place, other.to_string()),
        }
    }
}

/// Looks at everything. The log's key is needed, and those of its witnesses if their cosignatures
/// are to be looked at.
pub fn fsck(disk: &dyn Disk, log: &Verifier, witnesses: &[Verifier]) -> Report {
    let mut report = Report::default();
    let mut needed = BTreeSet::new();
    match opened(disk, CHECKPOINT, log) {
        Ok((checkpoint, note)) => {
            let head = checkpoint.head;
            tiles(disk, &head, &mut needed, &mut report);
            for witness in witnesses {
                match cosignatures(&note, std::slice::from_ref(witness)) {
                    Ok(found) => report.cosigned.extend(found),
                    Err(error) => report.error(CHECKPOINT, &error),
                }
            }
            cosigned(disk, log, &head, &mut report);
            journal(disk, log, &head, &mut report);
        }
        Err(error) => report.error(CHECKPOINT, &error),
    }
    walk(disk, "tile", &mut |path| {
        if !needed.contains(&path) {
            report.leftovers.push(path);
        }
    });
    let mut kept = Vec::new();
    walk(disk, "attachments", &mut |path| kept.push(path));
    for path in kept {
        if let Some(Err(error)) = attachments::check(disk, &path) {
            report.error(&path, &error);
        }
    }
    report
}

fn opened(disk: &dyn Disk, path: &str, log: &Verifier) -> Result<(Checkpoint, Note), Error> {
    open_checkpoint(&read(disk, path)?, log)
}

/// Every tile and bundle of the published tree.
fn tiles(disk: &dyn Disk, head: &Head, needed: &mut BTreeSet<String>, report: &mut Report) {
    let mut below: Vec<Hash> = Vec::new();
    let mut edge = Edge::default();
    for level in 0..8 {
        let mut roots = Vec::new();
        let own = (0..).map_while(|index| TileId::within(level, index, head.size));
        for tile in own {
            needed.insert(tile.path());
            let hashes = read_tile(disk, tile).unwrap_or_else(|error| {
                report.error(&tile.path(), &error);
                Vec::new()
            });
            let expected = match level {
                0 => {
                    needed.insert(tile.bundle_path());
                    leaves(disk, tile, &hashes, &mut edge, report)
                }
                _ => {
                    let from = (tile.index * u64::from(FULL)) as usize;
                    below.iter().skip(from).take(usize::from(tile.width)).copied().collect()
                }
            };
            if !hashes.is_empty() && hashes != expected {
                let differs =
                    |(at, pair): (usize, (&Hash, &Hash))| (pair.0 != pair.1).then_some(at);
                let at = hashes.iter().zip(&expected).enumerate().find_map(differs);
                let at = at.unwrap_or(hashes.len().min(expected.len()));
                report.say(&tile.path(), format!("hash {at} is not that of what is under it"));
            }
            if tile.width == FULL {
                roots.extend(fold(&expected));
            }
        }
        below = roots;
    }
    if edge.head() != *head {
        report.say(CHECKPOINT, "the entries have another root than was signed");
    }
}

/// The leaf hashes of a bundle; where it cannot be read, those of the tile, so that what lies
/// above can still be looked at.
fn leaves(
    disk: &dyn Disk,
    tile: TileId,
    hashes: &[Hash],
    edge: &mut Edge,
    report: &mut Report,
) -> Vec<Hash> {
    let leaves: Vec<Hash> = match read_bundle(disk, tile) {
        Ok(entries) => {
            report.entries += entries.len() as u64;
            entries.iter().map(|entry| leaf_hash(entry)).collect()
        }
        Err(error) => {
            report.error(&tile.bundle_path(), &error);
            hashes.to_vec()
        }
    };
    for (at, pair) in leaves.iter().zip(hashes).enumerate() {
        if pair.0 != pair.1 {
            let what = format!("entry {} does not hash to its leaf", tile.first() + at as u64);
            report.say(&tile.bundle_path(), what);
        }
    }
    leaves.iter().for_each(|leaf| edge.push(*leaf));
    leaves
}

/// What a witness cosigned last is a beginning of this log.
fn cosigned(disk: &dyn Disk, log: &Verifier, head: &Head, report: &mut Report) {
    let names = disk.list("").unwrap_or_default();
    if !names.iter().any(|name| name == COSIGNED) {
        return;
    }
    match opened(disk, COSIGNED, log) {
        Err(error) => report.error(COSIGNED, &error),
        Ok((earlier, _)) if earlier.head.size > head.size => {
            let what = format!(
                "a witness saw {} entries and the checkpoint has {}: the log was rolled back",
                earlier.head.size, head.size
            );
            report.say(CHECKPOINT, what);
        }
        Ok((earlier, _)) => match Tree::new(&Tiles(disk), head.size).root(earlier.head.size) {
            Ok(root) if root == earlier.head.root => {}
            Ok(_) => report.say(COSIGNED, "a witness saw another root at this size: a fork"),
            Err(error) => report.error(COSIGNED, &error),
        },
    }
}

/// The journal, as opening would read it.
fn journal(disk: &dyn Disk, log: &Verifier, head: &Head, report: &mut Report) {
    match recover(disk, log) {
        Err(error) => report.error(&journal_path(head.size), &error),
        Ok(found) => {
            report.entries += found.newest.head.size - head.size;
            report.head = Some(found.newest.head);
            if found.journal_bytes > found.journal_valid {
                let bytes = found.journal_bytes - found.journal_valid;
                let path = journal_path(head.size);
                report.leftovers.push(format!("{path}: {bytes} bytes of an unfinished group"));
            }
        }
    }
}

/// Every file below a directory, if it is there.
fn walk(disk: &dyn Disk, path: &str, take: &mut dyn FnMut(String)) {
    for name in disk.list(path).unwrap_or_default() {
        match name.strip_suffix('/') {
            Some(folder) => walk(disk, &format!("{path}/{folder}"), take),
            None => take(format!("{path}/{name}")),
        }
    }
}
