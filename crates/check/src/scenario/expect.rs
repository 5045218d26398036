//! What a test block expects.
//!
//! Invariant: an expectation names a rule of the text.

use crate::{checker::Checker, registry};
use casus_model::{Name, Reason, Verdict, program::Expectation};
use casus_syntax::ast::{Expect, ExpectNote};

impl Checker<'_> {
    pub(super) fn expectation(&mut self, expect: &Expect) -> Option<Expectation> {
        let rule = self.labelled(&expect.label);
        let label = match &expect.reading {
            Some(reading) => self.reading(&expect.label, reading)?,
            None => expect.label.text.as_str().into(),
        };
        let party = match &expect.by {
            Some(name) => Some(self.one_actor(name)?),
            None => None,
        };
        let party = party.and_then(|id| self.out.actors.get(id.index()));
        let party = party.map(|actor| actor.name.clone());
        let keys: Vec<&str> = expect.keys.iter().map(|key| key.text.as_str()).collect();
        for key in &keys {
            if let Some(entry) = self.names.zones.get(*key) {
                self.used.zones.insert(entry.id.index());
            }
        }
        let verdict = verdict(expect.verdict);
        if verdict.is_none() {
            let message = format!("`{}` is no verdict", expect.verdict);
            self.tell(&registry::UNKNOWN, expect.span, message);
        }
        let mut out = Expectation {
            line: expect.line,
            label,
            verdict: verdict?,
            reason: None,
            party,
            keys: keys.into_iter().map(Name::from).collect(),
            count: None,
            due: None,
        };
        for note in &expect.notes {
            match note {
                ExpectNote::Count(number) => out.count = Some(self.whole(number, 0, u32::MAX)?),
                ExpectNote::Due(when) => out.due = Some(self.day_or_time(*when).0),
                ExpectNote::Reason(text) => {
                    out.reason = reason(text);
                    if out.reason.is_none() {
                        let message = format!("`{text}` is no reason");
                        self.tell(&registry::UNKNOWN, expect.span, message);
                    }
                }
            }
        }
        rule.map(|_| out)
    }
}

fn verdict(text: &str) -> Option<Verdict> {
    Some(match text {
        "breached" => Verdict::Breached,
        "possibly breached" => Verdict::PossiblyBreached,
        "undeterminable" => Verdict::Undeterminable,
        "excused" => Verdict::Excused,
        "met late" => Verdict::MetLate,
        "met" => Verdict::Met,
        "at risk" => Verdict::AtRisk,
        "pending" => Verdict::Pending,
        "found" => Verdict::Found,
        "possibly found" => Verdict::PossiblyFound,
        "suspended" => Verdict::Suspended,
        "not in force" => Verdict::NotInForce,
        "waived" => Verdict::Waived,
        "lapsed" => Verdict::Lapsed,
        _ => return None,
    })
}

fn reason(text: &str) -> Option<Reason> {
    Some(match text {
        "established" => Reason::Established,
        "act unconfirmed" => Reason::ActUnconfirmed,
        "conflicting" => Reason::Conflicting,
        "category unknown" => Reason::CategoryUnknown,
        "place uncertain" => Reason::PlaceUncertain,
        "time uncertain" => Reason::TimeUncertain,
        "number uncertain" => Reason::NumberUncertain,
        "attribution undetermined" => Reason::AttributionUndetermined,
        "judgement awaited" => Reason::JudgementAwaited,
        "exception uncertain" => Reason::ExceptionUncertain,
        "state uncertain" => Reason::StateUncertain,
        "claimed" => Reason::Claimed,
        "accepted" => Reason::Accepted,
        "deadline missed" => Reason::DeadlineMissed,
        "start missed" => Reason::StartMissed,
        "done late" => Reason::DoneLate,
        "anchor corrected" => Reason::AnchorCorrected,
        "possibly late" => Reason::PossiblyLate,
        "done" => Reason::Done,
        "not yet due" => Reason::NotYetDue,
        "evidence may arrive" => Reason::EvidenceMayArrive,
        "little time left" => Reason::LittleTimeLeft,
        "no evidence" => Reason::NoEvidence,
        "access denied" => Reason::AccessDenied,
        "watched throughout" => Reason::WatchedThroughout,
        "grounds withdrawn" => Reason::GroundsWithdrawn,
        "target missed" => Reason::TargetMissed,
        "ended" => Reason::Ended,
        "above limit" => Reason::AboveLimit,
        "below floor" => Reason::BelowFloor,
        "outside application" => Reason::OutsideApplication,
        "silence decided" => Reason::SilenceDecided,
        "refused by vote" => Reason::Refused,
        "waived by right" => Reason::WaivedByRight,
        _ => return None,
    })
}
