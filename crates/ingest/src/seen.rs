//! What was read before.
//!
//! Invariant: the digests are keyed at random, so that nobody can make two rows that pass for one.

use crate::profile::{map::Cells, plan::Plan};
use siphasher::sip128::{Hasher128, SipHasher13};
use std::{
    collections::HashSet,
    fmt,
    hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState},
};

/// The digest of a row.
pub(crate) type Key = u128;

/// The rows that were read.
pub(crate) struct Seen {
    keys: HashSet<Key, BuildHasherDefault<Digested>>,
    empty: SipHasher13,
}

impl Default for Seen {
    fn default() -> Seen {
        let random = RandomState::new();
        let empty = SipHasher13::new_with_keys(random.hash_one(0), random.hash_one(1));
        Seen { keys: HashSet::default(), empty }
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seen").field("rows", &self.keys.len()).finish_non_exhaustive()
    }
}

impl Seen {
    /// Remembers a row; whether it is new.
    pub fn insert(&mut self, key: Key) -> bool {
        self.keys.insert(key)
    }

    /// The digest of the fields of a row; 0xff stands in no UTF-8.
    pub fn key<'f>(&self, name: &str, fields: impl Iterator<Item = &'f [u8]>) -> Key {
        let mut hasher = self.empty;
        hasher.write(name.as_bytes());
        hasher.write_u8(0xff);
        for field in fields {
            hasher.write(field);
            hasher.write_u8(0xff);
        }
        hasher.finish128().as_u128()
    }

    /// The digest of the columns by which a profile tells duplicates; `whole` is that of all.
    pub fn key_of(&self, plan: &Plan, cells: &dyn Cells, whole: Key) -> Key {
        let Some(duplicates) = &plan.duplicates else { return whole };
        let columns = duplicates.columns.iter();
        let fields = columns.map(|column| cells.cell(column.slot).unwrap_or_default().as_bytes());
        self.key(&plan.name, fields)
    }
}

/// What is a digest needs no other.
#[derive(Default)]
pub(crate) struct Digested(u64);

impl Hasher for Digested {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u128(&mut self, key: u128) {
        self.0 = key as u64;
    }
}
