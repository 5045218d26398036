//! What a run says to programs: one JSON object a line.
//!
//! Invariant: every line fits `docs/schema/run-v1.schema.json`, and the `evidence` line comes
//! first.

use crate::case::{Case, ClockFrom};
use casus_model::{Finding, Instant, Name, Reason, Verdict, finding::Clock};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

#[derive(Serialize)]
struct EvidenceLine<'a> {
    kind: &'static str,
    agreement: &'a str,
    version: u32,
    digest: &'a str,
    zone: &'a str,
    clock: Instant,
    clock_from: ClockFrom,
    as_of: Option<Instant>,
    read: u64,
    accepted: u64,
    duplicate: u64,
    unclassified: u64,
    rejected: u64,
    widened: u64,
    held_back: usize,
    #[serde(skip_serializing_if = "is_none")]
    late: u64,
    unclassified_values: &'a BTreeMap<String, u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    doubts: &'a BTreeMap<String, u64>,
}

#[derive(Serialize)]
struct FindingLine<'a> {
    kind: &'static str,
    heading: &'a str,
    prose_digest: &'a str,
    #[serde(flatten)]
    finding: &'a Finding,
}

#[derive(Serialize)]
struct DutyLine<'a> {
    kind: &'static str,
    id: &'a Name,
    provision: &'a Name,
    heading: &'a str,
    party: Option<&'a Name>,
    candidates: &'a [Name],
    key: &'a [Name],
    verdict: Verdict,
    reason: Reason,
    #[serde(flatten)]
    clock: &'a Clock,
    records: &'a [Name],
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

/// Writes all lines.
///
/// # Errors
/// Where they cannot be written.
pub fn write(case: &Case, findings: &[&Finding], out: &mut impl Write) -> io::Result<()> {
    evidence(case, out)?;
    for finding in findings.iter().filter(|finding| !is_to_come(finding)) {
        let provision = case.provision(finding);
        let line = FindingLine {
            kind: "finding",
            heading: provision.map_or("", |provision| &provision.heading),
            prose_digest: provision.map_or("", |provision| &provision.digest),
            finding,
        };
        put(&line, out)?;
    }
    for finding in findings {
        let Some(clock) = &finding.duty else { continue };
        let line = DutyLine {
            kind: "duty",
            id: &finding.id,
            provision: &finding.provision,
            heading: case.provision(finding).map_or("", |provision| &provision.heading),
            party: finding.party.as_ref(),
            candidates: &finding.candidates,
            key: &finding.key,
            verdict: finding.verdict,
            reason: finding.reason,
            clock,
            records: &finding.records,
        };
        put(&line, out)?;
    }
    Ok(())
}

/// Whether it is a duty of which nothing is to be said yet.
fn is_to_come(finding: &Finding) -> bool {
    finding.duty.is_some() && matches!(finding.verdict, Verdict::Pending | Verdict::AtRisk)
}

fn evidence(case: &Case, out: &mut impl Write) -> io::Result<()> {
    let (program, basis) = (case.program(), &case.basis);
    let rows = &basis.accounting;
    let line = EvidenceLine {
        kind: "evidence",
        agreement: &program.name,
        version: program.version,
        digest: &program.digest,
        zone: program.calendar.zone_name(),
        clock: basis.clock,
        clock_from: basis.clock_from,
        as_of: basis.as_of,
        read: rows.read,
        accepted: rows.accepted,
        duplicate: rows.duplicate,
        unclassified: rows.unclassified,
        rejected: rows.rejected,
        widened: rows.widened,
        held_back: basis.held_back,
        late: basis.late,
        unclassified_values: &rows.unclassified_values,
        doubts: &rows.doubts,
    };
    put(&line, out)
}

/// Writes one value as one line.
pub fn put(line: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
