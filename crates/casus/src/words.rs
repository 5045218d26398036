//! The plain words for every verdict, reason, answer and standing.
//!
//! Invariant: this is the one place where they are put into words, the same for every party.

use casus_model::{
    Credibility, Finding, Grade, Reason, Reliability, Tri, Verdict, finding::ClaimStatus,
};

/// All verdicts, the gravest first.
pub const VERDICTS: [Verdict; 14] = [
    Verdict::Breached,
    Verdict::PossiblyBreached,
    Verdict::Excused,
    Verdict::MetLate,
    Verdict::Undeterminable,
    Verdict::Found,
    Verdict::PossiblyFound,
    Verdict::AtRisk,
    Verdict::Pending,
    Verdict::Met,
    Verdict::Suspended,
    Verdict::NotInForce,
    Verdict::Waived,
    Verdict::Lapsed,
];

/// A verdict, as the language writes it.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Breached => "breached",
        Verdict::PossiblyBreached => "possibly breached",
        Verdict::Undeterminable => "undeterminable",
        Verdict::Excused => "excused",
        Verdict::MetLate => "met late",
        Verdict::Met => "met",
        Verdict::AtRisk => "at risk",
        Verdict::Pending => "pending",
        Verdict::Found => "found",
        Verdict::PossiblyFound => "possibly found",
        Verdict::Suspended => "suspended",
        Verdict::NotInForce => "not in force",
        Verdict::Waived => "waived",
        Verdict::Lapsed => "lapsed",
    }
}

/// The verdict of these words, with blanks, hyphens or underscores between them.
pub fn verdict_named(text: &str) -> Option<Verdict> {
    let text = text.trim().to_lowercase().replace(['-', '_'], " ");
    VERDICTS.into_iter().find(|one| verdict(*one) == text)
}

/// A verdict on somebody and a paragraph, as a sentence without stop.
pub fn sentence(verdict: Verdict, who: &str, what: &str) -> String {
    match verdict {
        Verdict::Breached => format!("{who} breached {what}"),
        Verdict::PossiblyBreached => format!("{who} may have breached {what}"),
        Verdict::Undeterminable => format!("nobody can know whether {who} kept {what}"),
        Verdict::Excused => format!("{who} breached {what}, and is excused"),
        Verdict::MetLate => format!("{who} did what {what} asks for, late"),
        Verdict::Met => format!("{who} kept {what}"),
        Verdict::AtRisk => format!("{who} has not done what {what} asks for, and time runs out"),
        Verdict::Pending => format!("{who} has not yet done what {what} asks for, and is not late"),
        Verdict::Found => format!("{what} is found to be the case"),
        Verdict::PossiblyFound => format!("{what} may be the case"),
        Verdict::Suspended => format!("{what} is suspended for {who}"),
        Verdict::NotInForce => format!("{what} is not in force for {who}"),
        Verdict::Waived => format!("{what} was waived for {who}"),
        Verdict::Lapsed => format!("{who} no longer owes what {what} asks for"),
    }
}

/// A reason, as a sentence without capital and stop.
pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Established => "all questions are answered",
        Reason::ActUnconfirmed => "it is not established that it happened",
        Reason::Conflicting => "the accounts contradict each other",
        Reason::CategoryUnknown => "its category is not known well enough",
        Reason::PlaceUncertain => "its place is not known well enough",
        Reason::TimeUncertain => "its time is not known well enough",
        Reason::NumberUncertain => "an amount is not known well enough",
        Reason::AttributionUndetermined => "it is not established who is responsible",
        Reason::JudgementAwaited => "people must judge, and have not yet",
        Reason::ExceptionUncertain => "it is not established whether an exception holds",
        Reason::StateUncertain => "a state that the rule depends on is not established",
        Reason::Claimed => "a defence is claimed and not decided",
        Reason::Accepted => "those who decide have accepted it",
        Reason::DeadlineMissed => "the deadline passed and it was not done",
        Reason::StartMissed => "it had not begun when it had to",
        Reason::DoneLate => "it was done after the deadline",
        Reason::AnchorCorrected => "what the deadline hangs on became known, or moved, afterwards",
        Reason::PossiblyLate => "it may have been done after the deadline",
        Reason::Done => "it was done in time",
        Reason::NotYetDue => "its time has not come",
        Reason::EvidenceMayArrive => "its time has come, and evidence may still arrive",
        Reason::LittleTimeLeft => "little time is left",
        Reason::NoEvidence => "nobody reported it, and nobody looked all the time",
        Reason::AccessDenied => "access was denied to those who would have looked",
        Reason::WatchedThroughout => "somebody looked all the time, and nothing was seen",
        Reason::GroundsWithdrawn => "the report that it rested on was withdrawn",
        Reason::TargetMissed => "the time of a target passed, which is reported and no breach",
        Reason::Ended => "the response ended before",
        Reason::AboveLimit => "the amount is above the limit",
        Reason::BelowFloor => "the amount is below the floor",
        Reason::OutsideApplication => "the rule has not begun to apply, or has ceased to",
        Reason::SilenceDecided => "nobody decided in time, and the text says what that means",
        Reason::Refused => "the body that decides has refused",
        Reason::WaivedByRight => "it was waived by who may waive it",
    }
}

