//! The reading of one source after another into records.
//!
//! Invariant: every row that was read is counted exactly once, in this order: not readable at all
//! (rejected), read before (duplicate), in no table (unclassified), faulty (rejected), accepted.

mod columns;
mod held;
#[cfg(feature = "parquet")]
mod parquet;
mod positions;
mod together;

use crate::{
    Accounting, Format, IngestError, LimitExceeded, Limits, Problem, Profile, Reject,
    accounting::Fate,
    bytes,
    cells::{ItemCells, RowCells},
    format,
    json::{self, Items},
    names::{Names, nearest},
    native,
    profile::{
        Kind,
        map::{Cells, Mapper, Outcome},
        plan::Plan,
    },
    reject::Fault,
    rows::{self, Rows},
    seen::{Key, Seen},
    sheet::Sheet,
    tracks::{
        self,
        doubt::{Doubt, Tracker},
        plan::Reader,
    },
};
use casus_model::{Columns, Record};
use columns::Alike;
use held::Held;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeSet, HashSet},
    fmt,
    io::{self, BufRead, Cursor, Read},
};
use together::Kinds;

/// How much is looked at to tell the format.
const HEAD: usize = 1 << 16;

/// Half of a SHA-256, for the id of a row that has none of its own.
type Content = [u8; 16];

/// What the intake hands over.
#[derive(Debug)]
pub enum Evidence<'c> {
    /// One record.
    Record(Box<Record>),
    /// Many that are alike; to be taken at once.
    Columns(&'c Columns),
}

/// Reads sources into records and remembers what it has read, so that a report that comes twice
/// is taken once.
pub struct Intake {
    limits: Limits,
    names: Names,
    seen: Seen,
    sources: u64,
    total: Accounting,
    progress: Option<Box<dyn FnMut(u64)>>,
    live: bool,
}

impl fmt::Debug for Intake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intake").field("total", &self.total).finish_non_exhaustive()
    }
}

/// Reads one source by itself; see [`Intake::read`].
///
/// # Errors
/// Where the source cannot be read to its end.
pub fn read(
    source: impl Read,
    name: &str,
    profile: Option<&Profile>,
    limits: &Limits,
    record: &mut impl FnMut(Record),
    reject: &mut impl FnMut(Reject),
) -> Result<Accounting, IngestError> {
    Intake::new(limits.clone()).read(source, name, profile, record, reject)
}

impl Intake {
    /// An intake that has read nothing.
    pub fn new(limits: Limits) -> Intake {
        let (names, total) = (Names::default(), Accounting::default());
        let (seen, progress) = (Seen::default(), None);
        Intake { limits, names, seen, sources: 0, total, progress, live: false }
    }

    /// For sources that go on: whatever was read is handed over when a source says `WouldBlock`,
    /// which it may do between two lines; it is asked again then, and may wait. JSON is one value a
    /// line. A position is handed over at once, and doubted for what came before it alone.
    #[must_use]
    pub fn following(self) -> Intake {
        Intake { live: true, ..self }
    }

    /// Tells `progress` the bytes taken from the source so far, as they lie on disk.
    #[must_use]
    pub fn with_progress(mut self, progress: impl FnMut(u64) + 'static) -> Intake {
        self.progress = Some(Box::new(progress));
        self
    }

    /// The rows of all sources so far.
    pub fn total(&self) -> &Accounting {
        &self.total
    }

