//! A draft into a record: what must be there, and what may not be in it.
//!
//! Invariant: only a withdrawal may leave out what an account needs.

use super::read::{Amount, ObjectDraft, PlaceDraft, Teller, Text, When, Who, amounts};
use crate::{
    Limits, geometry,
    names::{Names, fault_of_name},
    reject::Fault,
};
use casus_model::{
    Attribution, Grade, Instant, Name, Object, Occurred, Place, Quantity, Range, Record, Source,
    Standing, geometry::Shape,
};
use serde::Deserialize;

/// A record before anything is known to be right.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Draft<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    pub version: Option<u32>,
    pub standing: Option<Standing>,
    #[serde(borrow)]
    pub incident: Option<Text<'a>>,
    #[serde(borrow)]
    pub act: Option<Text<'a>>,
    pub actor: Option<Who>,
    pub object: Option<ObjectDraft>,
    #[serde(borrow)]
    pub recipient: Option<Text<'a>>,
    #[serde(borrow)]
    pub about: Vec<Text<'a>>,
    pub places: Vec<PlaceDraft>,
    pub time: Option<When>,
    #[serde(borrow)]
    pub known: Option<Text<'a>>,
    #[serde(deserialize_with = "amounts")]
    pub quantities: Vec<(String, Amount)>,
    pub source: Option<Teller>,
    #[serde(borrow)]
    pub grade: Option<Text<'a>>,
    #[serde(borrow)]
    pub text: Option<Text<'a>>,
    /// Of the geometry of a GeoJSON feature.
    pub role: Option<String>,
    pub error_m: Option<f64>,
    pub altitude_m: Option<(f64, f64)>,
}

struct Builder<'n> {
    names: &'n mut Names,
    limits: &'n Limits,
}

/// Makes the record; `shape` is the geometry beside it, where there is one.
pub(crate) fn build(
    draft: Draft<'_>,
    shape: Option<Shape>,
    limits: &Limits,
    names: &mut Names,
) -> Result<Record, Fault> {
    let mut with = Builder { names, limits };
    let standing = draft.standing.unwrap_or(Standing::Asserted);
    let withdrawn = standing == Standing::Withdrawn;
    let missing = |field: &'static str| Fault::new(field, format!("`{field}` is missing"), "");
    let id = draft.id.ok_or_else(|| missing("id"))?;
    let id = with.lone("id", &id.0)?;
    let or_neutral = |field: &'static str| match withdrawn {
        true => Ok(()),
        false => Err(Fault::new(field, format!("`{field}` is missing"), &id)),
    };
    let act = match draft.act {
        Some(act) => with.name("act", &act.0)?,
        None => or_neutral("act").map(|()| Name::from(""))?,
    };
    let time = match draft.time {
        Some(When(time)) => time,
        None => or_neutral("time").map(|()| Occurred::within(Instant::MIN, Instant::MAX))?,
    };
    let known = draft.known.ok_or_else(|| missing("known"))?;
    let known = super::read::instant::<serde::de::value::Error>(&known.0)
        .map_err(|error| Fault::new("known", error.to_string(), &known.0))?;
    let source = match draft.source {
        Some(source) => with.source(source)?,
        None => or_neutral("source").map(|()| Source { name: Name::from(""), origin: None })?,
    };
    let grade = match draft.grade {
        Some(grade) => Grade::parse(&grade.0).ok_or_else(|| {
            let reason = format!("expected a grade from `A1` to `F6`, got `{}`", grade.0);
            Fault::new("grade", reason, &grade.0)
        })?,
        None => Grade::UNGRADED,
    };
    let mut places = Vec::with_capacity(draft.places.len() + usize::from(shape.is_some()));
    for place in draft.places {
        places.push(with.place(place)?);
    }
    if let Some(shape) = shape {
        let role = draft.role.unwrap_or_default();
        places.push(with.placed(&role, shape, draft.error_m, draft.altitude_m)?);
    }
    if draft.version == Some(0) {
        return Err(Fault::new("version", "expected a version from 1 on, got `0`", "0"));
    }
    Ok(Record {
        id,
        version: draft.version.unwrap_or(1),
        standing,
        incident: with.optional("incident", draft.incident.as_ref())?,
        act,
        actor: draft.actor.map(|who| with.actor(&who)).transpose()?,
        object: draft.object.map(|object| with.object(object)).transpose()?,
        recipient: with.optional("recipient", draft.recipient.as_ref())?,
        about: draft.about.iter().map(|n| with.name("about", &n.0)).collect::<Result<_, _>>()?,
        places,
        time,
        known,
        quantities: with.quantities("quantities", draft.quantities)?,
        source,
        grade,
        text: draft.text.map(|text| with.free_text(&text.0)).transpose()?,
    })
}

