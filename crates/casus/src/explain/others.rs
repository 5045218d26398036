//! Why a finding has no other verdict, and what would give it one.
//!
//! Invariant: every sentence follows from an unanswered question or from an answer that one more
//! record could turn.

use super::{Subject, account::distance, people, questions::is_force};
use crate::words;
use casus_model::{
    Reason, Tri, Verdict,
    finding::ClaimStatus,
    program::{Body, What},
};

/// Why it is none of the verdicts next to it.
pub fn not_reached(subject: Subject<'_>) -> Vec<String> {
    let finding = subject.finding;
    let reason = words::reason(finding.reason);
    let mut told = Vec::new();
    let mut not = |verdict: Verdict, why: &str| {
        told.push(format!("not `{}`: {why}", words::verdict(verdict)));
    };
    match finding.verdict {
        Verdict::Breached => {
            not(Verdict::PossiblyBreached, "no question that decides is left open");
            not(Verdict::Excused, &excuse(subject));
            if finding.duty.is_some() {
                not(Verdict::Met, "no report that counts says that it was done in time");
            }
        }
        Verdict::PossiblyBreached => {
            not(Verdict::Breached, reason);
            not(Verdict::Excused, &excuse(subject));
            not(Verdict::Met, "what is known does not rule a breach out");
        }
        Verdict::Undeterminable if finding.duty.is_some() => {
            not(Verdict::Met, "no report that counts says that it was done in time");
            not(Verdict::Breached, reason);
        }
        Verdict::Undeterminable => {
            not(Verdict::Met, reason);
            not(Verdict::Breached, "nothing that was reported establishes it");
        }
        Verdict::Excused => not(Verdict::Breached, reason),
        Verdict::MetLate => {
            not(Verdict::Met, reason);
            not(Verdict::Breached, "it was done after all");
        }
        Verdict::Met => not(Verdict::Breached, reason),
        Verdict::AtRisk | Verdict::Pending => {
            not(Verdict::Met, "no report that counts says that it was done");
            not(Verdict::Breached, &unripe(subject));
        }
        Verdict::Found => not(Verdict::PossiblyFound, "what it asks for is established"),
        Verdict::PossiblyFound => not(Verdict::Found, reason),
        Verdict::NotInForce | Verdict::Suspended | Verdict::Waived | Verdict::Lapsed => {
            not(Verdict::Breached, reason);
        }
    }
    told
}

fn excuse(subject: Subject<'_>) -> String {
    let Subject { finding, rule, .. } = subject;
    match (&finding.defence, &rule.unless) {
        (Some(claim), _) => format!("{} {}", claim.name, words::defence(claim.status)),
        (None, Some(defence)) => format!("{} was not asked for", defence.name),
        (None, None) => "the rule knows no defence".to_owned(),
    }
}

fn unripe(subject: Subject<'_>) -> String {
    let Subject { case, finding, .. } = subject;
    let due = finding.duty.as_ref().and_then(|clock| clock.due);
    match (due, finding.reason) {
        (Some((_, due)), Reason::EvidenceMayArrive) => {
            let until = case.local(due.plus_ms(case.program().lateness_ms));
            format!("evidence that it was done may arrive until {until}")
        }
        (Some((_, due)), _) if crate::clock::is_plain(due) => {
            format!("it is due {}, which has not passed", case.local(due))
        }
        _ => words::reason(finding.reason).to_owned(),
    }
}

/// What would change it.
pub fn would_change(subject: Subject<'_>) -> Vec<String> {
    let mut told = Vec::new();
    let open = &subject.finding.questions;
    if open.act == Tri::Unknown {
        surer_act(subject, &mut told);
    }
    if open.clause == Tri::Unknown {
        clearer_clause(subject, &mut told);
    }
    if open.who == Tri::Unknown {
        clearer_who(subject, &mut told);
    }
    if open.exception == Tri::Unknown {
        told.push("evidence that settles whether the exception held then".to_owned());
    }
    if open.consequence == Tri::Unknown {
        told.push("evidence that settles what opens the rule, or the state it hangs on".to_owned());
    }
    defence(subject, &mut told);
    by_verdict(subject, &mut told);
    told.dedup();
    told
}

