//! Facts, places and amounts in plain words.

use super::{Plain, joined};
use crate::{
    name::Name,
    program::{
        ActId, ActorId, Bearers, By, Compare, Distance, Key, MeasureTest, Pattern, PlaceTest,
        RuleId, Share, What,
    },
    side::Hand,
};
use rust_decimal::Decimal;

impl Plain<'_> {
    /// A fact that is looked for.
    pub(super) fn pattern(self, pattern: &Pattern) -> String {
        let mut words = self.what(&pattern.what);
        if let Some(object) = &pattern.object {
            let category = object.category.of(self.program);
            let name = category.map_or("a thing", |category| &*category.name);
            words = format!("{words} of {name}{}", self.tests(&object.tests));
        }
        match &pattern.by {
            By::Anyone => {}
            By::OneOf(actors) => words = format!("{words} by {}", self.actors(actors, "or")),
            By::Same => words = format!("{words} by the same party"),
            By::Other => words = format!("{words} by another party"),
        }
        if !pattern.to.is_empty() {
            words = format!("{words} to {}", self.actors(&pattern.to, "or"));
        }
        for place in &pattern.places {
            words = format!("{words} {}", self.place(place));
        }
        let groups: Vec<String> = pattern.tests.iter().map(|group| self.tests(group)).collect();
        format!("{words}{}", groups.join(" or"))
    }

    fn what(self, what: &What) -> String {
        match what {
            What::Act(acts) => {
                let acts: Vec<String> = acts.iter().map(|act| self.act(*act)).collect();
                joined(&acts, "or")
            }
            What::Breach(rule) => format!("breach of {}", self.label(*rule)),
            What::Found(rule) => format!("finding of {}", self.label(*rule)),
            What::Adopted(rule) => format!("adoption of {}", self.label(*rule)),
            What::Refused(rule) => format!("refusal of {}", self.label(*rule)),
            What::Met(rule) => format!("fulfilment of {}", self.label(*rule)),
            What::Missed(rule) => format!("missed deadline of {}", self.label(*rule)),
            What::Begin(rule) => format!("begin of {}", self.label(*rule)),
            What::End(rule) => format!("end of {}", self.label(*rule)),
            What::AnyOf(all) => {
                let all: Vec<String> = all.iter().map(|one| self.what(one)).collect();
                joined(&all, "or")
            }
        }
    }

    fn act(self, act: ActId) -> String {
        act.of(self.program).map_or_else(|| "an act".to_owned(), |act| act.name.to_string())
    }

    /// A rule by its label, with its name where it has one.
    pub(super) fn label(self, rule: RuleId) -> String {
        use crate::program::Body;
        let Some(rule) = rule.of(self.program) else { return "a rule".to_owned() };
        match &rule.body {
            Body::Finding(found) => format!("“{}” ({})", found.name, rule.label),
            Body::State(state) => format!("“{}” ({})", state.name, rule.label),
            _ => rule.label.to_string(),
        }
    }

    /// Actors by name, joined by a word.
    pub(super) fn actors(self, actors: &[ActorId], word: &str) -> String {
        let names: Vec<String> = actors
            .iter()
            .filter_map(|actor| actor.of(self.program))
            .map(|actor| actor.name.to_string())
            .collect();
        joined(&names, word)
    }

    /// Who bears a rule, and how.
    pub(super) fn bearers(self, bearers: &Bearers) -> String {
        let names = |word| self.actors(&bearers.actors, word);
        match (bearers.actors.len(), bearers.mode) {
            (1, _) => names("and"),
            (_, Share::Each) => format!("Each of {}, judged one by one,", names("and")),
            (_, Share::Together) => format!("{} together, judged as one,", names("and")),
            (_, Share::AnyOf) => format!("Any one of {}", names("or")),
        }
    }

    fn place(self, place: &PlaceTest) -> String {
        match place {
            PlaceTest::Zone { zones, roles, inside } => {
                let names: Vec<String> = zones
                    .iter()
                    .filter_map(|zone| zone.of(self.program))
                    .map(|zone| zone.name.to_string())
                    .collect();
                let side = if *inside { "in" } else { "outside" };
                format!("{side} {}{}", joined(&names, "or"), at(roles))
            }
            PlaceTest::Line { line, own, distance, roles, beyond } => {
                let side = if *beyond { "at least" } else { "at most" };
                let line = line.of(self.program).map_or("a line", |line| &*line.name);
                let own = if *own { "the party's own " } else { "" };
                let far = self.distance(distance);
                format!("{side} {far} from {own}{line}{}", at(roles))
            }
            PlaceTest::Across { line, own, into, roles } => {
                let line = line.of(self.program);
                let side = line.and_then(|line| line.sides.as_ref()).zip(*into);
                let into = side.map(|((left, right), into)| match into {
                    Hand::Left => format!(" into {left}"),
                    Hand::Right => format!(" into {right}"),
                });
                let name = line.map_or("a line", |line| &*line.name);
                let own = if *own { "the party's own " } else { "" };
                format!("across {own}{name}{}{}", into.unwrap_or_default(), at(roles))
            }
        }
    }

    fn distance(self, distance: &Distance) -> String {
        match distance {
            Distance::Metres(metres) => length(*metres),
            Distance::Table(table) => {
                let name = table.of(self.program).map_or("the table", |table| &*table.name);
                format!("what “{name}” says for the thing")
            }
        }
    }

    /// Tests of measures, with a blank before them.
    pub(super) fn tests(self, tests: &[MeasureTest]) -> String {
        if tests.is_empty() {
            return String::new();
        }
        let tests: Vec<String> = tests
            .iter()
            .map(|test| {
                let value = self.value(Some(&test.measure), test.value);
                format!("{} {} {value}", test.measure, compare(test.compare))
            })
            .collect();
        format!(" with {}", joined(&tests, "and"))
    }

    /// A value of a measure in the unit that the text declares.
    pub(super) fn value(self, measure: Option<&Name>, value: Decimal) -> String {
        let declared = measure
            .and_then(|name| self.program.measures.iter().find(|measure| measure.name == *name));
        let unit = declared.map_or("", |measure| &*measure.unit);
        let size = crate::quantity::unit(unit).map_or(Decimal::ONE, |(_, size)| size);
        let shown = value.checked_div(size).unwrap_or(value).normalize();
        match unit {
            "" => shown.to_string(),
            unit => format!("{shown} {unit}"),
        }
    }
}

