//! Section 6.4: defences; and the records that people's decisions are (10.4).
//!
//! Invariant: a defence is decided by records alone, never by the evaluator.

use super::{Asking, reports::Report};
use casus_model::{
    Instant, Name, Reason, Verdict,
    finding::{Claim, ClaimStatus},
    program::{ActorId, Defence},
};
use std::{collections::BTreeSet, rc::Rc};

/// What a defence speaks about.
pub struct Accused<'a> {
    /// The names that `about` may use.
    pub names: &'a BTreeSet<Name>,
    /// A duty's bearers: their records about nothing count as well (7.8).
    pub bearers: &'a [ActorId],
    /// Who is charged: they may claim, and do not decide.
    pub charged: &'a [ActorId],
    /// From when the time for a claim runs.
    pub since: Instant,
}

impl Asking<'_> {
    /// Live records of an act that are not improbable.
    pub fn spoken(&self, act: &str) -> Vec<Rc<Report>> {
        let reports = self.world.incidents.iter().flat_map(|incident| &incident.reports);
        let said = reports.filter(|report| report.counts() && &*report.content.act == act);
        said.cloned().collect()
    }

    fn speaks(&self, report: &Report, defence: &Defence, accused: &Accused<'_>) -> bool {
        let record = &report.content;
        let of_kind = record.object.as_ref().is_some_and(|object| object.kind == defence.name);
        let named = record.about.iter().any(|name| accused.names.contains(name));
        let actor = record.actor.as_ref().and_then(|a| self.world.program.actor(&a.name));
        let own = record.about.is_empty() && actor.is_some_and(|a| accused.bearers.contains(&a));
        of_kind && (named || own)
    }

    /// 6.4: whether who speaks is one of those charged, or one whom they answer for; none where
    /// nobody is named.
    fn by_charged(&self, report: &Report, accused: &Accused<'_>) -> Option<bool> {
        let name = &report.content.actor.as_ref()?.name;
        let Some(actor) = self.world.program.actor(name) else { return Some(false) };
        let answered = actor.of(self.world.program).map(|actor| actor.answered.as_slice());
        let mut answering = answered.unwrap_or_default().iter().map(|answer| answer.by);
        let charged = accused.charged;
        Some(charged.contains(&actor) || answering.any(|one| charged.contains(&one)))
    }

    /// How far the rule's defence has come; none where it has none.
    pub fn defence(&self, accused: &Accused<'_>) -> Option<Claim> {
        let defence = self.rule.unless.as_ref()?;
        let about = |act: &str| -> Vec<Rc<Report>> {
            let mut said = self.spoken(act);
            said.retain(|report| self.speaks(report, defence, accused));
            let claims = act == "claim";
            said.retain(|report| self.by_charged(report, accused).is_none_or(|own| own == claims));
            said
        };
        let when = |report: &Rc<Report>| (report.content.time.start.0, report.content.id.clone());
        let accepted = about("acceptance").iter().map(when).max();
        let rejected = about("rejection").iter().map(when).max();
        let limit = defence.claimed_within.map(|span| self.later(accused.since, span));
        let claims = about("claim");
        let claimed = claims
            .iter()
            .any(|claim| limit.is_none_or(|limit| claim.content.time.start.0 <= limit));
        let lateness = self.world.program.lateness_ms;
        let status = if accepted > rejected {
            ClaimStatus::Accepted
        } else if rejected.is_some() {
            ClaimStatus::Rejected
        } else if claimed {
            ClaimStatus::Claimed
        } else if limit.is_none_or(|limit| self.world.now <= limit.plus_ms(lateness)) {
            ClaimStatus::Open
        } else {
            ClaimStatus::NotClaimed
        };
        Some(Claim { name: defence.name.clone(), status })
    }

    /// 17.4: a breach that somebody may waive, and has waived.
    pub fn waived(&self, verdict: (Verdict, Reason), names: &BTreeSet<Name>) -> (Verdict, Reason) {
        let broken = matches!(verdict.0, Verdict::Breached | Verdict::PossiblyBreached);
        let label = self.rule.label.split(' ').next().unwrap_or_default();
        let by_right = |report: &Rc<Report>| {
            let record = &report.content;
            let of_rule = record.object.as_ref().is_some_and(|object| &*object.kind == label);
            let actor = record.actor.as_ref().and_then(|a| self.world.program.actor(&a.name));
            let may = actor.is_some_and(|actor| self.rule.waivable.contains(&actor));
            of_rule && may && record.about.iter().any(|name| names.contains(name))
        };
        match broken && self.spoken("waiver").iter().any(by_right) {
            true => (Verdict::Waived, Reason::WaivedByRight),
            false => verdict,
        }
    }

    /// What a defence makes of a breach or a possible breach.
    pub fn excused(&self, verdict: (Verdict, Reason), claim: Option<&Claim>) -> (Verdict, Reason) {
        let shown = self.rule.unless.as_ref().is_some_and(|defence| defence.shown);
        match claim.map(|claim| claim.status) {
            Some(ClaimStatus::Accepted) => (Verdict::Excused, Reason::Accepted),
            Some(ClaimStatus::Claimed) if !shown => (Verdict::Excused, Reason::Claimed),
            Some(ClaimStatus::Claimed) if verdict.0 == Verdict::Breached => {
                (Verdict::Breached, Reason::Claimed)
            }
            _ => verdict,
        }
    }
}
