//! Instruments: several paragraphs or articles that come into force and end together.
//!
//! Invariant: an instrument says nothing of its own; what it says holds for each of its rules.

use super::{
    clauses::{Takes, flat},
    moment::Around,
};
use crate::checker::Checker;
use casus_model::program::{Body, Instrument, Moment, Rule, RuleId, StateOf, StateTest};
use casus_syntax::ast::{self, ItemKind};

/// What an instrument says of each of its rules.
struct Frame {
    from: Option<Moment>,
    until: Option<Moment>,
    during: Vec<StateTest>,
    suspended: Vec<StateTest>,
}

impl<'a> Checker<'a> {
    /// Lets every rule of an instrument begin, end and rest with it.
    pub(super) fn instruments(&mut self) {
        let items = self.each(|kind| match kind {
            ItemKind::Instrument(instrument) => Some(instrument),
            _ => None,
        });
        let all: Vec<&'a ast::Instrument> = items.map(|(_, instrument)| instrument).collect();
        for instrument in all {
            let frame = self.frame(instrument);
            let rules = self.targets(&instrument.labels);
            let (Some(frame), Some(rules)) = (frame, rules) else { continue };
            for rule in &rules {
                self.set_in(*rule, &frame);
            }
            let name = instrument.name.text.as_str().into();
            self.out.instruments.push(Instrument { name, rules });
        }
    }

    fn frame(&mut self, instrument: &'a ast::Instrument) -> Option<Frame> {
        let clauses = self.sorted(Takes::Instrument, &instrument.clauses);
        let from = clauses.from.map(|moment| self.moment(moment, Around::default()));
        let until = clauses.until.map(|moment| self.moment(moment, Around::default()));
        let during = self.state_tests(&clauses.during);
        let suspended = self.state_tests(&clauses.suspended);
        Some(Frame {
            from: flat(from)?,
            until: flat(until)?,
            during: during?.into_iter().map(of_the_bearer).collect(),
            suspended: suspended?.into_iter().map(of_the_bearer).collect(),
        })
    }

    fn set_in(&mut self, id: RuleId, frame: &Frame) {
        let Some(Some(rule)) = self.made.get_mut(id.index()) else { return };
        let Rule { from, until, during, suspended, .. } = rule;
        *from = both(from.take(), frame.from.clone(), Moment::LatestOf);
        *until = both(until.take(), frame.until.clone(), Moment::EarliestOf);
        during.extend(frame.during.iter().cloned());
        suspended.extend(frame.suspended.iter().cloned());
    }
}

/// A state of parties is asked for whoever is bound, where nothing else is said.
pub(super) fn of_the_bearer(test: StateTest) -> StateTest {
    let whose = if test.whose == StateOf::Own { StateOf::Bearer } else { test.whose };
    StateTest { whose, ..test }
}

/// What binds somebody is in force or suspended for that one.
pub(super) fn binding(mut rule: Rule) -> Rule {
    if matches!(rule.body, Body::MustNot { .. } | Body::Must(_) | Body::Keep(_)) {
        for test in rule.during.iter_mut().chain(&mut rule.suspended) {
            *test = of_the_bearer(test.clone());
        }
    }
    rule
}

fn both(
    own: Option<Moment>,
    of_all: Option<Moment>,
    join: impl Fn(Vec<Moment>) -> Moment,
) -> Option<Moment> {
    match (own, of_all) {
        (Some(own), Some(of_all)) => Some(join(vec![own, of_all])),
        (own, of_all) => own.or(of_all),
    }
}
