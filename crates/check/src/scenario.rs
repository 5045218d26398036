//! Test blocks into scenarios: a clock, records, and what is expected.
//!
//! Invariant: a scenario is made only of what its block says and of the defaults written here: a
//! fact is known when it ends, its grade is B2, its actor probable, its source `test`.

mod account;
mod expect;
mod report;

use crate::checker::Checker;
use casus_model::{Instant, Standing, program::Scenario};
use casus_syntax::ast::{self, FactKind, Text};
use std::collections::BTreeMap;

/// The records of a scenario so far, by handle.
#[derive(Default)]
pub(crate) struct Told {
    records: Vec<casus_model::Record>,
    /// The ids of the reports that a handle stands for, each with its actor.
    handles: BTreeMap<String, Vec<casus_model::Name>>,
}

impl Checker<'_> {
    /// The scenarios that could be read.
    pub(crate) fn scenarios(&mut self) -> Vec<Scenario> {
        let document = self.document;
        document.scenarios.iter().filter_map(|one| self.scenario(one)).collect()
    }

    fn scenario(&mut self, scenario: &ast::Scenario) -> Option<Scenario> {
        let at = scenario.at.map(|when| self.day_or_time(when).0)?;
        let mut told = Told::default();
        for fact in &scenario.facts {
            self.fact(fact, at, &mut told);
        }
        let expect: Vec<_> = scenario.expect.iter().map(|one| self.expectation(one)).collect();
        let expect = expect.into_iter().collect::<Option<Vec<_>>>()?;
        let label = match &scenario.label {
            Some(label) => label.text.as_str().into(),
            None => (&*scenario.beside.heading_text).into(),
        };
        (!scenario.damaged).then_some(Scenario {
            line: scenario.line,
            label,
            at,
            records: told.records,
            expect,
        })
    }

    fn fact(&mut self, fact: &ast::Fact, clock: Instant, told: &mut Told) {
        match &fact.kind {
            FactKind::Report(handle, report) => {
                let id =
                    handle.as_ref().map_or(format!("fact-{}", fact.line), |id| id.text.clone());
                let records = self.report(report, &id, clock, told);
                let ids = records.iter().map(|record| record.id.clone()).collect();
                if let Some(handle) = handle {
                    self.hold(handle, ids, told);
                }
                told.records.extend(records);
            }
            FactKind::Correction(handle, report) => self.correction(handle, report, clock, told),
            FactKind::Withdrawal(handle, known) => {
                let (known, _) = self.day_or_time(*known);
                for id in self.held(handle, told).unwrap_or_default() {
                    if let Some(mut record) = told.last(&id).cloned() {
                        record.version += 1;
                        record.standing = Standing::Withdrawn;
                        record.known = known;
                        told.records.push(record);
                    }
                }
            }
        }
    }

    fn hold(&mut self, handle: &Text, ids: Vec<casus_model::Name>, told: &mut Told) {
        if told.handles.insert(handle.text.clone(), ids).is_some() {
            let message = format!("the handle `{}` names two facts", handle.text);
            let help = "give one of them another handle, or write `correction of` the first";
            self.tell_help(&crate::registry::HANDLE_TWICE, handle.span, message, help);
        }
    }

    /// The ids that a handle stands for.
    fn held(&mut self, handle: &Text, told: &Told) -> Option<Vec<casus_model::Name>> {
        if let Some(ids) = told.handles.get(&handle.text) {
            return Some(ids.clone());
        }
        let known: Vec<&str> = told.handles.keys().map(String::as_str).collect();
        let message = format!("no earlier fact of this test has the handle `{}`", handle.text);
        let help = crate::suggest::closest(&handle.text, known)
            .map_or("give the fact a handle, as `F1: …`".to_owned(), |name| {
                format!("did you mean `{name}`?")
            });
        self.tell_help(&crate::registry::UNKNOWN_HANDLE, handle.span, message, help);
        None
    }
}

impl Told {
    /// The newest account of a report.
    fn last(&self, id: &str) -> Option<&casus_model::Record> {
        self.records.iter().rev().find(|record| &*record.id == id)
    }
}
