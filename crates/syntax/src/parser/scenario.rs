//! Reads scenarios: facts, a clock, and what they must lead to.
//!
//! Invariant: a line that cannot be read costs that line only.

use super::{Parser, Read, Stop};
use crate::ast::{
    DateTime, Detail, Expect, ExpectNote, Fact, FactKind, Kind, Kinds, Number, Point, Report,
    ReportKind, ReportPlace, ReportWhat, Sureness, Text,
};
use crate::diagnostic::Diagnostic;
use crate::lexeme::{ACT, ACTOR, Class, Terminal, degrees};
use crate::span::Span;

const VERDICTS: [&str; 14] = [
    "breached",
    "possibly breached",
    "undeterminable",
    "excused",
    "met late",
    "met",
    "at risk",
    "pending",
    "found",
    "possibly found",
    "not in force",
    "lapsed",
    "suspended",
    "waived",
];

const REASONS: [&str; 34] = [
    "established",
    "act unconfirmed",
    "conflicting",
    "category unknown",
    "place uncertain",
    "time uncertain",
    "number uncertain",
    "attribution undetermined",
    "judgement awaited",
    "exception uncertain",
    "state uncertain",
    "claimed",
    "accepted",
    "deadline missed",
    "start missed",
    "done late",
    "anchor corrected",
    "possibly late",
    "done",
    "not yet due",
    "evidence may arrive",
    "little time left",
    "no evidence",
    "access denied",
    "watched throughout",
    "grounds withdrawn",
    "target missed",
    "ended",
    "above limit",
    "below floor",
    "outside application",
    "silence decided",
    "refused by vote",
    "waived by right",
];

/// What a scenario says.
#[derive(Debug, Default)]
pub(crate) struct ScenarioParts {
    pub at: Option<DateTime>,
    pub facts: Vec<Fact>,
    pub expect: Vec<Expect>,
}