    /// Reads one source. `name` is its file name: it stands in messages, and settles the format
    /// where the content does not. Without a profile the source is in the native format (JSON
    /// Lines, GeoJSON, or the columns of `casus-csv`).
    ///
    /// Records and rejects are handed over as they are read, in the order of the source; but a
    /// position of a thing that moves is handed over when the next one of that thing is known.
    ///
    /// # Errors
    /// Where the source cannot be read to its end; what was read before has been handed over and
    /// counted.
    pub fn read(
        &mut self,
        source: impl Read,
        name: &str,
        profile: Option<&Profile>,
        record: &mut impl FnMut(Record),
        reject: &mut impl FnMut(Reject),
    ) -> Result<Accounting, IngestError> {
        let mut each = |evidence: Evidence<'_>| match evidence {
            Evidence::Record(one) => record(*one),
            Evidence::Columns(columns) => {
                (0..columns.len()).filter_map(|row| columns.record(row)).for_each(&mut *record);
            }
        };
        self.read_together(source, name, profile, &mut each, reject)
    }

    /// As `read`, but hands over together what is alike.
    ///
    /// # Errors
    /// As `read`.
    pub fn read_together(
        &mut self,
        source: impl Read,
        name: &str,
        profile: Option<&Profile>,
        taken: &mut impl FnMut(Evidence<'_>),
        reject: &mut impl FnMut(Reject),
    ) -> Result<Accounting, IngestError> {
        self.sources += 1;
        let rows_left = self.limits.rows.saturating_sub(self.total.read);
        let mut run = Run {
            file: name,
            limits: &self.limits,
            names: &mut self.names,
            seen: &mut self.seen,
            count: Accounting::default(),
            rows_left,
            most_rows: self.limits.rows,
            taken,
            reject,
            tracker: None,
            columns: Columns::of_source(self.sources),
            held: Held::default(),
            kinds: Kinds::default(),
            live: self.live,
        };
        let progress = self.progress.as_mut().map(|told| &mut **told as &mut dyn FnMut(u64));
        let outcome = run.source(source, profile, progress);
        run.let_go();
        run.flush();
        let count = run.count;
        assert!(count.adds_up(), "rows read must be accounted for: {count}");
        self.total.add(&count);
        match outcome {
            Ok(()) => Ok(count),
            Err(problem) => Err(IngestError {
                file: name.to_owned(),
                problem: Box::new(problem),
                so_far: Box::new(count),
            }),
        }
    }
}

/// The reading of one source.
struct Run<'r> {
    file: &'r str,
    limits: &'r Limits,
    names: &'r mut Names,
    seen: &'r mut Seen,
    count: Accounting,
    rows_left: u64,
    most_rows: u64,
    taken: &'r mut dyn FnMut(Evidence<'_>),
    reject: &'r mut dyn FnMut(Reject),
    /// Where the records are positions of things that move.
    tracker: Option<Tracker>,
    /// Rows that wait to be handed over together.
    columns: Columns,
    /// The last position of each thing, of rows that are alike.
    held: Held,
    /// The kinds of the records that are laid beside each other.
    kinds: Kinds,
    /// Whether the source goes on, so that nothing is kept back.
    live: bool,
}

