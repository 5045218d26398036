//! Findings counted: by provision and verdict, by party, by reason.
//!
//! Invariant: every finding is counted once; parties keep the order of the text.

use crate::words;
use casus_model::{Finding, Name, Program, Reason, Verdict};
use std::collections::BTreeMap;

/// The findings of one provision with one verdict.
#[derive(Debug, Default)]
pub struct Row {
    /// How many.
    pub count: usize,
    /// How many concern each party.
    pub parties: BTreeMap<Name, usize>,
    /// How many may concern any of several.
    pub open: BTreeMap<Vec<Name>, usize>,
}

/// All findings, counted.
#[derive(Debug, Default)]
pub struct Tally {
    /// By the rule's place in the text, then the gravest verdict first.
    pub rows: BTreeMap<(usize, usize), Row>,
}

impl Tally {
    /// Counts the findings.
    pub fn of(program: &Program, findings: &[&Finding]) -> Tally {
        let mut tally = Tally::default();
        for finding in findings {
            let rule = program.rule(&finding.provision).map_or(usize::MAX, |rule| rule.index());
            let row = tally.rows.entry((rule, gravity(finding.verdict))).or_default();
            row.count += 1;
            match &finding.party {
                Some(party) => *row.parties.entry(party.clone()).or_default() += 1,
                None if finding.candidates.is_empty() => {}
                None => match row.open.get_mut(&finding.candidates) {
                    Some(count) => *count += 1,
                    None => {
                        row.open.insert(finding.candidates.clone(), 1);
                    }
                },
            }
        }
        tally
    }
}

impl Row {
    /// `UA 2, RU 3, UA or RU 1`.
    pub fn by_party(&self, program: &Program) -> String {
        let names = program.actors.iter().map(|actor| &actor.name);
        let known = names.filter_map(|name| self.parties.get(name).map(|n| (name, n)));
        let mut parts: Vec<String> = known.map(|(name, n)| format!("{name} {n}")).collect();
        parts
            .extend(self.open.iter().map(|(names, n)| format!("{} {n}", words::list(names, "or"))));
        parts.join(", ")
    }
}

/// The place of a verdict among all, the gravest first.
pub fn gravity(verdict: Verdict) -> usize {
    crate::words::VERDICTS.iter().position(|one| *one == verdict).unwrap_or(usize::MAX)
}

/// Findings that are not established, for one reason.
#[derive(Debug)]
pub struct Doubt {
    /// Their verdict.
    pub verdict: Verdict,
    /// Why it is that.
    pub reason: Reason,
    /// How many.
    pub count: usize,
    /// Of which provisions, in the order of the text.
    pub labels: Vec<Name>,
}

/// Why so many findings are not established, the most frequent reason first.
pub fn doubts(findings: &[&Finding]) -> Vec<Doubt> {
    let mut all: BTreeMap<(Verdict, Reason), Doubt> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| is_doubtful(finding.verdict)) {
        let (verdict, reason) = (finding.verdict, finding.reason);
        let empty = || Doubt { verdict, reason, count: 0, labels: Vec::new() };
        let doubt = all.entry((verdict, reason)).or_insert_with(empty);
        doubt.count += 1;
        if doubt.labels.last() != Some(&finding.provision) {
            doubt.labels.push(finding.provision.clone());
        }
    }
    let mut all: Vec<Doubt> = all.into_values().collect();
    all.sort_by_key(|doubt| std::cmp::Reverse(doubt.count));
    all
}

fn is_doubtful(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::PossiblyBreached | Verdict::Undeterminable | Verdict::PossiblyFound)
}
