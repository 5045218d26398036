//! The reading of a source that is a format of positions.
//!
//! Invariant: a line that waits for others is counted too, at the latest when the source ends.

use super::{Run, Taken, in_row};
use crate::{
    Limits, Problem,
    json::{self, Item, Items, Layout},
    reject::Fault,
    tracks::{
        adsb::{self, Beside},
        ais::Ais,
        beast::Beast,
        frame::Frames,
        plan::{Reader, TrackPlan},
        sbs::Sbs,
        sighting::{Heard, Settled},
    },
};
use serde_json::Value;
use std::io::BufRead;

impl Run<'_> {
    /// A source in the format that the profile names.
    pub(super) fn positions<R: BufRead>(
        &mut self,
        source: R,
        plan: &TrackPlan,
        packing: Option<&'static str>,
    ) -> Result<(), Problem> {
        match plan.reader {
            Reader::Ais => {
                let mut ais = Ais::new(plan, self.limits);
                let done =
                    self.lines(source, plan, packing, |row, at, text| ais.line(row, at, text));
                self.settle_all(ais.end(), plan);
                done
            }
            Reader::Sbs => {
                let mut sbs = Sbs::new(plan);
                self.lines(source, plan, packing, |row, at, text| {
                    vec![Settled { row, line: Some(at), heard: sbs.line(text) }]
                })
            }
            Reader::Beast => self.frames(source, plan, packing),
            Reader::Readsb | Reader::States if self.live => self.documents(source, plan, packing),
            Reader::Readsb | Reader::States => self.values(source, plan, packing),
        }
    }

    /// JSON documents of a source that goes on, one a line.
    fn documents<R: BufRead>(
        &mut self,
        source: R,
        plan: &TrackPlan,
        packing: Option<&'static str>,
    ) -> Result<(), Problem> {
        let mut items = Items::new(source, Layout::Lines, self.limits);
        loop {
            let item = match items.next() {
                Ok(Some(item)) => item,
                Ok(None) => return Ok(()),
                Err(error) if self.is_pause(&error) => continue,
                Err(error) => return Err(json::problem_of(error, packing)),
            };
            let line = item.line;
            if let Err(problem) = self.values(item.bytes, plan, packing) {
                let number = self.count.read + 1;
                self.room(number)?;
                let text = String::from_utf8_lossy(item.bytes);
                self.settle(number, Some(line), Err(Fault::row(problem.to_string(), &text)));
            }
        }
    }

    /// Rows of JSON documents.
    fn values<R: BufRead>(
        &mut self,
        source: R,
        plan: &TrackPlan,
        packing: Option<&'static str>,
    ) -> Result<(), Problem> {
        let items = Items::new(source, Layout::Document, self.limits);
        let mut items = items.with_collections(match plan.reader {
            Reader::States => &["states"],
            _ => &["aircraft", "trace"],
        });
        let mut beside = Beside::default();
        loop {
            let row = self.count.read + 1;
            let item = match items.next() {
                Ok(Some(item)) => item,
                Ok(None) => return Ok(()),
                Err(error) => return Err(in_row(json::problem_of(error, packing), row)),
            };
            self.room(row)?;
            let heard = value(&item, &mut beside, plan, self.limits);
            let settled = Settled { row, line: Some(item.line), heard };
            self.settle_all(vec![settled], plan);
        }
    }

    /// A recording of frames, one a row.
    fn frames<R: BufRead>(
        &mut self,
        source: R,
        plan: &TrackPlan,
        packing: Option<&'static str>,
    ) -> Result<(), Problem> {
        let mut beast = Beast::new(plan, self.limits)?;
        let mut frames = Frames::new(source);
        loop {
            let row = self.count.read + 1;
            let piece = match frames.next() {
                Ok(Some(piece)) => piece,
                Ok(None) => return Ok(()),
                Err(error) => return Err(in_row(Problem::from_io(error, packing), row)),
            };
            self.room(row)?;
            let heard = beast.piece(&piece);
            self.settle_all(vec![Settled { row, line: None, heard }], plan);
        }
    }

    /// Text of one row a line.
    fn lines<R: BufRead>(
        &mut self,
        source: R,
        plan: &TrackPlan,
        packing: Option<&'static str>,
        mut read: impl FnMut(u64, u64, &str) -> Vec<Settled>,
    ) -> Result<(), Problem> {
        let mut items = Items::new(source, Layout::Lines, self.limits);
        let mut row = 0;
        loop {
            row += 1;
            let item = match items.next() {
                Ok(Some(item)) => item,
                Ok(None) => return Ok(()),
                Err(error) if self.is_pause(&error) => {
                    row -= 1;
                    continue;
                }
                Err(error) => return Err(in_row(Problem::from_io(error, packing), row)),
            };
            self.room(row)?;
            match std::str::from_utf8(item.bytes) {
                Ok(text) => {
                    let done = read(row, item.line, text);
                    self.settle_all(done, plan);
                }
                Err(_) => {
                    let text = String::from_utf8_lossy(item.bytes);
                    let fault = Fault::row("expected UTF-8, got other bytes", &text);
                    self.settle(row, Some(item.line), Err(fault));
                }
            }
        }
    }

    fn settle_all(&mut self, done: Vec<Settled>, plan: &TrackPlan) {
        for Settled { row, line, heard } in done {
            let taken = heard.and_then(|heard| self.heard(heard, plan));
            self.settle(row, line, taken);
        }
    }

    fn heard(&mut self, heard: Heard, plan: &TrackPlan) -> Result<Taken, Fault> {
        let sighting = match heard {
            Heard::Position(sighting) => sighting,
            Heard::Other(what, which) => return Ok(Taken::Unclassified(what.to_owned(), which)),
        };
        let (record, doubts, key) = sighting.record(plan, self.file, self.names)?;
        Ok(match self.seen.insert(u128::from_be_bytes(key)) {
            true => Taken::Position(Box::new(record), doubts),
            false => Taken::Duplicate,
        })
    }
}

/// What one row of a document tells.
fn value(
    item: &Item<'_>,
    beside: &mut Beside,
    plan: &TrackPlan,
    limits: &Limits,
) -> Result<Heard, Fault> {
    let Ok(text) = std::str::from_utf8(item.bytes) else {
        let text = String::from_utf8_lossy(item.bytes);
        return Err(Fault::row("expected UTF-8, got other bytes", &text));
    };
    if json::nesting(item.bytes) > limits.nesting {
        let limit = crate::LimitExceeded::new("nesting", limits.nesting);
        return Err(Fault::row(limit.to_string(), text));
    }
    let Some(heading) = &item.heading else {
        let reason = "expected rows in an array `aircraft`, `trace` or `states`";
        return Err(Fault::row(reason, text));
    };
    beside.follow(heading);
    let row: Value =
        serde_json::from_str(text).map_err(|error| Fault::row(error.to_string(), text))?;
    match heading.name {
        "aircraft" => adsb::aircraft(&row, beside, plan),
        "trace" => adsb::trace(&row, beside, plan),
        _ => adsb::state(&row, beside, plan),
    }
}
