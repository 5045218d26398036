//! The profile `casus-csv`: a spreadsheet whose columns are the fields of a record.
//!
//! Invariant: every column of such a sheet has a meaning; one that has none is an error.

use crate::{
    Limits, Problem,
    moment::{self, Bounds, Clockwork, Told, Zone},
    names::{Names, nearest},
    native::{Amount, Draft, ObjectDraft, PlaceDraft, Teller, Text, When, Who, build, decimal},
    profile::{Profile, SHEET},
    reject::Fault,
};
use casus_model::{Confidence, Occurred, Record, Standing};
use std::collections::HashMap;

/// The columns, in the order in which they are documented.
const COLUMNS: [&str; 28] = [
    "id",
    "version",
    "standing",
    "incident",
    "act",
    "actor",
    "confidence",
    "object",
    "item",
    "measures",
    "recipient",
    "about",
    "role",
    "lon",
    "lat",
    "place",
    "error_m",
    "altitude_low_m",
    "altitude_high_m",
    "time",
    "latest",
    "ended",
    "zone",
    "known",
    "quantities",
    "source",
    "origin",
    "grade",
];
const TEXT: &str = "text";

/// Columns without which nothing can be read.
const NEEDED: [&str; 3] = ["id", "act", "time"];

/// Reads rows of such a sheet.
pub(crate) struct Sheet {
    index: HashMap<&'static str, usize>,
    zones: HashMap<String, Clockwork>,
    formats: Vec<String>,
}

impl Sheet {
    /// Finds the columns in a header.
    pub fn new(header: &[String]) -> Result<Sheet, Problem> {
        if let Some(column) = NEEDED.iter().find(|need| !header.iter().any(|name| name == *need)) {
            let other = Profile::fitting(header);
            let other = other.map(|name| format!("these are the columns of the profile `{name}`"));
            let near = || nearest(column, header.iter().map(String::as_str));
            let help = other.or_else(|| near().map(|near| format!("is it `{near}`?")));
            return Err(Problem::MissingColumn {
                profile: SHEET.to_owned(),
                column: (*column).to_owned(),
                found: header.to_vec(),
                help,
            });
        }
        let mut index = HashMap::new();
        for (at, name) in header.iter().enumerate() {
            let known = COLUMNS.iter().copied().chain([TEXT]).find(|known| known == name);
            let Some(known) = known else {
                let near = nearest(name, COLUMNS.iter().copied().chain([TEXT]));
                let help = near.map(|near| format!("did you mean `{near}`?"));
                return Err(Problem::UnknownColumn { column: name.clone(), help });
            };
            index.insert(known, at);
        }
        let formats = [
            "rfc3339",
            "%Y-%m-%d %H:%M:%S%.f",
            "%Y-%m-%dT%H:%M:%S%.f",
            "%Y-%m-%d %H:%M",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d",
        ];
        let formats = formats.map(str::to_owned).to_vec();
        Ok(Sheet { index, zones: HashMap::new(), formats })
    }

    /// The record of one row; `field` gives the text of a field by its index.
    pub fn record<'a>(
        &mut self,
        field: &dyn Fn(usize) -> Option<&'a str>,
        limits: &Limits,
        names: &mut Names,
    ) -> Result<Record, Fault> {
        let index = self.index.clone();
        let cell = move |column: &str| {
            let text = index.get(column).and_then(|&at| field(at)).unwrap_or_default();
            (!text.trim().is_empty()).then(|| text.trim())
        };
        let text_of = |column: &str| cell(column).map(|text| Text(text.into()));
        let time = self.time(&cell)?;
        let known = match cell("known") {
            Some(text) => Some(self.moment("known", text, cell("zone"))?.1.to_string()),
            None => time.map(|time| time.end.1.to_string()),
        };
        let draft = Draft {
            id: text_of("id"),
            version: cell("version").map(|text| whole("version", text)).transpose()?,
            standing: cell("standing").map(standing).transpose()?,
            incident: text_of("incident"),
            act: text_of("act"),
            actor: actor(&cell)?,
            object: object(&cell)?,
            recipient: text_of("recipient"),
            about: several(cell("about")).map(|name| Text(name.into())).collect(),
            places: place(&cell)?.into_iter().collect(),
            time: time.map(When),
            known: known.map(|text| Text(text.into())),
            quantities: amounts("quantities", cell("quantities"))?,
            source: cell("source").map(|name| Teller {
                name: name.to_owned(),
                origin: cell("origin").map(str::to_owned),
            }),
            grade: text_of("grade"),
            text: text_of(TEXT),
            ..Draft::default()
        };
        build(draft, None, limits, names)
    }

    fn time<'a>(
        &mut self,
        cell: &dyn Fn(&str) -> Option<&'a str>,
    ) -> Result<Option<Occurred>, Fault> {
        let Some(text) = cell("time") else { return Ok(None) };
        let zone = cell("zone");
        let begin = self.moment("time", text, zone)?;
        let (column, reading): (&str, fn(Bounds, Bounds) -> Occurred) =
            match (cell("latest"), cell("ended")) {
                (None, None) => return Ok(Some(Occurred::within(begin.0, begin.1))),
                (Some(_), None) => ("latest", |a, b| Occurred::within(a.0, b.1)),
                (None, Some(_)) => ("ended", |a, b| Occurred { start: a, end: b }),
                (Some(_), Some(text)) => {
                    let reason = "expected either `latest` or `ended`, got both";
                    return Err(Fault::new("ended", reason, text));
                }
            };
        let text = cell(column).unwrap_or_default();
        let end = self.moment(column, text, zone)?;
        if end.0 < begin.0 || end.1 < begin.1 {
            let reason = format!("expected a time not before `time`, got `{text}`");
            return Err(Fault::new(column, reason, text));
        }
        Ok(Some(reading(begin, end)))
    }

    fn moment(&mut self, column: &str, text: &str, zone: Option<&str>) -> Result<Bounds, Fault> {
        let fault = |expected: &str| {
            let short = crate::reject::shortened(text, 60);
            Fault::new(column, format!("expected {expected}, got `{short}`"), text)
        };
        let told = moment::told(text, &self.formats)
            .ok_or_else(|| fault("a time as `2026-03-01T14:00:00Z` or `2026-03-01 14:00`"))?;
        if let Told::Exact(at) = told {
            return Ok((at, at));
        }
        let zone = zone.ok_or_else(|| fault("a time with an offset, or a column `zone`"))?;
        if !self.zones.contains_key(zone) {
            let found = Zone::named(zone).ok_or_else(|| {
                Fault::new("zone", format!("expected an IANA time zone, got `{zone}`"), zone)
            })?;
            self.zones.insert(zone.to_owned(), Clockwork::new(found));
        }
        let bounds = self.zones.get_mut(zone).and_then(|clockwork| clockwork.bounds(told, 1));
        bounds.ok_or_else(|| fault("a time within reach"))
    }
}

