//! What a rule reads: which acts, which other rules, whether people's decisions.
//!
//! Invariant: a rule's findings change only if something that it reads, or the clock, changes.

use crate::world::related_acts;
use casus_model::{
    Program,
    program::{
        ActId, Anchor, Body, Condition, Counted, Determination, Groups, Moment, Opening, Pattern,
        Rule, RuleId, What,
    },
};
use std::collections::BTreeSet;

/// What a rule reads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reads {
    /// The acts that a prohibition judges incident by incident.
    pub main: BTreeSet<ActId>,
    /// All other acts.
    pub aside: BTreeSet<ActId>,
    pub rules: BTreeSet<RuleId>,
    /// Claims, acceptances, rejections, adoptions.
    pub procedures: bool,
    /// Whether single incidents depend on the clock.
    pub clock: bool,
}

/// The acts that watch others, or hinder the watching, and what is related to them.
pub(crate) fn looking(program: &Program) -> Vec<ActId> {
    let acts = program.acts.iter().enumerate();
    let looking = acts.filter(|(_, act)| !act.watches.is_empty() || !act.hinders.is_empty());
    let looking: Vec<ActId> = looking.map(|(at, _)| ActId(at as u32)).collect();
    related_acts(program, &looking)
}

impl Reads {
    pub(crate) fn new(program: &Program, rule_id: RuleId) -> Reads {
        let mut reads = Reads::default();
        let Some(rule) = rule_id.of(program) else { return reads };
        reads.common(program, rule);
        if let Some(moment) = &program.commencement {
            reads.moment(program, moment);
        }
        match &rule.body {
            Body::MustNot { deeds, .. } => {
                for deed in deeds {
                    if let What::Act(acts) = &deed.what {
                        reads.main.extend(related_acts(program, acts));
                    }
                }
                for (at, other) in program.rules.iter().enumerate() {
                    if let Body::May(permit) = &other.body
                        && permit.despite.contains(&rule_id)
                    {
                        reads.common(program, other);
                        reads.groups(program, &permit.when);
                        reads.rules.insert(RuleId(at as u32));
                    }
                }
            }
            Body::Must(duty) => {
                reads.patterns(program, &duty.deeds);
                if let Opening::Each(pattern, groups) | Opening::First(pattern, groups) =
                    &duty.opening
                {
                    reads.pattern(program, pattern);
                    reads.groups(program, groups);
                }
                for moment in duty.start.iter().chain(&duty.due) {
                    reads.moment(program, moment);
                }
            }
            Body::Keep(keep) => keep.counted().for_each(|one| reads.counted(program, one)),
            Body::May(_) => {}
            Body::Finding(finding) => {
                reads.groups(program, &finding.when);
                reads.question(program, finding);
            }
            Body::State(state) => {
                reads.groups(program, &state.when);
                if let Some(ends) = &state.ends {
                    reads.groups(program, ends);
                }
            }
            Body::Response(response) => {
                reads.pattern(program, &response.to);
                reads.moment(program, &response.clock);
                reads.groups(program, &response.ends);
                reads.procedures |= response.decided.is_some();
                for moment in response.decided.iter().filter_map(|one| one.due.as_ref()) {
                    reads.moment(program, moment);
                }
                for step in &response.steps {
                    reads.conditions(program, &step.when);
                    reads.patterns(program, &step.deeds);
                }
            }
        }
        reads
    }

    /// What every form of rule has.
    fn common(&mut self, program: &Program, rule: &Rule) {
        for moment in rule.from.iter().chain(&rule.until) {
            self.moment(program, moment);
        }
        self.rules.extend(rule.during.iter().map(|test| test.state));
        self.groups(program, &rule.except);
        self.groups(program, &rule.when);
        self.rules.extend(rule.suspended.iter().map(|test| test.state));
        self.procedures |= !rule.waivable.is_empty();
        self.procedures |= rule.unless.is_some();
        self.clock |= rule.unless.is_some();
        if !matches!(rule.body, Body::MustNot { .. }) {
            self.aside.extend(looking(program));
        }
    }

    fn question(&mut self, program: &Program, finding: &Determination) {
        self.procedures |= finding.decided.is_some();
        if let Some(due) = finding.decided.as_ref().and_then(|one| one.due.as_ref()) {
            self.clock = true;
            self.moment(program, due);
        }
        if let Some(power) = &finding.power {
            self.clock = true;
            self.groups(program, &power.ends);
        }
    }

    fn groups(&mut self, program: &Program, groups: &Groups) {
        for group in groups {
            self.conditions(program, group);
        }
    }

    fn conditions(&mut self, program: &Program, conditions: &[Condition]) {
        for condition in conditions {
            // Only a plain fact stays as it is while the clock runs.
            self.clock |= !matches!(condition, Condition::Fact { .. } | Condition::State(_));
            if let Condition::Amount { left, right, .. } = condition {
                let both = left.counted().chain(right.counted());
                both.for_each(|one| self.counted(program, one));
            }
            for pattern in condition.patterns() {
                self.pattern(program, pattern);
            }
            if let Some(moment) = condition.moment() {
                self.moment(program, moment);
            }
            if let Condition::State(test) = condition {
                self.rules.insert(test.state);
            }
        }
    }

    fn counted(&mut self, program: &Program, counted: &Counted) {
        self.pattern(program, &counted.pattern);
        for moment in counted.moments() {
            self.moment(program, moment);
        }
    }

    fn patterns(&mut self, program: &Program, patterns: &[Pattern]) {
        for pattern in patterns {
            self.pattern(program, pattern);
        }
    }

    fn pattern(&mut self, program: &Program, pattern: &Pattern) {
        self.what(program, &pattern.what);
    }

    fn what(&mut self, program: &Program, what: &What) {
        match what {
            What::Act(acts) => self.aside.extend(related_acts(program, acts)),
            What::Breach(rule)
            | What::Found(rule)
            | What::Adopted(rule)
            | What::Refused(rule)
            | What::Met(rule)
            | What::Missed(rule)
            | What::Begin(rule)
            | What::End(rule) => {
                self.rules.insert(*rule);
            }
            What::AnyOf(all) => all.iter().for_each(|one| self.what(program, one)),
        }
    }

    fn moment(&mut self, program: &Program, moment: &Moment) {
        let anchor = match moment {
            Moment::At(_) => return,
            Moment::Of(anchor)
            | Moment::Deadline(anchor, _)
            | Moment::Lead(anchor, _)
            | Moment::After(anchor, _)
            | Moment::Earlier(anchor, _)
            | Moment::Clock { anchor, .. } => anchor,
            Moment::EarliestOf(list) | Moment::LatestOf(list) => {
                for one in list {
                    self.moment(program, one);
                }
                return;
            }
            Moment::Extended { of, pattern, .. } => {
                self.pattern(program, pattern);
                return self.moment(program, of);
            }
            Moment::Paused { of, test, .. } => {
                self.rules.insert(test.state);
                return self.moment(program, of);
            }
        };
        match anchor {
            Anchor::Fact(pattern, _) => self.pattern(program, pattern),
            Anchor::Commencement => {
                if let Some(commencement) = program.commencement.as_ref()
                    && !std::ptr::eq(commencement, moment)
                {
                    self.moment(program, commencement);
                }
            }
            Anchor::It(_) => {}
        }
    }
}

/// The patterns of conditions.
pub(crate) fn patterns<'g>(groups: &[&'g Groups]) -> Vec<&'g Pattern> {
    let conditions = groups.iter().flat_map(|one| one.iter().flatten());
    conditions.flat_map(Condition::patterns).collect()
}
