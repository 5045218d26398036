//! What a run says to people: one screen.
//!
//! Invariant: at most 45 lines of at most 100 columns, whatever the evidence; what does not fit is
//! counted, and no party's breaches are shown before another's but by time and by the text.

use super::tally::{self, Tally};
use crate::{
    arguments::Matter,
    case::{Case, ClockFrom},
    check::invented,
    clock,
    evidence::commonest,
    exit::Failure,
    terminal::{Terminal, cut, wrap},
    words,
};
use casus_model::{
    Finding, Instant, Reason, Tri, Verdict,
    finding::Clock,
    program::{Body, Rule},
};
use std::io::Write;

/// Rows of the table of findings.
const ROWS: usize = 12;
/// Findings, duties, steps and reasons that are shown.
const SHOWN: usize = 4;

/// Writes the page.
///
/// # Errors
/// Where it cannot be written.
pub fn write(
    case: &Case,
    findings: &[&Finding],
    asked: &Matter,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let mut sections = vec![basis(case)];
    sections.push(table(case, findings));
    let gravest = gravest(findings);
    sections.push(newest(case, &gravest));
    sections.push(due_next(case, findings));
    sections.push(ladders(case, findings));
    sections.push(unknown(findings));
    let example = gravest.first().or(findings.first()).map(|finding| finding.id.as_str());
    sections.push(Section::plain(vec![next(asked, example)]));
    let program = case.program();
    let title = format!("{}, version {}", program.name, program.version);
    let digest: String = program.digest.chars().take(12).collect();
    let title = terminal.strong(&cut(&title, 76));
    writeln!(terminal.out, "{title}  digest {digest}")?;
    for section in sections {
        if section.lines.is_empty() {
            continue;
        }
        if let Some(head) = section.head {
            let head = terminal.strong(&head);
            writeln!(terminal.out, "\n{head}")?;
        }
        for line in section.lines {
            writeln!(terminal.out, "{line}")?;
        }
    }
    Ok(())
}

/// Some lines under a heading.
struct Section {
    head: Option<String>,
    lines: Vec<String>,
}

impl Section {
    fn plain(lines: Vec<String>) -> Section {
        Section { head: None, lines }
    }
    fn under(head: &str, lines: Vec<String>) -> Section {
        Section { head: Some(head.to_owned()), lines }
    }
}

fn basis(case: &Case) -> Section {
    let (basis, rows) = (&case.basis, &case.basis.accounting);
    let zone = case.calendar().zone_name();
    let from = match basis.clock_from {
        ClockFrom::Argument => "as given".to_owned(),
        ClockFrom::Evidence => "when the newest evidence became known".to_owned(),
    };
    let at = case.local(basis.clock);
    let mut lines = vec![wrap("clock", 10, &format!("{at}, {from}; all times are of {zone}"))];
    let n = words::number;
    lines.push(wrap(
        "evidence",
        10,
        &format!(
            "{} read = {} accepted + {} duplicate + {} unclassified + {} rejected",
            n(rows.read),
            n(rows.accepted),
            n(rows.duplicate),
            n(rows.unclassified),
            n(rows.rejected)
        ),
    ));
    if rows.unclassified > 0 {
        let values = commonest(rows, 3);
        let values: Vec<String> = values
            .iter()
            .map(|(value, rows)| format!("`{}` {}", cut(value, 22), n(*rows)))
            .collect();
        lines.push(cut(&format!("          unclassified most often: {}", values.join(", ")), 100));
    }
    if basis.held_back > 0 || basis.as_of.is_some() {
        let held = words::count(basis.held_back, "record is", "records are");
        let until = match basis.as_of {
            Some(at) if at < basis.clock => format!("{}, as asked", case.local(at)),
            _ => "the clock".to_owned(),
        };
        lines.push(format!("          {held} held back: known only after {until}"));
    }
    Section::plain(lines)
}