/// An answer.
pub fn answer(answer: Tri) -> &'static str {
    match answer {
        Tri::Yes => "yes",
        Tri::Unknown => "not known",
        Tri::No => "no",
    }
}

/// How far a defence has come, as a sentence that begins with its name.
pub fn defence(status: ClaimStatus) -> &'static str {
    match status {
        ClaimStatus::Open => "is not claimed, but a claim may still become known",
        ClaimStatus::NotClaimed => "was not claimed in time",
        ClaimStatus::Claimed => "is claimed, and nobody has decided on it",
        ClaimStatus::Accepted => "is claimed and accepted",
        ClaimStatus::Rejected => "is claimed and rejected",
    }
}

/// A bound in per cent, with the word that stands for it.
pub fn confidence(low: u8) -> String {
    match low {
        95 => "`confirmed` (95 %)".to_owned(),
        55 => "`probable` (55 %)".to_owned(),
        20 => "`possible` (20 %)".to_owned(),
        other => format!("{other} %"),
    }
}

/// A grade, in words.
pub fn grade(grade: Grade) -> String {
    let source = match grade.reliability {
        Reliability::A => "a source without doubt",
        Reliability::B => "a usually reliable source",
        Reliability::C => "a fairly reliable source",
        Reliability::D => "a source that is not usually reliable",
        Reliability::E => "an unreliable source",
        Reliability::F => "a source that nobody has judged",
    };
    let item = match grade.credibility {
        Credibility::Confirmed => "confirmed",
        Credibility::Probable => "probably true",
        Credibility::Possible => "possibly true",
        Credibility::Doubtful => "doubtful",
        Credibility::Improbable => "improbable",
        Credibility::Unknown => "not judged",
    };
    format!("{grade}: {source}, {item}")
}

/// A number with marks between its thousands.
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 rule`, `2 rules`.
pub fn count(count: usize, one: &str, many: &str) -> String {
    let word = if count == 1 { one } else { many };
    format!("{} {word}", number(count as u64))
}

/// That reports came after the horizon, if any did.
pub fn late(reports: u64) -> Option<String> {
    let told = match reports {
        0 => return None,
        1 => "1 report came after the horizon and is not judged".to_owned(),
        _ => format!("{} reports came after the horizon and are not judged", number(reports)),
    };
    Some(told)
}

/// Who a finding is about: its party, or those it may be; nobody: nothing.
pub fn who(finding: &Finding) -> Option<String> {
    match (&finding.party, finding.candidates.as_slice()) {
        (Some(party), _) => Some(party.to_string()),
        (None, []) => None,
        (None, several) => Some(list(several, "or")),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<T: std::ops::Deref<Target = str>>(names: &[T], last: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.to_string(),
        [first @ .., end] => {
            let first: Vec<&str> = first.iter().map(|one| &**one).collect();
            format!("{} {last} {}", first.join(", "), &**end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_is_found_by_its_words() {
        for one in VERDICTS {
            assert_eq!(verdict_named(verdict(one)), Some(one));
        }
        assert_eq!(verdict_named("possibly_breached"), Some(Verdict::PossiblyBreached));
        assert_eq!(verdict_named("broken"), None);
    }

    #[test]
    fn numbers_and_lists_read_well() {
        assert_eq!(number(191_675), "191,675");
        assert_eq!(number(7), "7");
        assert_eq!(list(&["a", "b", "c"], "and"), "a, b and c");
        assert_eq!(count(1, "rule", "rules"), "1 rule");
    }
}
