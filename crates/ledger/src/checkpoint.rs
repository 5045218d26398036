//! Checkpoints: what a log signs, as C2SP tlog-checkpoint has it.
//!
//! Invariant: a checkpoint that was opened was signed by the key whose name is its origin.

use crate::{error::Error, hash::Hash, keys::Verifier, note::Note};

/// How many entries a log has, and the root over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of entries.
    pub size: u64,
    /// The root.
    pub root: Hash,
}

/// The text of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log it is of.
    pub origin: String,
    /// What the log holds.
    pub head: Head,
    /// Lines after the third, which mean nothing here.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        let extensions: String = self.extensions.iter().map(|line| format!("{line}\n")).collect();
        format!("{}\n{}\n{}\n{extensions}", self.origin, self.head.size, self.head.root)
    }

    /// Reads the text, which has to be what `text` would write.
    pub fn parse(text: &str) -> Result<Checkpoint, Error> {
        let bad = |what: &str| Error::malformed("checkpoint", what);
        let text = text.strip_suffix('\n').ok_or_else(|| bad("its last line has no end"))?;
        let mut lines = text.split('\n');
        let origin = lines.next().filter(|line| !line.is_empty());
        let origin = origin.ok_or_else(|| bad("it has no origin"))?.to_owned();
        let size = number(lines.next().unwrap_or_default())
            .ok_or_else(|| bad("its second line is no number of entries"))?;
        let root = Hash::parse(lines.next().ok_or_else(|| bad("it has no root"))?)?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(bad("it has an empty line"));
        }
        Ok(Checkpoint { origin, head: Head { size, root }, extensions })
    }
}

/// A decimal without zeros before it.
pub(crate) fn number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| plain)
}

/// Reads a checkpoint and verifies that this log signed it.
pub fn open_checkpoint(bytes: &[u8], log: &Verifier) -> Result<(Checkpoint, Note), Error> {
    let note = Note::parse(bytes)?;
    note.signed_by(log)?;
    let checkpoint = Checkpoint::parse(&note.text)?;
    if checkpoint.origin != log.name() {
        let what = format!("expected the origin `{}`, got `{}`", log.name(), checkpoint.origin);
        return Err(Error::malformed("checkpoint", what));
    }
    Ok((checkpoint, note))
}

/// That a witness saw a checkpoint, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// The name of the witness.
    pub witness: String,
    /// When, in seconds since 1970.
    pub at_s: u64,
}

/// Which of these witnesses cosigned the note. Errors: a cosignature of one of them that does not
/// verify.
pub fn cosignatures(note: &Note, witnesses: &[Verifier]) -> Result<Vec<Cosigned>, Error> {
    let mut found: Vec<Cosigned> = Vec::new();
    for witness in witnesses {
        let own =
            |one: &crate::note::Signature| one.name == witness.name() && one.id == witness.id();
        if !note.signatures.iter().any(own) || found.iter().any(|one| one.witness == witness.name())
        {
            continue;
        }
        if let Some(at_s) = note.signed_by(witness)? {
            found.push(Cosigned { witness: witness.name().to_owned(), at_s });
        }
    }
    Ok(found)
}