fn table(case: &Case, findings: &[&Finding]) -> Section {
    let program = case.program();
    let tally = Tally::of(program, findings);
    let quiet = tally::gravity(Verdict::AtRisk);
    let unknown = tally::gravity(Verdict::Undeterminable);
    let is_shown = |verdict: usize| verdict < quiet && verdict != unknown;
    let mut shown: Vec<_> =
        tally.rows.iter().filter(|((_, verdict), _)| is_shown(*verdict)).collect();
    shown.sort_by_key(|((rule, verdict), _)| (*verdict, *rule));
    let left = shown.len().saturating_sub(ROWS);
    shown.truncate(ROWS);
    shown.sort_by_key(|(key, _)| **key);
    let mut marked = false;
    let mut lines = Vec::new();
    for ((at, verdict), row) in shown {
        let rule = program.rules.get(*at);
        let provision = rule.and_then(|rule| rule.provision.of(program));
        let heading = cut(provision.map_or("", |provision| &provision.heading), 32);
        let rests = rule.is_some_and(|rule| !invented_in(case, rule).is_empty());
        marked |= rests;
        let label = rule.map_or("", |rule| rule.label.as_str());
        let mark = if rests { "*" } else { " " };
        let verdict = words::VERDICTS.get(*verdict).map_or("", |one| words::verdict(*one));
        let count = words::number(row.count as u64);
        let parties = row.by_party(program, rule);
        let line = format!("  {label:6}{mark} {heading:32}  {verdict:17} {count:>8}  {parties}");
        lines.push(cut(line.trim_end(), 100));
    }
    let mut also = Vec::new();
    let others = words::VERDICTS.iter().enumerate().filter(|(place, _)| !is_shown(*place));
    for (place, verdict) in others {
        let rows = tally.rows.iter().filter(|((_, one), _)| *one == place);
        let count: usize = rows.map(|(_, row)| row.count).sum();
        if count > 0 {
            also.push(format!("{} {}", words::number(count as u64), words::verdict(*verdict)));
        }
    }
    if left > 0 {
        also.push(format!("{left} more rows, which `--json` has"));
    }
    if !also.is_empty() {
        lines.push(cut(&format!("  also     {}", also.join(", ")), 100));
    }
    if marked {
        let all = invented(program).len();
        let all = words::count(all, "parameter", "parameters");
        lines.push(format!(
            "  *        the rule names an invented number; the text has {all} of that kind"
        ));
    }
    Section::under("Findings", lines)
}

/// The invented parameters that a rule names.
fn invented_in<'a>(case: &'a Case, rule: &Rule) -> Vec<&'a str> {
    crate::case::named_in(&rule.sentence, invented(case.program()))
}

/// The gravest findings, the newest first.
fn gravest<'a>(findings: &[&'a Finding]) -> Vec<&'a Finding> {
    let quiet = tally::gravity(Verdict::Undeterminable);
    let mut grave: Vec<&Finding> = Vec::new();
    // A sort of everything would cost more than this selection.
    let order = |one: &Finding| (tally::gravity(one.verdict), std::cmp::Reverse(one.from.0));
    for finding in findings.iter().filter(|one| tally::gravity(one.verdict) < quiet) {
        let place = grave.partition_point(|one| order(one) <= order(finding));
        if place < SHOWN {
            grave.insert(place, finding);
            grave.truncate(SHOWN);
        }
    }
    grave
}

fn newest(case: &Case, findings: &[&Finding]) -> Section {
    let row = |finding: &&Finding| {
        let from = case.between(finding.from);
        let who = who(finding);
        let key = if finding.key.is_empty() {
            String::new()
        } else {
            format!(", {}", finding.key.join(", "))
        };
        let verdict = words::verdict(finding.verdict);
        let reason = words::reason(finding.reason);
        cut(&format!("  {}  {from}  {who} {verdict}{key}: {reason}", finding.id), 100)
    };
    Section::under("Gravest, the newest first", findings.iter().map(row).collect())
}

/// Who a finding is about, in a word or two.
fn who(finding: &Finding) -> String {
    match (&finding.party, finding.candidates.as_slice()) {
        (Some(party), _) => format!("{party}:"),
        (None, []) => String::new(),
        (None, several) => format!("{}:", words::list(several, "or")),
    }
}

fn clock_of(finding: &Finding) -> Option<(&Clock, Instant)> {
    let clock = finding.duty.as_ref()?;
    let due = clock.due.map(|due| due.1).filter(|due| clock::is_plain(*due))?;
    matches!(finding.verdict, Verdict::Pending | Verdict::AtRisk).then_some((clock, due))
}

fn due_next(case: &Case, findings: &[&Finding]) -> Section {
    let is_owed = |finding: &&&Finding| {
        !is_decision(case, finding) && finding.reason != Reason::JudgementAwaited
    };
    let owed = findings.iter().filter(is_owed);
    let mut due: Vec<(Instant, &Finding)> =
        owed.filter_map(|finding| Some((clock_of(finding)?.1, *finding))).collect();
    due.sort_by_key(|(at, _)| *at);
    let row = |(at, finding): &(Instant, &Finding)| {
        let heading = case.provision(finding).map_or("", |provision| &provision.heading);
        let step = finding.duty.as_ref().and_then(|duty| duty.step.as_ref());
        let what = step.map_or_else(|| cut(heading, 30), |step| format!("step {step}"));
        let (verdict, reason) = (words::verdict(finding.verdict), words::reason(finding.reason));
        let (at, who) = (case.local(*at), who(finding));
        format!("{at}  {who} {} {what}, {verdict}: {reason}", finding.provision)
    };
    let rows = due.iter().map(|entry| (entry.1, row(entry)));
    Section::under("Due next", alike(rows.collect(), SHOWN))
}

