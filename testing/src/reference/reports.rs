//! Section 1, reports, and section 2.2, how sure each is.
//!
//! Invariant: the order in which records are given does not matter.

use super::tracks::Ends;
use casus_model::{
    Confidence, Credibility, Instant, Name, Record, Reliability, Standing, canonical,
};
use std::{collections::BTreeMap, rc::Rc};

/// One report: all records with one id.
#[derive(Clone, Debug)]
pub struct Report {
    /// The content of its effective version; of a withdrawn report, its last content (1.2).
    pub content: Record,
    /// Whether its effective version takes it back.
    pub withdrawn: bool,
    /// `known` of the effective version (12.2).
    pub known: Instant,
    /// 1.3
    pub first_known: Instant,
    /// 1.3
    pub settled: Instant,
    /// 2.2
    pub confidence: Confidence,
    /// Of a leg: what it lies between (18.2).
    pub leg: Option<Ends>,
}

impl Report {
    /// 6.4, 10.4: live and not improbable.
    pub fn counts(&self) -> bool {
        !self.withdrawn && self.confidence.high > Confidence::IMPROBABLE.high
    }
    /// The records that it rests on: itself, or the two positions of a leg.
    pub fn records(&self) -> Vec<Name> {
        match &self.leg {
            Some(ends) => ends.of.iter().map(|(id, _)| id.clone()).collect(),
            None => vec![self.content.id.clone()],
        }
    }
}

/// All reports of one incident, in order of `id` (2.1, 2.4).
#[derive(Clone, Debug)]
pub struct Incident {
    /// Its name.
    pub name: Name,
    /// Its reports.
    pub reports: Vec<Rc<Report>>,
    /// Ids of reports that were taken back before they were ever made: nothing but names (3.14).
    pub empty: Vec<Name>,
}

impl Incident {
    /// 2.1: its reports that are not withdrawn.
    pub fn live(&self) -> Vec<Rc<Report>> {
        self.reports.iter().filter(|report| !report.withdrawn).cloned().collect()
    }
}

/// 1.2: by version, then knowledge, then the digest of what it says.
fn rank(record: &Record) -> (u32, Instant, String) {
    (record.version, record.known, canonical::digest(&format!("{record:?}")))
}

fn greatest<'r>(of: impl Iterator<Item = &'r &'r Record>) -> Option<&'r Record> {
    of.copied().max_by_key(|record| rank(record))
}

fn report(versions: &[&Record]) -> Option<Report> {
    let effective = greatest(versions.iter())?;
    let asserted = || versions.iter().filter(|one| one.standing == Standing::Asserted);
    let content = greatest(asserted())?.clone();
    let withdrawn = effective.standing == Standing::Withdrawn;
    let first_known = asserted().map(|one| one.known).min()?;
    let settled = asserted().filter(|one| one.time == content.time).map(|one| one.known).min()?;
    let confidence = Confidence::from(content.grade.credibility);
    let known = effective.known;
    Some(Report { content, withdrawn, known, first_known, settled, confidence, leg: None })
}

/// The incidents of the records known by `as_of`, by name.
pub fn incidents(records: &[Record], as_of: Instant) -> Vec<Incident> {
    let mut ids: BTreeMap<&Name, Vec<&Record>> = BTreeMap::new();
    for record in records.iter().filter(|record| record.known <= as_of) {
        ids.entry(&record.id).or_default().push(record);
    }
    let mut incidents: BTreeMap<Name, Vec<Report>> = BTreeMap::new();
    let mut empty: Vec<(&Name, &Name)> = Vec::new();
    for (id, versions) in &ids {
        match report(versions) {
            Some(report) => {
                incidents.entry(report.content.incident().clone()).or_default().push(report);
            }
            None => empty.extend(greatest(versions.iter()).map(|one| (one.incident(), *id))),
        }
    }
    let build = |(name, mut reports): (Name, Vec<Report>)| {
        corroborate(&mut reports);
        let here = empty.iter().filter(|(incident, _)| **incident == name);
        let empty = here.map(|(_, id)| (*id).clone()).collect();
        Incident { name, reports: reports.into_iter().map(Rc::new).collect(), empty }
    };
    incidents.into_iter().map(build).collect()
}

/// 2.2. Of a withdrawn incident (7.9) the last contents stand in for live reports.
fn corroborate(reports: &mut [Report]) {
    let all_withdrawn = reports.iter().all(|report| report.withdrawn);
    let good = |report: &Report| {
        let grade = report.content.grade;
        (all_withdrawn || !report.withdrawn)
            && matches!(grade.credibility, Credibility::Confirmed | Credibility::Probable)
            && matches!(grade.reliability, Reliability::A | Reliability::B | Reliability::C)
    };
    let lineages: Vec<Name> = reports
        .iter()
        .filter(|report| good(report))
        .map(|report| report.content.source.lineage().clone())
        .collect();
    if lineages.iter().any(|one| Some(one) != lineages.first()) {
        for report in reports.iter_mut().filter(|report| good(report)) {
            report.confidence = Confidence::CONFIRMED;
        }
    }
}
