//! What a run says to people: one screen.
//!
//! Invariant: at most 45 lines of at most 100 columns, whatever the evidence; what does not fit is
//! counted, and no party's breaches are shown before another's but by time and by the text.

use super::tally::{self, Row, Tally};
use crate::{
    arguments::Matter,
    case::{Case, ClockFrom},
    check::invented,
    clock,
    evidence::commonest,
    exit::Failure,
    terminal::{Terminal, WIDTH, cut, wrap},
    words,
};
use casus_model::{
    Finding, Instant, Reason, Tri, Verdict,
    finding::Clock,
    program::{Body, Rule},
};
use std::io::Write;

/// The lines of one screen.
const LINES: usize = 45;
/// Findings, duties and reasons that are shown.
const SHOWN: usize = 3;
/// Steps that are shown.
const STEPS: usize = 2;

/// Writes the page.
///
/// # Errors
/// Where it cannot be written.
pub fn write(
    case: &Case,
    findings: &[&Finding],
    next: &dyn Fn(Option<&str>) -> String,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let gravest = gravest(findings);
    let example = gravest.first().or(findings.first()).map(|finding| finding.id.as_str());
    let mut sections = vec![
        basis(case),
        newest(case, &gravest),
        due_next(case, findings),
        ladders(case, findings),
        unknown(findings),
        Section::plain(vec![next(example)]),
    ];
    let taken: usize = sections.iter().map(Section::height).sum();
    sections.insert(1, table(case, findings, LINES.saturating_sub(taken + 1)));
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
    /// How many lines it takes.
    fn height(&self) -> usize {
        let head = if self.head.is_some() { 2 } else { 0 };
        let lines: usize = self.lines.iter().map(|text| text.lines().count()).sum();
        if self.lines.is_empty() { 0 } else { head + lines }
    }
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
    if rows.doubtful > 0 {
        let reasons = rows.doubts.iter().map(|(reason, rows)| format!("{reason} {}", n(*rows)));
        let reasons: Vec<String> = reasons.collect();
        let doubtful = format!("{} positions doubtful: {}", n(rows.doubtful), reasons.join(", "));
        lines.push(cut(&format!("          {doubtful}"), 100));
    }
    if basis.held_back > 0 || basis.as_of.is_some() {
        let held = words::count(basis.held_back, "record is", "records are");
        let until = match basis.as_of {
            Some(at) if at < basis.clock => format!("{}, as asked", case.local(at)),
            _ => "the clock".to_owned(),
        };
        lines.push(format!("          {held} held back: known only after {until}"));
    }
    lines.extend(words::late(basis.late).map(|told| format!("          {told}")));
    Section::plain(lines)
}

fn table(case: &Case, findings: &[&Finding], room: usize) -> Section {
    // The heading, and the two lines below the rows.
    let room = room.saturating_sub(4);
    let tally = Tally::of(case.program(), findings);
    let is_shown = |verdict: usize| {
        let (quiet, unknown) = (Verdict::AtRisk, Verdict::Undeterminable);
        verdict < tally::gravity(quiet) && verdict != tally::gravity(unknown)
    };
    let shown: Vec<_> = tally.rows.iter().filter(|((_, one), _)| is_shown(*one)).collect();
    let mut lines = match shown.len() <= room {
        true => {
            shown.iter().map(|((rule, verdict), row)| wide(case, *rule, *verdict, row)).collect()
        }
        false => narrow(case, &shown, room),
    };
    let mut also = Vec::new();
    for (place, verdict) in words::VERDICTS.iter().enumerate().filter(|(at, _)| !is_shown(*at)) {
        let rows = tally.rows.iter().filter(|((_, one), _)| *one == place);
        let count: usize = rows.map(|(_, row)| row.count).sum();
        if count > 0 {
            also.push(format!("{} {}", words::number(count as u64), words::verdict(*verdict)));
        }
    }
    if !also.is_empty() {
        lines.push(cut(&format!("  also     {}", also.join(", ")), WIDTH));
    }
    let rules = shown.iter().filter_map(|((rule, _), _)| case.program().rules.get(*rule));
    if rules.into_iter().any(|rule| !invented_in(case, rule).is_empty()) {
        let all = invented(case.program()).len();
        let all = words::count(all, "parameter", "parameters");
        lines.push(format!(
            "  *        its rule names an invented number; the text has {all} so marked"
        ));
    }
    Section::under("Findings", lines)
}

