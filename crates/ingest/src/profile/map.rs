//! One row under a profile: a record, a row that no table names, or a fault.
//!
//! Invariant: nothing is put into a class by default; a value that no table names, and for which
//! the profile gives no `otherwise`, leaves the row unclassified.

use super::plan::{
    AltitudePlan, Choice, Column, Disordered, PlacePlan, Plan, QuantityPlan, Reach, Reading, Width,
};
use crate::{
    geometry,
    moment::{self, Bounds, Clockwork, Told, Zone},
    names::{Names, fault_of_name},
    native::decimal,
    reject::Fault,
};
use casus_model::{
    Attribution, Confidence, Grade, Instant, Name, Object, Occurred, Place, Quantity, Range,
    Record, Source, Standing, geometry::Shape, time::HOUR_MS,
};
use jiff::{ToSpan, civil::Date, civil::Time};

/// The cells of one row, by slot.
pub(crate) trait Cells {
    /// The text of a cell; none where the column is absent.
    fn cell(&self, slot: usize) -> Option<&str>;
    /// The geometry beside the cells, or what is wrong with it.
    fn shape(&self) -> Result<Option<Shape>, Fault>;
}

/// What a row becomes.
pub(crate) enum Outcome {
    /// A record, and whether its estimates were widened.
    Record(Box<Record>, bool),
    /// A value of a column is in no table.
    Unclassified { column: String, value: String },
}

/// What a position that names no place counts as.
pub(crate) const NO_POSITION: (&str, &str) = ("position", "not told");

/// Applies a profile.
pub(crate) struct Mapper<'p> {
    plan: &'p Plan,
    clockwork: Clockwork,
    unknown_clocks: Vec<Time>,
    /// The time of the row before, where its one column is all that decides it.
    last_time: Option<(String, Occurred)>,
}

/// What a choice gives for a row.
enum Chosen<'c> {
    Text(&'c str),
    Absent,
    Unlisted(&'c str, &'c str),
}

/// Why a row gives no record.
enum Stop {
    Fault(Fault),
    Unlisted(String, String),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Fault(fault)
    }
}

