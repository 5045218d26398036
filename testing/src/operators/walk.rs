//! A walk over a program that names what it meets.
//!
//! Invariant: structures are taken apart field by field, so that a new field does not compile until
//! it is met here or said to mean nothing.

mod parts;

use super::*;
use casus_model::program::{
    ActId, Amount, Answer, Bearers, Counted, Decision, Defence, Determination, Duty, Groups, Keep,
    Link, MeasureTest, Next, ObjectTest, Pattern, Permit, Power, Program, Response, Rule, Standard,
    State, StateTest, Step, Term,
};

/// What is no variant of anything but is there or not.
pub(super) const CLAUSES: &[&str] = &[
    "agreement: in force from",
    "agreement: evidence may arrive late",
    "agreement: horizon",
    "answers: strictly",
    "answers: with diligence",
    "answers: under",
    "answers: from",
    "clause: from",
    "clause: until",
    "clause: while",
    "clause: suspended while",
    "clause: waivable by",
    "clause: when",
    "clause: except",
    "clause: except, shown by the party",
    "clause: unless",
    "clause: unless, claimed within",
    "clause: unless, shown by the party",
    "clause: proof",
    "clause: proof, source at least",
    "condition: or",
    "duty: all of several addressees",
    "duty: start",
    "duty: due",
    "duty: should",
    "duty: tied by a key",
    "decision: of a finding",
    "decision: of steps",
    "decision: due",
    "decision: without the party",
    "decision: failing that adopted",
    "decision: failing that not adopted",
    "finding: link",
    "finding: link, near",
    "power: takes effect after",
    "power: ends when",
    "state: not",
    "state: ends when",
    "response: step if",
    "response: ends when",
    "fact: of a kind",
    "fact: leg",
    "fact: to",
    "place: across into",
    "moment: paused for at most",
    "fact: with",
    "place: at a role",
    "place: own line",
    "then: within",
    "the latest: as of",
    "amount: factor",
    "amount: minus",
    "amount: as share of",
    "amount: weighted by",
    "amount: as of",
];

/// The names of the operators that this program stands on.
pub fn of(program: &Program) -> BTreeSet<&'static str> {
    let acts = program.acts.iter().enumerate().filter(|(_, act)| act.joins.is_some());
    let legs = acts.map(|(at, _)| ActId(at as u32)).collect();
    let mut walk = Walk(BTreeSet::new(), legs);
    walk.here("agreement: evidence may arrive late", program.lateness_ms > 0);
    walk.here("agreement: horizon", program.horizon_ms.is_some());
    if let Some(moment) = &program.commencement {
        walk.here("agreement: in force from", true);
        walk.moment(moment);
    }
    program.actors.iter().flat_map(|actor| &actor.answered).for_each(|one| walk.answer(one));
    program.rules.iter().for_each(|rule| walk.rule(rule));
    walk.0
}

