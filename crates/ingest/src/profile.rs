//! Profiles: what the columns of somebody's data mean.
//!
//! Invariant: a profile that loads can be applied; every key in it is known and every time format,
//! zone and grade in it can be read.

mod common;
pub(crate) mod map;
pub(crate) mod plan;

use crate::{
    names::{nearest, with_guess},
    tracks::plan::{Reader, TrackPlan},
};
use plan::Plan;
use std::fmt;

/// What the columns of somebody's data mean.
#[derive(Clone, Debug)]
pub struct Profile(pub(crate) Kind);

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// The native columns of a spreadsheet.
    Sheet,
    /// A mapping.
    Mapped(Box<Plan>),
    /// A format of positions.
    Track(Box<TrackPlan>),
}

/// A profile that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileError {
    /// The file or name of the profile.
    pub profile: String,
    /// The key, what was expected, and a guess.
    pub reason: String,
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "profile `{}`: {}", self.profile, self.reason)
    }
}

impl std::error::Error for ProfileError {}

const BUILT_IN: [(&str, &str); 12] = [
    ("acled", include_str!("../profiles/acled.toml")),
    ("ais", include_str!("../profiles/ais.toml")),
    ("beast", include_str!("../profiles/beast.toml")),
    ("firms", include_str!("../profiles/firms.toml")),
    ("marinecadastre", include_str!("../profiles/marinecadastre.toml")),
    ("opensky", include_str!("../profiles/opensky.toml")),
    ("opensky-states", include_str!("../profiles/opensky-states.toml")),
    ("readsb", include_str!("../profiles/readsb.toml")),
    ("sbs", include_str!("../profiles/sbs.toml")),
    ("traffic", include_str!("../profiles/traffic.toml")),
    ("ucdp-ged", include_str!("../profiles/ucdp-ged.toml")),
    ("viina", include_str!("../profiles/viina.toml")),
];

/// The profile of the native columns.
pub(crate) const SHEET: &str = "casus-csv";

impl Profile {
    /// The names of the profiles that come with Casus.
    pub fn names() -> Vec<&'static str> {
        let mut names: Vec<_> = BUILT_IN.iter().map(|(name, _)| *name).collect();
        names.push(SHEET);
        names.sort_unstable();
        names
    }

    /// A profile that comes with Casus.
    ///
    /// # Errors
    /// Where there is none of that name, with a guess at what was meant.
    pub fn builtin(name: &str) -> Result<Profile, ProfileError> {
        if name == SHEET {
            return Ok(Profile(Kind::Sheet));
        }
        if let Some((_, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
            return Profile::parse(name, text);
        }
        let known = Profile::names();
        let list = known.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
        let guess = nearest(name, known).map(|near| format!("; did you mean `{near}`?"));
        let reason = format!("not built in; built in are {list}{}", guess.unwrap_or_default());
        Err(ProfileError { profile: name.to_owned(), reason })
    }

    /// A profile in the text of a TOML file; `file` is its name in messages.
    ///
    /// # Errors
    /// The key at fault, what was expected, and a guess at what was meant.
    pub fn parse(file: &str, text: &str) -> Result<Profile, ProfileError> {
        let fail = |reason: String| ProfileError { profile: file.to_owned(), reason };
        let told = |error: toml::de::Error| {
            let line = error.span().map(|span| 1 + newlines(text, span.start));
            let line = line.map(|line| format!("line {line}: ")).unwrap_or_default();
            let message = error.message().replace('\n', "; ");
            fail(format!("{line}{}", with_guess(&message)))
        };
        if toml::from_str::<toml::Table>(text).is_ok_and(|table| table.contains_key("reader")) {
            let plan: TrackPlan = toml::from_str(text).map_err(told)?;
            plan.prepare().map_err(fail)?;
            return Ok(Profile(Kind::Track(Box::new(plan))));
        }
        let mut plan: Plan = toml::from_str(text).map_err(told)?;
        plan.prepare().map_err(fail)?;
        Ok(Profile(Kind::Mapped(Box::new(plan))))
    }

    /// The text of a profile that comes with Casus, to begin one's own with.
    pub fn builtin_text(name: &str) -> Option<&'static str> {
        BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match &self.0 {
            Kind::Sheet => SHEET,
            Kind::Mapped(plan) => &plan.name,
            Kind::Track(plan) => &plan.name,
        }
    }

    /// One line on what it is for.
    pub fn title(&self) -> &str {
        match &self.0 {
            Kind::Sheet => "A spreadsheet with the native columns",
            Kind::Mapped(plan) => &plan.title,
            Kind::Track(plan) => &plan.title,
        }
    }

    /// The acts that its records can name, which an agreement may declare; empty where the data
    /// name the acts themselves.
    pub fn acts(&self) -> Vec<&str> {
        match &self.0 {
            Kind::Sheet => Vec::new(),
            Kind::Mapped(plan) => plan.acts(),
            Kind::Track(plan) => vec![&plan.act],
        }
    }

    /// The same profile with local times read in another zone: an IANA name, or `any`.
    ///
    /// # Errors
    /// Where the zone is not known, or the profile takes its zone from each row.
    pub fn with_zone(mut self, zone: &str) -> Result<Profile, ProfileError> {
        let fail = |profile: &Profile, reason: String| {
            Err(ProfileError { profile: profile.name().to_owned(), reason })
        };
        if crate::moment::Zone::named(zone).is_none() {
            return fail(&self, format!("expected an IANA time zone or `any`, got `{zone}`"));
        }
        match &mut self.0 {
            Kind::Mapped(plan) => plan.time.zone = zone.to_owned(),
            Kind::Track(plan) if plan.zone.is_some() => plan.zone = Some(zone.to_owned()),
            Kind::Track(_) => return fail(&self, "its times are all of UTC".to_owned()),
            Kind::Sheet => {
                return fail(&self, "the zone is said in the column `zone` of each row".to_owned());
            }
        }
        Ok(self)
    }

    /// The profile of a format of positions that comes with Casus.
    pub(crate) fn of_track(reader: Reader) -> Option<Box<TrackPlan>> {
        match Profile::builtin(reader.profile()).ok()?.0 {
            Kind::Track(plan) => Some(plan),
            _ => None,
        }
    }

    /// Profiles that come with Casus and find all their columns among these.
    pub(crate) fn fitting(columns: &[String]) -> Option<&'static str> {
        let fits = |text: &str| match Profile::parse("", text) {
            Ok(Profile(Kind::Mapped(plan))) => plan.missing_column(columns).is_none(),
            _ => false,
        };
        BUILT_IN.iter().find(|(_, text)| fits(text)).map(|(name, _)| *name)
    }
}

fn newlines(text: &str, upto: usize) -> usize {
    text.bytes().take(upto).filter(|&b| b == b'\n').count()
}
