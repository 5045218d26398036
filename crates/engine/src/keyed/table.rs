//! Reports in columns: each the only one of its incident, each in its first and only version.
//!
//! Invariant: a row is found by its id as long as it is there; a row that was taken out does not
//! come back under its number, unless `keep` has numbered all rows anew.

use casus_model::{
    Columns, Instant, Name, Record,
    columns::{Like, NO_ITEM, Row},
};
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use std::hash::BuildHasher;

/// The rows.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub likes: Vec<Like>,
    pub items: Vec<Name>,
    items_by_name: HashMap<Name, u32>,
    rows: Columns,
    gone: Vec<bool>,
    hashes: Vec<u64>,
    by_id: HashTable<u32>,
    /// So many rows are not yet in `by_id`: no other has their id.
    unindexed: usize,
    /// The source whose rows need no looking for others of their id.
    unique: Option<u64>,
    hasher: DefaultHashBuilder,
    count: usize,
}

impl Table {
    /// The number of an item, which it is given here.
    pub fn item(&mut self, name: &Name) -> u32 {
        let next = u32::try_from(self.items.len()).unwrap_or(NO_ITEM);
        let at = *self.items_by_name.entry(name.clone()).or_insert(next);
        if at == next {
            self.items.push(name.clone());
        }
        at
    }

    /// Makes ready for rows: those of one source alone may have ids that are looked at later.
    pub fn expect(&mut self, columns: &Columns) {
        let alone = self.count == 0 || self.unique == Some(columns.source);
        self.unique = Some(columns.source).filter(|_| columns.unique && alone);
        if self.unique.is_none() {
            self.index();
        }
    }

    /// Puts all rows into the index.
    fn index(&mut self) {
        let from = self.rows.len() - self.unindexed;
        self.unindexed = 0;
        self.unique = None;
        for at in from..self.rows.len() {
            let hash = self.hasher.hash_one(self.rows.id(at));
            let hashes = &self.hashes;
            if let (Some(place), Ok(at)) = (self.hashes.get(at), u32::try_from(at)) {
                debug_assert_eq!(*place, 0);
                self.by_id.insert_unique(hash, at, |&other| {
                    hashes.get(other as usize).copied().unwrap_or_default()
                });
            }
            if let Some(place) = self.hashes.get_mut(at) {
                *place = hash;
            }
        }
    }

    /// The number of the row with this id.
    pub fn find(&mut self, id: &str) -> Option<u32> {
        if self.count == 0 {
            return None;
        }
        self.index();
        let hash = self.hasher.hash_one(id);
        self.by_id.find(hash, |&row| self.rows.id(row as usize) == id).copied()
    }

    /// Takes a row in, unless there is one of its id.
    pub fn add(&mut self, row: Row<'_>) -> Option<u32> {
        let at = u32::try_from(self.rows.len()).ok().filter(|at| at >> 31 == 0)?;
        let mut hash = 0;
        if self.unique.is_some() {
            self.unindexed += 1;
        } else {
            hash = self.hasher.hash_one(row.id);
            let (rows, hashes) = (&self.rows, &self.hashes);
            let hash_of = |at: u32| hashes.get(at as usize).copied().unwrap_or_default();
            let entry = self.by_id.entry(
                hash,
                |&other| hash_of(other) == hash && rows.id(other as usize) == row.id,
                |&other| hash_of(other),
            );
            let hashbrown::hash_table::Entry::Vacant(vacant) = entry else { return None };
            vacant.insert(at);
        }
        self.rows.push(row);
        self.gone.push(false);
        self.hashes.push(hash);
        self.count += 1;
        Some(at)
    }

    /// Takes a row out; what it said.
    pub fn remove(&mut self, at: u32) -> Option<Record> {
        self.index();
        let record = self.record(at)?;
        let hash = self.hasher.hash_one(self.rows.id(at as usize));
        if let Ok(entry) = self.by_id.find_entry(hash, |&row| row == at) {
            entry.remove();
        }
        if let Some(gone) = self.gone.get_mut(at as usize) {
            *gone = true;
        }
        self.count -= 1;
        Some(record)
    }

    /// A row that is there.
    pub fn row(&self, at: u32) -> Option<Row<'_>> {
        let there = self.gone.get(at as usize).is_some_and(|gone| !gone);
        self.rows.row(at as usize).filter(|_| there)
    }

    /// The id of a row.
    pub fn id(&self, at: u32) -> &str {
        self.rows.id(at as usize)
    }

    /// When a row became known.
    pub fn known(&self, at: u32) -> Instant {
        self.rows.known.get(at as usize).copied().unwrap_or(Instant::MIN)
    }

    /// A row as a record.
    pub fn record(&self, at: u32) -> Option<Record> {
        let row = self.row(at)?;
        let like = self.likes.get(row.like as usize)?;
        Some(like.of(&row, self.items.get(row.item as usize)))
    }

    /// How many rows there is room for.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// By row: whether it is there, and did not end before this.
    pub fn since(&self, bound: Instant) -> Vec<bool> {
        let end = |row: Row<'_>| Some(self.likes.get(row.like as usize)?.time(row.at).end.1);
        let is_since = |at| self.row(at).and_then(end).is_some_and(|end| end >= bound);
        (0..self.rows.len()).map(|at| u32::try_from(at).is_ok_and(is_since)).collect()
    }

    /// Keeps the wanted rows that are there, in their order, under new numbers; these, by old one.
    pub fn keep(&mut self, wanted: &[bool]) -> Vec<u32> {
        let old = std::mem::take(&mut self.rows);
        let hashes = std::mem::take(&mut self.hashes);
        let gone = std::mem::take(&mut self.gone);
        let indexed = old.len() - self.unindexed;
        self.by_id = HashTable::new();
        self.unindexed = 0;
        let mut numbers = vec![u32::MAX >> 1; old.len()];
        for (at, number) in numbers.iter_mut().enumerate() {
            let there = gone.get(at) == Some(&false) && wanted.get(at) == Some(&true);
            let (Some(row), true) = (old.row(at), there) else { continue };
            *number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX >> 1);
            self.rows.push(row);
            self.gone.push(false);
            self.hashes.push(hashes.get(at).copied().unwrap_or_default());
            self.unindexed += usize::from(at >= indexed);
        }
        self.count = self.rows.len();
        let hashes = &self.hashes;
        let hash_of = |at: &u32| hashes.get(*at as usize).copied().unwrap_or_default();
        for at in (0..self.rows.len() - self.unindexed).filter_map(|at| u32::try_from(at).ok()) {
            self.by_id.insert_unique(hash_of(&at), at, hash_of);
        }
        numbers
    }

    /// The numbers of all rows that are there.
    pub fn all(&self) -> impl Iterator<Item = u32> + '_ {
        let there = self.gone.iter().enumerate().filter(|(_, gone)| !**gone);
        there.filter_map(|(at, _)| u32::try_from(at).ok())
    }
}