impl Builder<'_> {
    /// A name that hardly any other record bears.
    fn lone(&self, field: &str, text: &str) -> Result<Name, Fault> {
        self.bounded(field, text)?;
        match fault_of_name(text) {
            _ if text.is_empty() => Err(Fault::new(field, format!("`{field}` is empty"), text)),
            Some(reason) => Err(Fault::new(field, reason, text)),
            None => Ok(Name::from(text)),
        }
    }
    fn name(&mut self, field: &str, text: &str) -> Result<Name, Fault> {
        if text.is_empty() {
            return Err(Fault::new(field, format!("`{field}` is empty"), text));
        }
        self.name_or_empty(field, text)
    }
    fn name_or_empty(&mut self, field: &str, text: &str) -> Result<Name, Fault> {
        self.bounded(field, text)?;
        match fault_of_name(text) {
            Some(reason) => Err(Fault::new(field, reason, text)),
            None => Ok(self.names.shared(text)),
        }
    }
    fn bounded(&self, field: &str, text: &str) -> Result<(), Fault> {
        let most = self.limits.field_bytes;
        if text.len() as u64 > most {
            let limit = crate::LimitExceeded::new("field_bytes", most);
            return Err(Fault::new(field, limit.to_string(), text));
        }
        Ok(())
    }
    fn free_text(&mut self, text: &str) -> Result<Name, Fault> {
        self.bounded("text", text)?;
        Ok(self.names.shared(text))
    }
    fn optional(&mut self, field: &str, text: Option<&Text<'_>>) -> Result<Option<Name>, Fault> {
        text.map(|text| self.name(field, &text.0)).transpose()
    }
    fn actor(&mut self, who: &Who) -> Result<Attribution, Fault> {
        Ok(Attribution { name: self.name("actor", &who.name)?, confidence: who.confidence })
    }
    fn source(&mut self, source: Teller) -> Result<Source, Fault> {
        let origin = source.origin.map(|origin| self.name("origin", &origin)).transpose()?;
        Ok(Source { name: self.name_or_empty("source", &source.name)?, origin })
    }
    fn object(&mut self, object: ObjectDraft) -> Result<Object, Fault> {
        Ok(Object {
            kind: self.name("object", &object.kind)?,
            item: object.item.map(|item| self.name("item", &item)).transpose()?,
            measures: self.quantities("measures", object.measures)?,
        })
    }
    fn quantities(
        &mut self,
        field: &str,
        all: Vec<(String, Amount)>,
    ) -> Result<Vec<(Name, Quantity)>, Fault> {
        let mut quantities = Vec::with_capacity(all.len());
        for (measure, amount) in all {
            let Amount { low, best, high, unit } = amount;
            let range = Range::new(low, best, high).ok_or_else(|| {
                let reason = format!("expected low ≤ best ≤ high, got `{low}`, `{best}`, `{high}`");
                Fault::new(&measure, reason, &format!("{low}, {best}, {high}"))
            })?;
            let unit = self.name_or_empty("unit", &unit)?;
            quantities.push((self.name(field, &measure)?, Quantity { range, unit }));
        }
        Ok(quantities)
    }
    fn place(&mut self, draft: PlaceDraft) -> Result<Place, Fault> {
        let PlaceDraft { role, point, line, area, named, error_m, altitude_m } = draft;
        let most = self.limits.vertices;
        let bad = |reason: String| Fault::new("places", reason, &role);
        let shape = match (point, line, area, named) {
            (Some(at), None, None, None) => match at.as_slice() {
                [lon, lat] => Shape::Point(geometry::point(*lon, *lat).map_err(bad)?),
                _ => return Err(bad("expected a longitude and a latitude".to_owned())),
            },
            (None, Some(line), None, None) => geometry::line(&line, most).map_err(bad)?,
            (None, None, Some(area), None) => geometry::area(&area, most).map_err(bad)?,
            (None, None, None, Some(named)) => Shape::Named(self.name("named", &named)?),
            _ => {
                let reason = "expected exactly one of `point`, `line`, `area`, `named`";
                return Err(bad(reason.to_owned()));
            }
        };
        self.placed(&role, shape, error_m, altitude_m)
    }
    fn placed(
        &mut self,
        role: &str,
        shape: Shape,
        error_m: Option<f64>,
        altitude_m: Option<(f64, f64)>,
    ) -> Result<Place, Fault> {
        let error_m = error_m.unwrap_or(0.0);
        if !(error_m.is_finite() && error_m >= 0.0) {
            let reason = format!("expected an error of at least 0 metres, got `{error_m}`");
            return Err(Fault::new("error_m", reason, &error_m.to_string()));
        }
        if let Some((low, high)) = altitude_m
            && !(low.is_finite() && high.is_finite() && low <= high)
        {
            let reason = format!("expected a lowest and a highest altitude, got `{low}`, `{high}`");
            return Err(Fault::new("altitude_m", reason, ""));
        }
        Ok(Place { role: self.name_or_empty("role", role)?, shape, error_m, altitude_m })
    }
}
