//! From placeholders to rules: each reference becomes one to an earlier rule of a fitting form.
//!
//! Invariant: after it, a rule refers only to rules of earlier strata.

use casus_model::{
    Name,
    program::{
        ActId, Amount, Anchor, Body, Condition, Groups, Moment, Opening, Pattern, Rule, RuleId,
        Standard, StateTest, What,
    },
};

/// Which forms of rule a reference may mean.
type Fits = fn(&Body) -> bool;

fn breaches(body: &Body) -> bool {
    matches!(body, Body::MustNot { .. } | Body::Must(_) | Body::Keep(_) | Body::Response(_))
}
fn finds(body: &Body) -> bool {
    matches!(body, Body::Finding(_))
}
fn owes(body: &Body) -> bool {
    match body {
        Body::Must(_) | Body::Response(_) => true,
        // The body that decides owes its decision.
        Body::Finding(found) => {
            let due = found.decided.as_ref().is_some_and(|decided| decided.due.is_some());
            due && found.failing.is_none()
        }
        _ => false,
    }
}
fn holds(body: &Body) -> bool {
    match body {
        Body::State(_) => true,
        Body::Finding(found) => found.power.is_some(),
        _ => false,
    }
}
fn forbids(body: &Body) -> bool {
    matches!(body, Body::MustNot { .. })
}

/// Resolves what one rule refers to.
struct Resolver<'a> {
    earlier: &'a [Rule],
    used: Vec<RuleId>,
}

impl Resolver<'_> {
    fn pick(&mut self, raw: RuleId, fits: Fits) -> Option<RuleId> {
        let fitting: Vec<u32> = (0..)
            .zip(self.earlier)
            .filter(|(_, rule)| fits(&rule.body))
            .map(|(at, _)| at)
            .collect();
        let id = RuleId(*fitting.get(raw.index() % fitting.len().max(1))?);
        self.used.push(id);
        Some(id)
    }

    fn pattern(&mut self, pattern: &mut Pattern) {
        self.what(&mut pattern.what);
    }

    fn what(&mut self, what: &mut What) {
        type Make = fn(RuleId) -> What;
        let (raw, fits, make): (RuleId, Fits, Make) = match what {
            What::Act(_) => return,
            What::AnyOf(all) => {
                all.iter_mut().for_each(|one| self.what(one));
                all.retain(|one| !matches!(one, What::Act(_)));
                let mut distinct: Vec<What> = Vec::new();
                for one in all.drain(..) {
                    if !distinct.contains(&one) {
                        distinct.push(one);
                    }
                }
                *what = match distinct.len() {
                    0 => What::Act(vec![ActId(0)]),
                    1 => distinct.remove(0),
                    _ => What::AnyOf(distinct),
                };
                return;
            }
            What::Breach(raw) => (*raw, breaches, What::Breach),
            What::Found(raw) => (*raw, finds, What::Found),
            What::Adopted(raw) => (*raw, finds, What::Adopted),
            What::Refused(raw) => (*raw, finds, What::Refused),
            What::Met(raw) => (*raw, owes, What::Met),
            What::Missed(raw) => (*raw, owes, What::Missed),
            What::Begin(raw) => (*raw, holds, What::Begin),
            What::End(raw) => (*raw, holds, What::End),
        };
        *what = match self.pick(raw, fits) {
            Some(id) => make(id),
            None => What::Act(vec![ActId(raw.0 % 3)]),
        };
    }

    fn tests(&mut self, tests: &mut Vec<StateTest>) {
        tests.retain_mut(|test| match self.pick(test.state, holds) {
            Some(state) => {
                test.state = state;
                true
            }
            None => false,
        });
    }

    fn conditions(&mut self, conditions: &mut Vec<Condition>) {
        conditions.retain_mut(|condition| {
            if let Condition::Amount { left, right, .. } = condition {
                self.amount(left);
                self.amount(right);
                return true;
            }
            condition.patterns_mut().into_iter().for_each(|one| self.pattern(one));
            if let Condition::Latest { as_of: Some(moment), .. } = condition {
                self.moment(moment);
            }
            match condition {
                Condition::State(test) => match self.pick(test.state, holds) {
                    Some(state) => {
                        test.state = state;
                        true
                    }
                    None => false,
                },
                _ => true,
            }
        });
    }

    fn amount(&mut self, amount: &mut Amount) {
        for counted in amount.counted_mut() {
            self.pattern(&mut counted.pattern);
            counted.moments_mut().for_each(|moment| self.moment(moment));
        }
    }

    fn groups(&mut self, groups: &mut Groups) {
        groups.iter_mut().for_each(|group| self.conditions(group));
        groups.retain(|group| !group.is_empty());
    }

    fn moment(&mut self, moment: &mut Moment) {
        match moment {
            Moment::At(_) => {}
            Moment::Of(anchor)
            | Moment::Deadline(anchor, _)
            | Moment::Lead(anchor, _)
            | Moment::After(anchor, _)
            | Moment::Earlier(anchor, _)
            | Moment::Clock { anchor, .. } => {
                if let Anchor::Fact(pattern, _) = anchor {
                    self.pattern(pattern);
                }
            }
            Moment::EarliestOf(list) | Moment::LatestOf(list) => {
                list.iter_mut().for_each(|one| self.moment(one));
            }
            Moment::Extended { of, pattern, .. } => {
                self.pattern(pattern);
                self.moment(of);
            }
            Moment::Paused { of, test, .. } => {
                self.moment(of);
                match self.pick(test.state, holds) {
                    Some(state) => test.state = state,
                    None => *moment = (**of).clone(),
                }
            }
        }
    }

    fn body(&mut self, body: &mut Body) {
        match body {
            Body::MustNot { deeds, .. } => deeds.iter_mut().for_each(|deed| self.pattern(deed)),
            Body::Must(duty) => {
                duty.deeds.iter_mut().for_each(|deed| self.pattern(deed));
                duty.parts.iter_mut().flatten().for_each(|deed| self.pattern(deed));
                if let Opening::Each(pattern, when) | Opening::First(pattern, when) =
                    &mut duty.opening
                {
                    self.pattern(pattern);
                    self.groups(when);
                }
                duty.start.iter_mut().chain(&mut duty.due).for_each(|one| self.moment(one));
            }
            Body::Keep(keep) => {
                self.amount(&mut keep.left);
                self.amount(&mut keep.right);
            }
            Body::May(permit) => {
                permit.deeds.iter_mut().for_each(|deed| self.pattern(deed));
                self.groups(&mut permit.when);
            }
            Body::Finding(determination) => {
                self.groups(&mut determination.when);
                let due = determination.decided.as_mut().and_then(|one| one.due.as_mut());
                due.into_iter().for_each(|one| self.moment(one));
                if let Some(power) = &mut determination.power {
                    self.groups(&mut power.ends);
                }
                let heads = determination.when.iter_mut().filter_map(|group| group.first_mut());
                // The checker refuses a head that says `no`.
                for head in heads {
                    if let Condition::Fact { negated, .. } = head {
                        *negated = false;
                    }
                }
            }
            Body::State(state) => {
                self.groups(&mut state.when);
                state.ends.iter_mut().for_each(|ends| self.groups(ends));
            }
            Body::Response(response) => {
                self.pattern(&mut response.to);
                self.moment(&mut response.clock);
                response.steps.iter_mut().for_each(|step| {
                    self.conditions(&mut step.when);
                    step.deeds.iter_mut().for_each(|deed| self.pattern(deed));
                });
                self.groups(&mut response.ends);
                let due = response.decided.iter_mut().flat_map(|decision| &mut decision.due);
                due.for_each(|due| self.moment(due));
            }
        }
    }

    fn rule(&mut self, rule: &mut Rule) {
        rule.from.iter_mut().chain(&mut rule.until).for_each(|one| self.moment(one));
        self.tests(&mut rule.suspended);
        self.tests(&mut rule.during);
        self.groups(&mut rule.except);
        self.groups(&mut rule.when);
        self.body(&mut rule.body);
    }
}

