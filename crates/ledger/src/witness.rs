//! A witness: cosigns another's checkpoints, as long as each continues the one before.
//!
//! What was seen last is kept durably, per log, before a cosignature leaves: the log's own signed
//! note, so that two notes that cannot both be true are evidence against whoever signed them. The
//! first checkpoint of a log is taken as it comes.
//!
//! Invariant: of one log a witness never cosigns two checkpoints of which neither begins with the
//! other.

use crate::{
    checkpoint::{Head, number, open_checkpoint},
    directory::{LOCK, replace},
    disk::Disk,
    error::Error,
    hash::Hash,
    keys::{Kind, Signer, Verifier},
    limits,
    note::Note,
    proof::{ProofError, verify_consistency},
};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// What a log asks of a witness: the body that C2SP tlog-witness has for `add-checkpoint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The size that the witness saw last; 0 for the first time.
    pub old: u64,
    /// That the checkpoint begins with what it was then.
    pub proof: Vec<Hash>,
    /// The checkpoint as it was signed.
    pub checkpoint: Vec<u8>,
}

impl Request {
    /// The text of it.
    pub fn encode(&self) -> Vec<u8> {
        let lines: String = self.proof.iter().map(|hash| format!("{hash}\n")).collect();
        [format!("old {}\n{lines}\n", self.old).as_bytes(), &self.checkpoint].concat()
    }

    /// Reads the text. Nothing is verified by that.
    pub fn parse(bytes: &[u8]) -> Result<Request, Error> {
        let bad = |what: &str| Error::malformed("request to a witness", what);
        if bytes.len() > limits::BUNDLE_BYTES {
            return Err(bad("it is too long"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| bad("it is no UTF-8"))?;
        let (head, checkpoint) =
            text.split_once("\n\n").ok_or_else(|| bad("it has no checkpoint"))?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| number(line.strip_prefix("old ")?));
        let old = old.ok_or_else(|| bad("its first line is not `old` and a size"))?;
        let proof = lines.take(limits::PROOF_HASHES).map(Hash::parse).collect::<Result<_, _>>()?;
        Ok(Request { old, proof, checkpoint: checkpoint.as_bytes().to_vec() })
    }
}

/// Why a witness does not cosign.
#[derive(Debug)]
pub enum Refusal {
    /// The proof begins at another size than the witness saw last; ask again with a proof from it.
    Elsewhere {
        /// What it saw last, 0 for nothing.
        seen: u64,
    },
    /// The log has fewer entries than it had.
    Rollback {
        /// What the witness saw last.
        seen: u64,
        /// What it is shown now.
        offered: u64,
        /// The note that it saw: evidence.
        earlier: Vec<u8>,
    },
    /// The log has another root at the size that the witness saw.
    Fork {
        /// The size.
        size: u64,
        /// The note that it saw: evidence, beside the one that it is shown.
        earlier: Vec<u8>,
    },
    /// The proof does not lead from the root that the witness saw to the new one.
    Unproven {
        /// What it saw last.
        seen: u64,
        /// What it is shown now.
        offered: u64,
        /// How the proof fails.
        cause: ProofError,
    },
    /// The request cannot be read, is not signed by the log, or the disk failed.
    Failed(Error),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Elsewhere { seen } => write!(
                f,
                "this witness saw {seen} entries last; send a consistency proof from that size"
            ),
            Refusal::Rollback { seen, offered, .. } => write!(
                f,
                "the log was rolled back: this witness saw {seen} entries and is shown {offered}"
            ),
            Refusal::Fork { size, .. } => {
                write!(f, "the log was forked: this witness saw another root at {size} entries")
            }
            Refusal::Unproven { seen, offered, cause } => write!(
                f,
                "nothing proves that the log of {offered} entries begins with the {seen} that this \
                 witness saw: {cause}"
            ),
            Refusal::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Refusal::Unproven { cause, .. } => Some(cause),
            Refusal::Failed(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        Refusal::Failed(error)
    }
}

/// A witness with its memory.
pub struct Witness {
    disk: Box<dyn Disk + Send>,
    key: Signer,
    _lock: Box<dyn Send>,
}

impl Witness {
    /// With a key for cosignatures, and a directory of its own. Errors: `Locked`, another key.
    pub fn open(disk: Box<dyn Disk + Send>, key: Signer) -> Result<Witness, Error> {
        if key.verifier().kind() != Kind::Cosignature {
            return Err(Error::malformed("key of a witness", "it signs notes, not cosignatures"));
        }
        let lock = disk.lock(LOCK).map_err(|cause| match cause.kind() {
            std::io::ErrorKind::WouldBlock => Error::Locked,
            _ => Error::disk("locking", LOCK, cause),
        })?;
        Ok(Witness { disk, key, _lock: lock })
    }

    /// The public key.
    pub fn verifier(&self) -> &Verifier {
        self.key.verifier()
    }

    /// The note that was seen last of a log, with its head.
    pub fn latest(&self, log: &Verifier) -> Result<Option<(Head, Vec<u8>)>, Error> {
        let path = path(log);
        let bytes = match self.disk.read(&path) {
            Ok(bytes) => bytes,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(Error::disk("reading", &path, cause)),
        };
        let (checkpoint, _) = open_checkpoint(&bytes, log)
            .map_err(|error| Error::damaged(&path, error.to_string()))?;
        Ok(Some((checkpoint.head, bytes)))
    }

    /// Gives the line to put under the checkpoint, with the time in seconds since 1970. What is
    /// seen is durable before that. Asking twice for the same is answered twice.
    pub fn cosign(&self, request: &Request, log: &Verifier, now_s: u64) -> Result<String, Refusal> {
        let (checkpoint, note) = open_checkpoint(&request.checkpoint, log)?;
        let offered = checkpoint.head;
        if let Some((seen, earlier)) = self.latest(log)? {
            continues(request, &seen, earlier, &offered)?;
        } else if request.old != 0 || !request.proof.is_empty() {
            return Err(Refusal::Elsewhere { seen: 0 });
        }
        let own = |one: &crate::note::Signature| one.name == log.name() && one.id == log.id();
        let signatures = note.signatures.into_iter().filter(own).collect();
        let text = note.text;
        let seen = Note { text: text.clone(), signatures }.encode();
        let path = path(log);
        replace(self.disk.as_ref(), &format!("{path}.new"), &path, &seen)?;
        for place in ["logs", ""] {
            let synced = self.disk.sync_directory(place);
            synced.map_err(|cause| Error::disk("syncing", place, cause))?;
        }
        Ok(self.key.sign(&text, now_s).line())
    }
}

/// Whether what is offered continues what was seen.
fn continues(
    request: &Request,
    seen: &Head,
    earlier: Vec<u8>,
    offered: &Head,
) -> Result<(), Refusal> {
    if offered.size < seen.size {
        return Err(Refusal::Rollback { seen: seen.size, offered: offered.size, earlier });
    }
    if offered.size == seen.size && offered.root != seen.root {
        return Err(Refusal::Fork { size: seen.size, earlier });
    }
    if request.old != seen.size {
        return Err(Refusal::Elsewhere { seen: seen.size });
    }
    verify_consistency(seen, offered, &request.proof).map_err(|cause| Refusal::Unproven {
        seen: seen.size,
        offered: offered.size,
        cause,
    })
}

/// Where the note of a log is kept: by the digest of its origin, which may hold any letter.
fn path(log: &Verifier) -> String {
    let digest: [u8; 32] = Sha256::digest(log.name()).into();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("logs/{hex}")
}