fn whole(column: &str, text: &str) -> Result<u32, Fault> {
    text.parse().map_err(|_| {
        Fault::new(column, format!("expected a whole number from 1 on, got `{text}`"), text)
    })
}

fn number(column: &str, text: &str) -> Result<f64, Fault> {
    text.parse().map_err(|_| Fault::new(column, format!("expected a number, got `{text}`"), text))
}

fn standing(text: &str) -> Result<Standing, Fault> {
    match text {
        "asserted" => Ok(Standing::Asserted),
        "withdrawn" => Ok(Standing::Withdrawn),
        _ => {
            let reason = format!("expected `asserted` or `withdrawn`, got `{text}`");
            Err(Fault::new("standing", reason, text))
        }
    }
}

fn several(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.into_iter().flat_map(|text| text.split(';')).map(str::trim).filter(|one| !one.is_empty())
}

fn actor<'a>(cell: &dyn Fn(&str) -> Option<&'a str>) -> Result<Option<Who>, Fault> {
    let Some(name) = cell("actor") else { return Ok(None) };
    let confidence = match cell("confidence") {
        Some(text) => Confidence::parse(text).ok_or_else(|| {
            let reason = format!("expected a confidence as `probable` or `80 %`, got `{text}`");
            Fault::new("confidence", reason, text)
        })?,
        None => Confidence::UNKNOWN,
    };
    Ok(Some(Who { name: name.to_owned(), confidence }))
}

fn object<'a>(cell: &dyn Fn(&str) -> Option<&'a str>) -> Result<Option<ObjectDraft>, Fault> {
    let Some(kind) = cell("object") else {
        return match cell("item").or_else(|| cell("measures")) {
            Some(text) => Err(Fault::new("object", "expected an `object` beside its item", text)),
            None => Ok(None),
        };
    };
    let measures = amounts("measures", cell("measures"))?;
    Ok(Some(ObjectDraft { kind: kind.to_owned(), item: cell("item").map(str::to_owned), measures }))
}

fn place<'a>(cell: &dyn Fn(&str) -> Option<&'a str>) -> Result<Option<PlaceDraft>, Fault> {
    let point = match (cell("lon"), cell("lat")) {
        (Some(lon), Some(lat)) => Some(vec![number("lon", lon)?, number("lat", lat)?]),
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => {
            return Err(Fault::new("lon, lat", "expected both `lon` and `lat`", one));
        }
    };
    let altitude_m = match (cell("altitude_low_m"), cell("altitude_high_m")) {
        (Some(low), Some(high)) => {
            Some((number("altitude_low_m", low)?, number("altitude_high_m", high)?))
        }
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => {
            let reason = "expected both `altitude_low_m` and `altitude_high_m`";
            return Err(Fault::new("altitude_low_m", reason, one));
        }
    };
    let named = match point {
        Some(_) => None,
        None => cell("place").map(str::to_owned),
    };
    let role = cell("role").unwrap_or_default().to_owned();
    if point.is_none() && named.is_none() {
        return Ok(None);
    }
    let error_m = cell("error_m").map(|text| number("error_m", text)).transpose()?;
    Ok(Some(PlaceDraft { role, point, line: None, area: None, named, error_m, altitude_m }))
}

/// Reads `killed = 3; wounded = 2..5; distance = 10..12..15 km`.
fn amounts(column: &str, text: Option<&str>) -> Result<Vec<(String, Amount)>, Fault> {
    let mut all: Vec<(String, Amount)> = Vec::new();
    for part in several(text) {
        let fault = || {
            let short = crate::reject::shortened(part, 60);
            let reason =
                format!("expected amounts as `killed = 3; wounded = 2..4..5 t`, got `{short}`");
            Fault::new(column, reason, part)
        };
        let (measure, amount) = part.split_once('=').ok_or_else(fault)?;
        let measure = measure.trim().to_owned();
        let (numbers, unit) = match amount.trim().split_once(char::is_whitespace) {
            Some((numbers, unit)) => (numbers, unit.trim()),
            None => (amount.trim(), ""),
        };
        let numbers: Option<Vec<_>> = numbers.split("..").map(decimal).collect();
        let (low, best, high) = match numbers.ok_or_else(fault)?.as_slice() {
            [one] => (*one, *one, *one),
            [low, best, high] => (*low, *best, *high),
            _ => return Err(fault()),
        };
        if measure.is_empty() || all.len() >= 64 || all.iter().any(|(other, _)| *other == measure) {
            return Err(fault());
        }
        all.push((measure, Amount { low, best, high, unit: unit.to_owned() }));
    }
    Ok(all)
}
