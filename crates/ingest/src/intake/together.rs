//! What was read, on its way to whoever takes it.
//!
//! Invariant: nothing is kept back at the end of a source; of a source that goes on, not even where
//! it pauses.

use super::{Evidence, Run};
use crate::tracks::doubt::{Doubt, Judged, Tracker};
use casus_model::{
    Record,
    columns::{Like, NO_ITEM, Row},
    geometry::{Point, Shape},
};
use hashbrown::{DefaultHashBuilder, HashMap};
use std::{collections::BTreeSet, hash::BuildHasher, io};

/// Beyond so many kinds, records are hardly alike.
const MOST_KINDS: usize = 10_000;
/// So many records are handed over at once.
const TOGETHER: usize = 8_192;

/// The kinds of records, by what tells most of them apart.
#[derive(Default)]
pub(super) struct Kinds {
    by_hash: HashMap<u64, Vec<u32>>,
    hasher: DefaultHashBuilder,
}

impl Kinds {
    fn of(&mut self, record: &Record) -> &mut Vec<u32> {
        let actor = record.actor.as_ref().map(|actor| &actor.name);
        let kind = record.object.as_ref().map(|object| &object.kind);
        let key = (&record.act, actor, kind, &record.source.name);
        self.by_hash.entry(self.hasher.hash_one(key)).or_default()
    }
}

impl Run<'_> {
    /// Hands a record over, or keeps it until the next position of the same thing is known.
    pub(super) fn accept(&mut self, record: Box<Record>, doubts: BTreeSet<Doubt>) {
        match &mut self.tracker {
            None => self.give(record),
            Some(tracker) => {
                let item = record.object.as_ref().and_then(|object| object.item.as_ref());
                if let Some(item) = item {
                    self.held.give_over(item, &self.columns, tracker);
                }
                self.columns.unique = false;
                let done = tracker.take(record, doubts);
                self.hand_over(done);
            }
        }
    }

    /// Whether a source has no more for now; then what waits is handed over.
    pub(super) fn is_pause(&mut self, error: &io::Error) -> bool {
        let is_pause = self.live && error.kind() == io::ErrorKind::WouldBlock;
        if is_pause {
            self.flush();
        }
        is_pause
    }

    /// Hands over what was kept.
    pub(super) fn let_go(&mut self) {
        self.let_held_go();
        let rest = self.tracker.as_mut().map(Tracker::rest);
        self.hand_over(rest.unwrap_or_default());
    }

    fn hand_over(&mut self, done: Vec<Judged>) {
        for (record, doubts) in done {
            self.count.count_doubts(&doubts);
            self.give(record);
        }
    }

    /// Hands a record over, or lays it beside those that are alike.
    fn give(&mut self, record: Box<Record>) {
        if self.live && self.lay(&record) {
            if self.columns.len() >= TOGETHER {
                self.flush();
            }
            return;
        }
        self.flush();
        (self.taken)(Evidence::Record(record));
    }

    /// Lays a record beside those that are alike; whether it could be.
    fn lay(&mut self, record: &Record) -> bool {
        let Some(like) = Like::new(record.clone()) else { return false };
        let likes = &mut self.columns.likes;
        let kinds = self.kinds.of(record);
        let known = kinds.iter().find(|&&at| likes.get(at as usize) == Some(&like)).copied();
        let at = match (known, u32::try_from(likes.len())) {
            (Some(at), _) => at,
            (None, Ok(at)) if likes.len() < MOST_KINDS => {
                kinds.push(at);
                likes.push(like);
                at
            }
            _ => return false,
        };
        let item = record.object.as_ref().and_then(|object| object.item.as_ref());
        let item = item.map_or(NO_ITEM, |name| {
            self.held.things.get(name).unwrap_or_else(|| {
                self.held.things.add(name);
                self.columns.items.push(name.clone());
                u32::try_from(self.columns.items.len() - 1).unwrap_or(NO_ITEM)
            })
        });
        let point = match record.places.first().map(|place| &place.shape) {
            Some(Shape::Point(point)) => *point,
            _ => Point { lon: 0.0, lat: 0.0 },
        };
        self.columns.positions |= self.tracker.is_some();
        self.columns.push(Row {
            id: &record.id,
            like: at,
            item,
            at: record.time.start.0,
            known: record.known,
            point,
        });
        true
    }
}