impl<'p> Mapper<'p> {
    pub fn new(plan: &'p Plan) -> Mapper<'p> {
        let clock = ["%H:%M:%S".to_owned(), "%H:%M".to_owned()];
        let unknown = plan.time.unknown_clock.iter();
        Mapper {
            plan,
            clockwork: Clockwork::new(Zone::named(&plan.time.zone).unwrap_or(Zone::Any)),
            unknown_clocks: unknown.filter_map(|text| moment::clock(text, &clock)).collect(),
            last_time: None,
        }
    }

    /// The record of one row; `content` gives the digest of the whole row.
    pub fn map(
        &mut self,
        cells: &dyn Cells,
        content: &dyn Fn() -> [u8; 16],
        names: &mut Names,
    ) -> Result<Outcome, Fault> {
        match self.record(cells, content, names) {
            Ok((record, _)) if self.plan.track.is_some() && record.places.is_empty() => {
                let (column, value) = NO_POSITION;
                Ok(Outcome::Unclassified { column: column.to_owned(), value: value.to_owned() })
            }
            Ok((record, widened)) => Ok(Outcome::Record(Box::new(record), widened)),
            Err(Stop::Unlisted(column, value)) => Ok(Outcome::Unclassified { column, value }),
            Err(Stop::Fault(fault)) => Err(fault),
        }
    }

    fn record(
        &mut self,
        cells: &dyn Cells,
        content: &dyn Fn() -> [u8; 16],
        names: &mut Names,
    ) -> Result<(Record, bool), Stop> {
        let plan = self.plan;
        let act = act(plan, cells)?;
        let time = self.time(cells)?;
        let known = self.known(cells, &time)?;
        let (quantities, widened) = quantities(plan, cells, names)?;
        let grade = match &plan.grade {
            Some(choice) => grade(choice, cells)?,
            None => Grade::UNGRADED,
        };
        let about = plan.about.iter().filter_map(|column| named(column, cells, names).transpose());
        let about = about.collect::<Result<_, _>>()?;
        let record = Record {
            id: id(plan, cells, content)?,
            version: version(plan, cells)?,
            standing: Standing::Asserted,
            incident: plan.incident.as_ref().map_or(Ok(None), |c| named(c, cells, names))?,
            act: checked("act", act, names)?,
            actor: actor(plan, cells, names)?,
            object: object(plan, cells, names)?,
            recipient: chosen(plan.recipient.as_ref(), cells, names)?,
            about,
            places: places(plan, cells, names)?,
            time,
            known,
            quantities,
            source: Source {
                name: chosen(Some(&plan.source.name), cells, names)?
                    .unwrap_or_else(|| names.shared("")),
                origin: chosen(plan.source.origin.as_ref(), cells, names)?,
            },
            grade,
            text: text(plan, cells, names),
        };
        Ok((record, widened))
    }

    pub(crate) fn time(&mut self, cells: &dyn Cells) -> Result<Occurred, Fault> {
        let plan = &self.plan.time;
        let lone = plan.end.is_none() && plan.clock.is_none() && plan.precision.is_none();
        let text = cells.cell(plan.column.slot).unwrap_or_default();
        if lone && let Some((_, time)) = self.last_time.as_ref().filter(|(last, _)| last == text) {
            return Ok(*time);
        }
        let time = self.fresh_time(cells)?;
        if lone {
            self.last_time = Some((text.to_owned(), time));
        }
        Ok(time)
    }

    fn fresh_time(&mut self, cells: &dyn Cells) -> Result<Occurred, Fault> {
        let plan = &self.plan.time;
        let first = self.told(&plan.column, plan.clock.as_ref(), cells)?;
        let mut begin = self.bounds(first, &plan.column, cells)?;
        let mut end = begin;
        let mut last = first;
        if let Some(column) = plan.end.as_ref().filter(|column| !get(column, cells).is_empty()) {
            last = self.told(column, None, cells)?;
            end = self.bounds(last, column, cells)?;
            if end.0 < begin.0 || end.1 < begin.1 {
                let text = get(column, cells);
                let from = get(&plan.column, cells);
                let reason = format!("expected an end not before `{from}`, got `{text}`");
                return Err(Fault::new(&column.name, reason, text));
            }
        }
        if let Some(precision) = &plan.precision {
            let width = code(&precision.column, &precision.codes, cells)?;
            if date_of(first) == date_of(last)
                && let Some(wide) = self.widened(date_of(first), *width)
            {
                begin = (begin.0.min(wide.0), begin.1.max(wide.1));
                end = (end.0.min(wide.0), end.1.max(wide.1));
            }
        }
        begin.0 = begin.0.plus_ms(-i64::from(plan.reach_back_hours) * HOUR_MS);
        Ok(match plan.reading {
            Reading::Moment => Occurred::within(begin.0, end.1),
            Reading::Lasting => Occurred { start: begin, end },
        })
    }

    fn told(
        &self,
        column: &Column,
        clock: Option<&Column>,
        cells: &dyn Cells,
    ) -> Result<Told, Fault> {
        let plan = &self.plan.time;
        let text = get(column, cells);
        let told = moment::told(text, &plan.format)
            .ok_or_else(|| not_as(column, "a time", &plan.format, text))?;
        let told = match (told, clock.map(|column| (column, get(column, cells)))) {
            (Told::Day(date), Some((column, text))) if !text.is_empty() => {
                let time = moment::clock(text, &plan.clock_format)
                    .ok_or_else(|| not_as(column, "a clock time", &plan.clock_format, text))?;
                Told::Clock(date, time)
            }
            (told, _) => told,
        };
        Ok(match told {
            Told::Clock(date, time) if self.unknown_clocks.contains(&time) => Told::Day(date),
            told => told,
        })
    }

    fn bounds(&mut self, told: Told, column: &Column, cells: &dyn Cells) -> Result<Bounds, Fault> {
        let resolution = self.plan.time.resolution.ms();
        self.clockwork.bounds(told, resolution).ok_or_else(|| {
            let text = get(column, cells);
            Fault::new(&column.name, format!("expected a time within reach, got `{text}`"), text)
        })
    }

    fn widened(&mut self, date: Option<Date>, width: Width) -> Option<Bounds> {
        let date = date?;
        let (first, last) = match width {
            Width::Stated => return None,
            Width::Day => (date, date),
            Width::Week => {
                let back = i64::from(date.weekday().to_monday_zero_offset());
                (date.checked_sub(back.days()).ok()?, date.checked_add((6 - back).days()).ok()?)
            }
            Width::Month => (date.first_of_month(), date.last_of_month()),
            Width::Year => (date.first_of_year(), date.last_of_year()),
            Width::Around(days) => {
                let by = i64::from(days).days();
                (date.checked_sub(by).ok()?, date.checked_add(by).ok()?)
            }
        };
        self.clockwork.days(first, last)
    }

    pub(crate) fn known(&mut self, cells: &dyn Cells, time: &Occurred) -> Result<Instant, Fault> {
        let plan = &self.plan.known;
        if let Some(fixed) = plan.fixed {
            return Ok(fixed);
        }
        let Some(column) = &plan.column else { return Ok(time.end.1) };
        let text = get(column, cells);
        let told = moment::told(text, &plan.format)
            .ok_or_else(|| not_as(column, "a time", &plan.format, text))?;
        Ok(self.bounds(told, column, cells)?.1)
    }
}

fn date_of(told: Told) -> Option<Date> {
    match told {
        Told::Day(date) | Told::Clock(date, _) => Some(date),
        Told::Exact(at) => {
            let stamp = jiff::Timestamp::from_millisecond(at.0).ok()?;
            Some(jiff::tz::TimeZone::UTC.to_datetime(stamp).date())
        }
    }
}

/// The text of a cell without the white space around it; empty where the column is absent.
pub(crate) fn get<'c>(column: &Column, cells: &'c dyn Cells) -> &'c str {
    cells.cell(column.slot).unwrap_or_default().trim()
}