impl Parser<'_> {
    /// Reads a whole scenario of a `casus-test` block.
    pub fn scenario(&mut self) -> ScenarioParts {
        let mut parts = ScenarioParts::default();
        if let Some(first) = self.word(0).filter(|first| !first.edge) {
            let message = "the indented line belongs to no scenario";
            let help = "a scenario begins with `at` at the left edge of its block";
            self.told.push(Diagnostic::error("S025", first.span, message).help(help));
            self.damaged = true;
            return parts;
        }
        match self.clock_line() {
            Ok(at) => parts.at = Some(at),
            Err(Stop) => self.recover(),
        }
        while !self.done() {
            let read = if self.word(0).is_some_and(|word| word.edge) {
                self.expect_line().map(|expect| parts.expect.push(expect))
            } else if self.next_line() {
                let late = !parts.expect.is_empty();
                let start = self.here();
                let read = self.fact().map(|fact| parts.facts.push(fact));
                if late {
                    self.late_fact(start);
                }
                read
            } else {
                Err(Stop)
            };
            if read.is_err() {
                self.recover();
            }
        }
        parts
    }

    fn late_fact(&mut self, start: usize) {
        let message = "the fact stands after an expectation";
        let help = "facts come first, and each `expect` stands at the left edge";
        self.told.push(Diagnostic::error("S025", self.since(start), message).help(help));
        self.damaged = true;
    }

    fn clock_line(&mut self) -> Read<DateTime> {
        self.need("at")?;
        self.instant()
    }

    fn fact(&mut self) -> Read<Fact> {
        let start = self.here();
        let kind = if self.eat("correction of") {
            let id = self.text_of(Terminal::Id)?;
            self.need(":")?;
            FactKind::Correction(id, self.report()?)
        } else if self.withdrawn() {
            self.need("withdrawal of")?;
            let id = self.text_of(Terminal::Id)?;
            self.need(",")?;
            self.need("known")?;
            FactKind::Withdrawal(id, self.instant()?)
        } else if self.could_be(0, Terminal::Id) && self.ahead(1, ":") {
            let id = self.text_of(Terminal::Id)?;
            self.need(":")?;
            FactKind::Report(Some(id), self.report()?)
        } else {
            FactKind::Report(None, self.report()?)
        };
        Ok(Fact { kind, span: self.since(start), line: 0 })
    }

    fn withdrawn(&self) -> bool {
        self.ahead(0, "withdrawal of") && self.could_be(2, Terminal::Id)
    }

    fn report(&mut self) -> Read<Report> {
        let start = self.here();
        let what = self.report_what()?;
        let by = if self.eat("by") { Some(self.actors()?) } else { None };
        let to = if self.eat("to") { Some(self.actors()?) } else { None };
        let mut places = Vec::new();
        while self.eat("in") {
            let place = self.run()?;
            let role = if self.eat("at") { Some(self.name_of(Kind::Role)?) } else { None };
            places.push(ReportPlace { place, role });
        }
        let about = if self.eat("about") { self.handles()? } else { Vec::new() };
        self.need("on")?;
        let on = self.when()?;
        let latest = if self.eat("to") { Some(self.when()?) } else { None };
        let until = if self.eat("until") { Some(self.instant()?) } else { None };
        let mut details = Vec::new();
        while self.eat(",") {
            details.push(self.detail()?);
        }
        let span = self.since(start);
        Ok(Report { what, by, to, places, about, on, latest, until, details, span })
    }

    fn handles(&mut self) -> Read<Vec<Text>> {
        let follows = |parser: &Self| parser.could_be(1, Terminal::Id);
        self.list(follows, |parser| parser.text_of(Terminal::Id))
    }

    fn report_what(&mut self) -> Read<ReportWhat> {
        let defence = Terminal::Named(crate::ast::Kinds::of(&[Kind::Defence]));
        let judged = self.could_be(2, defence) || !self.named(0, ACT);
        if judged && self.eat("claim of") {
            return self.name_of(Kind::Defence).map(ReportWhat::Claim);
        }
        if judged && self.eat("acceptance of") {
            return self.name_of(Kind::Defence).map(ReportWhat::Acceptance);
        }
        let of_label = self.could_be(2, Terminal::Label);
        if judged && !of_label && self.eat("rejection of") {
            return self.name_of(Kind::Defence).map(ReportWhat::Rejection);
        }
        let ruled = self.could_be(2, Terminal::Label) || !self.named(0, ACT);
        type Of = fn(crate::ast::Label) -> ReportWhat;
        let spoken: [(&'static str, Of); 3] = [
            ("rejection of", ReportWhat::Refusal),
            ("exercise of", ReportWhat::Exercise),
            ("waiver of", ReportWhat::Waiver),
        ];
        if ruled && let Some(of) = self.choose(&spoken) {
            return self.label().map(of);
        }
        if ruled && self.eat("adoption of") {
            let label = self.label()?;
            let step = self.word(0).is_some_and(|word| word.opens_name());
            let step = if step { Some(self.run()?) } else { None };
            return Ok(ReportWhat::Adoption(label, step));
        }
        let act = self.name(ACT)?;
        let kind = if self.eat("of") { Some(self.report_kind()?) } else { None };
        Ok(ReportWhat::Act { act, kind })
    }

    fn report_kind(&mut self) -> Read<ReportKind> {
        let category = self.name_of(Kind::Category)?;
        let mut measures = Vec::new();
        if self.eat("with") {
            measures.push((self.name_of(Kind::Measure)?, self.quantity()?));
            while self.eat("and") {
                measures.push((self.name_of(Kind::Measure)?, self.quantity()?));
            }
        }
        Ok(ReportKind { category, measures })
    }

    fn detail(&mut self) -> Read<Detail> {
        if self.eat("grade") {
            return self.text_of(Terminal::Grade).map(Detail::Grade);
        }
        if self.eat("attribution") {
            return self.sureness().map(Detail::Attribution);
        }
        if self.eat("known") {
            return self.instant().map(Detail::Known);
        }
        if self.eat("source") {
            let source = self.text_of(Terminal::Text)?;
            let from = if self.eat("from") { Some(self.text_of(Terminal::Text)?) } else { None };
            return Ok(Detail::Source(source, from));
        }
        if self.eat("incident") {
            return self.text_of(Terminal::Id).map(Detail::Incident);
        }
        if self.eat("item") {
            return self.text_of(Terminal::Text).map(Detail::Item);
        }
        if self.eat("error") {
            return self.value().map(Detail::Error);
        }
        if self.eat("at height") {
            let low = self.value()?;
            let high = if self.eat("to") { Some(self.value()?) } else { None };
            return Ok(Detail::Height(low, high));
        }
        if self.eat("at") {
            let point = self.point()?;
            let role = if self.eat("as") { Some(self.name_of(Kind::Role)?) } else { None };
            return Ok(Detail::At(point, role));
        }
        if self.eat("along") {
            let mut points = vec![self.point()?];
            while self.eat("to") {
                points.push(self.point()?);
            }
            let role = if self.eat("as") { Some(self.name_of(Kind::Role)?) } else { None };
            return Ok(Detail::Along(points, role));
        }
        let measure = self.name_of(Kind::Measure)?;
        let low = self.quantity()?;
        let high = if self.eat("to") { Some(self.quantity()?) } else { None };
        Ok(Detail::Measure { measure, low, high })
    }

    fn sureness(&mut self) -> Read<Sureness> {
        let words = [
            ("confirmed", Sureness::Confirmed),
            ("probable", Sureness::Probable),
            ("possible", Sureness::Possible),
            ("unknown", Sureness::Unknown),
        ];
        if let Some(sureness) = self.choose(&words) {
            return Ok(sureness);
        }
        let number = self.number()?;
        self.need("%")?;
        Ok(Sureness::Percent(number))
    }

    fn point(&mut self) -> Read<Point> {
        let lexeme = self.take(Terminal::Point)?;
        let span = lexeme.span;
        let (north, east) = lexeme.text.split_once(' ').unwrap_or(("", ""));
        let latitude = degrees(north, 'N', 'S', 90.0).unwrap_or(f64::NAN);
        let longitude = degrees(east, 'E', 'W', 180.0).unwrap_or(f64::NAN);
        if latitude.is_nan() || longitude.is_nan() {
            let message = format!("there is no point `{}`", lexeme.text);
            let help = "latitude goes up to 90, longitude up to 180";
            self.told.push(Diagnostic::error("S032", span, message).help(help));
            self.damaged = true;
            return Ok(Point { latitude: 0.0, longitude: 0.0, span });
        }
        Ok(Point { latitude, longitude, span })
    }

    fn expect_line(&mut self) -> Read<Expect> {
        let start = self.here();
        self.need("expect")?;
        let mut reading = None;
        if self.eat("reading") {
            reading = Some(self.run()?);
            self.need("of")?;
        }
        let label = self.label()?;
        let verdict = self.words_of(&VERDICTS).ok_or(Stop)?;
        let by = if self.eat("by") { Some(self.name(ACTOR)?) } else { None };
        let mut keys = Vec::new();
        if self.eat("for") {
            keys.push(self.key_value()?);
            while self.eat("and") {
                keys.push(self.key_value()?);
            }
        }
        let mut notes = Vec::new();
        while self.eat(",") {
            notes.push(self.note()?);
        }
        let ends = self.word(0).is_none_or(|word| word.edge || word.class == Class::NewLine);
        if !ends {
            self.expect("the end of the line");
            return Err(Stop);
        }
        Ok(Expect { reading, label, verdict, by, keys, notes, span: self.since(start), line: 0 })
    }

    /// A value of a finding's key: a name, the date that a period begins with, or `start`.
    fn key_value(&mut self) -> Read<crate::ast::Name> {
        let start = self.here();
        let text = if self.sees_terminal(Terminal::Date) {
            self.take(Terminal::Date)?.text.clone()
        } else if self.eat("start") {
            "start".to_owned()
        } else {
            return self.run();
        };
        Ok(crate::ast::Name { text, span: self.since(start), kinds: Kinds::of(&[]) })
    }

    /// Reads the first of these that stands here.
    fn words_of(&mut self, all: &[&'static str]) -> Option<&'static str> {
        all.iter().find(|words| self.eat(words)).copied()
    }

    fn note(&mut self) -> Read<ExpectNote> {
        let start = self.here();
        let counts = [("once", "1"), ("twice", "2"), ("never", "0")];
        if let Some(count) = self.choose(&counts) {
            let span = self.since(start);
            return Ok(ExpectNote::Count(Number { text: count.to_owned(), span }));
        }
        if self.eat("due") {
            return self.instant().map(ExpectNote::Due);
        }
        if self.sees_terminal(Terminal::Number) {
            let number = self.number()?;
            self.need("times")?;
            return Ok(ExpectNote::Count(number));
        }
        self.words_of(&REASONS).map(ExpectNote::Reason).ok_or(Stop)
    }
}

/// Gives facts and expectations their lines.
pub(crate) fn number_lines(parts: &mut ScenarioParts, line: impl Fn(Span) -> u32) {
    for fact in &mut parts.facts {
        fact.line = line(fact.span);
    }
    for expect in &mut parts.expect {
        expect.line = line(expect.span);
    }
}
