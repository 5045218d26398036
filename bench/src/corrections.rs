//! Corrections and withdrawals of reports, one by one, into a command that watches.
//!
//! Invariant: what is measured lies between two marks that come back as changes, so that all before
//! a mark was judged when it is read; at the end the changes add up to the plain computation.

use crate::{
    files,
    incidents::{self, DAY_S, Report, Sizes, Unrest, plain::spates},
    measure::Cost,
    options::Options,
    random::Random,
    results,
    shapes::Degrees,
    table::{Row, Table},
    tracks::BEGIN,
    workloads::{checked, size, spate},
};
use casus_model::Instant;
use serde_json::Value;
use std::{
    collections::HashMap,
    fs,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc::{Receiver, sync_channel},
    thread,
    time::Instant as Clock,
};

/// Runs the workload.
///
/// # Errors
/// Where the program fails, or differs from the plain computation.
pub fn run(folder: &Path, options: &Options) -> Result<Table, String> {
    let (reports, rules) = (options.base.unwrap_or(options.reports), options.rules);
    // So that few reports still meet in one of them.
    let sectors = size(options.sectors.min((reports / 50).max(2)));
    let sizes = Sizes { reports, rules: size(rules), sectors, seed: options.seed };
    let unrest = Unrest::new(sizes);
    let last_s = incidents::write(&unrest, folder)?;
    files::text(&folder.join("agreement.md"), &with_a_mark(&unrest))?;
    checked(folder, options)?;
    let changes = corrections(&unrest, options.corrections, options.seed);
    let mut watching = Watching::start(folder, options)?;
    let first = watching.feed(|out| {
        unrest.reports().try_for_each(|report| line(&report, 1, report.at_s, false, out))?;
        mark("first", last_s, out)
    })?;
    let second = watching.feed(|out| {
        for (at_s, (id, version, changed)) in (last_s + 1..).zip(&changes) {
            match changed {
                Some(report) => line(report, *version, at_s, false, out)?,
                None => {
                    let gone =
                        Report { id: *id, at_s, kind: 0, actor: 0, at: crate::shapes::CORNER };
                    line(&gone, *version, at_s, true, out)?;
                }
            }
        }
        mark("second", last_s + 4 * DAY_S, out)
    })?;
    let found = watching.end()?;
    let stands: HashMap<u64, Option<Report>> =
        changes.iter().map(|(id, _, changed)| (*id, *changed)).collect();
    let corrected =
        unrest.reports().filter_map(|report| *stands.get(&report.id).unwrap_or(&Some(report)));
    let expected = spates(&unrest, corrected);
    results::compare("Casus", &found, &expected)?;
    let before = spates(&unrest, unrest.reports());
    let other = expected.iter().filter(|row| before.binary_search(row).is_err()).count()
        + before.iter().filter(|row| expected.binary_search(row).is_err()).count();
    if other == 0 {
        return Err("no correction changes what is found: take more of them".to_owned());
    }
    let row = |who: &str, cost, records| Row { who: who.to_owned(), costs: vec![cost], records };
    Ok(Table {
        title: "Corrections".to_owned(),
        told: format!(
            "{reports} reports one by one under {rules} rules, then {} corrections and \
             withdrawals one by one; {} stretches found at the end by both alike, {other} of \
             them or of those before the corrections not in the other.",
            changes.len(),
            found.len()
        ),
        rows: vec![
            row("reports, one by one", first, reports),
            row("corrections, one by one", second, changes.len() as u64),
        ],
        ratio: "times the first",
    })
}

/// The id, the version, and what the report says now; nothing where it is withdrawn.
type Correction = (u64, u64, Option<Report>);

fn corrections(unrest: &Unrest, count: u64, seed: u64) -> Vec<Correction> {
    let mut random = Random::new(seed ^ 0xc0de);
    let chosen: Vec<usize> = (0..count).map(|_| random.below(size(unrest.count()))).collect();
    let wanted: std::collections::HashSet<u64> = chosen.iter().map(|id| *id as u64).collect();
    let mut now: HashMap<u64, (u64, Report)> = HashMap::new();
    for report in unrest.reports().filter(|report| wanted.contains(&report.id)) {
        now.insert(report.id, (1, report));
    }
    let mut changes = Vec::new();
    for id in chosen.into_iter().map(|id| id as u64) {
        let Some((version, report)) = now.get_mut(&id) else { continue };
        *version += 1;
        match random.below(5) {
            0 => report.kind = unrest.any_kind(&mut random),
            1 => report.actor = unrest.any_actor(&mut random),
            2 => report.at = unrest.any_place(&mut random),
            3 => report.at_s = (report.at_s - random.between(1, DAY_S)).max(BEGIN),
            _ => {
                changes.push((id, *version, None));
                continue;
            }
        }
        changes.push((id, *version, Some(*report)));
    }
    changes
}

/// The agreement, and a rule that finds each mark.
fn with_a_mark(unrest: &Unrest) -> String {
    let text = unrest.agreement().replacen("act report of", "act beat\nact report of", 1);
    format!("{text}\n```casus\n{MARK} finding pulse\n    when beat\n```\n")
}

const MARK: &str = "0";