/// The label of a rule, with an asterisk where it names an invented number.
fn label(case: &Case, rule: usize) -> String {
    let Some(rule) = case.program().rules.get(rule) else { return String::new() };
    let mark = if invented_in(case, rule).is_empty() { "" } else { "*" };
    format!("{}{mark}", rule.label)
}

/// One row for one provision and verdict.
fn wide(case: &Case, at: usize, verdict: usize, row: &Row) -> String {
    let program = case.program();
    let rule = program.rules.get(at);
    let provision = rule.and_then(|rule| rule.provision.of(program));
    let heading = cut(provision.map_or("", |one| topic(&one.heading)), 30);
    let verdict = words::VERDICTS.get(verdict).map_or("", |one| words::verdict(*one));
    let count = words::number(row.count as u64);
    let parties = row.by_party(program);
    let label = label(case, at);
    let line = format!("  {label:7} {heading:30}  {verdict:17} {count:>8}  {parties}");
    cut(line.trim_end(), WIDTH)
}

/// A few lines for each verdict: where there are too many rows.
fn narrow(case: &Case, shown: &[(&(usize, usize), &Row)], room: usize) -> Vec<String> {
    let program = case.program();
    let mut groups: Vec<Vec<String>> = Vec::new();
    for (place, verdict) in words::VERDICTS.iter().enumerate() {
        let rows = shown.iter().filter(|((_, one), _)| *one == place);
        let rows: Vec<(usize, &Row)> = rows.map(|((rule, _), row)| (*rule, *row)).collect();
        let count: usize = rows.iter().map(|(_, row)| row.count).sum();
        if count == 0 {
            continue;
        }
        let told: Vec<String> = rows
            .iter()
            .map(|(at, row)| {
                let parties = row.by_party(program);
                let what = if parties.is_empty() { row.count.to_string() } else { parties };
                // Held together, so that no line ends within one provision.
                format!("{}: {what}", label(case, *at)).replace(' ', "\u{a0}")
            })
            .collect();
        let count = words::number(count as u64);
        let head = format!("  {:17} {count:>6}  ", words::verdict(*verdict));
        let text = wrap(&head, 28, &told.join("; ")).replace('\u{a0}', " ");
        groups.push(text.lines().map(str::to_owned).collect());
    }
    while groups.iter().map(Vec::len).sum::<usize>() > room {
        let longest = groups.iter_mut().filter(|lines| lines.len() > 1);
        let Some(longest) = longest.max_by_key(|lines| lines.len()) else { break };
        longest.pop();
        if let Some(last) = longest.last_mut() {
            *last = format!("{} …", cut(last.trim_end_matches(" …"), WIDTH - 2));
        }
    }
    groups.into_iter().flatten().collect()
}

/// A heading without the number that the label has already said.
fn topic(heading: &str) -> &str {
    match heading.split_once(". ") {
        Some((number, topic)) if number.split(' ').count() == 2 => topic,
        _ => heading,
    }
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
    words::who(finding).map_or_else(String::new, |who| format!("{who}:"))
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
        let heading = case.provision(finding).map_or("", |provision| topic(&provision.heading));
        let mut what = vec![cut(heading, 30)];
        what.extend(finding.key.iter().map(|one| one.to_string()));
        let risk = match finding.verdict {
            Verdict::AtRisk => format!("; at risk, {}", words::reason(finding.reason)),
            _ => String::new(),
        };
        format!("{}  {} {}{risk}", case.local(*at), who(finding), what.join(", "))
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
            _ => "; if established",
        };
        Some(format!("`{step}`: {needed} of {office} to adopt it{due}; {so_far}{only}"))
    };
    let mut rows: Vec<(&Finding, String)> = Vec::with_capacity(steps.len());
    for finding in steps {
        rows.extend(row(finding).map(|text| (finding, text)));
    }
    Section::under("Steps proposed, for people to take or not", alike(rows, STEPS))
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

/// The command that explains a finding of a run.
pub fn next(asked: &Matter, id: Option<&str>) -> String {
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
pub fn quoted(word: &str) -> String {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || "-_./=:@%+".contains(sign);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