fn not_as(column: &Column, what: &str, formats: &[String], text: &str) -> Fault {
    let formats = formats.iter().map(|format| format!("`{format}`")).collect::<Vec<_>>();
    let short = crate::reject::shortened(text, 60);
    let reason = format!("expected {what} as {}, got `{short}`", formats.join(" or "));
    Fault::new(&column.name, reason, text)
}

fn code<'p, T>(
    column: &Column,
    codes: &'p std::collections::BTreeMap<String, T>,
    cells: &dyn Cells,
) -> Result<&'p T, Fault> {
    let text = get(column, cells);
    codes.get(text).ok_or_else(|| {
        let known = codes.keys().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ");
        let short = crate::reject::shortened(text, 60);
        Fault::new(&column.name, format!("expected one of {known}, got `{short}`"), text)
    })
}

fn choose<'c>(choice: &'c Choice, cells: &'c dyn Cells) -> Chosen<'c> {
    if let Some(fixed) = &choice.fixed {
        return Chosen::Text(fixed);
    }
    let Some(column) = &choice.column else { return Chosen::Absent };
    let value = get(column, cells);
    let Some(pairs) = &choice.values else {
        return if value.is_empty() { Chosen::Absent } else { Chosen::Text(value) };
    };
    let rank = |part: &str| pairs.iter().position(|(from, _)| from == part.trim());
    let first = match &choice.separator {
        Some(separator) => value.split(separator.as_str()).filter_map(rank).min(),
        None => rank(value),
    };
    if let Some((_, to)) = first.and_then(|first| pairs.get(first)) {
        return Chosen::Text(to);
    }
    match &choice.otherwise {
        _ if value.is_empty() => Chosen::Absent,
        Some(otherwise) => Chosen::Text(otherwise),
        None => Chosen::Unlisted(&column.name, value),
    }
}

fn checked(field: &str, text: &str, names: &mut Names) -> Result<Name, Fault> {
    match fault_of_name(text) {
        Some(reason) => Err(Fault::new(field, reason, text)),
        None => Ok(names.shared(text)),
    }
}

fn named(column: &Column, cells: &dyn Cells, names: &mut Names) -> Result<Option<Name>, Fault> {
    let text = get(column, cells);
    if text.is_empty() { Ok(None) } else { checked(&column.name, text, names).map(Some) }
}

fn chosen(
    choice: Option<&Choice>,
    cells: &dyn Cells,
    names: &mut Names,
) -> Result<Option<Name>, Stop> {
    let Some(choice) = choice else { return Ok(None) };
    let column = choice.column.as_ref().map_or("", |column| column.name.as_str());
    match choose(choice, cells) {
        Chosen::Text(text) => Ok(Some(checked(column, text, names)?)),
        Chosen::Absent => Ok(None),
        Chosen::Unlisted(column, value) => Err(Stop::Unlisted(column.to_owned(), value.to_owned())),
    }
}

/// The act: the first choice that gives one.
fn act<'c>(plan: &'c Plan, cells: &'c dyn Cells) -> Result<&'c str, Stop> {
    let mut unlisted = None;
    for choice in &plan.act {
        match choose(choice, cells) {
            Chosen::Text(act) => return Ok(act),
            Chosen::Unlisted(column, value) => unlisted = Some((column, value)),
            Chosen::Absent => {}
        }
    }
    let first = plan.act.iter().find_map(|choice| choice.column.as_ref());
    let (column, value) = unlisted.unwrap_or((first.map_or("", |column| &column.name), ""));
    Err(Stop::Unlisted(column.to_owned(), value.to_owned()))
}