/// Rows with the id of the first finding of each; rows that say the same are one.
fn alike(rows: Vec<(&Finding, String)>, most: usize) -> Vec<String> {
    let mut merged: Vec<(&Finding, String, usize)> = Vec::new();
    for (finding, text) in rows {
        match merged.iter_mut().rev().take(most).find(|one| one.1 == text) {
            Some(one) => one.2 += 1,
            None => merged.push((finding, text, 1)),
        }
    }
    let more = merged.len().saturating_sub(most);
    let times = |n: usize| if n > 1 { format!(" ({n} of them)") } else { String::new() };
    let line = |(finding, text, n): &(&Finding, String, usize)| {
        let tail = times(*n);
        let room = 100 - tail.chars().count();
        format!("{}{tail}", cut(&format!("  {:15}  {text}", finding.id), room))
    };
    let mut lines: Vec<String> = merged.iter().take(most).map(line).collect();
    if more > 0 {
        lines.push(format!("  and {} more, which `--json` has", words::number(more as u64)));
    }
    lines
}

/// Whether it is the adoption of a step.
fn is_decision(case: &Case, finding: &Finding) -> bool {
    let is_response = |rule: &Rule| matches!(rule.body, Body::Response(_));
    case.rule(finding).is_some_and(is_response)
        && finding.key.iter().any(|one| &**one == "decision")
}

fn ladders(case: &Case, findings: &[&Finding]) -> Section {
    let open = |finding: &&Finding| {
        is_decision(case, finding) && matches!(finding.verdict, Verdict::Pending | Verdict::AtRisk)
    };
    let mut steps: Vec<&Finding> = findings.iter().copied().filter(open).collect();
    steps.sort_by_key(|finding| finding.duty.as_ref().and_then(|duty| duty.due));
    let row = |finding: &Finding| {
        let clock = finding.duty.as_ref()?;
        let step = clock.step.as_ref().or(finding.key.first())?;
        let office = finding.party.as_ref().map_or("those who decide", |one| one.as_str());
        let (adopted, needed) = clock.adopted.as_ref().map_or((&[][..], 0), |one| (&one.0, one.1));
        let so_far = match adopted {
            [] => "nobody has".to_owned(),
            names => format!("{} did", words::list(names, "and")),
        };
        let due = clock.due.map_or_else(String::new, |due| format!(" by {}", case.local(due.1)));
        let only = match finding.questions.consequence {
            Tri::Yes => "",
            _ => "; only if what it answers is established",
        };
        Some(format!("`{step}`: {needed} of {office} must adopt it{due}; {so_far}{only}"))
    };
    let mut rows: Vec<(&Finding, String)> = Vec::with_capacity(steps.len());
    for finding in steps {
        rows.extend(row(finding).map(|text| (finding, text)));
    }
    Section::under("Steps proposed, for people to take or not", alike(rows, 3))
}

fn unknown(findings: &[&Finding]) -> Section {
    let doubts = tally::doubts(findings);
    let row = |doubt: &tally::Doubt| {
        let count = words::number(doubt.count as u64);
        let (verdict, reason) = (words::verdict(doubt.verdict), words::reason(doubt.reason));
        let labels = doubt.labels.join(", ");
        cut(&format!("  {count:>8} {verdict}: {reason} ({labels})"), 100)
    };
    Section::under("What cannot be known", doubts.iter().take(SHOWN).map(row).collect())
}

/// What to run next.
fn next(asked: &Matter, id: Option<&str>) -> String {
    let Some(id) = id else { return "\nThere is no finding at all.".to_owned() };
    let mut command = format!("casus explain {}", quoted(&asked.agreement.to_string_lossy()));
    for evidence in &asked.evidence {
        command.push_str(&format!(" -e {}", quoted(evidence)));
    }
    for (option, value) in [("--now", &asked.now), ("--as-of", &asked.as_of)] {
        if let Some(value) = value {
            command.push_str(&format!(" {option} {}", quoted(value)));
        }
    }
    command.push_str(&format!(" {id}"));
    match command.chars().count() <= 100 - "next: ".len() {
        true => format!("\nnext: {command}"),
        false => format!("\nnext: `casus explain …` with the same options and {id}"),
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || "-_./=:@%+".contains(sign);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
