//! A profile as it is written in TOML.
//!
//! Invariant: after `prepare`, every column has a slot of its own and every text in the plan that
//! is read later is known to be readable.

use crate::moment::{Zone, format_is_known};
use casus_model::{Confidence, Grade, Instant};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A column by its name; `?` behind the name: it may be absent.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Column {
    pub name: String,
    pub optional: bool,
    pub slot: usize,
}

impl From<String> for Column {
    fn from(text: String) -> Column {
        match text.strip_suffix('?') {
            Some(name) => Column { name: name.to_owned(), optional: true, slot: 0 },
            None => Column { name: text, optional: false, slot: 0 },
        }
    }
}

/// The whole profile.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    pub name: String,
    #[serde(default)]
    pub title: String,
    /// What the reader of the profile should know; not used otherwise.
    #[serde(default, rename = "notes")]
    _notes: String,
    pub delimiter: Option<char>,
    #[serde(default)]
    pub id: IdPlan,
    pub version: Option<Column>,
    pub duplicates: Option<DuplicatePlan>,
    pub incident: Option<Column>,
    #[serde(default)]
    pub about: Vec<Column>,
    pub act: Vec<Choice>,
    pub actor: Option<ActorPlan>,
    pub object: Option<ObjectPlan>,
    pub recipient: Option<Choice>,
    #[serde(default, rename = "place")]
    pub places: Vec<PlacePlan>,
    pub time: TimePlan,
    pub known: KnownPlan,
    #[serde(default, rename = "quantity")]
    pub quantities: Vec<QuantityPlan>,
    pub source: SourcePlan,
    pub grade: Option<Choice>,
    pub text: Option<TextPlan>,
    /// Says that a row is a position of a thing that moves.
    pub track: Option<TrackRule>,
    /// Every column once, by slot.
    #[serde(skip)]
    pub columns: Vec<Column>,
}

/// Where the id comes from: columns, or the content of the whole row.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct IdPlan {
    pub columns: Vec<Column>,
    pub prefix: String,
}

/// Which rows are one and the same: those that agree in these columns. Without it, in all.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DuplicatePlan {
    pub columns: Vec<Column>,
}

/// A text that is fixed, or that comes from a column, as it is or through a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    pub fixed: Option<String>,
    pub column: Option<Column>,
    /// Splits the value of the column into several.
    pub separator: Option<String>,
    /// Pairs of a value and what it becomes; the first pair whose value occurs decides.
    pub values: Option<Vec<(String, String)>>,
    /// What a value becomes that is in no pair.
    pub otherwise: Option<String>,
}

/// Who did it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActorPlan {
    pub name: Choice,
    pub confidence: Option<Choice>,
}

/// With what, or what about.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectPlan {
    pub kind: Choice,
    pub item: Option<Column>,
}

/// Where.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlacePlan {
    #[serde(default)]
    pub role: String,
    pub lon: Option<Column>,
    pub lat: Option<Column>,
    /// Takes the geometry of a GeoJSON feature, where there is one.
    #[serde(default)]
    pub geometry: bool,
    /// A place by its name, where there are no coordinates.
    pub named: Option<Column>,
    pub error_m: Option<f64>,
    /// Metres, in each row.
    pub error_column: Option<Column>,
    pub precision: Option<ReachPlan>,
    /// Tried in turn.
    #[serde(default)]
    pub altitude: Vec<AltitudePlan>,
}

/// Rows that are positions of things that move: the item of the object says of which.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrackRule {
    pub mover: Mover,
}

/// What moves, for the limit of how fast it can.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mover {
    Ship,
    Aircraft,
}

/// A height, and how far the height above mean sea level may lie from it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AltitudePlan {
    pub column: Column,
    /// `m` or `ft`.
    #[serde(default = "metre")]
    pub unit: String,
    /// Metres to either side.
    #[serde(default)]
    pub reach_m: f64,
    /// Per cent of the height, to either side, on top.
    #[serde(default)]
    pub reach_percent: f64,
}

fn metre() -> String {
    "m".to_owned()
}

/// Codes of precision, each with a radius in metres or `unknown`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReachPlan {
    pub column: Column,
    pub codes: BTreeMap<String, Reach>,
}

/// A radius in metres, or a word.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Reach {
    Metres(f64),
    Word(String),
}

