//! Records in columns: many that are alike but for when, where, and which thing.
//!
//! Invariant: `record` gives the record exactly as it would have been read by itself.

use crate::{
    evidence::{Place, Record},
    geometry::{Point, Shape},
    name::Name,
    time::{Instant, Occurred},
};

/// What many records have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Like {
    /// A record; its id, item, time, knowledge time and the point of its place, if that is one, are
    /// each row's own.
    pub record: Record,
    /// How many milliseconds after the row's instant the moment may have been.
    pub width_ms: i64,
    /// Whether the row's point is the shape of the first place.
    pub placed: bool,
}

/// Which thing, where nobody says.
pub const NO_ITEM: u32 = u32::MAX;

/// Records in columns.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Which source they come from: as long as it stays, `likes` and `items` only grow.
    pub source: u64,
    /// Whether they are positions of things that move: of those, what no rule can mean may be
    /// forgotten.
    pub positions: bool,
    /// Whether no two rows of the source so far, and none to come, can have one id.
    pub unique: bool,
    /// What rows are like.
    pub likes: Vec<Like>,
    /// The things that rows name.
    pub items: Vec<Name>,
    /// By row: which of `likes`.
    pub like: Vec<u32>,
    /// By row: which of `items`, or `NO_ITEM`.
    pub item: Vec<u32>,
    /// By row: the earliest instant of its moment.
    pub at: Vec<Instant>,
    /// By row: when it became known.
    pub known: Vec<Instant>,
    /// By row: where; of no meaning where the row has no place.
    pub point: Vec<Point>,
    ids: Texts,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row<'t> {
    /// The id of the report.
    pub id: &'t str,
    /// Which of `likes`.
    pub like: u32,
    /// Which of `items`, or `NO_ITEM`.
    pub item: u32,
    /// The earliest instant of its moment.
    pub at: Instant,
    /// When it became known.
    pub known: Instant,
    /// Where.
    pub point: Point,
}

impl Columns {
    /// Without rows, of this source.
    pub fn of_source(source: u64) -> Columns {
        Columns { source, ..Columns::default() }
    }
    /// How many rows there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.like.len()
    }
    /// Whether there is no row.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.like.is_empty()
    }
    /// Takes a row in.
    #[inline]
    pub fn push(&mut self, row: Row<'_>) {
        self.like.push(row.like);
        self.item.push(row.item);
        self.at.push(row.at);
        self.known.push(row.known);
        self.point.push(row.point);
        self.ids.push(row.id);
    }
    /// Forgets the rows, and keeps what they are like.
    pub fn clear(&mut self) {
        self.like.clear();
        self.item.clear();
        self.at.clear();
        self.known.clear();
        self.point.clear();
        self.ids.clear();
    }
    /// The id of a row; empty beyond the last.
    #[inline]
    pub fn id(&self, row: usize) -> &str {
        self.ids.get(row)
    }
    /// One row.
    #[inline]
    pub fn row(&self, row: usize) -> Option<Row<'_>> {
        Some(Row {
            id: self.ids.get(row),
            like: *self.like.get(row)?,
            item: *self.item.get(row)?,
            at: *self.at.get(row)?,
            known: *self.known.get(row)?,
            point: *self.point.get(row)?,
        })
    }
    /// The rows that are wanted, by themselves; what they are like stays as it is.
    #[must_use]
    pub fn only(&self, wanted: impl Fn(usize) -> bool) -> Columns {
        let mut only = Columns::of_source(self.source);
        (only.positions, only.unique) = (self.positions, self.unique);
        only.likes.clone_from(&self.likes);
        only.items.clone_from(&self.items);
        let rows = (0..self.len()).filter(|row| wanted(*row));
        rows.filter_map(|row| self.row(row)).for_each(|row| only.push(row));
        only
    }
    /// When a row was, and when it became known.
    #[inline]
    pub fn span(&self, row: usize) -> Option<(Occurred, Instant)> {
        let like = self.likes.get(*self.like.get(row)? as usize)?;
        Some((like.time(*self.at.get(row)?), *self.known.get(row)?))
    }
    /// A row as a record.
    pub fn record(&self, row: usize) -> Option<Record> {
        let row = self.row(row)?;
        let like = self.likes.get(row.like as usize)?;
        Some(like.of(&row, self.items.get(row.item as usize)))
    }
}

impl Like {
    /// What this record has in common with others of another id, item, instant and point; none
    /// where it is of another shape.
    pub fn new(mut record: Record) -> Option<Like> {
        if !record.time.is_moment() || record.incident.is_some() {
            return None;
        }
        let (from, to) = record.time.start;
        let placed = match record.places.as_slice() {
            [] => false,
            [Place { shape: Shape::Point(_), altitude_m: None, .. }] => true,
            [Place { shape: Shape::Named(_), altitude_m: None, .. }] => false,
            _ => return None,
        };
        record.id = Name::from("");
        if let Some(object) = &mut record.object {
            object.item = None;
        }
        record.time = Occurred::at(Instant(0));
        record.known = Instant(0);
        if let (true, Some(place)) = (placed, record.places.first_mut()) {
            place.shape = Shape::Point(Point { lon: 0.0, lat: 0.0 });
        }
        Some(Like { record, width_ms: to.0.saturating_sub(from.0), placed })
    }

    /// The record of a row that is like this.
    pub fn of(&self, row: &Row<'_>, item: Option<&Name>) -> Record {
        let mut record = self.record.clone();
        record.id = Name::from(row.id);
        if let Some(object) = &mut record.object {
            object.item = item.cloned();
        }
        record.time = self.time(row.at);
        record.known = row.known;
        if let (true, Some(place)) = (self.placed, record.places.first_mut()) {
            place.shape = Shape::Point(row.point);
        }
        record
    }

    /// The time of a row that is like this.
    #[inline]
    pub fn time(&self, at: Instant) -> Occurred {
        Occurred::within(at, at.plus_ms(self.width_ms))
    }
}

/// Texts, one behind the other.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Takes a text in.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }
    /// A text by its number; empty beyond the last.
    #[inline]
    pub fn get(&self, at: usize) -> &str {
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let to = self.ends.get(at).copied().unwrap_or(from);
        self.text.get(from..to).unwrap_or_default()
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
    /// Forgets them.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}
