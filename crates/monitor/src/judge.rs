//! What is found in a record, as it was known at an instant or a place of the log.
//!
//! Invariant: a view of the first so many entries is judged by the wording that was in force there,
//! and by nothing that came later.

use crate::{error::Error, monitor::Monitor, records::View, state::State};
use casus_engine::{Change, Engine};
use casus_ingest::Accounting;
use casus_model::{Calendar, Finding, Instant, Name, Program, Record, finding::Cause};
use casus_syntax::Document;
use std::{collections::BTreeMap, sync::Arc};

/// A view that was judged.
pub struct Judged {
    /// The text by which it was judged.
    pub document: Document,
    /// What that says.
    pub program: Arc<Program>,
    /// Where the act stands that put it in force.
    pub agreement: u64,
    /// How many entries were looked at.
    pub size: u64,
    /// The clock.
    pub clock: Instant,
    /// The reports as they stand, each one's versions and what people made of it.
    pub records: Vec<Record>,
    /// Where every row of the files went.
    pub accounting: Accounting,
    /// How many sealed reports are not here.
    pub withheld: u64,
    /// The judge, after judging.
    pub engine: Engine,
}

/// How a finding differs between two views.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// As it was.
    pub before: Option<Finding>,
    /// As it is.
    pub after: Option<Finding>,
    /// What made it so.
    pub cause: Cause,
    /// Where that stands in the log, if it is a report.
    pub position: Option<u64>,
}

impl Monitor {
    /// Judges a view at a clock; without one, when the newest of its reports became known.
    ///
    /// # Errors
    /// Where no agreement was in force there, or nothing gives a clock.
    pub fn judge(&self, view: &View, now: Option<Instant>) -> Result<Judged, Error> {
        let older;
        let size = view.size.unwrap_or(self.size());
        let state = if size == self.size() {
            self.state()
        } else {
            older = self.state_at(size)?;
            &older
        };
        let (agreement, document, program) = self.agreement(state, view)?;
        let records = state.records(view);
        let newest = records.iter().map(|record| record.known).max();
        let clock = now.or(view.as_of).or(newest).ok_or_else(|| {
            Error::refused("there is no evidence, and so no clock", "give one, as `--now INSTANT`")
        })?;
        let mut engine = Engine::new(Arc::clone(&program));
        engine.load(Change::Clock(clock));
        engine.load(Change::Records(records.clone()));
        let mut accounting = Accounting::default();
        let seen = state.sources.iter().filter(|one| one.class <= view.class);
        seen.for_each(|one| accounting.add(&one.accounting));
        let withheld = state.withheld;
        Ok(Judged {
            document,
            program,
            agreement,
            size,
            clock,
            records,
            accounting,
            withheld,
            engine,
        })
    }

    /// The calendar of the wording that was in force for a view.
    ///
    /// # Errors
    /// Where none was.
    pub fn calendar(&self, view: &View) -> Result<Calendar, Error> {
        let older;
        let state = match view.size.filter(|size| *size != self.size()) {
            None => self.state(),
            Some(size) => {
                older = self.state_at(size)?;
                &older
            }
        };
        Ok(self.agreement(state, view)?.2.calendar.clone())
    }

    /// The wording that was in force for a view.
    fn agreement(
        &self,
        state: &State,
        view: &View,
    ) -> Result<(u64, Document, Arc<Program>), Error> {
        let at = |position: u64| {
            let act = state.acts.iter().find(|(one, _)| *one == position);
            act.map(|(_, signed)| signed.at)
        };
        let in_time = |position: u64| view.as_of.is_none_or(|as_of| at(position) <= Some(as_of));
        let all = &state.agreements;
        // Evidence of before the record was opened is judged by its first wording.
        let found = all.iter().rev().find(|(position, _)| in_time(*position)).or(all.first());
        let (position, text) = found.ok_or_else(|| {
            Error::refused(
                "no agreement is in force yet",
                "put one in: `casus amend DIR AGREEMENT`",
            )
        })?;
        let (document, checked) = text.read(self.attachments())?;
        let program = checked.program.ok_or_else(|| {
            let first = document.diagnostics.iter().chain(&checked.diagnostics).next();
            let what = first.map_or("it has errors", |one| one.message.as_str());
            Error::refused(
                format!("this Casus does not take the wording of entry {position}: {what}"),
                "judge it with the version that checked it, or put a corrected wording in",
            )
        })?;
        Ok((*position, document, Arc::new(program)))
    }

    /// How what is found differs between two views, and because of what.
    ///
    /// # Errors
    /// As `judge`.
    pub fn difference(
        &self,
        from: (&View, Instant),
        to: (&View, Instant),
    ) -> Result<Vec<Changed>, Error> {
        let before = self.judge(from.0, Some(from.1))?;
        let after = self.judge(to.0, Some(to.1))?;
        let positions: BTreeMap<&Name, u64> =
            self.state().filed.iter().map(|one| (&one.record.id, one.position)).collect();
        let place = |cause: &Cause| match cause {
            Cause::Record(id) => {
                let act = id.strip_prefix("act-").and_then(|at| at.parse().ok());
                positions.get(id).copied().or(act)
            }
            _ => None,
        };
        let by_id = |judged: &Judged| -> BTreeMap<Name, Finding> {
            let all = judged.engine.findings().into_iter();
            all.map(|one| (one.id.clone(), one.clone())).collect()
        };
        let (mut old, new) = (by_id(&before), by_id(&after));
        let causes = causes(before, &after);
        let mut changed = Vec::new();
        for (id, after) in new {
            let before = old.remove(&id);
            if before.as_ref() == Some(&after) {
                continue;
            }
            let cause = causes.get(&id).cloned().unwrap_or_else(|| after.cause.clone());
            let position = place(&cause);
            changed.push(Changed { before, after: Some(after), cause, position });
        }
        for (id, gone) in old {
            let cause = causes.get(&id).cloned().unwrap_or_else(|| gone.cause.clone());
            let position = place(&cause);
            changed.push(Changed { before: Some(gone), after: None, cause, position });
        }
        Ok(changed)
    }
}

/// What last changed each finding on the way from one view to another by the same wording: its
/// reports one by one, in the order in which they became known, then the clock.
fn causes(before: Judged, after: &Judged) -> BTreeMap<Name, Cause> {
    let mut causes = BTreeMap::new();
    if before.agreement != after.agreement {
        return causes;
    }
    let Judged { mut engine, records, .. } = before;
    let there: std::collections::HashSet<String> =
        records.iter().map(casus_ingest::write_record).collect();
    let is_new = |record: &&Record| !there.contains(&casus_ingest::write_record(record));
    let mut new: Vec<&Record> = after.records.iter().filter(is_new).collect();
    new.sort_by(|a, b| (a.known, &a.id, a.version).cmp(&(b.known, &b.id, b.version)));
    let mut changes: Vec<Change> = Vec::new();
    for record in new {
        changes.push(Change::Clock(record.known.min(after.clock)));
        changes.push(Change::Records(vec![record.clone()]));
    }
    changes.push(Change::Clock(after.clock));
    for change in changes {
        for difference in engine.apply(change) {
            let ids = difference.before.iter().chain(&difference.after).map(|one| one.id.clone());
            let ids: Vec<Name> = ids.collect();
            ids.into_iter().for_each(|id| {
                causes.insert(id, difference.cause.clone());
            });
        }
    }
    causes
}