fn surer_act(subject: Subject<'_>, told: &mut Vec<String>) {
    let Subject { finding, rule, .. } = subject;
    if finding.duty.is_some() || matches!(rule.body, Body::Keep(_)) {
        told.push("a surer report of what was done, or of how much there was".to_owned());
        return;
    }
    if matches!(rule.body, Body::Finding(_) | Body::State(_)) {
        told.push("evidence that settles the facts it is found from".to_owned());
        return;
    }
    let grade = if rule.standard.act > 55 { "1" } else { "1 or 2" };
    let from = rule.standard.source.map(|worst| format!(", from a source of {worst:?} or better"));
    told.push(format!("an account of credibility {grade}{}", from.unwrap_or_default()));
    let good = subject.best().is_some_and(|best| {
        use casus_model::{Credibility, Reliability};
        best.grade.credibility <= Credibility::Probable && best.grade.reliability <= Reliability::C
    });
    let sources = if good { "a second account" } else { "two accounts" };
    told.push(format!("{sources} of independent origin, graded A to C and 1 or 2"));
}

fn clearer_clause(subject: Subject<'_>, told: &mut Vec<String>) {
    told.push(match subject.finding.reason {
        Reason::PlaceUncertain => match subject.worst_place_m() {
            Some(m) if m > 0.0 => format!("its place, known better than {}", distance(m)),
            _ => "its place".to_owned(),
        },
        Reason::CategoryUnknown => "what it was done with, or to whom".to_owned(),
        Reason::NumberUncertain => "a narrower range of the amount".to_owned(),
        Reason::TimeUncertain => "its time, known better".to_owned(),
        Reason::Conflicting => "a correction or withdrawal of one of the accounts".to_owned(),
        _ => "reports that say more of what, where and how much".to_owned(),
    });
}

fn clearer_who(subject: Subject<'_>, told: &mut Vec<String>) {
    let Subject { case, finding, rule, .. } = subject;
    let program = case.program();
    let standard = words::confidence(rule.standard.attribution);
    let who = match (&finding.party, finding.candidates.as_slice()) {
        (Some(party), _) => format!("{party} or somebody it answers for"),
        (None, []) => "somebody".to_owned(),
        (None, several) => format!("{} or somebody they answer for", words::list(several, "or")),
    };
    told.push(format!("an attribution to {who}, of at least {standard}"));
    let force = |name: &str| {
        let actor = program.actor(name).and_then(|actor| actor.of(program));
        actor.is_some_and(|actor| is_force(&actor.kind))
    };
    if finding.reason == Reason::JudgementAwaited
        && let Some((name, _)) = subject.named().into_iter().find(|(name, _)| force(name))
    {
        told.push(format!("a judgement by people whether it did what it could about {name}"));
    }
}

fn defence(subject: Subject<'_>, told: &mut Vec<String>) {
    let Subject { finding, .. } = subject;
    let Some(claim) = &finding.defence else { return };
    match claim.status {
        ClaimStatus::Open => {
            let until = people::claim_until(subject);
            let until = until.map_or_else(String::new, |until| format!(" by {until}"));
            let by = finding.party.as_ref().map_or("the party", |party| party.as_str());
            told.push(format!("a claim of {} by {by}, made{until}", claim.name));
        }
        ClaimStatus::Claimed => {
            told.push(format!("an acceptance of {}, which would excuse it", claim.name));
        }
        ClaimStatus::Accepted => {
            told.push(format!("a later rejection of {}", claim.name));
        }
        ClaimStatus::Rejected => {
            told.push(format!("a later acceptance of {}", claim.name));
        }
        ClaimStatus::NotClaimed => {}
    }
}

