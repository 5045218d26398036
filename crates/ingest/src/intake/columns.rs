//! The reading of rows that are alike but for when, where and which thing.
//!
//! Invariant: a row that is read here becomes the record that it would have become by itself;
//! whatever is unusual about a row leaves it to the plain way.

use super::held::Things;
use super::{Evidence, Run, content};
use crate::{
    Limits,
    accounting::Fate,
    geometry,
    names::fault_of_name,
    profile::{
        map::{Cells, Mapper, Outcome, get, number, write_id},
        plan::Plan,
    },
    reject::Fault,
    rows::Rows,
};
use casus_model::{
    Name,
    columns::{Like, NO_ITEM, Row},
    geometry::{Point, Shape},
};
use hashbrown::HashMap;
use std::io::{self, BufRead};

/// So many rows are handed over at once.
const TOGETHER: usize = 8_192;
/// Beyond so many kinds of row, rows are hardly alike.
const MOST_KINDS: usize = 1 << 16;

/// What is known of the rows of a source.
pub(super) struct Alike<'p> {
    plan: &'p Plan,
    slots: Vec<Option<usize>>,
    fields: usize,
    delimiter: u8,
    /// The slots that rows are told apart by.
    common: Vec<usize>,
    /// Whether a copy of a position is known by the last one of its thing.
    by_thing: bool,
    /// By what stands in them, and by the width of the time: which of the columns' `likes`.
    kinds: HashMap<Vec<u8>, Option<u32>>,
    /// Where the fields of the line begin and end.
    bounds: Vec<(usize, usize)>,
    key: Vec<u8>,
    id: String,
}

/// A line whose fields were found.
struct LineCells<'r> {
    text: &'r str,
    bounds: &'r [(usize, usize)],
    slots: &'r [Option<usize>],
}

impl Cells for LineCells<'_> {
    fn cell(&self, slot: usize) -> Option<&str> {
        let index = (*self.slots.get(slot)?)?;
        let (from, to) = *self.bounds.get(index)?;
        self.text.get(from..to)
    }
    fn shape(&self) -> Result<Option<Shape>, Fault> {
        Ok(None)
    }
}

impl<'p> Alike<'p> {
    /// None where the rows of the profile say more of their own.
    pub fn new(
        plan: &'p Plan,
        slots: &[Option<usize>],
        fields: usize,
        delimiter: u8,
    ) -> Option<Alike<'p>> {
        Some(Alike {
            plan,
            slots: slots.to_vec(),
            fields,
            delimiter,
            common: plan.common_slots()?,
            by_thing: plan.id_is_thing_and_time(),
            kinds: HashMap::new(),
            bounds: Vec::new(),
            key: Vec::new(),
            id: String::new(),
        })
    }

    fn split(&mut self, line: &[u8], limits: &Limits) -> bool {
        self.bounds.clear();
        let mut from = 0;
        for end in memchr::memchr_iter(self.delimiter, line).chain([line.len()]) {
            self.bounds.push((from, end));
            from = end + 1;
        }
        self.bounds.len() == self.fields && line.len() as u64 <= limits.field_bytes
    }
}

