//! Ed25519 keys with names, in the text forms of signed notes.
//!
//! Invariant: a secret key is wiped from memory when it is let go of, and has no `Debug` that shows
//! it.

use crate::{
    error::Error,
    note::{Signature, is_name},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// What a key signs. The byte goes into its id, so that one kind never passes for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The text of a note (type 0x01): logs and people.
    Note,
    /// A checkpoint at a time (type 0x04, cosignature/v1): witnesses.
    Cosignature,
}

impl Kind {
    fn byte(self) -> u8 {
        match self {
            Kind::Note => 1,
            Kind::Cosignature => 4,
        }
    }

    fn of(byte: u8) -> Option<Kind> {
        [Kind::Note, Kind::Cosignature].into_iter().find(|kind| kind.byte() == byte)
    }
}

/// A public key with its name. Its text is `name+id+key`: the id in eight hexadecimal digits, the
/// kind and the 32 bytes of the key in base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    id: u32,
    kind: Kind,
    key: VerifyingKey,
}

impl Verifier {
    fn new(name: &str, kind: Kind, key: VerifyingKey) -> Result<Verifier, Error> {
        if !is_name(name) {
            let what = format!("the name `{name}` is empty, or has a space or a plus");
            return Err(Error::malformed("key", what));
        }
        let hasher = Sha256::new().chain_update(name).chain_update([b'\n', kind.byte()]);
        let hash: [u8; 32] = hasher.chain_update(key.as_bytes()).finalize().into();
        let [a, b, c, d, ..] = hash;
        Ok(Verifier { name: name.to_owned(), id: u32::from_be_bytes([a, b, c, d]), kind, key })
    }

    /// Reads `name+id+key`.
    pub fn parse(text: &str) -> Result<Verifier, Error> {
        let (name, id, kind, bytes) = parts("verifier key", text.trim_end_matches('\n'))?;
        let key = VerifyingKey::from_bytes(&bytes)
            .map_err(|_| Error::malformed("verifier key", "its bytes are no point of the curve"))?;
        let verifier = Verifier::new(name, kind, key)?;
        if verifier.id != id {
            return Err(Error::malformed("verifier key", "its id is not that of its bytes"));
        }
        Ok(verifier)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its id.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What it signs.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Verifies the bytes of a signature line over the text of a note; gives the time of a
    /// cosignature in seconds since 1970, and 0 for a plain signature.
    pub fn verify(&self, text: &str, signature: &[u8]) -> Result<u64, Error> {
        let unsigned = |what| Error::Unsigned { name: self.name.clone(), what };
        let (time, bytes) = match self.kind {
            Kind::Note => (0, signature),
            Kind::Cosignature => {
                let (time, rest) =
                    signature.split_first_chunk::<8>().ok_or(unsigned("it is too short"))?;
                (u64::from_be_bytes(*time), rest)
            }
        };
        if i64::try_from(time).is_err() {
            return Err(unsigned("its time is out of bounds"));
        }
        let bytes: [u8; 64] = bytes.try_into().map_err(|_| unsigned("it has a wrong length"))?;
        let signature = ed25519_dalek::Signature::from_bytes(&bytes);
        let verified = match self.kind {
            Kind::Note => self.key.verify_strict(text.as_bytes(), &signature),
            Kind::Cosignature => {
                self.key.verify_strict(cosigned(text, time).as_bytes(), &signature)
            }
        };
        verified.map_err(|_| unsigned("it does not verify"))?;
        Ok(time)
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[self.kind.byte()], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(bytes))
    }
}

/// A secret key with its name.
pub struct Signer {
    verifier: Verifier,
    key: SigningKey,
}

impl Signer {
    /// A new key, from the random bytes of the system.
    pub fn generate(name: &str, kind: Kind) -> Result<Signer, Error> {
        let mut seed = Zeroizing::new([0_u8; 32]);
        getrandom::fill(seed.as_mut()).map_err(|error| Error::Random(error.to_string()))?;
        Signer::from_seed(name, kind, &seed)
    }

    /// The key that 32 secret bytes make.
    pub fn from_seed(name: &str, kind: Kind, seed: &[u8; 32]) -> Result<Signer, Error> {
        let key = SigningKey::from_bytes(seed);
        Ok(Signer { verifier: Verifier::new(name, kind, key.verifying_key())?, key })
    }

