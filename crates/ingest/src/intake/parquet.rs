//! The reading of a source that is a Parquet file.
//!
//! Invariant: a row of it becomes what the same row of a CSV file would become.

use super::Run;
use crate::{
    Limits, Problem, Profile,
    parquet::{PARQUET, Table},
    profile::{Kind, plan::Plan},
    rows::Rows,
};
use std::io::Read;

impl Run<'_> {
    /// A Parquet file, under any profile of columns.
    pub(super) fn parquet(
        &mut self,
        source: impl Read,
        profile: Option<&Profile>,
    ) -> Result<(), Problem> {
        let limits: &Limits = self.limits;
        let table = Table::open(source, limits)?;
        let dated = match profile.map(|profile| &profile.0) {
            Some(Kind::Mapped(plan)) => {
                Some(Profile(Kind::Mapped(Box::new(with_formats(plan, &table.times())))))
            }
            _ => None,
        };
        let rows = Rows::new(std::io::BufReader::new(table), b',', limits);
        self.delimited(rows, dated.as_ref().or(profile), Some(PARQUET))
    }
}

/// The same plan, which also reads times as a column gives them whose type says that they are such.
fn with_formats(plan: &Plan, times: &[(String, &'static str)]) -> Plan {
    let mut plan = plan.clone();
    let time = &mut plan.time;
    let columns = [Some(&time.column), time.end.as_ref()];
    columns.into_iter().flatten().for_each(|one| add(times, &one.name, &mut time.format));
    let known = &mut plan.known;
    known.column.iter().for_each(|one| add(times, &one.name, &mut known.format));
    plan
}

fn add(times: &[(String, &'static str)], column: &str, formats: &mut Vec<String>) {
    for (_, format) in times.iter().filter(|(name, _)| name.eq_ignore_ascii_case(column)) {
        if !formats.iter().any(|one| one == format) {
            formats.push((*format).to_owned());
        }
    }
}