impl Run<'_> {
    /// Reads rows as long as they are plain and alike.
    pub(super) fn alike<R: BufRead>(
        &mut self,
        rows: &mut Rows<R>,
        mapper: &mut Mapper<'_>,
        alike: &mut Alike<'_>,
    ) -> io::Result<()> {
        while self.columns.likes.len() < MOST_KINDS && self.count.read < self.rows_left {
            let Some((line, bytes)) = rows.plain_line()? else { return Ok(()) };
            if !self.alike_line(line, mapper, alike) {
                return Ok(());
            }
            rows.pass(bytes);
            if self.columns.len() >= TOGETHER {
                self.flush();
            }
        }
        Ok(())
    }

    /// Takes a line, if it is like others; whether it did.
    fn alike_line(&mut self, line: &[u8], mapper: &mut Mapper<'_>, alike: &mut Alike<'_>) -> bool {
        let Ok(text) = std::str::from_utf8(line) else { return false };
        if !alike.split(line, self.limits) {
            return false;
        }
        let Alike { plan, slots, common, by_thing, kinds, bounds, key, id, .. } = alike;
        let cells = LineCells { text, bounds, slots };
        let fields = || bounds.iter().map(|&(from, to)| line.get(from..to).unwrap_or_default());
        let digest = || content(&plan.name, fields());
        let Ok(time) = mapper.time(&cells) else { return false };
        let Ok(known) = mapper.known(&cells, &time) else { return false };
        let Ok((point, placed)) = point(plan, &cells) else { return false };
        id.clear();
        let named = write_id(plan, &cells, &digest, id).is_ok();
        let Ok(item) = item(plan, &cells, &mut self.held.things, &mut self.columns.items) else {
            return false;
        };
        if !named || !time.is_moment() {
            return false;
        }
        let width_ms = time.start.1.0.saturating_sub(time.start.0.0);
        write_key(&cells, common, (placed, width_ms), key);
        let mut row = Row { id, like: 0, item, at: time.start.0, known, point };
        let kind = match kinds.get(key.as_slice()) {
            Some(known) => *known,
            None => match self.kind(&row, mapper, &cells, &digest) {
                Ok(found) => *kinds.entry(key.clone()).or_insert(found),
                // What this row has of its own may be at fault.
                Err(_) => return false,
            },
        };
        let Some(like) = kind else { return false };
        row.like = like;
        let name = self.columns.items.get(item as usize);
        let held = self.tracker.as_ref().map(|tracker| {
            // A position that names no thing, or whose thing is followed elsewhere, goes there.
            placed && name.is_some_and(|name| !tracker.holds(name))
        });
        if held == Some(false) {
            return false;
        }
        if held.is_some() && *by_thing {
            return self.is_copy(&row) || self.hold(row);
        }
        let whole = match plan.duplicates {
            None => self.seen.key(&plan.name, fields()),
            Some(_) => 0,
        };
        match self.seen.insert(self.seen.key_of(plan, &cells, whole)) {
            false => self.count.count(Fate::Duplicate),
            true if held.is_some() => return self.hold(row),
            true => {
                self.count.count(Fate::Accepted);
                self.columns.push(row);
            }
        }
        true
    }

    /// A new kind of row; none where a record of it is of another shape.
    fn kind(
        &mut self,
        row: &Row<'_>,
        mapper: &mut Mapper<'_>,
        cells: &LineCells<'_>,
        digest: &dyn Fn() -> super::Content,
    ) -> Result<Option<u32>, Fault> {
        let Outcome::Record(record, false) = mapper.map(cells, digest, self.names)? else {
            return Ok(None);
        };
        let item = self.columns.items.get(row.item as usize);
        let like = Like::new((*record).clone()).filter(|like| like.of(row, item) == *record);
        let at = u32::try_from(self.columns.likes.len()).unwrap_or(u32::MAX);
        let found = like.is_some().then_some(at);
        self.columns.likes.extend(like);
        Ok(found)
    }

    /// Hands over the rows that wait.
    pub(super) fn flush(&mut self) {
        if !self.columns.is_empty() {
            (self.taken)(Evidence::Columns(&self.columns));
            self.columns.clear();
        }
    }
}

/// What tells rows apart, as one key.
fn write_key(
    cells: &LineCells<'_>,
    common: &[usize],
    (placed, width_ms): (bool, i64),
    key: &mut Vec<u8>,
) {
    key.clear();
    for &slot in common {
        key.extend_from_slice(cells.cell(slot).unwrap_or_default().as_bytes());
        key.push(0xff);
    }
    key.push(u8::from(placed));
    if width_ms > 0 {
        key.extend_from_slice(&width_ms.to_be_bytes());
    }
}

/// Where the row says it was, and whether it says so.
fn point(plan: &Plan, cells: &dyn Cells) -> Result<(Point, bool), Fault> {
    let nowhere = Point { lon: 0.0, lat: 0.0 };
    let Some(place) = plan.places.first() else { return Ok((nowhere, false)) };
    let (Some(lon), Some(lat)) = (&place.lon, &place.lat) else { return Ok((nowhere, false)) };
    let (x, y) = (get(lon, cells), get(lat, cells));
    if x.is_empty() && y.is_empty() {
        return Ok((nowhere, false));
    }
    let point = geometry::point(number(lon, x)?, number(lat, y)?);
    point.map(|point| (point, true)).map_err(|reason| Fault::row(reason, ""))
}

/// Which thing the row names.
fn item(
    plan: &Plan,
    cells: &dyn Cells,
    things: &mut Things,
    items: &mut Vec<Name>,
) -> Result<u32, Fault> {
    let column = plan.object.as_ref().and_then(|object| object.item.as_ref());
    let text = column.map_or("", |column| get(column, cells));
    if text.is_empty() {
        return Ok(NO_ITEM);
    }
    if let Some(known) = things.get(text) {
        return Ok(known);
    }
    if let Some(reason) = fault_of_name(text) {
        return Err(Fault::row(reason, text));
    }
    let at = u32::try_from(items.len()).unwrap_or(NO_ITEM);
    things.add(text);
    items.push(Name::from(text));
    Ok(at)
}
