//! One report with all its versions, its names looked up.
//!
//! Invariant: which version is effective depends on the set of versions, not on their arrival.

use casus_model::{
    Confidence, Instant, Name, Program, Record, Reliability, Standing, Tri,
    canonical::digest,
    geometry::Point,
    program::{ActId, ActorId, CategoryId, Standard},
};

/// The acts that need no declaration, because Casus itself gives them their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Procedure {
    Claim,
    Acceptance,
    Rejection,
    Adoption,
    Waiver,
}

impl Procedure {
    pub(crate) fn of(act: &str) -> Option<Procedure> {
        match act {
            "claim" => Some(Procedure::Claim),
            "acceptance" => Some(Procedure::Acceptance),
            "rejection" => Some(Procedure::Rejection),
            "adoption" => Some(Procedure::Adoption),
            "waiver" => Some(Procedure::Waiver),
            _ => None,
        }
    }
}

/// A report: its versions and what the effective one says in the program's terms.
#[derive(Debug)]
pub(crate) struct Report {
    /// Sorted by (version, known, digest of the content).
    versions: Vec<Record>,
    /// The content that counts: the effective version, or the last asserted one if withdrawn.
    content: usize,
    /// Whether the source stands by it.
    pub live: bool,
    pub act: Option<ActId>,
    pub procedure: Option<Procedure>,
    /// Who acted: none: nobody is named; some of none: somebody undeclared.
    pub actor: Option<Option<ActorId>>,
    pub category: Option<CategoryId>,
    pub first_known: Instant,
    pub settled: Instant,
    /// Of a leg: what it lies between.
    pub leg: Option<Leg>,
}

/// The ends of a leg.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    /// The ids of the two positions.
    pub records: [Name; 2],
    /// Where they are.
    pub way: (Point, Point),
}

impl Report {
    pub(crate) fn new(record: Record, program: &Program) -> Report {
        let mut report = Report {
            versions: vec![record],
            content: 0,
            live: false,
            act: None,
            procedure: None,
            actor: None,
            category: None,
            first_known: Instant::MAX,
            settled: Instant::MAX,
            leg: None,
        };
        report.resolve(program);
        report
    }

    /// Adds a version; says whether it was new.
    pub(crate) fn add(&mut self, record: Record, program: &Program) -> bool {
        if self.versions.contains(&record) {
            return false;
        }
        self.versions.push(record);
        // The content decides only between records of one version that became known together.
        let content = |one: &Record| digest(&format!("{one:?}"));
        self.versions.sort_by(|a, b| {
            let order = (a.version, a.known).cmp(&(b.version, b.known));
            order.then_with(|| content(a).cmp(&content(b)))
        });
        self.resolve(program);
        true
    }

    fn resolve(&mut self, program: &Program) {
        let asserted = |one: &Record| one.standing == Standing::Asserted;
        self.live = self.versions.last().is_some_and(asserted);
        let last = self.versions.len().saturating_sub(1);
        self.content = self.versions.iter().rposition(asserted).unwrap_or(last);
        let Some(content) = self.versions.get(self.content) else { return };
        self.act = program.act(&content.act);
        self.procedure = Procedure::of(&content.act);
        self.actor = content.actor.as_ref().map(|actor| program.actor(&actor.name));
        self.category = content.object.as_ref().and_then(|object| program.category(&object.kind));
        let known = self.versions.iter().filter(|one| asserted(one)).map(|one| one.known);
        self.first_known = known.min().unwrap_or(Instant::MAX);
        let same_time =
            self.versions.iter().filter(|one| asserted(one) && one.time == content.time);
        self.settled = same_time.map(|one| one.known).min().unwrap_or(Instant::MAX);
    }

    /// All that was told.
    pub(crate) fn into_versions(self) -> Vec<Record> {
        self.versions
    }

    /// Whether it was ever asserted.
    pub(crate) fn has_content(&self) -> bool {
        self.record().standing == Standing::Asserted
    }

    /// What it says.
    #[allow(clippy::indexing_slicing)] // `content` is always a position in `versions`
    pub(crate) fn record(&self) -> &Record {
        &self.versions[self.content]
    }

    /// The knowledge time of its effective version.
    pub(crate) fn known(&self) -> Instant {
        self.versions.last().map_or(Instant::MIN, |one| one.known)
    }

    /// Whether it could corroborate another: credible, from a source that is not unreliable.
    pub(crate) fn corroborates(&self) -> bool {
        let grade = self.record().grade;
        grade.credibility <= casus_model::Credibility::Probable
            && grade.reliability <= Reliability::C
    }

    /// Whether it happened, by this report alone or raised to confirmed.
    pub(crate) fn happened(&self, standard: &Standard, corroborated: bool) -> (Tri, u8) {
        let grade = self.record().grade;
        let confidence = match corroborated && self.corroborates() {
            true => Confidence::CONFIRMED,
            false => Confidence::from(grade.credibility),
        };
        let good_source = standard
            .source
            .is_none_or(|worst| grade.reliability != Reliability::F && grade.reliability <= worst);
        let answer = match confidence {
            Confidence { high, .. } if high <= 5 => Tri::No,
            Confidence { low, .. } if low >= standard.act && good_source => Tri::Yes,
            _ => Tri::Unknown,
        };
        (answer, confidence.low)
    }

    /// The ids of the records that it rests on: its own, or those of its two positions.
    pub(crate) fn records(&self) -> &[Name] {
        match &self.leg {
            Some(leg) => &leg.records,
            None => std::slice::from_ref(self.id()),
        }
    }

    /// The name of the report.
    pub(crate) fn id(&self) -> &Name {
        &self.record().id
    }
}