fn by_verdict(subject: Subject<'_>, told: &mut Vec<String>) {
    let Subject { case, finding, rule, .. } = subject;
    let due = finding.duty.as_ref().and_then(|clock| clock.due).map(|due| case.local(due.1));
    match (finding.verdict, finding.reason) {
        (_, Reason::JudgementAwaited) if finding.questions.who != Tri::Unknown => {
            told.push(adoption(subject));
        }
        (Verdict::Breached, Reason::DeadlineMissed | Reason::StartMissed) => {
            let due = due.unwrap_or_default();
            told.push(format!("a report, also a late one, that it was done by {due}"));
            told.push("a report that access was denied to those who owe it".to_owned());
        }
        (Verdict::Pending | Verdict::AtRisk, _) => {
            let by = due.map_or_else(String::new, |due| format!(" by {due}"));
            told.push(format!("a report that it was done{by}; without one, the clock"));
        }
        (Verdict::Undeterminable, _) if finding.duty.is_some() => {
            let due = due.unwrap_or_default();
            told.push(format!("a report, also a late one, that it was done by {due}"));
            if finding.reason == Reason::AccessDenied {
                told.push("a withdrawal of the report that access was denied".to_owned());
            }
        }
        (Verdict::Undeterminable, _) => {
            let watching = watching(subject);
            let by = match watching.as_slice() {
                [] => "; no act of the text watches for it, so nothing can".to_owned(),
                names => format!(": {}", words::list(names, "or")),
            };
            told.push(format!("reports of somebody who looked all the time{by}"));
        }
        (Verdict::Met, Reason::WatchedThroughout) => {
            told.push("a report of the act that the paragraph forbids".to_owned());
        }
        _ => {}
    }
    let rests = !finding.records.is_empty() && !matches!(rule.body, Body::State(_));
    if rests && finding.reason == Reason::GroundsWithdrawn {
        told.push(
            "a new version of what was withdrawn, if the source stands by it again".to_owned(),
        );
    } else if rests {
        let ids: Vec<String> = finding.records.iter().take(3).map(|id| format!("`{id}`")).collect();
        let word = if finding.records.len() == 1 { "of" } else { "of any of" };
        let more = if finding.records.len() > 3 { " …" } else { "" };
        told.push(format!("a correction or withdrawal {word} {}{more}", ids.join(", ")));
    }
}

fn adoption(subject: Subject<'_>) -> String {
    let Subject { case, rule, .. } = subject;
    let decided = match &rule.body {
        Body::Finding(one) => one.decided.as_ref(),
        Body::Response(one) => one.decided.as_ref(),
        _ => None,
    };
    match decided {
        Some(decision) => {
            let office = decision.office.of(case.program());
            let office = office.map_or("those who decide", |office| &office.name);
            format!("an adoption by {} of the members of {office}", decision.needed)
        }
        None => "a decision by those who judge".to_owned(),
    }
}

/// The acts of the text that look for what the rule forbids.
fn watching<'a>(subject: Subject<'a>) -> Vec<&'a str> {
    let program = subject.case.program();
    let patterns = match &subject.rule.body {
        Body::MustNot { deeds, .. } => deeds.iter().collect(),
        Body::Keep(keep) => keep.counted().map(|counted| &counted.pattern).collect(),
        _ => Vec::new(),
    };
    let wanted = patterns.into_iter().flat_map(|pattern| match &pattern.what {
        What::Act(acts) => acts.clone(),
        _ => Vec::new(),
    });
    let above: Vec<_> =
        wanted.filter_map(|act| act.of(program)).flat_map(|act| act.above.clone()).collect();
    let looks = program.acts.iter().filter(|act| act.watches.iter().any(|one| above.contains(one)));
    looks.map(|act| act.name.as_str()).collect()
}
