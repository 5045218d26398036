//! What came after the horizon.
//!
//! Invariant: what is late is judged nowhere, and is counted once for each time that it came.

use casus_model::{Columns, Instant, Occurred, Program, Record};
use std::borrow::Cow;

/// What was set aside.
#[derive(Debug, Default)]
pub(crate) struct Late {
    pub count: u64,
    /// Kept as long as another edition of the agreement may want them.
    records: Vec<Record>,
    /// The clock when what was beyond the horizon was let go of.
    pub retired: Option<Instant>,
    /// How many changes of incidents were left out of rules because they belong to no one partition
    /// of them, and older facts were let go of.
    pub unplaced: u64,
}

impl Late {
    fn is_late(&self, program: &Program, time: Occurred, known: Instant) -> bool {
        // What begins where things were let go of would meet only a part of them.
        let gone = |clock| program.is_late(time.start.0, clock);
        program.is_late(time.end.1, known) || self.retired.is_some_and(gone)
    }

    /// The records that are in time.
    pub fn sift(&mut self, program: &Program, mut records: Vec<Record>) -> Vec<Record> {
        if program.horizon_ms.is_some() {
            let late = |one: &mut Record| self.is_late(program, one.time, one.known);
            let late: Vec<Record> = records.extract_if(.., late).collect();
            late.into_iter().for_each(|record| self.set_aside(record));
        }
        records
    }

    /// The rows that are in time.
    pub fn sift_columns<'c>(
        &mut self,
        program: &Program,
        columns: &'c Columns,
    ) -> Cow<'c, Columns> {
        let is_late = |late: &Late, row: usize| {
            columns.span(row).is_some_and(|(time, known)| late.is_late(program, time, known))
        };
        let mut rows = 0..columns.len();
        if program.horizon_ms.is_none() || !rows.any(|row| is_late(self, row)) {
            return Cow::Borrowed(columns);
        }
        let only = columns.only(|row| !is_late(self, row));
        for row in (0..columns.len()).filter(|&row| is_late(self, row)).collect::<Vec<_>>() {
            columns.record(row).into_iter().for_each(|record| self.set_aside(record));
        }
        Cow::Owned(only)
    }

    fn set_aside(&mut self, record: Record) {
        self.count += 1;
        if self.retired.is_none() {
            self.records.push(record);
        }
    }

    /// Lets go of what was kept: nothing is judged again by another edition.
    pub fn forget(&mut self, clock: Instant) {
        self.records = Vec::new();
        self.retired = self.retired.max(Some(clock));
    }

    /// All that was kept.
    pub fn into_records(self) -> Vec<Record> {
        self.records
    }
}
