//! In which order the rules are judged.
//!
//! Invariant: a rule stands in a later stratum than every rule that it reads.

use crate::{checker::Checker, graph, names::index, registry};
use casus_model::program::{
    Anchor, Body, Condition, Counted, Decision, Moment, Opening, Pattern, Rule, RuleId, StateTest,
    What,
};

impl Checker<'_> {
    /// Sorts the rules into strata; tells of a circle.
    pub(crate) fn strata(&mut self) {
        let mut needs: Vec<Vec<usize>> = Vec::with_capacity(self.made.len());
        let mut start = Reads::default();
        start.moments(self.out.commencement.as_ref());
        for rule in &self.made {
            let mut reads = Reads::default();
            if let Some(rule) = rule {
                reads.rule(rule);
                if rule.from.is_none() {
                    reads.0.extend(&start.0);
                }
            }
            needs.push(reads.0.into_iter().map(RuleId::index).collect());
        }
        for (permit, rule) in self.made.iter().enumerate() {
            let Some(Body::May(may)) = rule.as_ref().map(|rule| &rule.body) else { continue };
            for overridden in &may.despite {
                if let Some(list) = needs.get_mut(overridden.index()) {
                    list.push(permit);
                }
            }
        }
        let found = graph::levels(&needs);
        if let Some(cycle) = &found.cycle {
            let label = |at: &usize| self.labels.get(*at).cloned();
            let path: Vec<String> =
                cycle.iter().filter_map(label).map(|label| format!("`{label}`")).collect();
            let first = cycle.first().and_then(label);
            let paragraph = first.and_then(|label| label.split(' ').next().map(str::to_owned));
            let span = paragraph.and_then(|one| self.names.labels.get(&one).map(|one| one.span));
            let message = format!("rules wait for each other: {}", path.join(" reads "));
            let help = "a rule is judged after those it reads: leave out one of these references";
            self.tell_help(&registry::RULE_CYCLE, span.unwrap_or_default(), message, help);
        }
        let level = |level: Vec<usize>| level.into_iter().map(|at| RuleId(index(at))).collect();
        self.out.strata = found.levels.into_iter().map(level).collect();
    }
}

/// The rules that something reads.
#[derive(Default)]
struct Reads(Vec<RuleId>);

impl Reads {
    fn rule(&mut self, rule: &Rule) {
        self.moments(&rule.from);
        self.moments(&rule.until);
        self.states(&rule.during);
        self.states(&rule.suspended);
        self.groups(&rule.except);
        self.groups(&rule.when);
        match &rule.body {
            Body::MustNot { deeds, .. } => self.patterns(deeds),
            Body::Must(duty) => {
                self.patterns(&duty.deeds);
                self.moments(&duty.start);
                self.moments(&duty.due);
                if let Opening::Each(pattern, groups) | Opening::First(pattern, groups) =
                    &duty.opening
                {
                    self.pattern(pattern);
                    self.groups(groups);
                }
            }
            Body::Keep(keep) => keep.counted().for_each(|one| self.counted(one)),
            Body::May(permit) => {
                self.patterns(&permit.deeds);
                self.groups(&permit.when);
            }
            Body::Finding(finding) => {
                self.groups(&finding.when);
                self.decision(finding.decided.as_ref());
                finding.power.iter().for_each(|power| self.groups(&power.ends));
            }
            Body::State(state) => {
                self.groups(&state.when);
                state.ends.iter().for_each(|groups| self.groups(groups));
            }
            Body::Response(response) => {
                self.pattern(&response.to);
                self.moment(&response.clock);
                self.groups(&response.ends);
                self.decision(response.decided.as_ref());
                for step in &response.steps {
                    self.patterns(&step.deeds);
                    step.when.iter().for_each(|condition| self.condition(condition));
                }
            }
        }
    }
    fn decision(&mut self, decision: Option<&Decision>) {
        self.moments(decision.and_then(|decision| decision.due.as_ref()));
    }
    fn states(&mut self, tests: &[StateTest]) {
        self.0.extend(tests.iter().map(|test| test.state));
    }
    fn groups(&mut self, groups: &[Vec<Condition>]) {
        groups.iter().flatten().for_each(|condition| self.condition(condition));
    }
    fn condition(&mut self, condition: &Condition) {
        if let Condition::Amount { left, right, .. } = condition {
            left.counted().chain(right.counted()).for_each(|one| self.counted(one));
        }
        condition.patterns().into_iter().for_each(|pattern| self.pattern(pattern));
        self.moments(condition.moment());
        if let Condition::State(test) = condition {
            self.0.push(test.state);
        }
    }
    fn counted(&mut self, counted: &Counted) {
        self.pattern(&counted.pattern);
        self.moments(counted.moments());
    }
    fn patterns(&mut self, patterns: &[Pattern]) {
        patterns.iter().for_each(|pattern| self.pattern(pattern));
    }
    fn pattern(&mut self, pattern: &Pattern) {
        self.what(&pattern.what);
    }
    fn what(&mut self, what: &What) {
        match what {
            What::Act(_) => {}
            What::Breach(rule)
            | What::Found(rule)
            | What::Adopted(rule)
            | What::Refused(rule)
            | What::Met(rule)
            | What::Missed(rule)
            | What::Begin(rule)
            | What::End(rule) => self.0.push(*rule),
            What::AnyOf(all) => all.iter().for_each(|one| self.what(one)),
        }
    }
    fn moments<'m>(&mut self, moments: impl IntoIterator<Item = &'m Moment>) {
        moments.into_iter().for_each(|moment| self.moment(moment));
    }
    fn moment(&mut self, moment: &Moment) {
        let anchor = match moment {
            Moment::At(_) => return,
            Moment::EarliestOf(list) | Moment::LatestOf(list) => return self.moments(list),
            Moment::Extended { of, pattern, .. } => {
                self.pattern(pattern);
                return self.moment(of);
            }
            Moment::Paused { of, test, .. } => {
                self.0.push(test.state);
                return self.moment(of);
            }
            Moment::Of(anchor)
            | Moment::Deadline(anchor, _)
            | Moment::Lead(anchor, _)
            | Moment::After(anchor, _)
            | Moment::Earlier(anchor, _)
            | Moment::Clock { anchor, .. } => anchor,
        };
        if let Anchor::Fact(pattern, _) = anchor {
            self.pattern(pattern);
        }
    }
}
