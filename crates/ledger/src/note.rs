//! Signed notes, as C2SP signed-note has them: a text, an empty line, signature lines.
//!
//! Invariant: whoever signs and whoever verifies sees the same bytes of text, its last newline
//! included.

use crate::{
    error::Error,
    keys::{Kind, Verifier},
    limits,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A text with signatures, of which nothing is verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What is signed. It ends in a newline.
    pub text: String,
    /// The lines under it, at least one.
    pub signatures: Vec<Signature>,
}

/// A signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The name of the key.
    pub name: String,
    /// The first four bytes of the hash of name and key.
    pub id: u32,
    /// What the kind of key makes: 64 bytes, or 8 bytes of time before them.
    pub bytes: Vec<u8>,
}

const MARK: &str = "\u{2014} ";

impl Note {
    /// Reads a note. Errors: whatever the specification forbids, and limits.
    pub fn parse(bytes: &[u8]) -> Result<Note, Error> {
        let bad = |what: &str| Error::malformed("signed note", what);
        if bytes.len() > limits::NOTE_BYTES {
            return Err(bad("it is too long"));
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| bad("it is no UTF-8"))?;
        if whole.chars().any(|c| c < ' ' && c != '\n') {
            return Err(bad("it has a control character"));
        }
        let at = whole.rfind("\n\n").ok_or_else(|| bad("it has no empty line"))?;
        let (text, lines) = whole.split_at(at + 1);
        let lines = lines.strip_prefix('\n').unwrap_or(lines);
        let lines = lines.strip_suffix('\n').ok_or_else(|| bad("its last line has no end"))?;
        let signatures = lines.split('\n').map(Signature::parse).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > limits::NOTE_SIGNATURES {
            return Err(bad("it has too many signatures"));
        }
        Ok(Note { text: text.to_owned(), signatures })
    }

    /// The bytes of the note.
    pub fn encode(&self) -> Vec<u8> {
        let lines: String = self.signatures.iter().map(Signature::line).collect();
        format!("{}\n{lines}", self.text).into_bytes()
    }

    /// Whether this key signed, and for a cosignature when, in seconds since 1970. Errors: no
    /// signature of the key, or one that does not verify.
    pub fn signed_by(&self, key: &Verifier) -> Result<Option<u64>, Error> {
        let own = |one: &&Signature| one.name == key.name() && one.id == key.id();
        let all: Vec<&Signature> = self.signatures.iter().filter(own).collect();
        let mut times = Vec::new();
        for signature in &all {
            times.push(key.verify(&self.text, &signature.bytes)?);
        }
        match times.into_iter().max() {
            Some(time) if key.kind() == Kind::Cosignature => Ok(Some(time)),
            Some(_) => Ok(None),
            None => Err(Error::Unsigned { name: key.name().to_owned(), what: "the note has none" }),
        }
    }
}

impl Signature {
    /// Reads a line without its end.
    pub fn parse(line: &str) -> Result<Signature, Error> {
        let bad = |what: &str| Error::malformed("signature line", format!("`{line}`: {what}"));
        let rest = line.strip_prefix(MARK).ok_or_else(|| bad("it begins with no dash"))?;
        let (name, coded) = rest.split_once(' ').ok_or_else(|| bad("it has no signature"))?;
        if !is_name(name) {
            return Err(bad("the name of its key is empty, or has a space or a plus"));
        }
        let bytes = STANDARD.decode(coded).map_err(|error| bad(&error.to_string()))?;
        match bytes.split_first_chunk::<4>() {
            Some((id, rest)) if !rest.is_empty() => Ok(Signature {
                name: name.to_owned(),
                id: u32::from_be_bytes(*id),
                bytes: rest.to_vec(),
            }),
            _ => Err(bad("its signature is too short")),
        }
    }

    /// The line, with its end.
    pub fn line(&self) -> String {
        let bytes = [self.id.to_be_bytes().as_slice(), &self.bytes].concat();
        format!("{MARK}{} {}\n", self.name, STANDARD.encode(bytes))
    }
}

/// Whether a key can have this name.
pub(crate) fn is_name(name: &str) -> bool {
    let forbidden = |c: char| c.is_whitespace() || c == '+' || c.is_control();
    !name.is_empty() && !name.contains(forbidden)
}
