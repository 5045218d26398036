//! Evidence from the disk: which files, under which profiles, and where every row went.
//!
//! Invariant: what the intake rejects is told or written down, never passed over.

use crate::{
    agreement::missing,
    arguments::Matter,
    exit::{Exit, Failure},
    nearest::nearest,
    terminal::{Terminal, clean},
};
use casus_engine::Engine;
use casus_ingest::{Accounting, Evidence as Told, Intake, Limits, Profile, Reject, RejectWriter};
use casus_model::{Columns, Instant, Name, Program, Record, Standing};
use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, BufWriter, Read},
    path::{Path, PathBuf},
};

/// How many rejects are told where no file takes them.
const TOLD: u64 = 3;

/// The acts that need no declaration.
pub const PROCEDURAL: [&str; 5] = ["claim", "acceptance", "rejection", "adoption", "waiver"];

/// One file of evidence.
#[derive(Debug)]
pub struct Source {
    /// Where it lies.
    pub path: PathBuf,
    /// How it is read.
    pub profile: Option<Profile>,
}

/// What was read.
#[derive(Debug)]
pub struct Evidence {
    /// The records that can bear on a finding.
    pub records: Vec<Record>,
    /// Where every row went. A record of an act that the agreement does not declare counts as
    /// unclassified.
    pub accounting: Accounting,
    /// When the newest of the evidence became known, also of what falls under no rule.
    pub newest: Option<Instant>,
    /// How many accepted records came after the horizon.
    pub late: u64,
}

/// Reads all the evidence that is asked for; what became known after `as_of` sets no clock. What
/// the engine can take at once it is given at once.
///
/// # Errors
/// Where a file or profile is not there, or cannot be read to its end.
pub fn read(
    asked: &Matter,
    program: &Program,
    mut engine: Option<&mut Engine>,
    (as_of, now): (Option<Instant>, Option<Instant>),
    terminal: &mut Terminal,
) -> Result<Evidence, Failure> {
    let sources: Vec<Source> =
        asked.evidence.iter().map(|text| source(text)).collect::<Result<_, _>>()?;
    let mut intake = Intake::new(limits(&asked.limits)?);
    let mut rejects = Rejects::new(asked.rejects.as_deref())?;
    let bound = as_of.into_iter().chain(now).min();
    let mut sorted = Sorted { as_of, bound, ..Sorted::default() };
    for source in &sources {
        let name = source.path.display().to_string();
        let (reader, bytes) = open(&source.path)?;
        let bar = terminal.progress(&name, bytes);
        let shown = bar.clone();
        intake = intake.with_progress(move |at| shown.set_position(at));
        let mut take = |told: Told<'_>| match told {
            Told::Record(record) => sorted.take(*record, program),
            Told::Columns(columns) => {
                sorted.take_columns(columns, program, engine.as_deref_mut());
            }
        };
        let mut reject = |reject: Reject| rejects.take(&reject);
        let profile = source.profile.as_ref();
        let outcome = intake.read_together(reader, &name, profile, &mut take, &mut reject);
        bar.finish_and_clear();
        if let Err(error) = outcome {
            rejects.finish(terminal)?;
            return Err(Failure::evidence(error.to_string())
                .help("nothing is judged on half a file; repair it, or leave it out"));
        }
    }
    let total = intake.total().clone();
    drop(intake);
    rejects.finish(terminal)?;
    if asked.strict && total.rejected > 0 {
        return Err(Failure::evidence(format!("{} rows were rejected", total.rejected))
            .help("repair them, or leave out `--strict`"));
    }
    if total.rejected > 0 && total.rejected == total.read {
        let rows = total.rejected;
        return Err(Failure::evidence(format!("none of the {rows} rows could be taken"))
            .help("see why they were rejected; is it the right profile?"));
    }
    let Sorted { mut records, aside, undeclared, newest, late, .. } = sorted;
    rejoin(&mut records, aside, engine);
    records.shrink_to_fit();
    Ok(Evidence { records, accounting: together(total, undeclared), newest, late })
}

/// Records as they come in.
#[derive(Default)]
struct Sorted {
    records: Vec<Record>,
    /// Those of acts that the agreement does not declare.
    aside: Vec<Record>,
    undeclared: Accounting,
    newest: Option<Instant>,
    /// How many came after the horizon.
    late: u64,
    as_of: Option<Instant>,
    /// What becomes known after this is not judged.
    bound: Option<Instant>,
}

