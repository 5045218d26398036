//! What the clock says of one duty.
//!
//! Invariant: nothing is breached before its certain deadline and the lateness have passed.

use crate::{moments::When, world::World};
use casus_model::{Instant, Reason, Verdict};

/// What the verdict on a duty depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub opened: (Instant, Instant),
    pub due: Option<When>,
    /// Earliest possible and latest certain time of its being done; `MAX` for not.
    pub done: (Instant, Instant),
    pub soft: bool,
}

/// The verdict, and the instant of the clock that brought it about.
pub(crate) type Ruling = (Verdict, Reason, Option<Instant>);

impl World<'_> {
    /// Weighs a duty by the clock.
    pub(crate) fn weigh(&self, terms: &Terms) -> Ruling {
        let Terms { opened, due, done, soft } = *terms;
        if done.1 < Instant::MAX {
            return done_verdict(due, done, soft);
        }
        let Some(due) = due.filter(|due| due.certain < Instant::MAX) else {
            return (Verdict::Pending, Reason::NotYetDue, None);
        };
        let closed = due.certain.plus_ms(self.lateness_ms());
        if self.now <= due.certain {
            return match little_left(opened, due).filter(|&from| self.now >= from) {
                Some(from) => (Verdict::AtRisk, Reason::LittleTimeLeft, Some(from)),
                None => (Verdict::Pending, Reason::NotYetDue, None),
            };
        }
        if self.now <= closed {
            return (Verdict::AtRisk, Reason::EvidenceMayArrive, Some(due.certain));
        }
        match (soft, done.0 <= due.certain) {
            (true, _) => (Verdict::Lapsed, Reason::TargetMissed, Some(closed)),
            (false, true) => (Verdict::PossiblyBreached, Reason::ActUnconfirmed, None),
            (false, false) => (Verdict::Breached, Reason::DeadlineMissed, Some(closed)),
        }
    }
}

fn done_verdict(due: Option<When>, done: (Instant, Instant), soft: bool) -> Ruling {
    match due {
        Some(due) if done.0 > due.certain => {
            let moved = due.settled > due.certain || due.settled > done.1;
            let reason = if moved { Reason::AnchorCorrected } else { Reason::DoneLate };
            (Verdict::MetLate, reason, None)
        }
        Some(due) if done.1 > due.possible => {
            let verdict = if soft { Verdict::MetLate } else { Verdict::PossiblyBreached };
            (verdict, Reason::PossiblyLate, None)
        }
        _ => (Verdict::Met, Reason::Done, None),
    }
}

/// When three quarters of the time will have gone.
fn little_left(opened: (Instant, Instant), due: When) -> Option<Instant> {
    let length = due.possible.0.saturating_sub(opened.1.0);
    if opened.1 == Instant::MIN || length <= 0 {
        return None;
    }
    // The first instant t with 4 (t - opened) ≥ 3 length.
    Some(opened.1.plus_ms((length.saturating_mul(3)).div_euclid(4) + i64::from(length % 4 != 0)))
}
