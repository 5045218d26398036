//! Salted commitments: a leaf that says nothing of a content, and binds to it.
//!
//! HMAC-SHA256 with the salt as its key. Whoever has salt and content can show that the leaf meant
//! it; without the salt even a content of one bit cannot be guessed and tried.
//!
//! Invariant: a salt has 32 random bytes and is used for one content.

use crate::{error::Error, hash::Hash};
use sha2::{Digest as _, Sha256};

/// The secret of one commitment: 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 32]);

impl Salt {
    /// A new one, from the random bytes of the system.
    pub fn generate() -> Result<Salt, Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| Error::Random(error.to_string()))?;
        Ok(Salt(bytes))
    }
}

impl std::fmt::Debug for Salt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salt")
    }
}

/// The commitment to a content under a salt (RFC 2104 with SHA-256).
pub fn commit(salt: &Salt, content: &[u8]) -> Hash {
    let pad = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(salt.0).for_each(|(to, from)| *to ^= from);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(content).finalize();
    Hash(Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of RFC 4231 are shorter than a block, so zeros behind them change nothing.
    #[test]
    fn a_commitment_is_the_hmac_of_rfc_4231() {
        let mut salt = Salt([0; 32]);
        salt.0[..20].fill(0x0b);
        let hex: String =
            commit(&salt, b"Hi There").0.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    #[test]
    fn salt_and_content_both_bind() {
        let (one, two) = (Salt::generate().unwrap(), Salt::generate().unwrap());
        assert_ne!(one, two);
        assert_eq!(commit(&one, b"yes"), commit(&one, b"yes"));
        assert_ne!(commit(&one, b"yes"), commit(&one, b"no"));
        assert_ne!(commit(&one, b"yes"), commit(&two, b"yes"));
        assert_eq!(format!("{one:?}"), "Salt");
    }
}
