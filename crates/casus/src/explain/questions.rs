//! The verdict in a sentence, and the five questions with the answer of each.
//!
//! Invariant: every question is answered by itself; no answer leans on another.

use super::{Subject, account::distance};
use crate::words;
use casus_model::{
    Confidence, Reason, Tri, Verdict,
    program::{ActorKind, Body},
};
use serde::Serialize;

/// One question and its answer.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The question.
    pub question: &'static str,
    /// The answer.
    pub answer: Tri,
    /// Why.
    pub why: String,
}

/// The verdict in a sentence.
pub fn sentence(subject: Subject<'_>) -> String {
    let Subject { case, finding, rule, .. } = subject;
    let what = match &rule.body {
        Body::Finding(one) => format!("`{}` (paragraph {})", one.name, rule.label),
        Body::State(one) => format!("`{}` (paragraph {})", one.name, rule.label),
        _ => format!("paragraph {}", rule.label),
    };
    let who = subject.who();
    let mut text = words::sentence(finding.verdict, &who, &what);
    if let Some(first) = text.chars().next() {
        text.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
    }
    if !finding.key.is_empty() {
        text.push_str(&format!(", for {}", finding.key.join(", ")));
    }
    if crate::clock::is_plain(finding.from.0) {
        let word = if finding.from.0 == finding.from.1 { "at" } else { "some time from" };
        text.push_str(&format!(", {word} {}", case.between(finding.from)));
    }
    format!("{text}: {}.", words::reason(finding.reason))
}

/// The five questions.
pub fn answers(subject: Subject<'_>) -> Vec<Answer> {
    let asked = &subject.finding.questions;
    let is_duty = subject.finding.duty.is_some();
    let ask = |question, answer, why| Answer { question, answer, why };
    let (first, second, third) = match is_duty {
        true => ("was it done", "is that what the paragraph asks for", "who owes it"),
        false => ("did it happen", "is it what the paragraph names", "who is responsible"),
    };
    let last = match is_duty {
        true => "is it owed",
        false => "does the consequence follow",
    };
    vec![
        ask(first, asked.act, act(subject)),
        ask(second, asked.clause, clause(subject)),
        ask(third, asked.who, who(subject)),
        ask("does an exception hold", asked.exception, exception(subject)),
        ask(last, asked.consequence, consequence(subject)),
    ]
}

impl Subject<'_> {
    /// Who the finding is about.
    pub fn who(self) -> String {
        match (&self.finding.party, self.finding.candidates.as_slice()) {
            (Some(party), _) => party.to_string(),
            (None, []) => "somebody".to_owned(),
            (None, several) => words::list(several, "or"),
        }
    }
}

fn act(subject: Subject<'_>) -> String {
    let Subject { case, finding, rule, .. } = subject;
    if let Some(clock) = &finding.duty {
        return match (clock.done, finding.questions.act) {
            (Some(done), Tri::Yes) => format!("done {}", case.between(done)),
            (Some(done), _) => format!("it may have been done {}", case.between(done)),
            (None, _) => format!("nobody reported it by {}", case.local(case.basis.clock)),
        };
    }
    if matches!(rule.body, Body::State(_)) {
        let from = case.between(finding.from);
        return match finding.questions.act {
            Tri::Yes => format!("what it asks for holds from {from} on"),
            _ => format!("what it asks for may hold from {from} on"),
        };
    }
    let Some(best) = subject.best() else { return "there is no report of it".to_owned() };
    let reports = words::count(finding.records.len(), "report", "reports");
    let roots = words::count(subject.lineages(), "origin", "origins");
    let grade = words::grade(best.grade);
    let standard = words::confidence(rule.standard.act);
    let mut why = format!("{reports} of {roots}; the best is {grade}; the rule asks {standard}");
    if let Some(worst) = rule.standard.source {
        why.push_str(&format!(" from a source of at least {worst:?}"));
    }
    let alone = Confidence::from(best.grade.credibility).low >= rule.standard.act;
    if finding.questions.act == Tri::Yes && !alone && matches!(rule.body, Body::MustNot { .. }) {
        why.push_str("; accounts of independent origin confirm each other");
    }
    if finding.reason == Reason::Conflicting {
        why.push_str("; the accounts contradict each other");
    }
    why
}