fn grade(choice: &Choice, cells: &dyn Cells) -> Result<Grade, Stop> {
    match choose(choice, cells) {
        Chosen::Text(text) => Grade::parse(text).ok_or_else(|| {
            let column = choice.column.as_ref().map_or("grade", |column| &column.name);
            let reason = format!("expected a grade from `A1` to `F6`, got `{text}`");
            Stop::Fault(Fault::new(column, reason, text))
        }),
        Chosen::Absent => Ok(Grade::UNGRADED),
        Chosen::Unlisted(column, value) => Err(Stop::Unlisted(column.to_owned(), value.to_owned())),
    }
}

fn actor(plan: &Plan, cells: &dyn Cells, names: &mut Names) -> Result<Option<Attribution>, Stop> {
    let Some(plan) = &plan.actor else { return Ok(None) };
    let Some(name) = chosen(Some(&plan.name), cells, names)? else { return Ok(None) };
    let confidence = match chosen(plan.confidence.as_ref(), cells, names)? {
        Some(text) => Confidence::parse(&text).ok_or_else(|| {
            let reason = format!("expected a confidence as `probable` or `80 %`, got `{text}`");
            Fault::new("confidence", reason, &text)
        })?,
        None => Confidence::UNKNOWN,
    };
    Ok(Some(Attribution { name, confidence }))
}

fn object(plan: &Plan, cells: &dyn Cells, names: &mut Names) -> Result<Option<Object>, Stop> {
    let Some(plan) = &plan.object else { return Ok(None) };
    let Some(kind) = chosen(Some(&plan.kind), cells, names)? else { return Ok(None) };
    let item = plan.item.as_ref().map_or(Ok(None), |column| named(column, cells, names))?;
    Ok(Some(Object { kind, item, measures: Vec::new() }))
}

fn id(plan: &Plan, cells: &dyn Cells, content: &dyn Fn() -> [u8; 16]) -> Result<Name, Fault> {
    let mut id = String::new();
    write_id(plan, cells, content, &mut id)?;
    Ok(Name::from(id))
}

/// Writes the id of a row behind what stands there.
pub(crate) fn write_id(
    plan: &Plan,
    cells: &dyn Cells,
    content: &dyn Fn() -> [u8; 16],
    id: &mut String,
) -> Result<(), Fault> {
    id.push_str(&plan.id.prefix);
    if plan.id.columns.is_empty() {
        let digits = content().into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
        id.extend(digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)));
        return Ok(());
    }
    for (i, column) in plan.id.columns.iter().enumerate() {
        let text = get(column, cells);
        if text.is_empty() {
            return Err(Fault::new(&column.name, "expected an id, got nothing", ""));
        }
        if let Some(reason) = fault_of_name(text) {
            return Err(Fault::new(&column.name, reason, text));
        }
        if i > 0 {
            id.push('/');
        }
        id.push_str(text);
    }
    Ok(())
}

fn version(plan: &Plan, cells: &dyn Cells) -> Result<u32, Fault> {
    let Some(column) = &plan.version else { return Ok(1) };
    let text = get(column, cells);
    if text.is_empty() {
        return Ok(1);
    }
    text.parse().ok().filter(|&version| version > 0).ok_or_else(|| {
        let reason = format!("expected a whole number from 1 on, got `{text}`");
        Fault::new(&column.name, reason, text)
    })
}

pub(crate) fn number(column: &Column, text: &str) -> Result<f64, Fault> {
    text.parse().map_err(|_| {
        let short = crate::reject::shortened(text, 60);
        Fault::new(&column.name, format!("expected a number, got `{short}`"), text)
    })
}

fn places(plan: &Plan, cells: &dyn Cells, names: &mut Names) -> Result<Vec<Place>, Fault> {
    let mut all = Vec::with_capacity(plan.places.len());
    for place in &plan.places {
        let mut shape = if place.geometry { cells.shape()? } else { None };
        if let (None, Some(lon), Some(lat)) = (&shape, &place.lon, &place.lat) {
            let (x, y) = (get(lon, cells), get(lat, cells));
            if !(x.is_empty() && y.is_empty()) {
                let point = geometry::point(number(lon, x)?, number(lat, y)?);
                shape = Some(Shape::Point(point.map_err(|reason| {
                    Fault::new(&format!("{}, {}", lon.name, lat.name), reason, &format!("{x}, {y}"))
                })?));
            }
        }
        if let (None, Some(column)) = (&shape, &place.named) {
            shape = named(column, cells, names)?.map(Shape::Named);
        }
        let error_m = match (&place.precision, &place.error_column) {
            (Some(precision), _) => match code(&precision.column, &precision.codes, cells)? {
                Reach::Metres(metres) => Some(*metres),
                Reach::Word(_) => None,
            },
            (None, Some(column)) => Some(radius(column, get(column, cells))?),
            (None, None) => Some(place.error_m.unwrap_or(0.0)),
        };
        // A place of unknown precision is no place: nothing can be said of where it is.
        if let (Some(shape), Some(error_m)) = (shape, error_m) {
            let role = names.shared(&place.role);
            let altitude_m = altitude(place, cells)?;
            all.push(Place { role, shape, error_m, altitude_m });
        }
    }
    Ok(all)
}