/// What was met, and the acts whose facts are legs.
struct Walk(BTreeSet<&'static str>, BTreeSet<ActId>);

impl Walk {
    fn meet(&mut self, name: &'static str) {
        self.0.insert(name);
    }

    fn here(&mut self, name: &'static str, is: bool) {
        if is {
            self.meet(name);
        }
    }

    fn answer(&mut self, one: &Answer) {
        let Answer { by: _, under, from, strictly } = one;
        self.meet(if *strictly { "answers: strictly" } else { "answers: with diligence" });
        self.here("answers: under", under.is_some());
        self.here("answers: from", from.is_some());
    }

    fn rule(&mut self, rule: &Rule) {
        let Rule {
            label: _,
            provision: _,
            sentence: _,
            line: _,
            standard,
            from,
            until,
            during,
            suspended,
            waivable,
            when,
            except,
            shown,
            unless,
            body,
        } = rule;
        self.standard(*standard);
        self.moments(&[("clause: from", from), ("clause: until", until)]);
        self.here("clause: while", !during.is_empty());
        self.here("clause: suspended while", !suspended.is_empty());
        during.iter().chain(suspended).for_each(|test| self.state_test(test));
        self.here("clause: waivable by", !waivable.is_empty());
        self.groups("clause: when", when);
        self.groups("clause: except", except);
        self.here("clause: except, shown by the party", *shown && !except.is_empty());
        if let Some(Defence { name: _, claimed_within, shown }) = unless {
            self.meet("clause: unless");
            self.here("clause: unless, claimed within", claimed_within.is_some());
            self.here("clause: unless, shown by the party", *shown);
            claimed_within.iter().for_each(|one| self.span(one));
        }
        self.meet(super::body(body));
        self.body(body);
    }

    fn standard(&mut self, standard: Standard) {
        let Standard { act, attribution, source } = standard;
        let usual = Standard::default();
        let is = act != usual.act || attribution != usual.attribution;
        self.here("clause: proof", is);
        self.here("clause: proof, source at least", source.is_some());
    }

    fn body(&mut self, body: &Body) {
        match body {
            Body::MustNot { bearers, deeds } => self.deeds(bearers, deeds),
            Body::Must(duty) => self.duty(duty),
            Body::Keep(Keep { bearers, left, compare, right }) => {
                self.deeds(bearers, &[]);
                self.amounts(left, *compare, right);
            }
            Body::May(Permit { bearers, deeds, when, despite: _ }) => {
                self.deeds(bearers, deeds);
                self.groups("clause: when", when);
            }
            Body::Finding(found) => self.finding(found),
            Body::State(State { name: _, keys, when, ends }) => {
                self.keys(keys);
                self.groups("clause: when", when);
                ends.iter().for_each(|ends| self.groups("state: ends when", ends));
            }
            Body::Response(response) => self.response(response),
        }
    }

    fn deeds(&mut self, bearers: &Bearers, deeds: &[Pattern]) {
        let Bearers { mode, actors: _ } = bearers;
        self.meet(share(mode));
        deeds.iter().for_each(|deed| self.pattern(deed));
    }

    fn duty(&mut self, duty: &Duty) {
        let Duty { bearers, deeds, parts, opening, scope, start, due, repeat, soft, same } = duty;
        self.here("duty: tied by a key", !same.is_empty());
        same.iter().for_each(|one| self.meet(super::key(one)));
        self.deeds(bearers, deeds);
        self.here("duty: all of several addressees", !parts.is_empty());
        parts.iter().flatten().for_each(|deed| self.pattern(deed));
        self.meet(super::opening(opening));
        match opening {
            Opening::Commencement => {}
            Opening::Each(pattern, when) | Opening::First(pattern, when) => {
                self.pattern(pattern);
                self.groups("clause: when", when);
            }
        }
        self.meet(super::scope(scope));
        self.moments(&[("duty: start", start), ("duty: due", due)]);
        if let Some(repeat) = repeat {
            self.meet(super::repeat(repeat));
            match repeat {
                Repeat::Each(period, _) | Repeat::Least(_, period) => self.period(*period),
                Repeat::Gap(span) => self.span(span),
            }
        }
        self.here("duty: should", *soft);
    }

    fn finding(&mut self, found: &Determination) {
        let Determination { name: _, keys, when, link, decided, failing, power } = found;
        self.keys(keys);
        self.groups("clause: when", when);
        if let Some(Link { same, metres, within, least: _ }) = link {
            self.meet("finding: link");
            self.here("finding: link, near", metres.is_some());
            self.keys(same);
            self.span(within);
        }
        self.decision("decision: of a finding", decided.as_ref());
        self.here("decision: failing that adopted", *failing == Some(true));
        self.here("decision: failing that not adopted", *failing == Some(false));
        if let Some(Power { verb, targets: _, notice, ends }) = power {
            self.meet(super::verb(verb));
            self.here("power: takes effect after", notice.is_some());
            notice.iter().for_each(|span| self.span(span));
            self.groups("power: ends when", ends);
        }
    }

    fn decision(&mut self, name: &'static str, decision: Option<&Decision>) {
        if let Some(Decision { office: _, needed: _, due, without_party }) = decision {
            self.meet(name);
            self.moments(&[("decision: due", due)]);
            self.here("decision: without the party", *without_party);
        }
    }

    fn response(&mut self, response: &Response) {
        let Response { to, clock, steps, ends, decided } = response;
        self.pattern(to);
        self.moment(clock);
        for Step { name: _, when, owners, deeds, due } in steps {
            self.here("response: step if", !when.is_empty());
            when.iter().for_each(|one| self.condition(one));
            self.deeds(owners, deeds);
            self.span(due);
        }
        self.groups("response: ends when", ends);
        self.decision("decision: of steps", decided.as_ref());
    }
}