impl Run<'_> {
    fn source<'s>(
        &mut self,
        source: impl Read + 's,
        profile: Option<&Profile>,
        progress: Option<&'s mut (dyn FnMut(u64) + 's)>,
    ) -> Result<(), Problem> {
        let bytes::Plain { mut reader, packing } = bytes::open(source, self.limits, progress)?;
        let (mut head, late) = take_head(&mut reader);
        let whole_head = head.len() == HEAD;
        if head.starts_with(&[0xef, 0xbb, 0xbf]) {
            head.drain(..3);
        }
        let late = late.map(|error| Late(Some(error)));
        if head.trim_ascii().is_empty() {
            // A source that holds nothing says nothing; but its fault is told.
            return match late {
                Some(Late(Some(error))) => Err(Problem::from_io(error, packing)),
                _ if whole_head => {
                    let reason = format!("begins with {HEAD} bytes of white space");
                    Err(Problem::Format(reason))
                }
                _ => Ok(()),
            };
        }
        let built_in;
        let track = match profile.map(|profile| &profile.0) {
            Some(Kind::Mapped(_)) => None,
            Some(Kind::Track(plan)) => Some(&**plan),
            None | Some(Kind::Sheet) => {
                built_in = tracks::detect(&head).and_then(Profile::of_track);
                built_in.as_deref()
            }
        };
        let mover = match profile.map(|profile| &profile.0) {
            Some(Kind::Mapped(plan)) => plan.track.map(|track| track.mover),
            _ => track.map(|plan| plan.reader.mover()),
        };
        self.tracker = mover.map(|mover| Tracker::new(mover, self.limits, self.live));
        let late = io::BufReader::with_capacity(1, late.unwrap_or(Late(None)));
        if let Some(plan) = track.filter(|plan| plan.reader == Reader::Beast) {
            // No text, so no other format is looked for.
            return self.positions(Cursor::new(head).chain(late).chain(reader), plan, packing);
        }
        #[cfg(feature = "parquet")]
        if track.is_none() && head.starts_with(b"PAR1") {
            return self.parquet(Cursor::new(head).chain(late).chain(reader), profile);
        }
        let delimiter = match profile.map(|profile| &profile.0) {
            Some(Kind::Mapped(plan)) => plan.delimiter.and_then(|sign| u8::try_from(sign).ok()),
            _ => None,
        };
        let format = match format::detect(&head, self.file, delimiter)? {
            Format::JsonDocument if self.live => Format::JsonLines,
            format => format,
        };
        let whole = Cursor::new(head).chain(late).chain(reader);
        if let Some(plan) = track {
            return self.positions(whole, plan, packing);
        }
        match format {
            Format::Delimited(delimiter) => {
                self.delimited(Rows::new(whole, delimiter, self.limits), profile, packing)
            }
            Format::JsonLines | Format::JsonDocument => {
                let layout = format.layout().unwrap_or(json::Layout::Lines);
                self.json(Items::new(whole, layout, self.limits), profile, packing)
            }
        }
    }

    fn delimited<R: BufRead>(
        &mut self,
        mut rows: Rows<R>,
        profile: Option<&Profile>,
        packing: Option<&'static str>,
    ) -> Result<(), Problem> {
        let header = header(&mut rows, packing)?;
        let mut way = match profile.map(|profile| &profile.0) {
            None | Some(Kind::Sheet | Kind::Track(_)) => Way::Sheet(Sheet::new(&header)?),
            Some(Kind::Mapped(plan)) => {
                Way::Mapped(Mapper::new(plan), plan, columns(plan, &header)?)
            }
        };
        let mut alike = match &way {
            Way::Mapped(_, plan, slots) => Alike::new(plan, slots, header.len(), rows.delimiter()),
            Way::Sheet(_) => None,
        };
        if let (Some(_), Way::Mapped(_, plan, _)) = (&alike, &way) {
            self.columns.unique = self.tracker.is_some() && plan.id_is_thing_and_time();
        }
        loop {
            if let (Some(alike), Way::Mapped(mapper, ..)) = (&mut alike, &mut way) {
                let done = match self.alike(&mut rows, mapper, alike) {
                    Err(error) if self.is_pause(&error) => continue,
                    done => done.map_err(|error| Problem::from_io(error, packing)),
                };
                done.map_err(|problem| in_row(problem, self.count.read + 1))?;
            }
            let number = self.count.read + 1;
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(()),
                Err(error) if self.is_pause(&error) => continue,
                Err(error) => return Err(in_row(Problem::from_io(error, packing), number)),
            };
            self.room(number)?;
            let line = Some(row.line);
            let outcome = self.row(&row, &header, &mut way);
            self.settle(number, line, outcome);
        }
    }

    fn row(
        &mut self,
        row: &rows::Row<'_>,
        header: &[String],
        way: &mut Way<'_>,
    ) -> Result<Taken, Fault> {
        let Some(text) = row.text() else {
            let text = String::from_utf8_lossy(row.bytes);
            return Err(Fault::row("expected UTF-8, got other bytes", &text));
        };
        if row.ends.len() != header.len() {
            let (expected, got) = (header.len(), row.ends.len());
            let reason = format!("expected {expected} fields, got {got}");
            return Err(Fault::row(reason, text));
        }
        let mut start = 0;
        for (&end, column) in row.ends.iter().zip(header) {
            if (end - start) as u64 > self.limits.field_bytes {
                let limit = LimitExceeded::new("field_bytes", self.limits.field_bytes);
                let text = text.get(start..end).unwrap_or_default();
                return Err(Fault::new(column, limit.to_string(), text));
            }
            start = end;
        }
        match way {
            Way::Sheet(sheet) => {
                let field = |index| rows::field(text, row.ends, index);
                let record = sheet.record(&field, self.limits, self.names)?;
                Ok(self.native(record))
            }
            Way::Mapped(mapper, plan, slots) => {
                let cells = RowCells::new(text, row.ends, slots);
                let fields = || {
                    let all = 0..row.ends.len();
                    all.filter_map(|index| rows::field(text, row.ends, index)).map(str::as_bytes)
                };
                let content = || content(&plan.name, fields());
                let key = self.seen.key(&plan.name, fields());
                self.mapped(mapper, plan, &cells, &content, key)
            }
        }
    }

    fn json<R: BufRead>(
        &mut self,
        mut items: Items<R>,
        profile: Option<&Profile>,
        packing: Option<&'static str>,
    ) -> Result<(), Problem> {
        let mut way = match profile.map(|profile| &profile.0) {
            None | Some(Kind::Sheet | Kind::Track(_)) => None,
            Some(Kind::Mapped(plan)) => Some((Mapper::new(plan), plan)),
        };
        loop {
            let number = self.count.read + 1;
            let item = match items.next() {
                Ok(Some(item)) => item,
                Ok(None) => return Ok(()),
                Err(error) if self.is_pause(&error) => continue,
                Err(error) => return Err(in_row(json::problem_of(error, packing), number)),
            };
            self.room(number)?;
            let line = Some(item.line);
            let outcome = match std::str::from_utf8(item.bytes) {
                Err(_) => {
                    let text = String::from_utf8_lossy(item.bytes);
                    Err(Fault::row("expected UTF-8, got other bytes", &text))
                }
                Ok(text) => match &mut way {
                    None => native::parse(text, self.limits, self.names)
                        .map(|record| self.native(record)),
                    Some((mapper, plan)) => self.item(text.trim(), mapper, plan),
                },
            };
            self.settle(number, line, outcome);
        }
    }

    fn item(&mut self, text: &str, mapper: &mut Mapper<'_>, plan: &Plan) -> Result<Taken, Fault> {
        if json::nesting(text.as_bytes()) > self.limits.nesting {
            let limit = LimitExceeded::new("nesting", self.limits.nesting);
            return Err(Fault::row(limit.to_string(), text));
        }
        let value: Value =
            serde_json::from_str(text).map_err(|error| Fault::row(error.to_string(), text))?;
        let cells = ItemCells::new(&value, plan, self.limits)
            .map_err(|fault| Fault { text: crate::reject::shortened(text, 200).into(), ..fault })?;
        let content = || digest(&plan.name, |digest| digest.update(text.as_bytes()));
        let key = self.seen.key(&plan.name, std::iter::once(text.as_bytes()));
        self.mapped(mapper, plan, &cells, &content, key)
    }

    fn mapped(
        &mut self,
        mapper: &mut Mapper<'_>,
        plan: &Plan,
        cells: &dyn Cells,
        content: &dyn Fn() -> Content,
        whole: Key,
    ) -> Result<Taken, Fault> {
        if !self.seen.insert(self.seen.key_of(plan, cells, whole)) {
            return Ok(Taken::Duplicate);
        }
        Ok(match mapper.map(cells, content, self.names)? {
            Outcome::Record(record, widened) => Taken::Record(record, widened),
            Outcome::Unclassified { column, value } => Taken::Unclassified(column, value),
        })
    }

    /// A native record, unless an equal one was read before.
    fn native(&mut self, record: Record) -> Taken {
        let line = native::write_record(&record);
        let key = self.seen.key("", std::iter::once(line.as_bytes()));
        match self.seen.insert(key) {
            true => Taken::Record(Box::new(record), false),
            false => Taken::Duplicate,
        }
    }

    fn settle(&mut self, row: u64, line: Option<u64>, outcome: Result<Taken, Fault>) {
        match outcome {
            Ok(Taken::Record(record, widened)) => {
                self.count.count(Fate::Accepted);
                self.count.widened += u64::from(widened);
                self.accept(record, BTreeSet::new());
            }
            Ok(Taken::Position(record, doubts)) => {
                self.count.count(Fate::Accepted);
                self.accept(record, doubts);
            }
            Ok(Taken::Duplicate) => self.count.count(Fate::Duplicate),
            Ok(Taken::Unclassified(column, value)) => {
                self.count.count_unclassified(&column, &value);
            }
            Err(fault) => {
                self.count.count(Fate::Rejected);
                (self.reject)(fault.at(self.file, row, line));
            }
        }
    }

    fn room(&self, number: u64) -> Result<(), Problem> {
        match number > self.rows_left {
            true => Err(LimitExceeded::new("rows", self.most_rows).in_row(number).into()),
            false => Ok(()),
        }
    }
}