/// The commencement may read no finding: every rule hangs on it.
pub fn commencement(moment: &mut Moment) {
    Resolver { earlier: &[], used: Vec::new() }.moment(moment);
}

/// Gives the rules their labels, their references and their strata.
pub fn resolve(rules: Vec<Rule>) -> (Vec<Rule>, Vec<Vec<RuleId>>) {
    let mut done: Vec<Rule> = Vec::new();
    let mut levels: Vec<usize> = Vec::new();
    for (at, mut rule) in rules.into_iter().enumerate() {
        rule.label = Name::from(format!("1.{at}"));
        let mut resolver = Resolver { earlier: &done, used: Vec::new() };
        resolver.rule(&mut rule);
        let mut used = resolver.used;
        if forbids(&rule.body) {
            used.extend(overriding(&mut done, at, rule.standard));
        }
        let level = used.iter().map(|id| levels[id.index()] + 1).max().unwrap_or(0);
        levels.push(level);
        done.push(rule);
    }
    let height = levels.iter().max().map_or(0, |level| level + 1);
    let mut strata: Vec<Vec<RuleId>> = vec![Vec::new(); height];
    for (id, level) in (0..).map(RuleId).zip(&levels) {
        strata[*level].push(id);
    }
    for rule in &mut done {
        if let Body::May(permit) = &mut rule.body {
            permit.despite.retain(|id| id.0 >= PLACED);
            permit.despite.iter_mut().for_each(|id| id.0 -= PLACED);
        }
    }
    (done, strata)
}

/// Added to an id that has found its rule.
const PLACED: u32 = 1_000;

/// The permits that override the prohibition at `at`: each permit takes the ones after it.
fn overriding(earlier: &mut [Rule], at: usize, standard: Standard) -> Vec<RuleId> {
    let mut permits = Vec::new();
    let id = u32::try_from(at).map_or(RuleId(0), RuleId);
    for (own, rule) in (0..).map(RuleId).zip(earlier) {
        let Body::May(permit) = &mut rule.body else { continue };
        // A permit has no proof of its own: it takes that of the prohibitions it overrides.
        let free = permit.despite.iter().all(|raw| raw.0 < PLACED);
        if !free && rule.standard != standard {
            continue;
        }
        rule.standard = standard;
        if let Some(raw) = permit.despite.iter_mut().find(|raw| raw.0 < PLACED) {
            *raw = RuleId(id.0 + PLACED);
            permits.push(own);
        }
    }
    permits
}