/// The first height that the row tells, as far as it may be off.
fn altitude(plan: &PlacePlan, cells: &dyn Cells) -> Result<Option<(f64, f64)>, Fault> {
    let told = |one: &&AltitudePlan| !get(&one.column, cells).is_empty();
    let Some(one) = plan.altitude.iter().find(told) else { return Ok(None) };
    let text = get(&one.column, cells);
    let height_m = number(&one.column, text)? * if one.unit == "ft" { 0.3048 } else { 1.0 };
    if !height_m.is_finite() {
        let reason = format!("expected a height, got `{text}`");
        return Err(Fault::new(&one.column.name, reason, text));
    }
    let reach_m = one.reach_m + height_m.abs() * one.reach_percent / 100.0;
    Ok(Some((height_m - reach_m, height_m + reach_m)))
}

fn radius(column: &Column, text: &str) -> Result<f64, Fault> {
    let metres = number(column, text)?;
    if metres.is_finite() && metres >= 0.0 {
        return Ok(metres);
    }
    let reason = format!("expected an error of at least 0 metres, got `{text}`");
    Err(Fault::new(&column.name, reason, text))
}

fn quantities(
    plan: &Plan,
    cells: &dyn Cells,
    names: &mut Names,
) -> Result<(Vec<(Name, Quantity)>, bool), Fault> {
    let (mut all, mut widened) = (Vec::with_capacity(plan.quantities.len()), false);
    for one in &plan.quantities {
        let Some(best) = amount(one, &one.best, cells)? else { continue };
        let part = |column: &Option<Column>| match column {
            Some(column) => Ok(amount(one, column, cells)?.unwrap_or(best)),
            None => Ok(best),
        };
        let (low, high) = (part(&one.low)?, part(&one.high)?);
        let range = match (Range::new(low, best, high), one.disordered) {
            (Some(range), _) => range,
            (None, Disordered::Widen) => {
                widened = true;
                Range { low: low.min(best).min(high), best, high: high.max(best).max(low) }
            }
            (None, Disordered::Reject) => {
                let reason = format!("expected low ≤ best ≤ high, got `{low}`, `{best}`, `{high}`");
                return Err(Fault::new(&one.best.name, reason, &format!("{low}, {best}, {high}")));
            }
        };
        let unit = names.shared(&one.unit);
        all.push((names.shared(&one.measure), Quantity { range, unit }));
    }
    Ok((all, widened))
}

fn amount(
    plan: &QuantityPlan,
    column: &Column,
    cells: &dyn Cells,
) -> Result<Option<rust_decimal::Decimal>, Fault> {
    let text = get(column, cells);
    if text.is_empty() || plan.unknown.iter().any(|unknown| unknown == text) {
        return Ok(None);
    }
    let least = if plan.signed { "a number" } else { "a number of at least 0" };
    let good = decimal(text).filter(|n| plan.signed || !n.is_sign_negative() || n.is_zero());
    let factor = plan.factor.unwrap_or(rust_decimal::Decimal::ONE);
    good.and_then(|amount| amount.checked_mul(factor)).map(Some).ok_or_else(|| {
        let short = crate::reject::shortened(text, 60);
        Fault::new(&column.name, format!("expected {least}, got `{short}`"), text)
    })
}

/// The columns of free text, joined; kept as it is.
fn text(plan: &Plan, cells: &dyn Cells, names: &mut Names) -> Option<Name> {
    let plan = plan.text.as_ref()?;
    let parts = plan.columns.iter().filter_map(|column| cells.cell(column.slot));
    let parts: Vec<&str> = parts.filter(|part| !part.trim().is_empty()).collect();
    match parts.as_slice() {
        [] => None,
        [only] => Some(names.shared(only)),
        many => Some(names.shared(&many.join(&plan.join))),
    }
}
