//! The reading of a source that is a format of positions.
//!
//! Invariant: a line that waits for others is counted too, at the latest when the source ends.

use super::{Run, Taken, in_row};
use crate::{
    Problem,
    json::{Items, Layout},
    reject::Fault,
    tracks::{
        ais::Ais,
        plan::{Reader, TrackPlan},
        sighting::{Heard, Settled},
    },
};
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
            Reader::Ais => self.ais(source, plan, packing),
        }
    }

    /// AIS sentences, one a line.
    fn ais<R: BufRead>(
        &mut self,
        source: R,
        plan: &TrackPlan,
        packing: Option<&'static str>,
    ) -> Result<(), Problem> {
        let mut ais = Ais::new(plan, self.limits);
        let mut items = Items::new(source, Layout::Lines, self.limits);
        let mut row = 0;
        let outcome = loop {
            row += 1;
            let item = match items.next() {
                Ok(Some(item)) => item,
                Ok(None) => break Ok(()),
                Err(error) => break Err(in_row(Problem::from_io(error, packing), row)),
            };
            if let Err(problem) = self.room(row) {
                break Err(problem);
            }
            match std::str::from_utf8(item.bytes) {
                Ok(text) => {
                    let done = ais.line(row, item.line, text);
                    self.settle_all(done, plan);
                }
                Err(_) => {
                    let text = String::from_utf8_lossy(item.bytes);
                    let fault = Fault::row("expected UTF-8, got other bytes", &text);
                    self.settle(row, Some(item.line), Err(fault));
                }
            }
        };
        self.settle_all(ais.end(), plan);
        outcome
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
        Ok(match self.seen.insert(key) {
            true => Taken::Position(Box::new(record), doubts),
            false => Taken::Duplicate,
        })
    }
}