/// When.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimePlan {
    pub column: Column,
    pub format: Vec<String>,
    pub zone: String,
    /// The clock time, where it has a column of its own.
    pub clock: Option<Column>,
    #[serde(default)]
    pub clock_format: Vec<String>,
    /// Clock times that stand for an unknown one, as `00:00`.
    #[serde(default)]
    pub unknown_clock: Vec<String>,
    /// The last unit of a clock time: `millisecond`, `second`, `minute` or `hour`.
    #[serde(default = "second")]
    pub resolution: Resolution,
    /// How many hours before the time told the act may lie.
    #[serde(default)]
    pub reach_back_hours: u32,
    pub end: Option<Column>,
    #[serde(default)]
    pub reading: Reading,
    pub precision: Option<WidthPlan>,
}

fn second() -> Resolution {
    Resolution::Second
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Resolution {
    Millisecond,
    Second,
    Minute,
    Hour,
}

impl Resolution {
    pub fn ms(self) -> i64 {
        match self {
            Resolution::Millisecond => 1,
            Resolution::Second => 1_000,
            Resolution::Minute => 60_000,
            Resolution::Hour => 3_600_000,
        }
    }
}

/// What a beginning and an end mean: one moment somewhere between them, or all the time.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Reading {
    #[default]
    Moment,
    Lasting,
}

/// Codes of precision, each `stated`, `day`, `week`, `month`, `year` or `N days`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WidthPlan {
    pub column: Column,
    pub codes: BTreeMap<String, Width>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(try_from = "String")]
pub(crate) enum Width {
    Stated,
    Day,
    Week,
    Month,
    Year,
    /// So many days before and behind.
    Around(u16),
}

impl TryFrom<String> for Width {
    type Error = String;
    fn try_from(text: String) -> Result<Width, String> {
        Ok(match text.as_str() {
            "stated" => Width::Stated,
            "day" => Width::Day,
            "week" => Width::Week,
            "month" => Width::Month,
            "year" => Width::Year,
            _ => {
                let days = text.strip_suffix(" days").and_then(|days| days.parse().ok());
                Width::Around(days.ok_or_else(|| {
                    format!(
                        "expected `stated`, `day`, `week`, `month`, `year` or `N days`, got \
                         `{text}`"
                    )
                })?)
            }
        })
    }
}

/// When it became known: a rule, a fixed time, or a column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KnownPlan {
    pub rule: Option<KnownRule>,
    pub fixed: Option<Instant>,
    pub column: Option<Column>,
    #[serde(default)]
    pub format: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) enum KnownRule {
    /// The latest instant at which it may have happened.
    #[serde(rename = "end of time")]
    EndOfTime,
}

/// An amount.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuantityPlan {
    pub measure: String,
    #[serde(default)]
    pub unit: String,
    pub low: Option<Column>,
    pub best: Column,
    pub high: Option<Column>,
    /// What the number in the column is multiplied by to be in the unit.
    pub factor: Option<rust_decimal::Decimal>,
    /// Values that stand for an unknown one.
    #[serde(default)]
    pub unknown: Vec<String>,
    /// Whether it may be below zero.
    #[serde(default)]
    pub signed: bool,
    #[serde(default)]
    pub disordered: Disordered,
}

/// What becomes of estimates that are out of order.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Disordered {
    /// The row is rejected.
    #[default]
    Reject,
    /// The lowest of the three becomes the low one, the highest the high one; counted.
    Widen,
}

/// Who tells it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourcePlan {
    pub name: Choice,
    pub origin: Option<Choice>,
}

/// Columns of free text, joined.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextPlan {
    pub columns: Vec<Column>,
    #[serde(default = "line_end")]
    pub join: String,
}

fn line_end() -> String {
    "\n".to_owned()
}

impl Plan {
    /// Gives every column its slot and checks what the type alone does not.
    pub fn prepare(&mut self) -> Result<(), String> {
        self.check()?;
        let mut all: Vec<Column> = Vec::new();
        self.each_column(&mut |column| {
            let same = all.iter_mut().enumerate().find(|(_, one)| one.name == column.name);
            column.slot = match same {
                Some((slot, one)) => {
                    one.optional &= column.optional;
                    slot
                }
                None => {
                    all.push(Column { slot: all.len(), ..column.clone() });
                    all.len() - 1
                }
            };
        });
        self.columns = all;
        Ok(())
    }

