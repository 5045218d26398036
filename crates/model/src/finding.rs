//! What Casus says: findings with their five questions, and the duties among them.
//!
//! Invariant: a finding is a function of the agreement, the evidence known and the clock; it
//! holds no trace of the order in which the evidence arrived.

use crate::{name::Name, time::Instant, tri::Tri};
use serde::Serialize;

/// One verdict on one provision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable: digest of agreement, provision, party, key and subject.
    pub id: Name,
    /// The rule's label.
    pub provision: Name,
    /// Who it is about, where that is established or given by the rule.
    pub party: Option<Name>,
    /// Who it may be about, where `party` is absent.
    pub candidates: Vec<Name>,
    /// What it is about besides: zone, item, step, period, in the order of the rule.
    pub key: Vec<Name>,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is that verdict.
    pub reason: Reason,
    /// When it begins: earliest and latest possible.
    pub from: (Instant, Instant),
    /// When it ends: latest possible; none: it goes on or is a thing of the future.
    pub to: Option<Instant>,
    /// Knowledge time of the newest record it rests on; none: it rests on none.
    pub known: Option<Instant>,
    /// The records for it, by id, sorted.
    pub records: Vec<Name>,
    /// The records that speak against it, by id, sorted.
    pub against: Vec<Name>,
    /// What brought it about.
    pub cause: Cause,
    /// The five questions, each with its own answer.
    pub questions: Questions,
    /// The defence, where the rule has one.
    pub defence: Option<Claim>,
    /// The duty's clock, where it is a duty.
    pub duty: Option<Clock>,
}

/// The five questions; none of them is averaged with another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Questions {
    /// Did it happen.
    pub act: Tri,
    /// Is it the act that the clause names, there and then.
    pub clause: Tri,
    /// Who is responsible.
    pub who: Tri,
    /// Does an exception hold.
    pub exception: Tri,
    /// Does the consequence follow: is the rule in force and its clock run out.
    pub consequence: Tri,
}

/// A defence and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// The defence.
    pub name: Name,
    /// How far it has come.
    pub status: ClaimStatus,
}

/// How far a defence has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimStatus {
    /// Nobody has claimed it; it may still be claimed.
    Open,
    /// Nobody claimed it in time.
    NotClaimed,
    /// It is claimed and not decided.
    Claimed,
    /// It is accepted.
    Accepted,
    /// It is rejected.
    Rejected,
}

/// Who owes what by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// When the duty came into being: earliest and latest possible.
    pub opened: (Instant, Instant),
    /// It must have begun by then: certain; none: no such deadline.
    pub start: Option<Instant>,
    /// Possible and certain deadline; none: no deadline (or its anchor has not happened).
    pub due: Option<(Instant, Instant)>,
    /// When it was done: earliest and latest possible.
    pub done: Option<(Instant, Instant)>,
    /// Items or occurrences done, and how many there are.
    pub progress: (u32, u32),
    /// The step of a ladder.
    pub step: Option<Name>,
    /// Who has adopted the step, and how many are needed.
    pub adopted: Option<(Vec<Name>, u32)>,
}

/// What is said of a provision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Established breach.
    Breached,
    /// Breach that may be.
    PossiblyBreached,
    /// Nobody can know.
    Undeterminable,
    /// Breach excused.
    Excused,
    /// Done, late.
    MetLate,
    /// Done, or kept wherever somebody looked.
    Met,
    /// Not yet due, and little time is left.
    AtRisk,
    /// Not yet due.
    Pending,
    /// A determination holds.
    Found,
    /// A determination may hold.
    PossiblyFound,
    /// The rule is suspended.
    Suspended,
    /// The rule is not in force.
    NotInForce,
    /// Waived.
    Waived,
    /// No longer owed.
    Lapsed,
}

/// Why a verdict is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// All five questions are answered.
    Established,
    /// It is not established that it happened.
    ActUnconfirmed,
    /// The accounts contradict each other.
    Conflicting,
    /// Its category is not known well enough.
    CategoryUnknown,
    /// Its place is not known well enough.
    PlaceUncertain,
    /// Its time is not known well enough.
    TimeUncertain,
    /// An amount is not known well enough.
    NumberUncertain,
    /// It is not established who is responsible.
    AttributionUndetermined,
    /// People must judge.
    JudgementAwaited,
    /// It is not established whether an exception holds.
    ExceptionUncertain,
    /// A state that the rule depends on is not established.
    StateUncertain,
    /// A defence is claimed and not decided.
    Claimed,
    /// A defence is accepted.
    Accepted,
    /// The deadline passed and nothing was done.
    DeadlineMissed,
    /// It had not begun when it had to.
    StartMissed,
    /// It was done after the deadline.
    DoneLate,
    /// It was done late by a deadline that became known, or moved, only afterwards.
    AnchorCorrected,
    /// It may have been done late.
    PossiblyLate,
    /// It was done in time.
    Done,
    /// Its time has not come.
    NotYetDue,
    /// Its time has come, and evidence may still arrive.
    EvidenceMayArrive,
    /// Little time is left.
    LittleTimeLeft,
    /// Nobody reported and nobody looked.
    NoEvidence,
    /// Access was denied.
    AccessDenied,
    /// Somebody looked all the time and nothing was seen.
    WatchedThroughout,
    /// The report that it rested on was withdrawn.
    GroundsWithdrawn,
    /// The time of a target passed; it is reported, not breached.
    TargetMissed,
    /// The response ended before.
    Ended,
    /// The amount is above the limit.
    AboveLimit,
    /// The amount is below the floor.
    BelowFloor,
    /// The rule has not begun or has ceased to apply.
    OutsideApplication,
    /// Nobody decided in time, and the text says what that means.
    SilenceDecided,
    /// The body that decides has refused.
    Refused,
    /// Who may waive the breach has done so.
    WaivedByRight,
}

/// What brought a finding about: the newest record it rests on, the clock, or the text alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// This record.
    Record(Name),
    /// The clock reached this instant.
    Clock(Instant),
    /// The agreement itself.
    Rule(Name),
}
