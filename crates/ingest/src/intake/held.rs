//! The last position of each thing, in rows that are alike, until its next one is known.
//!
//! Invariant: what is doubted here is what the tracker of records doubts.

use super::Run;
use crate::{
    accounting::Fate,
    tracks::doubt::{Doubt, Sight, Tracker, Unsettled, lower},
};
use casus_model::{
    Columns, Name,
    columns::{Row, Texts},
};
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use std::{collections::BTreeSet, hash::BuildHasher};

/// The number of each thing that rows name. The names stand side by side, because each row looks
/// one of them up, and many things move at once.
#[derive(Default)]
pub(super) struct Things {
    numbers: HashTable<u32>,
    names: Texts,
    hasher: DefaultHashBuilder,
}

impl Things {
    pub fn get(&self, name: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(name);
        self.numbers.find(hash, |&at| self.names.get(at as usize) == name).copied()
    }

    /// Gives a name that is not there the next number.
    pub fn add(&mut self, name: &str) {
        let at = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name);
        let (names, hasher) = (&self.names, &self.hasher);
        self.numbers.insert_unique(hasher.hash_one(name), at, |&other| {
            hasher.hash_one(names.get(other as usize))
        });
    }
}

/// The last positions.
#[derive(Default)]
pub(super) struct Held {
    pub things: Things,
    /// By thing.
    last: Vec<Option<Last>>,
    count: u64,
    order: u64,
    /// By kind of row: the kind of those that are doubtful.
    doubtful: HashMap<u32, u32>,
}

struct Last {
    order: u64,
    id: String,
    like: u32,
    sight: Sight,
    doubts: BTreeSet<Doubt>,
    unsettled: Unsettled,
}

impl Held {
    /// Gives the last position of a thing to the tracker of records.
    pub fn give_over(&mut self, item: &Name, columns: &Columns, tracker: &mut Tracker) {
        let Some(at) = self.things.get(item) else { return };
        let Some(last) = self.last.get_mut(at as usize).and_then(Option::take) else { return };
        self.count -= 1;
        let Some(like) = columns.likes.get(last.like as usize) else { return };
        let record = like.of(&last.row(at), Some(item));
        tracker.take_over(item.clone(), (Box::new(record), last.doubts), last.unsettled);
    }

    /// The kind of the rows of this kind that are doubtful.
    fn lowered(&mut self, like: u32, columns: &mut Columns) -> u32 {
        if let Some(&known) = self.doubtful.get(&like) {
            return known;
        }
        let Some(mut lowered) = columns.likes.get(like as usize).cloned() else { return like };
        lower(&mut lowered.record);
        let at = u32::try_from(columns.likes.len()).unwrap_or(u32::MAX);
        columns.likes.push(lowered);
        self.doubtful.insert(like, at);
        at
    }
}

impl Last {
    fn row(&self, item: u32) -> Row<'_> {
        let Sight { time, known, point, .. } = self.sight;
        Row { id: &self.id, like: self.like, item, at: time.0, known, point }
    }
}

impl Run<'_> {
    /// Counts a row that repeats the last one of its thing; whether it does.
    pub(super) fn is_copy(&mut self, row: &Row<'_>) -> bool {
        let last = self.held.last.get(row.item as usize).and_then(Option::as_ref);
        let is_copy = last.is_some_and(|last| last.row(row.item) == *row);
        if is_copy {
            self.count.count(Fate::Duplicate);
        }
        is_copy
    }

    /// Holds a position until the next one of its thing is known; whether it could be held.
    pub(super) fn hold(&mut self, row: Row<'_>) -> bool {
        let Some(bounds) = self.tracker.as_ref().map(Tracker::bounds) else { return false };
        let Some(like) = self.columns.likes.get(row.like as usize) else { return false };
        let error_m = like.record.places.first().map_or(0.0, |place| place.error_m);
        let time = like.time(row.at);
        let sight =
            Sight { time: (time.start.0, time.end.1), known: row.known, point: row.point, error_m };
        let place = row.item as usize;
        if self.held.last.len() <= place {
            self.held.last.resize_with(place + 1, || None);
        }
        let last = self.held.last.get_mut(place).and_then(Option::take);
        self.count.count(Fate::Accepted);
        let later = last.as_ref().is_none_or(|last| sight.time.0 > last.sight.time.0);
        self.columns.unique &= later;
        if last.is_none() {
            if self.held.count >= bounds.most_held {
                self.columns.unique = false;
                self.let_held_go();
            }
            self.held.count += 1;
        }
        let before = last.as_ref().map(|last| (&last.sight, last.unsettled));
        let (fault, near, unsettled) = bounds.after(before, &sight);
        let mut doubts = BTreeSet::new();
        doubts.extend(bounds.after_known(sight.time.0, sight.known).then_some(Doubt::AfterKnown));
        doubts.extend(near.then_some(Doubt::Near));
        doubts.extend(fault);
        let mut id = String::new();
        if let Some(mut last) = last {
            last.doubts.extend(fault);
            if !self.live {
                self.let_go_one(&last, row.item);
            }
            id = last.id;
        }
        id.clear();
        id.push_str(row.id);
        self.held.order += 1;
        let next = Last { order: self.held.order, id, like: row.like, sight, doubts, unsettled };
        if self.live {
            self.let_go_one(&next, row.item);
        }
        if let Some(place) = self.held.last.get_mut(place) {
            *place = Some(next);
        }
        true
    }

    fn let_go_one(&mut self, last: &Last, item: u32) {
        let mut row = last.row(item);
        if !last.doubts.is_empty() {
            row.like = self.held.lowered(row.like, &mut self.columns);
            self.count.count_doubts(&last.doubts);
        }
        self.columns.positions = true;
        self.columns.push(row);
    }

    /// Hands over all that is held, in the order in which it came.
    pub(super) fn let_held_go(&mut self) {
        let all = self.held.last.iter_mut().enumerate();
        let mut all: Vec<(usize, Last)> =
            all.filter_map(|(at, last)| Some((at, last.take()?))).collect();
        self.held.count = 0;
        if self.live {
            return;
        }
        all.sort_by_key(|(_, last)| last.order);
        for (at, last) in all {
            self.let_go_one(&last, u32::try_from(at).unwrap_or(u32::MAX));
        }
    }
}