impl Sorted {
    fn take_columns(&mut self, columns: &Columns, program: &Program, engine: Option<&mut Engine>) {
        // Of what became known too late it is counted how much there is, row by row.
        let is_late = |&known: &Instant| self.bound.is_some_and(|bound| known > bound);
        let after_horizon = |row: usize| {
            columns.span(row).is_some_and(|(time, known)| program.is_late(time.end.1, known))
        };
        let plain = program.horizon_ms.is_none() || !(0..columns.len()).any(after_horizon);
        let engine = engine.filter(|_| plain && !columns.known.iter().any(is_late));
        let Some(engine) = engine else {
            let records = (0..columns.len()).filter_map(|row| columns.record(row));
            return records.for_each(|record| self.take(record, program));
        };
        self.newest = self.newest.max(columns.known.iter().max().copied());
        let mut rows = vec![0_u64; columns.likes.len()];
        for &like in &columns.like {
            rows.get_mut(like as usize).into_iter().for_each(|rows| *rows += 1);
        }
        for (like, rows) in columns.likes.iter().zip(rows) {
            if rows > 0 && !is_declared(&like.record, program) {
                self.undeclared(&like.record.act, rows);
            }
        }
        for record in engine.preload(columns) {
            if is_declared(&record, program) {
                self.records.push(record);
            } else {
                self.aside.push(record);
            }
        }
    }

    fn undeclared(&mut self, act: &str, rows: u64) {
        *self.undeclared.unclassified_values.entry(format!("act: {act}")).or_default() += rows;
        self.undeclared.unclassified += rows;
    }

    fn take(&mut self, record: Record, program: &Program) {
        if self.as_of.is_none_or(|as_of| record.known <= as_of) {
            self.newest = self.newest.max(Some(record.known));
        }
        if is_declared(&record, program) {
            match program.is_late(record.time.end.1, record.known) {
                true => self.late += 1,
                false => self.records.push(record),
            }
            return;
        }
        self.undeclared(&record.act, 1);
        self.aside.push(record);
    }
}

/// Takes in again what shares a report or an incident with other records: an account that calls
/// it an undeclared act contradicts the others. Nothing else of what lies aside can be judged.
fn rejoin(records: &mut Vec<Record>, mut aside: Vec<Record>, mut engine: Option<&mut Engine>) {
    while !aside.is_empty() {
        let names = |record: &Record| [record.id.clone(), record.incident().clone()];
        let known: HashSet<Name> = records.iter().flat_map(names).collect();
        let mut is_known = |name: &Name| {
            known.contains(name) || engine.as_deref_mut().is_some_and(|engine| engine.holds(name))
        };
        let (shared, rest): (Vec<Record>, Vec<Record>) =
            aside.into_iter().partition(|one| is_known(&one.id) || is_known(one.incident()));
        if shared.is_empty() {
            return;
        }
        records.extend(shared);
        aside = rest;
    }
}

/// The accounting of files whose reports were kept whatever the agreement says: those of acts that
/// it does not declare are unclassified.
pub fn undeclared(total: Accounting, records: &[Record], program: &Program) -> Accounting {
    let mut sorted = Sorted::default();
    let first = |record: &&Record| record.version == 1 && !is_declared(record, program);
    for record in records.iter().filter(first) {
        let value = format!("act: {}", record.act);
        *sorted.undeclared.unclassified_values.entry(value).or_default() += 1;
        sorted.undeclared.unclassified += 1;
    }
    together(total, sorted.undeclared)
}

fn together(mut total: Accounting, undeclared: Accounting) -> Accounting {
    total.accepted = total.accepted.saturating_sub(undeclared.unclassified);
    total.unclassified += undeclared.unclassified;
    for (value, rows) in undeclared.unclassified_values {
        *total.unclassified_values.entry(value).or_default() += rows;
    }
    assert!(total.adds_up(), "rows read must be accounted for: {total}");
    total
}

/// Whether the agreement knows the act. A withdrawal may leave the act out.
pub fn is_declared(record: &Record, program: &Program) -> bool {
    let act = record.act.as_str();
    record.standing == Standing::Withdrawn
        || PROCEDURAL.contains(&act)
        || program.acts.iter().any(|one| *one.name == *act)
}

/// `FILE` or `PROFILE=FILE`.
pub fn source(text: &str) -> Result<Source, Failure> {
    let whole = PathBuf::from(text);
    match text.split_once('=') {
        Some((profile, path)) if !profile.is_empty() && !whole.exists() => {
            Ok(Source { path: PathBuf::from(path), profile: Some(profile_named(profile)?) })
        }
        _ => Ok(Source { path: whole, profile: None }),
    }
}

/// A profile that is built in, or that of a file.
///
/// # Errors
/// Where there is no such profile, or it is not valid.
pub fn profile_named(name: &str) -> Result<Profile, Failure> {
    let told = |error: casus_ingest::ProfileError| {
        Failure::usage(error.to_string())
            .help("name a built-in profile, or a file that ends in `.toml`")
    };
    if !Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")) {
        return Profile::builtin(name).map_err(told);
    }
    let path = Path::new(name);
    let text = fs::read_to_string(path).map_err(|error| missing("profile", path, &error))?;
    Profile::parse(name, &text).map_err(told)
}