    pub(super) fn each_column(&mut self, visit: &mut dyn FnMut(&mut Column)) {
        self.id.columns.iter_mut().for_each(&mut *visit);
        let lone = [&mut self.version, &mut self.incident, &mut self.time.clock];
        lone.into_iter().flatten().for_each(&mut *visit);
        self.duplicates.iter_mut().flat_map(|d| &mut d.columns).for_each(&mut *visit);
        self.about.iter_mut().for_each(&mut *visit);
        visit(&mut self.time.column);
        self.time.end.iter_mut().for_each(&mut *visit);
        self.time.precision.iter_mut().for_each(|p| visit(&mut p.column));
        self.known.column.iter_mut().for_each(&mut *visit);
        self.choices().into_iter().filter_map(|c| c.1.column.as_mut()).for_each(&mut *visit);
        self.object.iter_mut().filter_map(|o| o.item.as_mut()).for_each(&mut *visit);
        for place in &mut self.places {
            let own = [&mut place.lon, &mut place.lat, &mut place.named, &mut place.error_column];
            own.into_iter().flatten().for_each(&mut *visit);
            place.precision.iter_mut().for_each(|p| visit(&mut p.column));
            place.altitude.iter_mut().for_each(|a| visit(&mut a.column));
        }
        for quantity in &mut self.quantities {
            quantity.low.iter_mut().for_each(&mut *visit);
            visit(&mut quantity.best);
            quantity.high.iter_mut().for_each(&mut *visit);
        }
        self.text.iter_mut().flat_map(|t| &mut t.columns).for_each(&mut *visit);
    }

