//! Sections 10.5, 10.6: states.
//!
//! Invariant: the lower set of a state lies in its upper set.

use super::{
    Asking, Here, Outcome, Pair, Value,
    fact::Fact,
    finding::{Draft, questions},
    sums::Asked,
};
use casus_model::{
    Instant, Name, Reason, Spans, Tri, Verdict,
    program::{Condition, Groups, State, What},
};
use std::rc::Rc;

/// In which of the two worlds a latched state is followed.
#[derive(Clone, Copy, PartialEq)]
enum Outlook {
    Pessimistic,
    Optimistic,
}

/// The first instant of a set that is at or after another.
pub fn first_in(spans: &Spans, at: Instant) -> Option<Instant> {
    spans.and(&Spans::of(at, Instant::MAX)).first()
}

impl Asking<'_> {
    /// 10.5, 10.6
    pub fn state(&self, state: &State) -> Outcome {
        let mut outcome = Outcome::default();
        let ends = state.ends.clone().unwrap_or_default();
        for key in self.keys(&state.keys, &[&state.when, &ends]) {
            let here = Here::of(&key);
            let pair = match &state.ends {
                None => self.groups_spans(&state.when, &here, Pair::all()),
                Some(ends) => {
                    let low = self.followed(&state.when, ends, &here, Outlook::Pessimistic);
                    let high = self.followed(&state.when, ends, &here, Outlook::Optimistic);
                    Pair { lower: low.and(&high), upper: low.or(&high) }
                }
            };
            let pair = self.confined(pair, &here);
            self.state_finding(&key, &pair, &mut outcome);
            let edges = self.edged(&[&state.when, &ends], &here);
            self.edges(&key, &pair, &edges, &mut outcome);
            outcome.states.push((key.clone(), pair));
        }
        outcome
    }

    /// 10.5: a latched state in one world.
    fn followed(&self, when: &Groups, ends: &Groups, here: &Here<'_>, outlook: Outlook) -> Spans {
        let side = |pair: Pair, lower: bool| if lower { pair.lower } else { pair.upper };
        let pessimistic = outlook == Outlook::Pessimistic;
        let (mut cursor, mut held) = (Instant::MIN, Vec::new());
        loop {
            let after = Here { after: Some((cursor, cursor)), ..*here };
            let begins = side(self.groups_spans(when, &after, Pair::all()), pessimistic);
            let Some(begin) = first_in(&begins, cursor) else { break };
            let after = Here { after: Some((begin, begin)), ..*here };
            let over = side(self.groups_spans(ends, &after, Pair::none()), !pessimistic);
            let end = first_in(&over, begin).unwrap_or(Instant::MAX);
            if end > begin {
                held.push((begin, end));
                cursor = end;
            } else {
                cursor = first_in(&over.not(), begin).unwrap_or(Instant::MAX);
            }
            if cursor == Instant::MAX {
                break;
            }
        }
        Spans::union_of(held)
    }

    /// 10.6: what holds now.
    fn state_finding(&self, key: &[Value], pair: &Pair, outcome: &mut Outcome) {
        let now = self.world.now;
        let holding = |spans: &Spans| spans.iter().find(|(a, b)| *a <= now && now < *b);
        let Some((possible, _)) = holding(&pair.upper) else { return };
        let (verdict, reason, certain) = match holding(&pair.lower) {
            Some((begin, _)) => (Verdict::Found, Reason::Established, begin),
            None => (Verdict::PossiblyFound, Reason::StateUncertain, possible),
        };
        let status = if verdict == Verdict::Found { Tri::Yes } else { Tri::Unknown };
        outcome.findings.push(self.finish(Draft {
            party: Here::of(key).bearer,
            key: self.key_names(key),
            from: (possible, certain),
            questions: questions(status),
            ..Draft::new(verdict, reason, "state".to_owned())
        }));
    }

    /// 10.7: the facts that conditions read, by the instants at which one of them may begin or end
    /// what they say.
    fn edged(&self, groups: &[&Groups], here: &Here<'_>) -> Vec<(Instant, Rc<Fact>)> {
        let mut edges = Vec::new();
        for condition in groups.iter().copied().flatten().flatten() {
            if let Condition::Amount { left, right, .. } = condition {
                for sum in [left, right].map(|side| self.sum(side, Asked::Condition(here))) {
                    for one in sum.told.iter().flat_map(|told| &told.items) {
                        let Some((from, to, _)) = one.upper else { continue };
                        edges.extend([(from, one.fact.clone()), (to, one.fact.clone())]);
                    }
                }
                continue;
            }
            let (pattern, same) = match condition {
                Condition::Fact { pattern, same, .. }
                | Condition::Count { pattern, same, .. }
                | Condition::Among { pattern, same, .. }
                | Condition::Cumulated { pattern, same, .. }
                | Condition::Latest { pattern, same, .. }
                | Condition::Quiet { pattern, same, .. }
                | Condition::Lasting { pattern, same, .. }
                | Condition::Seen { pattern, same, .. } => (pattern, same),
                Condition::Sequence { steps, .. } => match steps.last() {
                    Some(last) => (&last.pattern, &last.same),
                    None => continue,
                },
                Condition::Amount { .. } | Condition::State(_) => continue,
            };
            for fact in &self.facts {
                if self.keyed(fact, pattern, same, here).is_no() {
                    continue;
                }
                let ((a, b), (c, d)) = (fact.time.start, fact.time.end);
                let instants = match condition {
                    Condition::Count { window, .. } => {
                        vec![a, b, self.leaves(a, *window), self.leaves(b, *window)]
                    }
                    Condition::Quiet { span, .. } => {
                        vec![a, b, self.later(c, *span), self.later(d, *span)]
                    }
                    Condition::Lasting { span, gap, .. } => {
                        let (a, b) = (self.later(a, *span), self.later(b, *span));
                        vec![a, b, self.later(c, *gap), self.later(d, *gap)]
                    }
                    Condition::Seen { span, .. } => {
                        let (a, b) = (self.later(a, *span), self.later(b, *span));
                        vec![a, b, c.plus_ms(1), d.plus_ms(1)]
                    }
                    _ => vec![a, b],
                };
                edges.extend(instants.into_iter().map(|at| (at, fact.clone())));
            }
        }
        edges
    }

    /// 10.6: its beginnings and ends.
    fn edges(
        &self,
        key: &[Value],
        pair: &Pair,
        edges: &[(Instant, Rc<Fact>)],
        outcome: &mut Outcome,
    ) {
        let names: Vec<String> = self.key_names(key).iter().map(Name::to_string).collect();
        let names = names.join(", ");
        let mut push = |what: What, word: &str, status: Tri, at: (Instant, Instant)| {
            let id = format!("{} {word} {names} {}", self.rule.label, at.0);
            let mut fact = Fact::bare(what, Name::from(id), status, at);
            fact.parties = vec![Tri::Unknown; self.world.program.actors.len()];
            self.of_key(&mut fact, key);
            // 10.7
            let here = |edge: &&(Instant, Rc<Fact>)| edge.0 == at.0 || edge.0 == at.1;
            for (_, behind) in edges.iter().filter(here) {
                fact.records.extend(behind.records.iter().cloned());
                fact.settled = fact.settled.max(behind.settled);
                fact.receipt = fact.receipt.max(behind.receipt);
            }
            fact.records.sort_unstable();
            fact.records.dedup();
            fact.names.extend(self.names_of(&fact.id, &fact.records));
            outcome.derived.push(fact);
        };
        for (begin, end) in pair.upper.iter() {
            let inside = || pair.lower.iter().filter(|(a, _)| *a >= begin && *a < end);
            match inside().next() {
                Some((sure, _)) => push(What::Begin(self.id), "begin", Tri::Yes, (begin, sure)),
                None => push(What::Begin(self.id), "begin", Tri::Unknown, (begin, begin)),
            }
            if end > self.world.now {
                continue;
            }
            match inside().next_back() {
                Some((_, sure)) => push(What::End(self.id), "end", Tri::Yes, (sure, end)),
                None => push(What::End(self.id), "end", Tri::Unknown, (end, end)),
            }
        }
    }
}
