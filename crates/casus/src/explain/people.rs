//! What people say and decide about a finding: who answers for whom, exceptions and defences.
//!
//! Invariant: a claim, a decision and an adoption are named with their record, so that they can be
//! looked up.

use super::{Subject, clauses};
use crate::{clock, words};
use casus_model::{
    Name, Program, Record,
    finding::ClaimStatus,
    program::{Body, Rule},
};

/// The rules that permit what this one forbids.
pub fn permits<'a>(program: &'a Program, rule: &Rule) -> Vec<&'a Rule> {
    let id = program.rule(&rule.label);
    let despite = |one: &&Rule| {
        let Body::May(permit) = &one.body else { return false };
        id.is_some_and(|id| permit.despite.contains(&id))
    };
    program.rules.iter().filter(despite).collect()
}

/// Exceptions and defences, and how far they came.
pub fn exceptions(subject: Subject<'_>) -> Vec<String> {
    let Subject { case, finding, rule, .. } = subject;
    let answer = words::answer(finding.questions.exception);
    let mut told: Vec<String> = clauses::opening(&case.agreement.document, rule, &["except"])
        .into_iter()
        .map(|clause| format!("`{clause}`: {answer}"))
        .collect();
    for permit in permits(case.program(), rule) {
        told.push(format!("paragraph {} permits some of it: {answer}", permit.label));
    }
    let Some(defence) = &rule.unless else { return told };
    let clause = clauses::opening(&case.agreement.document, rule, &["unless"]).join(" ");
    let needs = match defence.shown {
        true => "only an acceptance excuses",
        false => "a claim in time excuses",
    };
    let status = finding.defence.as_ref().map(|claim| claim.status);
    told.push(match status {
        Some(status) => {
            format!("`{clause}`: {} {}; {needs}", defence.name, words::defence(status))
        }
        None => format!("`{clause}`: there is nothing to excuse; {needs}"),
    });
    if let Some(until) = claim_until(subject) {
        told.push(format!("it had to be claimed by {until}"));
    }
    told.extend(procedure(subject).into_iter().map(|record| {
        let by = record.actor.as_ref().map_or("nobody named", |actor| actor.name.as_str());
        let at = case.between(record.time.start);
        format!("{} by {by}, {at} ({})", record.act, record.id)
    }));
    told
}

/// By when the defence has to be claimed, where that is limited.
pub fn claim_until(subject: Subject<'_>) -> Option<String> {
    let Subject { case, finding, rule, .. } = subject;
    let span = rule.unless.as_ref()?.claimed_within?;
    let status = finding.defence.as_ref()?.status;
    let open = matches!(status, ClaimStatus::Open | ClaimStatus::NotClaimed);
    let after = match &finding.duty {
        Some(clock) => clock.due?.1,
        None => finding.from.1,
    };
    let until = case.calendar().shift(after, span, 1);
    (open && clock::is_plain(until)).then(|| case.local(until))
}

/// The claims and decisions about the defence of the finding.
pub fn procedure<'a>(subject: Subject<'a>) -> Vec<&'a Record> {
    let Subject { case, finding, rule, .. } = subject;
    let Some(defence) = &rule.unless else { return Vec::new() };
    let records = subject.records();
    let concerned = |name: &Name| {
        *name == finding.id || records.iter().any(|one| one.id == *name || one.incident() == name)
    };
    let fits = |record: &&Record| {
        matches!(record.act.as_str(), "claim" | "acceptance" | "rejection")
            && record.object.as_ref().is_some_and(|object| object.kind == defence.name)
            && record.about.iter().any(concerned)
    };
    let mut found: Vec<&Record> = case.trail.iter().filter(fits).collect();
    found.sort_by_key(|record| (record.time.start, &record.id));
    found.dedup_by_key(|record| &record.id);
    found
}

/// Who is said to be responsible, and how sure that is.
pub fn responsible(subject: Subject<'_>) -> Vec<String> {
    let Subject { case, finding, rule, .. } = subject;
    let program = case.program();
    let mut told = Vec::new();
    if finding.duty.is_none() {
        for (name, sure) in subject.named() {
            told.push(format!("{name} is named, {sure}"));
            told.extend(answering(program, rule, name).into_iter().map(|one| {
                let from = one.from.map(|at| format!(", from {}", case.local(at)));
                let by = one.by.of(program).map_or("somebody", |actor| &actor.name);
                let how = match one.strictly {
                    true => "strictly: the act counts as its own",
                    false => "with diligence: people judge whether it did what it could",
                };
                format!("{by} answers for {name}{}, {how}", from.unwrap_or_default())
            }));
        }
    }
    if finding.party.is_none() && finding.candidates.len() > 1 {
        let list = words::list(&finding.candidates, "or");
        told.push(format!("it may be {list}; nothing tells them apart"));
    }
    if let Some((adopted, needed)) = finding.duty.as_ref().and_then(|clock| clock.adopted.as_ref())
    {
        let names = match adopted.as_slice() {
            [] => "nobody has".to_owned(),
            names => format!("{} did", words::list(names, "and")),
        };
        told.push(format!("{needed} must adopt the step; {names}"));
    }
    told
}

/// Who answers for an actor under a rule.
fn answering<'a>(
    program: &'a Program,
    rule: &Rule,
    name: &str,
) -> Vec<&'a casus_model::program::Answer> {
    let Some(actor) = program.actor(name).and_then(|actor| actor.of(program)) else {
        return Vec::new();
    };
    let id = program.rule(&rule.label);
    let covers = |one: &&casus_model::program::Answer| match (&one.under, id) {
        (None, _) => true,
        (Some(rules), Some(id)) => rules.contains(&id),
        (Some(_), None) => false,
    };
    actor.answered.iter().filter(covers).collect()
}