enum Taken {
    Record(Box<Record>, bool),
    Position(Box<Record>, BTreeSet<Doubt>),
    Duplicate,
    Unclassified(String, String),
}

enum Way<'p> {
    Sheet(Sheet),
    Mapped(Mapper<'p>, &'p Plan, Vec<Option<usize>>),
}

/// The digest of the fields of a row.
fn content<'f>(name: &str, fields: impl Iterator<Item = &'f [u8]> + Clone) -> Content {
    digest(name, |digest| {
        let mut end = 0_u64;
        for field in fields.clone() {
            end += field.len() as u64;
            digest.update(end.to_be_bytes());
        }
        for field in fields {
            digest.update(field);
        }
    })
}

fn digest(name: &str, fill: impl FnOnce(&mut Sha256)) -> Content {
    let mut digest = Sha256::new();
    digest.update((name.len() as u64).to_be_bytes());
    digest.update(name.as_bytes());
    fill(&mut digest);
    let whole: [u8; 32] = digest.finalize().into();
    let mut key = Content::default();
    key.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    key
}

fn in_row(problem: Problem, row: u64) -> Problem {
    match problem {
        Problem::Limit(limit)
            if !matches!(limit.limit, "file_bytes" | "unpacked_bytes" | "unpacked_ratio") =>
        {
            Problem::Limit(limit.in_row(row))
        }
        other => other,
    }
}