/// Writes a report as a native record.
fn line(
    report: &Report,
    version: u64,
    known_s: i64,
    withdrawn: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let Report { id, at_s, kind, actor, at } = report;
    let (time, known) = (Instant(at_s * 1000), Instant(known_s * 1000));
    if withdrawn {
        return writeln!(
            out,
            "{{\"id\":\"r{id:08}\",\"version\":{version},\"standing\":\"withdrawn\",\
             \"known\":\"{known}\"}}"
        );
    }
    let (kind, actor) = (incidents::kind(*kind), incidents::actor(*actor));
    writeln!(
        out,
        "{{\"id\":\"r{id:08}\",\"version\":{version},\"act\":\"report\",\
         \"actor\":{{\"name\":\"{actor}\",\"confidence\":\"confirmed\"}},\
         \"object\":{{\"kind\":\"{kind}\"}},\"places\":[{{\"point\":[{},{}]}}],\
         \"time\":\"{time}\",\"known\":\"{known}\",\"source\":\"invented\",\"grade\":\"A1\"}}",
        Degrees(at.x),
        Degrees(at.y)
    )
}

fn mark(id: &str, at_s: i64, out: &mut impl Write) -> io::Result<()> {
    let at = Instant(at_s * 1000);
    writeln!(
        out,
        "{{\"id\":\"{id}\",\"act\":\"beat\",\"time\":\"{at}\",\"known\":\"{at}\",\
         \"source\":\"invented\",\"grade\":\"A1\"}}"
    )?;
    out.flush()
}

/// `casus watch` at work.
struct Watching {
    child: Child,
    input: Option<BufWriter<ChildStdin>>,
    changes: Receiver<Value>,
    /// What stands, by id.
    stands: HashMap<String, Value>,
}

impl Watching {
    fn start(folder: &Path, options: &Options) -> Result<Watching, String> {
        let mut command = Command::new(&options.casus);
        command.arg("watch").arg(folder.join("agreement.md")).arg("--json");
        command.args(["--limits", "rows=1000000000"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let told = |error: io::Error| format!("`{}`: {error}", options.casus.display());
        let mut child = command.stderr(Stdio::null()).spawn().map_err(told)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the command has no pipes".to_owned());
        };
        let input = Some(BufWriter::new(input));
        Ok(Watching { child, input, changes: read(output), stands: HashMap::new() })
    }

    /// Writes lines that end with a mark, and waits until the mark was judged.
    fn feed(
        &mut self,
        write: impl FnOnce(&mut BufWriter<ChildStdin>) -> io::Result<()> + Send,
    ) -> Result<Cost, String> {
        let (begin, before_s) = (Clock::now(), processor_s(self.child.id())?);
        let Some(mut input) = self.input.take() else { return Err("no input".to_owned()) };
        // Both pipes would fill up and wait for each other in one thread.
        let written = thread::scope(|scope| {
            let writer = scope.spawn(move || write(&mut input).map(|()| input));
            let seen = self.changes_until_mark();
            let written = writer.join().map_err(|_| "the writer broke off".to_owned());
            seen.and(written)
        })?;
        self.input = Some(written.map_err(|error| format!("writing to the command: {error}"))?);
        Ok(Cost {
            processor_s: processor_s(self.child.id())? - before_s,
            wall_s: begin.elapsed().as_secs_f64(),
            memory_mib: memory_mib(self.child.id()),
        })
    }

    fn changes_until_mark(&mut self) -> Result<(), String> {
        loop {
            let change = self.changes.recv().map_err(|_| "the command has ended".to_owned())?;
            if self.add(&change) == Some(MARK.to_owned()) {
                return Ok(());
            }
        }
    }

    /// Adds a change to what stands; it says which rule it was of.
    fn add(&mut self, change: &Value) -> Option<String> {
        let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
        let (before, after) = (change.get("before")?, change.get("after")?);
        if let Some(id) = text(before, "id") {
            self.stands.remove(&id);
        }
        let id = text(after, "id")?;
        self.stands.insert(id, after.clone());
        text(after, "provision")
    }

    /// Ends the input, and gives what stands then as rows.
    fn end(mut self) -> Result<Vec<String>, String> {
        drop(self.input.take());
        while let Ok(change) = self.changes.recv() {
            self.add(&change);
        }
        let status = self.child.wait().map_err(|error| error.to_string())?;
        if !status.success() {
            return Err(format!("`casus watch` ended with {status}"));
        }
        let spates = self
            .stands
            .values()
            .filter(|one| one.get("provision").and_then(Value::as_str) != Some(MARK));
        results::rows_of(spates, spate)
    }
}

/// The changes, read in a thread of its own.
fn read(output: ChildStdout) -> Receiver<Value> {
    let (sender, receiver) = sync_channel(1024);
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let Ok(value) = serde_json::from_str(&line) else { return };
            if sender.send(value).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Seconds of processor that a running process has used, to a hundredth.
fn processor_s(process: u32) -> Result<f64, String> {
    let text = fs::read_to_string(format!("/proc/{process}/stat"))
        .map_err(|error| format!("the command has ended: {error}"))?;
    // The name of the program stands in brackets, and may hold blanks.
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = |at: usize| rest.split_whitespace().nth(at)?.parse::<f64>().ok();
    let all = ticks(11).zip(ticks(12)).map(|(user, system)| user + system);
    all.map(|ticks| ticks / 100.0).ok_or_else(|| "no count of processor time".to_owned())
}

fn memory_mib(process: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}