fn open(path: &Path) -> Result<(Box<dyn Read>, u64), Failure> {
    if path.as_os_str() == "-" {
        return Ok((Box::new(io::stdin().lock()), 0));
    }
    let told = |error: &io::Error| match missing("evidence", path, error) {
        Failure::Told { message, help, .. } => {
            Failure::Told { exit: Exit::Evidence, message, help }
        }
        silent => silent,
    };
    let file = File::open(path).map_err(|error| told(&error))?;
    let found = file.metadata().map_err(|error| told(&error))?;
    if found.is_dir() {
        return Err(told(&io::Error::from(io::ErrorKind::IsADirectory)));
    }
    Ok((Box::new(file), found.len()))
}

/// `rows=1000`, on top of the usual limits.
pub fn limits(asked: &[String]) -> Result<Limits, Failure> {
    let mut limits = Limits::default();
    for text in asked {
        let (name, number) = text.split_once('=').unwrap_or((text, ""));
        let mut fields = [
            ("file_bytes", &mut limits.file_bytes),
            ("unpacked_bytes", &mut limits.unpacked_bytes),
            ("unpacked_ratio", &mut limits.unpacked_ratio),
            ("row_bytes", &mut limits.row_bytes),
            ("fields", &mut limits.fields),
            ("field_bytes", &mut limits.field_bytes),
            ("nesting", &mut limits.nesting),
            ("vertices", &mut limits.vertices),
            ("rows", &mut limits.rows),
            ("sentence_bytes", &mut limits.sentence_bytes),
            ("unfinished", &mut limits.unfinished),
            ("wait_sentences", &mut limits.wait_sentences),
            ("tracked", &mut limits.tracked),
            ("ship_kn", &mut limits.ship_kn),
            ("aircraft_kn", &mut limits.aircraft_kn),
            ("jump_km", &mut limits.jump_km),
            ("settle_s", &mut limits.settle_s),
            ("clock_s", &mut limits.clock_s),
        ];
        let known: Vec<String> = fields.iter().map(|(known, _)| (*known).to_owned()).collect();
        let Some((_, field)) = fields.iter_mut().find(|(known, _)| *known == name.trim()) else {
            let guess = nearest(name, known.clone()).map(|name| format!("did you mean `{name}`?"));
            let help = guess.unwrap_or_else(|| format!("the limits are {}", known.join(", ")));
            return Err(Failure::usage(format!("there is no limit `{name}`")).help(help));
        };
        **field = number.trim().replace('_', "").parse().map_err(|_| {
            Failure::usage(format!("the limit `{name}`: expected a number, got `{number}`"))
                .help("write it as `rows=1000`")
        })?;
    }
    Ok(limits)
}

/// Where rejects go: a file, or the first few to standard error.
struct Rejects {
    writer: Option<RejectWriter<BufWriter<File>>>,
    told: Vec<String>,
    count: u64,
    failed: Option<io::Error>,
}

impl Rejects {
    fn new(path: Option<&Path>) -> Result<Rejects, Failure> {
        let writer = path.map(|path| {
            let told = |error: io::Error| {
                Failure::usage(format!("cannot write `{}`: {error}", path.display()))
                    .help("name a file in a folder that is there")
            };
            let file = BufWriter::new(File::create(path).map_err(told)?);
            RejectWriter::for_name(&path.to_string_lossy(), file).map_err(told)
        });
        let writer = writer.transpose()?;
        Ok(Rejects { writer, told: Vec::new(), count: 0, failed: None })
    }

    fn take(&mut self, reject: &Reject) {
        self.count += 1;
        if let Some(writer) = &mut self.writer {
            if self.failed.is_none() {
                self.failed = writer.write(reject).err();
            }
        } else if self.count <= TOLD {
            let column = reject.column.as_ref().map(|column| format!(", column `{column}`"));
            let Reject { file, row, reason, .. } = reject;
            let told = format!("{file}, row {row}{}: {reason}", column.unwrap_or_default());
            self.told.push(clean(&told));
        }
    }

    fn finish(mut self, terminal: &mut Terminal) -> Result<(), Failure> {
        for told in &self.told {
            terminal.say(&format!("rejected: {told}"))?;
        }
        if self.writer.is_none() && self.count > TOLD {
            let more = self.count - TOLD;
            terminal.say(&format!("and {more} more; `--rejects FILE` lists them all"))?;
        }
        if let Some(writer) = &mut self.writer {
            self.failed = self.failed.or(writer.flush().err());
        }
        match self.failed {
            Some(error) => Err(Failure::usage(format!("cannot write the rejects: {error}"))),
            None => Ok(()),
        }
    }
}

/// The most frequent unclassified values, the most frequent first.
pub fn commonest(accounting: &Accounting, most: usize) -> Vec<(&str, u64)> {
    let mut values: Vec<(&str, u64)> = accounting
        .unclassified_values
        .iter()
        .map(|(value, rows)| (value.as_str(), *rows))
        .collect();
    values.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
    values.truncate(most);
    values
}
