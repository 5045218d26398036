//! What a rule asks for, in plain words: the meaning of each construct, not the text's wording.
//!
//! Invariant: the sentences come from the checked rule alone; every part of it that bears on a
//! verdict is said, in the same words for every party.

mod amount;
mod body;
mod condition;
mod moment;
mod pattern;

use crate::{
    grade::Reliability,
    program::{Body, Defence, Program, Rule, Standard},
};

/// What one rule asks for, a sentence a line, in the order in which a reader asks: who must do
/// what, when it applies, what takes a case out, what excuses, what must be proved.
pub fn rule(program: &Program, rule: &Rule) -> Vec<String> {
    let plain = Plain { program };
    let mut lines = plain.body(rule);
    lines.extend(plain.application(rule));
    for test in &rule.suspended {
        lines.push(format!("It is suspended while {}.", plain.state(test)));
    }
    if !rule.waivable.is_empty() {
        lines.push(format!("{} may waive a breach of it.", plain.actors(&rule.waivable, "or")));
    }
    if !rule.when.is_empty() {
        lines.push(format!("Only cases in which {}.", plain.groups(&rule.when)));
    }
    if !rule.except.is_empty() {
        let cases = plain.groups(&rule.except);
        let who = match rule.shown {
            true => "who relies on it must show it, and doubt does not help",
            false => "evidence alone decides",
        };
        lines.push(format!("It does not reach a case in which {cases}; {who}."));
    }
    lines.extend(rule.unless.as_ref().map(|defence| plain.defence(defence)));
    lines.extend(standard(&rule.standard));
    lines
}

/// The words for the parts of one agreement's rules.
#[derive(Clone, Copy)]
struct Plain<'a> {
    program: &'a Program,
}

impl Plain<'_> {
    fn application(self, rule: &Rule) -> Vec<String> {
        let mut lines = Vec::new();
        let going_on = match &rule.body {
            Body::MustNot { .. } => "; an act that goes on past it counts",
            _ => "",
        };
        match (&rule.from, &self.program.commencement) {
            (Some(from), _) => {
                lines.push(format!("It applies from {} on{going_on}.", self.moment(from)));
            }
            (None, Some(from)) => {
                let from = self.moment(from);
                let whole = format!("It applies from {from} on, as the whole agreement does");
                lines.push(format!("{whole}{going_on}."));
            }
            (None, None) => {}
        }
        if let Some(until) = &rule.until {
            lines.push(format!("It ends with {}.", self.moment(until)));
        }
        for test in &rule.during {
            lines.push(format!("It is in force only while {}.", self.state(test)));
        }
        lines
    }

    fn defence(self, defence: &Defence) -> String {
        let name = &defence.name;
        let claimed = match &defence.claimed_within {
            Some(within) => format!(" at most {} after the act", self.span(*within)),
            None => String::new(),
        };
        match defence.shown {
            true => format!(
                "Who claims {name}{claimed} is excused once people have accepted it, not before."
            ),
            false => {
                format!("Who claims {name}{claimed} is excused, unless people reject the claim.")
            }
        }
    }
}

fn standard(standard: &Standard) -> Option<String> {
    if *standard == Standard::default() {
        return None;
    }
    let plain = Standard::default();
    let mut asked = Vec::new();
    if standard.act != plain.act {
        asked.push(format!("that it happened must be {} % sure", standard.act));
    }
    if standard.attribution != plain.attribution {
        asked.push(format!("who did it must be {} % sure", standard.attribution));
    }
    if let Some(source) = standard.source {
        asked.push(format!("the source must be {} or better", reliability(source)));
    }
    Some(format!("Proof: {}.", asked.join(", ")))
}

fn reliability(reliability: Reliability) -> String {
    format!("of reliability {reliability:?}")
}

/// `a`, `a or b`, `a, b or c`.
fn joined(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}
