//! One shape for everything that rules read: incidents, and what rules made of them.
//!
//! Invariant: a fact's `id` and content do not depend on the order in which evidence arrived.

use crate::store::IncidentId;
use casus_model::{
    Instant, Name, Occurred, Reason, Tri,
    program::{ActorId, RuleId, ZoneId},
};
use std::sync::Arc;

/// What kind of fact it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Incident,
    Breach(RuleId),
    Found(RuleId),
    Adopted(RuleId),
    Refused(RuleId),
    Met(RuleId),
    Missed(RuleId),
    Begin(RuleId),
    End(RuleId),
}

/// Who is responsible for a fact.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parties {
    /// These, each with its own answer.
    pub these: Vec<(ActorId, Tri)>,
    /// Everybody else: *unknown* where nobody (declared) is named, else *no*.
    pub rest: Tri,
}

impl Parties {
    /// It may be anybody.
    pub(crate) fn anybody() -> Parties {
        Parties { these: Vec::new(), rest: Tri::Unknown }
    }
    /// Surely all of these, and nobody else.
    pub(crate) fn surely(actors: &[ActorId]) -> Parties {
        Parties { these: actors.iter().map(|&one| (one, Tri::Yes)).collect(), rest: Tri::No }
    }
    pub(crate) fn of(&self, actor: ActorId) -> Tri {
        let named = self.these.iter().find(|(one, _)| *one == actor);
        named.map_or(self.rest, |(_, answer)| *answer)
    }
    /// At most as sure as `limit`.
    pub(crate) fn of_at_most(&self, actor: ActorId, limit: Tri) -> Tri {
        self.of(actor).and(limit)
    }
}

/// A fact.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fact {
    pub id: Name,
    pub kind: Kind,
    pub status: Tri,
    /// Why the status is unknown.
    pub reason: Reason,
    pub time: Occurred,
    /// When its first fact began.
    pub start_edge: (Instant, Instant),
    pub parties: Parties,
    pub item: Option<Name>,
    pub recipient: Option<Name>,
    pub receipt: Instant,
    /// Since when its time has been known as it is.
    pub settled: Instant,
    pub act_low: u8,
    pub attribution_low: u8,
    /// The reports that count, sorted by id, of the incident that is or stands behind the fact.
    pub grounds: Arc<[u32]>,
    /// The incident that is or stands behind the fact.
    pub incident: Option<IncidentId>,
    /// The zones of the key, of a fact without an incident.
    pub zones: Vec<ZoneId>,
    /// The ids of the records that the fact rests on, sorted.
    pub records: Arc<[Name]>,
}

impl Fact {
    /// The order in which facts are taken: what surely has begun first.
    pub(crate) fn order(&self) -> (Instant, Instant, &Name) {
        (self.time.start.1, self.time.start.0, &self.id)
    }

    /// A fact that follows from others: certain, without an incident behind it.
    pub(crate) fn derived(id: Name, kind: Kind, status: Tri, time: Occurred) -> Fact {
        Fact {
            id,
            kind,
            status,
            reason: Reason::StateUncertain,
            time,
            start_edge: time.start,
            parties: Parties::surely(&[]),
            item: None,
            recipient: None,
            receipt: Instant::MIN,
            settled: Instant::MIN,
            act_low: 100,
            attribution_low: 100,
            grounds: Arc::from([]),
            incident: None,
            zones: Vec::new(),
            records: Arc::from([]),
        }
    }
}

/// Joins the answers of several reports: a contradiction is unknown.
pub(crate) fn join(answers: impl Iterator<Item = Tri>) -> (Tri, bool) {
    let (mut yes, mut no, mut unknown) = (false, false, false);
    for answer in answers {
        match answer {
            Tri::Yes => yes = true,
            Tri::No => no = true,
            Tri::Unknown => unknown = true,
        }
    }
    match (yes, no, unknown) {
        (true, true, _) => (Tri::Unknown, true),
        (true, false, _) => (Tri::Yes, false),
        (false, _, true) => (Tri::Unknown, false),
        _ => (Tri::No, false),
    }
}