fn clause(subject: Subject<'_>) -> String {
    let finding = subject.finding;
    if matches!(subject.rule.body, Body::State(_)) {
        return "the paragraph itself says what it is".to_owned();
    }
    if finding.duty.as_ref().is_some_and(|clock| clock.done.is_none()) {
        return "nothing was reported that would have to be it".to_owned();
    }
    match (finding.questions.clause, finding.reason) {
        (Tri::Yes, _) if finding.records.is_empty() => "there is nothing to compare".to_owned(),
        (Tri::Yes, _) => "its kind, place and amounts are those that the rule names".to_owned(),
        (Tri::No, _) => "no report fits the rule".to_owned(),
        (Tri::Unknown, Reason::PlaceUncertain) => match subject.worst_place_m() {
            Some(m) if m > 0.0 => format!(
                "its place is known to {} only, and lies near an edge of what the rule names",
                distance(m)
            ),
            _ => "no report says its place well enough".to_owned(),
        },
        (Tri::Unknown, reason) => words::reason(reason).to_owned(),
    }
}

fn who(subject: Subject<'_>) -> String {
    let Subject { finding, rule, .. } = subject;
    if matches!(rule.body, Body::State(_)) {
        return "nobody has to be responsible for it".to_owned();
    }
    if finding.questions.who == Tri::No {
        return "no report names anybody, for there is none".to_owned();
    }
    if finding.duty.is_some() || finding.records.is_empty() {
        return match (&finding.party, finding.candidates.as_slice()) {
            (Some(party), _) => format!("the paragraph lays it on {party}"),
            (None, []) => "the paragraph lays it on nobody in particular".to_owned(),
            (None, several) => format!("the paragraph lays it on {}", words::list(several, "and")),
        };
    }
    let standard = words::confidence(rule.standard.attribution);
    let named: Vec<String> = subject
        .named()
        .iter()
        .map(|(name, sure)| match subject.case.program().actor(name) {
            Some(_) => format!("{name} ({sure})"),
            None => format!("{name} ({sure}), whom the text does not know"),
        })
        .collect();
    match (named.is_empty(), &rule.body) {
        (_, Body::Finding(_)) => "the paragraph asks nobody for it".to_owned(),
        (true, _) => format!("no report names anybody; the rule asks {standard}"),
        (false, _) => {
            format!("the reports name {}; the rule asks {standard}", words::list(&named, "and"))
        }
    }
}

fn exception(subject: Subject<'_>) -> String {
    let Subject { case, finding, rule, .. } = subject;
    let excepts = rule.except.len();
    let permits = super::people::permits(case.program(), rule).len();
    let told = match (excepts + permits, finding.questions.exception) {
        (0, _) => "the rule knows no exception that evidence decides".to_owned(),
        (_, Tri::Yes) => "what the exception asks for is established".to_owned(),
        (_, Tri::No) => "what the exceptions ask for is not the case".to_owned(),
        (_, Tri::Unknown) => "what an exception asks for may be the case".to_owned(),
    };
    match &finding.defence {
        Some(claim) => format!("{told}; {} {}", claim.name, words::defence(claim.status)),
        None => told,
    }
}

fn consequence(subject: Subject<'_>) -> String {
    let Subject { case, finding, rule, .. } = subject;
    if finding.verdict == Verdict::NotInForce {
        return "the rule does not apply at the clock".to_owned();
    }
    let states: Vec<String> = rule
        .during
        .iter()
        .filter_map(|test| {
            let Body::State(state) = &test.state.of(case.program())?.body else { return None };
            let word = if test.negated { "not " } else { "" };
            Some(format!("{word}{}", state.name))
        })
        .collect();
    let during = match states.as_slice() {
        [] => String::new(),
        names => format!(" and while {}", words::list(names, "and")),
    };
    let begun = rule.from.is_some() || case.program().commencement.is_some();
    match (finding.questions.consequence, begun || !states.is_empty()) {
        (Tri::Yes, _) if finding.duty.is_some() => match finding.reason {
            Reason::DeadlineMissed | Reason::StartMissed | Reason::DoneLate => {
                "it is owed, and its time has passed".to_owned()
            }
            _ => "it is owed".to_owned(),
        },
        (Tri::Yes, true) => format!("it fell within the time of the rule{during}"),
        (Tri::Yes, false) => "the rule applies at all times".to_owned(),
        (Tri::Unknown, _) if finding.duty.is_some() => {
            "it is owed only if what opened it is established".to_owned()
        }
        (Tri::Unknown, _) => format!("it may lie outside the time of the rule{during}"),
        (Tri::No, _) if finding.duty.is_some() => words::reason(finding.reason).to_owned(),
        (Tri::No, _) => "it lies outside the time of the rule".to_owned(),
    }
}

/// Whether somebody else's acts may be those of the party.
pub fn is_force(kind: &ActorKind) -> bool {
    *kind == ActorKind::Force
}
