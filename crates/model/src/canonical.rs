//! Canonical bytes and the digests made of them.
//!
//! Invariant: the same fields in the same order give the same digest on every machine; two
//! different lists of fields never give the same bytes, because each field carries its length.

use sha2::{Digest, Sha256};

/// Gathers fields and digests them.
#[derive(Clone, Default)]
pub struct Canonical(Sha256);

impl Canonical {
    /// An empty list of fields.
    pub fn new() -> Canonical {
        Canonical(Sha256::new())
    }
    /// Adds one field.
    #[must_use]
    pub fn field(mut self, bytes: impl AsRef<[u8]>) -> Canonical {
        let bytes = bytes.as_ref();
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }
    /// The first `digits` hexadecimal digits of the SHA-256 of the fields.
    pub fn hex(self, digits: usize) -> String {
        let mut text = hexadecimal(&self.0.finalize());
        text.truncate(digits);
        text
    }
}

/// The SHA-256 of some text, in hexadecimal.
pub fn digest(text: &str) -> String {
    hexadecimal(&Sha256::digest(text.as_bytes()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