/// What facts share, with a blank before it.
pub(super) fn keys(plain: Plain<'_>, keys: &[Key]) -> String {
    if keys.is_empty() {
        return String::new();
    }
    let words: Vec<String> = keys.iter().map(|one| plain.key(*one)).collect();
    format!(" of the same {}", joined(&words, "and"))
}

impl Plain<'_> {
    /// The name of a key.
    pub(super) fn key(self, key: Key) -> String {
        match key {
            Key::Party => "party".to_owned(),
            Key::Item => "item".to_owned(),
            Key::Recipient => "recipient".to_owned(),
            Key::Family(family) => {
                family.of(self.program).map_or("zone".to_owned(), |one| one.name.to_string())
            }
        }
    }
}

/// A comparison.
pub(super) fn compare(compare: Compare) -> &'static str {
    match compare {
        Compare::AtLeast => "at least",
        Compare::AtMost => "at most",
        Compare::MoreThan => "more than",
        Compare::LessThan => "less than",
        Compare::Equal => "exactly",
    }
}

/// Metres, in kilometres where that is shorter.
pub(super) fn length(metres: f64) -> String {
    match metres {
        far if far >= 1000.0 => format!("{} km", far / 1000.0),
        near => format!("{near} m"),
    }
}

fn at(roles: &[Name]) -> String {
    if roles.is_empty() {
        return String::new();
    }
    let roles: Vec<String> = roles.iter().map(Name::to_string).collect();
    format!(" (as {})", joined(&roles, "or"))
}