/// The first bytes, and the error behind them, which is told when they have been read.
fn take_head(reader: &mut impl Read) -> (Vec<u8>, Option<io::Error>) {
    let mut head = vec![0; HEAD];
    let mut length = 0;
    let late = loop {
        let Some(rest) = head.get_mut(length..).filter(|rest| !rest.is_empty()) else { break None };
        match reader.read(rest) {
            Ok(0) => break None,
            Ok(n) => length += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Some(error),
        }
    };
    head.truncate(length);
    (head, late)
}

/// Gives an error once.
struct Late(Option<io::Error>);

impl Read for Late {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

fn header<R: BufRead>(
    rows: &mut Rows<R>,
    packing: Option<&'static str>,
) -> Result<Vec<String>, Problem> {
    let row = rows.next().map_err(|error| Problem::from_io(error, packing))?;
    let Some(row) = row else { return Ok(Vec::new()) };
    let Some(text) = row.text() else {
        return Err(Problem::Format("the header is not UTF-8; save the file as UTF-8".to_owned()));
    };
    let names = (0..row.ends.len()).filter_map(|index| rows::field(text, row.ends, index));
    let names: Vec<String> = names.map(|name| name.trim().to_owned()).collect();
    let mut once = HashSet::new();
    if let Some(twice) = names.iter().find(|name| !name.is_empty() && !once.insert(*name)) {
        let twice = crate::reject::shortened(twice, 60);
        return Err(Problem::Format(format!("the column `{twice}` occurs twice in the header")));
    }
    Ok(names)
}

fn columns(plan: &Plan, header: &[String]) -> Result<Vec<Option<usize>>, Problem> {
    if let Some(column) = plan.missing_column(header) {
        let near = nearest(&column.name, header.iter().map(String::as_str));
        let near = near.map(|near| format!("is it `{near}`?"));
        let other = || Profile::fitting(header).map(|name| format!("the profile `{name}` fits"));
        return Err(Problem::MissingColumn {
            profile: plan.name.clone(),
            column: column.name.clone(),
            found: header.to_vec(),
            help: near.or_else(other),
        });
    }
    Ok(plan.find_columns(header))
}