    fn choices(&mut self) -> Vec<(&'static str, &mut Choice)> {
        let mut all: Vec<(&'static str, &mut Choice)> = Vec::new();
        all.extend(self.act.iter_mut().map(|one| ("act", one)));
        if let Some(actor) = &mut self.actor {
            all.push(("actor.name", &mut actor.name));
            all.extend(actor.confidence.iter_mut().map(|one| ("actor.confidence", one)));
        }
        all.extend(self.object.iter_mut().map(|object| ("object.kind", &mut object.kind)));
        all.extend(self.recipient.iter_mut().map(|one| ("recipient", one)));
        all.push(("source.name", &mut self.source.name));
        all.extend(self.source.origin.iter_mut().map(|one| ("source.origin", one)));
        all.extend(self.grade.iter_mut().map(|one| ("grade", one)));
        all
    }

    fn check(&mut self) -> Result<(), String> {
        if self.act.is_empty() {
            return Err("`act`: expected at least one table `[[act]]`".to_owned());
        }
        for (key, choice) in self.choices() {
            check_choice(key, choice)?;
        }
        let time = &self.time;
        if Zone::named(&time.zone).is_none() {
            let zone = &time.zone;
            return Err(format!("`time.zone`: expected an IANA time zone or `any`, got `{zone}`"));
        }
        let formats = [
            ("time.format", &time.format, true),
            ("time.clock_format", &time.clock_format, time.clock.is_some()),
            ("known.format", &self.known.format, self.known.column.is_some()),
        ];
        for (key, all, needed) in formats {
            if needed && all.is_empty() {
                return Err(format!("`{key}`: expected at least one format"));
            }
            if let Some(bad) =
                all.iter().find(|format| !format_is_known(format, key == "time.clock_format"))
            {
                return Err(format!(
                    "`{key}`: expected a format as `%Y-%m-%d %H:%M` or `rfc3339`, got `{bad}`"
                ));
            }
        }
        let known = &self.known;
        let said = [known.rule.is_some(), known.fixed.is_some(), known.column.is_some()];
        if said.iter().filter(|&&said| said).count() != 1 {
            return Err("`known`: expected one of `rule`, `fixed`, `column`".to_owned());
        }
        if let Some(delimiter) = self.delimiter.filter(|sign| !sign.is_ascii()) {
            return Err(format!("`delimiter`: expected one ASCII sign, got `{delimiter}`"));
        }
        if self.track.is_some() && self.object.as_ref().is_none_or(|one| one.item.is_none()) {
            return Err("`track`: expected `object.item`, which says what moves".to_owned());
        }
        if let Some(factor) = self.quantities.iter().find_map(|one| one.factor)
            && (factor.is_zero() || factor.is_sign_negative())
        {
            return Err(format!("`quantity.factor`: expected more than 0, got `{factor}`"));
        }
        self.places.iter().try_for_each(check_place)
    }

    /// The acts that it can give, each once.
    pub fn acts(&self) -> Vec<&str> {
        let mut acts: Vec<&str> = Vec::new();
        for choice in &self.act {
            let pairs = choice.values.iter().flatten().map(|(_, act)| act.as_str());
            let all = pairs.chain(choice.fixed.as_deref()).chain(choice.otherwise.as_deref());
            for act in all {
                if !acts.contains(&act) {
                    acts.push(act);
                }
            }
        }
        acts
    }

    /// The index of each slot's column among these; none where it is absent.
    pub fn find_columns(&self, found: &[String]) -> Vec<Option<usize>> {
        let find = |column: &Column| {
            let exact = found.iter().position(|name| *name == column.name);
            exact.or_else(|| {
                let same = |name: &String| name.trim().eq_ignore_ascii_case(&column.name);
                found.iter().position(same)
            })
        };
        self.columns.iter().map(find).collect()
    }

    /// A column that is needed and not among these.
    pub fn missing_column(&self, found: &[String]) -> Option<&Column> {
        let slots = self.find_columns(found);
        let absent = self.columns.iter().zip(slots).filter(|(_, slot)| slot.is_none());
        absent.map(|(column, _)| column).find(|column| !column.optional)
    }
}

fn check_choice(key: &str, choice: &Choice) -> Result<(), String> {
    if choice.fixed.is_some() == choice.column.is_some() {
        return Err(format!("`{key}`: expected either `fixed` or `column`"));
    }
    if choice.fixed.is_some() && (choice.values.is_some() || choice.separator.is_some()) {
        return Err(format!("`{key}`: `values` and `separator` need a `column`"));
    }
    if choice.separator.as_ref().is_some_and(String::is_empty) {
        return Err(format!("`{key}.separator`: expected a sign, got ``"));
    }
    if choice.separator.is_some() && choice.values.is_none() {
        return Err(format!("`{key}.separator` needs `values`, which say which of several counts"));
    }
    let given = choice.values.iter().flatten().map(|(_, to)| to);
    for to in given.chain(&choice.fixed).chain(&choice.otherwise) {
        let good = match key {
            "grade" => Grade::parse(to).is_some(),
            "actor.confidence" => Confidence::parse(to).is_some(),
            _ => crate::names::fault_of_name(to).is_none() && !to.is_empty(),
        };
        if !good {
            let expected = match key {
                "grade" => "a grade from `A1` to `F6`",
                "actor.confidence" => "a confidence as `probable` or `80 %`",
                _ => "a name",
            };
            return Err(format!("`{key}`: expected {expected}, got `{to}`"));
        }
    }
    Ok(())
}

fn check_place(place: &PlacePlan) -> Result<(), String> {
    if place.lon.is_some() != place.lat.is_some() {
        return Err("`place`: expected `lon` and `lat` together".to_owned());
    }
    if place.lon.is_none() && place.named.is_none() && !place.geometry {
        return Err("`place`: expected `lon` and `lat`, `geometry` or `named`".to_owned());
    }
    let said = [place.error_m.is_some(), place.error_column.is_some(), place.precision.is_some()];
    if said.iter().filter(|&&said| said).count() > 1 {
        let expected = "expected one of `error_m`, `error_column`, `precision`";
        return Err(format!("`place`: {expected}"));
    }
    for altitude in &place.altitude {
        if !matches!(altitude.unit.as_str(), "m" | "ft") {
            let unit = &altitude.unit;
            return Err(format!("`place.altitude.unit`: expected `m` or `ft`, got `{unit}`"));
        }
        let reaches = [altitude.reach_m, altitude.reach_percent];
        if !reaches.iter().all(|reach| reach.is_finite() && *reach >= 0.0) {
            return Err("`place.altitude`: expected a reach of at least 0".to_owned());
        }
    }
    let codes = place.precision.iter().flat_map(|precision| precision.codes.values());
    let fixed = place.error_m.map(Reach::Metres);
    for reach in codes.chain(&fixed) {
        match reach {
            Reach::Metres(metres) if metres.is_finite() && *metres >= 0.0 => {}
            Reach::Word(word) if word == "unknown" => {}
            other => {
                let got = match other {
                    Reach::Metres(metres) => metres.to_string(),
                    Reach::Word(word) => word.clone(),
                };
                return Err(format!("`place`: expected metres or `unknown`, got `{got}`"));
            }
        }
    }
    Ok(())
}