    /// Reads `PRIVATE+KEY+name+id+seed`.
    pub fn parse(text: &str) -> Result<Signer, Error> {
        let rest = text
            .trim_end_matches('\n')
            .strip_prefix("PRIVATE+KEY+")
            .ok_or_else(|| Error::malformed("secret key", "it does not begin `PRIVATE+KEY+`"))?;
        let (name, id, kind, seed) = parts("secret key", rest)?;
        let signer = Signer::from_seed(name, kind, &Zeroizing::new(seed))?;
        if signer.verifier.id != id {
            return Err(Error::malformed("secret key", "its id is not that of its bytes"));
        }
        Ok(signer)
    }

    /// The text that `parse` reads.
    pub fn encode(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0_u8; 33]);
        let (seed, id) = (Zeroizing::new(self.key.to_bytes()), self.verifier.id);
        let all = std::iter::once(self.verifier.kind.byte()).chain(seed.iter().copied());
        bytes.iter_mut().zip(all).for_each(|(to, from)| *to = from);
        let coded = Zeroizing::new(STANDARD.encode(bytes.as_slice()));
        Zeroizing::new(format!("PRIVATE+KEY+{}+{id:08x}+{}", self.verifier.name, *coded))
    }

    /// The public half.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.verifier.name
    }

    /// Signs the text of a note. A witness's key signs at a time, in seconds since 1970, which
    /// a plain key passes over.
    pub fn sign(&self, text: &str, time: u64) -> Signature {
        let bytes = match self.verifier.kind {
            Kind::Note => self.key.sign(text.as_bytes()).to_bytes().to_vec(),
            Kind::Cosignature => {
                let time = time.min(i64::MAX as u64);
                let signature = self.key.sign(cosigned(text, time).as_bytes());
                [time.to_be_bytes().as_slice(), &signature.to_bytes()].concat()
            }
        };
        Signature { name: self.verifier.name.clone(), id: self.verifier.id, bytes }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.verifier)
    }
}

/// What a witness signs: a header, the time, and the text of the checkpoint.
fn cosigned(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// Name, id, kind and 32 bytes out of `name+id+bytes`.
fn parts<'t>(what: &'static str, text: &'t str) -> Result<(&'t str, u32, Kind, [u8; 32]), Error> {
    let bad = |why: &str| Error::malformed(what, why);
    let mut fields = text.splitn(3, '+');
    let (Some(name), Some(id), Some(coded)) = (fields.next(), fields.next(), fields.next()) else {
        return Err(bad("it has not three parts with `+` between them"));
    };
    if id.len() != 8 || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(bad("its id has not eight hexadecimal digits"));
    }
    let id = u32::from_str_radix(id, 16).map_err(|_| bad("its id is no number"))?;
    let bytes = Zeroizing::new(STANDARD.decode(coded).map_err(|_| bad("it is no base64"))?);
    let (kind, key) = bytes.split_first().ok_or_else(|| bad("it has no bytes"))?;
    let kind = Kind::of(*kind).ok_or_else(|| bad("it is of an unknown kind"))?;
    let key: [u8; 32] = key.try_into().map_err(|_| bad("it has not 32 bytes"))?;
    Ok((name, id, kind, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back_and_say_nothing_secret() {
        for kind in [Kind::Note, Kind::Cosignature] {
            let key = Signer::generate("casus.example/log", kind).unwrap();
            let again = Signer::parse(&key.encode()).unwrap();
            assert_eq!(again.verifier(), key.verifier());
            assert_eq!(Verifier::parse(&key.verifier().to_string()).unwrap(), *key.verifier());
            assert!(!format!("{key:?}").contains("PRIVATE"));
        }
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        let key = Signer::from_seed("a.example", Kind::Note, &[7; 32]).unwrap();
        let good = key.verifier().to_string();
        for bad in [
            "",
            "a.example",
            "a.example+00000000",
            &good.replace("a.example", "b.example"),
            &good.replace('+', "-"),
            &good[..good.len() - 4],
            &format!("{good}AAAA"),
            &good.replace("+Ae", "+Be"),
        ] {
            assert!(Verifier::parse(bad).is_err(), "{bad}");
        }
        assert!(Signer::parse(&good).is_err());
        assert!(Signer::generate("with space", Kind::Note).is_err());
        assert!(Signer::generate("a+b", Kind::Note).is_err());
        assert!(Signer::generate("", Kind::Note).is_err());
    }
}
