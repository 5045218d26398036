//! Random agreements and random evidence, small but rich.
//!
//! Everything happens on a grid of six hours, in five incidents, at a few places and with three
//! items, so that ties, coincidences and edges of windows are common. A failing case shrinks and
//! prints itself compactly.
//!
//! Invariant: every program is one that the checker could have made: its references resolve and
//! go to earlier strata.
// The generator fills tables of its own by position; a slip fails at once in every test.
#![allow(clippy::indexing_slicing)]

mod amounts;
mod evidence;
mod keyed;
mod patterns;
mod print;
mod resolve;
mod rules;
pub mod vocabulary;

pub use keyed::keyed_case;

use casus_model::{
    Calendar, Instant, Program, Record,
    program::{ActorId, Answer, RuleId},
    time::HOUR_MS,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use std::sync::Arc;

/// An agreement, evidence and a clock.
#[derive(Clone)]
pub struct Case {
    /// The agreement.
    pub program: Arc<Program>,
    /// The evidence.
    pub records: Vec<Record>,
    /// The clock.
    pub now: Instant,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        print::case(self, f)
    }
}

fn calendar() -> impl Strategy<Value = Calendar> {
    let kyiv = || {
        let rest = vec![jiff::civil::Weekday::Saturday, jiff::civil::Weekday::Sunday];
        Calendar::new("Europe/Kyiv", rest, [].into()).unwrap_or_else(Calendar::utc)
    };
    any::<bool>().prop_map(move |utc| if utc { Calendar::utc() } else { kyiv() })
}

fn answer(rules: u32) -> impl Strategy<Value = Answer> {
    let under = option::weighted(0.3, vec((0..rules.max(1)).prop_map(RuleId), 1..=2));
    let from = option::weighted(0.3, (0_i64..24).prop_map(vocabulary::instant));
    ((0_u32..3).prop_map(ActorId), under, from, any::<bool>())
        .prop_map(|(by, under, from, strictly)| Answer { by, under, from, strictly })
}

fn horizon() -> impl Strategy<Value = Option<i64>> {
    option::weighted(0.2, select(vec![0, 6 * HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS]))
}

/// A random agreement of at most so many rules.
pub fn program(rules: usize) -> impl Strategy<Value = Arc<Program>> {
    let lateness = select(vec![0, 6 * HOUR_MS, 24 * HOUR_MS]);
    let terms = (lateness, horizon());
    let answered = vec(answer(u32::try_from(rules).unwrap_or(1)), 0..=2);
    let all = vec(rules::rule(), 1..=rules);
    let calendars = (calendar(), option::weighted(0.3, calendar()));
    (calendars, terms, answered, rules::commencement(), all).prop_map(
        |(calendar, (lateness_ms, horizon_ms), answered, commencement, all)| {
            let (calendar, own) = calendar;
            let mut program = vocabulary::program(calendar, lateness_ms, answered);
            program.horizon_ms = horizon_ms;
            program.calendars.extend(own.map(|own| (ActorId(1), own)));
            program.commencement = commencement.map(|mut moment| {
                resolve::commencement(&mut moment);
                moment
            });
            (program.rules, program.strata) = resolve::resolve(all);
            Arc::new(program)
        },
    )
}

/// At most so many random records.
pub fn records(most: usize) -> impl Strategy<Value = Vec<Record>> {
    vec(evidence::record(), 0..=most)
}

/// A random clock.
pub fn clock() -> impl Strategy<Value = Instant> {
    (0_i64..48).prop_map(vocabulary::instant)
}

/// A random agreement, evidence and clock.
pub fn case(rules: usize, most: usize) -> impl Strategy<Value = Case> {
    (program(rules), records(most), clock()).prop_map(|(program, records, now)| {
        let records = evidence::naming(&program, records, now);
        Case { program, records, now }
    })
}
