//! A proof in one file, as C2SP tlog-proof has it: index, hashes, checkpoint.
//!
//! Invariant: nothing in the file is believed; whoever verifies brings the keys and the entry.

use crate::{
    checkpoint::{Cosigned, Head, cosignatures, number, open_checkpoint},
    error::Error,
    hash::{Hash, leaf_hash},
    keys::Verifier,
    limits,
    proof::verify_inclusion,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

const FIRST: &str = "c2sp.org/tlog-proof@v1\n";

/// That an entry is in a log. Files of it end in `.tlog-proof`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Bytes for the application, which nobody signed.
    pub extra: Option<Vec<u8>>,
    /// The place of the entry, from 0.
    pub index: u64,
    /// From the leaf's sibling to the root's child.
    pub hashes: Vec<Hash>,
    /// The checkpoint as it was signed.
    pub checkpoint: Vec<u8>,
}

/// Whose signatures whoever verifies asks for.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The key of the log.
    pub log: Verifier,
    /// Witnesses that are known.
    pub witnesses: Vec<Verifier>,
    /// How many of them have to have cosigned.
    pub quorum: usize,
}

/// What a bundle that was verified says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The place of the entry, from 0.
    pub index: u64,
    /// The log at the time of the proof.
    pub head: Head,
    /// The known witnesses that saw it.
    pub cosigned: Vec<Cosigned>,
}

impl Bundle {
    /// The text of the file.
    pub fn encode(&self) -> Vec<u8> {
        let mut text = FIRST.to_owned();
        if let Some(extra) = &self.extra {
            text += &format!("extra {}\n", STANDARD.encode(extra));
        }
        text += &format!("index {}\n", self.index);
        self.hashes.iter().for_each(|hash| text += &format!("{hash}\n"));
        [text.as_bytes(), b"\n", &self.checkpoint].concat()
    }

    /// Reads a file. Nothing is verified by that.
    pub fn parse(bytes: &[u8]) -> Result<Bundle, Error> {
        let bad = |what: &str| Error::malformed("proof", what);
        if bytes.len() > limits::BUNDLE_BYTES {
            return Err(bad("it is too long"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| bad("it is no UTF-8"))?;
        let rest = text.strip_prefix(FIRST).ok_or_else(|| bad("its first line is another"))?;
        let (proof, checkpoint) =
            rest.split_once("\n\n").ok_or_else(|| bad("it has no checkpoint"))?;
        let mut lines = proof.split('\n').peekable();
        let extra = lines.next_if(|line| line.starts_with("extra ")).map(|line| {
            let coded = line.strip_prefix("extra ").unwrap_or_default();
            STANDARD.decode(coded).map_err(|_| bad("its extra line is no base64"))
        });
        let index = lines.next().and_then(|line| number(line.strip_prefix("index ")?));
        let index = index.ok_or_else(|| bad("it has no index"))?;
        let hashes = lines.take(limits::PROOF_HASHES + 1).map(Hash::parse);
        let hashes = hashes.collect::<Result<Vec<_>, _>>()?;
        if hashes.len() > limits::PROOF_HASHES {
            return Err(bad("it has too many hashes"));
        }
        let checkpoint = checkpoint.as_bytes().to_vec();
        Ok(Bundle { extra: extra.transpose()?, index, hashes, checkpoint })
    }

    /// Whether this entry is in the log, by the signatures that the policy asks for.
    pub fn verify(&self, entry: &[u8], policy: &Policy) -> Result<Verified, Error> {
        let (checkpoint, note) = open_checkpoint(&self.checkpoint, &policy.log)?;
        let cosigned = cosignatures(&note, &policy.witnesses)?;
        if cosigned.len() < policy.quorum {
            return Err(Error::Quorum { found: cosigned.len(), asked: policy.quorum });
        }
        verify_inclusion(&leaf_hash(entry), self.index, &checkpoint.head, &self.hashes)?;
        Ok(Verified { index: self.index, head: checkpoint.head, cosigned })
    }
}
