//! The first pass: which names the items declare, before any sentence is read.
//!
//! Invariant: a name is a run of words up to the first keyword or sign, whatever else is
//! declared; so the order of declarations does not matter.

use crate::ast::Kind;
use crate::diagnostic::Diagnostic;
use crate::keyword;
use crate::layout::Unit;
use crate::lexeme::{Class, Lexeme};
use crate::limits::Limits;
use crate::span::{Lines, Span};
use crate::vocabulary::Vocabulary;
use std::collections::HashMap;

/// Collects the names of these items.
pub(crate) fn collect(
    units: &[&Unit],
    lines: &Lines,
    limits: &Limits,
) -> (Vocabulary, Vec<Diagnostic>) {
    let mut names = Names {
        limits,
        lines,
        vocabulary: Vocabulary::built_in(),
        first: HashMap::new(),
        told: Vec::new(),
        unit: 0,
    };
    for (at, unit) in units.iter().enumerate() {
        names.unit = at;
        names.item(&unit.words);
    }
    (names.vocabulary, names.told)
}

/// A name that stands where it is declared.
struct Run {
    text: String,
    span: Span,
    next: usize,
}

struct Names<'a> {
    limits: &'a Limits,
    lines: &'a Lines,
    vocabulary: Vocabulary,
    /// Where a name was first declared, as what, and in which item; and whether in a line of its
    /// own or only in passing.
    first: HashMap<String, (Kind, Span, usize, Again)>,
    told: Vec<Diagnostic>,
    unit: usize,
}

/// Whether a name may be declared again as the same kind.
#[derive(Clone, Copy, PartialEq)]
enum Again {
    Never,
    May,
}

impl Names<'_> {
    fn item(&mut self, words: &[Lexeme]) {
        let Some(first) = words.first() else { return };
        match first.text.as_str() {
            "agreement" => self.one(words, 1, Kind::Agreement),
            "party" | "parties" => self.list(words, 1, Kind::Actor, Again::Never),
            "group" => self.one(words, 1, Kind::Group),
            "office" => self.one(words, 1, Kind::Actor),
            "act" => self.act(words),
            "category" => self.category(words),
            "measure" => {
                let next = self.list(words, 1, Kind::Measure, Again::Never);
                self.unit_of_measure(words, next)
            }
            "defence" => self.list(words, 1, Kind::Defence, Again::Never),
            "line" => self.line(words),
            "the" => self.one(words, 2, Kind::Agreement),
            "zone" => self.one(words, 1, Kind::Zone),
            "zones" => self.one(words, 1, Kind::Family),
            "list" => self.inventory(words),
            "table" => self.one(words, 1, Kind::Table),
            "parameter" => self.one(words, 1, Kind::Parameter),
            "reading" => self.again(words, 1, Kind::Reading),
            "amend" => 0,
            text if crate::lexeme::label(text) => self.ruled(words),
            _ => self.other(words),
        };
    }

    /// `LABEL finding NAME`, `LABEL state NAME`, and the steps of a response.
    fn ruled(&mut self, words: &[Lexeme]) -> usize {
        let head = words.get(1).map_or("", |word| word.text.as_str());
        match head {
            "finding" => self.one(words, 2, Kind::Finding),
            "state" => self.one(words, 2, Kind::State),
            "response" => {
                for (at, pair) in words.windows(2).enumerate() {
                    if let [line, step] = pair
                        && line.class == Class::NewLine
                        && step.is_word("step")
                    {
                        self.again(words, at + 2, Kind::Step);
                    }
                }
                0
            }
            _ => 0,
        }
    }

    /// `ACTOR answers for NAME`, `CATEGORY has NAME in UNIT`.
    fn other(&mut self, words: &[Lexeme]) -> usize {
        for (at, word) in words.iter().enumerate().take(self.limits.name_words + 1) {
            if word.is_word("answers") && words.get(at + 1).is_some_and(|w| w.is_word("for")) {
                return self.list(words, at + 2, Kind::Actor, Again::May);
            }
            if word.is_word("has") {
                let next = self.again(words, at + 1, Kind::Measure);
                return self.unit_of_measure(words, next);
            }
        }
        0
    }

    fn act(&mut self, words: &[Lexeme]) -> usize {
        let cases = words.iter().take_while(|word| word.class != Class::NewLine);
        if cases.clone().any(|word| word.is_word("is") || word.is_word("are")) {
            return self.list(words, 1, Kind::Act, Again::May);
        }
        let mut at = self.one(words, 1, Kind::Act);
        while let Some(word) = words.get(at) {
            let after_comma = at > 0 && words.get(at - 1).is_some_and(|w| w.is_word(","));
            at = if after_comma && word.is_word("verb") {
                self.one(words, at + 1, Kind::Verb)
            } else if after_comma && word.is_word("places") {
                self.list(words, at + 1, Kind::Role, Again::May)
            } else {
                at + 1
            };
        }
        at
    }

    fn category(&mut self, words: &[Lexeme]) -> usize {
        let mut at = self.one(words, 1, Kind::Category);
        let mut opens = words.get(at).is_some_and(|word| word.is_word("is"));
        at += 1;
        while let Some(word) = words.get(at) {
            let next = if opens { self.again(words, at, Kind::Category) } else { at };
            opens = word.is_word(",");
            at = if next > at { next } else { at + 1 };
        }
        at
    }

    /// `line NAME from FILE, with sides NAME, NAME`.
    fn line(&mut self, words: &[Lexeme]) -> usize {
        let at = self.again(words, 1, Kind::Line);
        let sides = words.windows(2).position(|pair| {
            pair.first().is_some_and(|word| word.is_word("with"))
                && pair.last().is_some_and(|word| word.is_word("sides"))
        });
        sides.map_or(at, |with| self.list(words, with + 2, Kind::Side, Again::May))
    }

    fn inventory(&mut self, words: &[Lexeme]) -> usize {
        let at = self.one(words, 1, Kind::List);
        let named = words.iter().skip(at).position(|word| word.is_word("is"));
        named.map_or(at, |is| self.list(words, at + is + 1, Kind::ListItem, Again::May))
    }

    fn unit_of_measure(&mut self, words: &[Lexeme], at: usize) -> usize {
        let unit = words.get(at + 1).filter(|unit| unit.class == Class::Word);
        if let Some(unit) = unit.filter(|_| words.get(at).is_some_and(|word| word.is_word("in"))) {
            self.vocabulary.declare_unit(&unit.text);
        }
        at
    }

    fn one(&mut self, words: &[Lexeme], at: usize, kind: Kind) -> usize {
        self.name(words, at, kind, Again::Never)
    }

    fn again(&mut self, words: &[Lexeme], at: usize, kind: Kind) -> usize {
        self.name(words, at, kind, Again::May)
    }

    fn list(&mut self, words: &[Lexeme], mut at: usize, kind: Kind, again: Again) -> usize {
        loop {
            let next = self.name(words, at, kind, again);
            let more = next > at
                && words.get(next).is_some_and(|word| word.is_word(","))
                && words.get(next + 1).is_some_and(Lexeme::opens_name);
            if !more {
                return next;
            }
            at = next + 1;
        }
    }

    fn name(&mut self, words: &[Lexeme], at: usize, kind: Kind, again: Again) -> usize {
        let Some(run) = run(words, at) else { return at };
        let next = run.next;
        if self.fits(&run) {
            self.declare(&run, kind, again);
        }
        next
    }

    fn fits(&mut self, run: &Run) -> bool {
        let words: Vec<&str> = run.text.split(' ').collect();
        if run.text.len() > self.limits.name_bytes || words.len() > self.limits.name_words {
            let limits = (self.limits.name_words, self.limits.name_bytes);
            let message = format!(
                "the name has {} words and {} bytes, more than {} and {}",
                words.len(),
                run.text.len(),
                limits.0,
                limits.1
            );
            self.told.push(Diagnostic::error("S013", run.span, message).help("shorten the name"));
            return false;
        }
        if let Some(keyword) = keyword::inside(&words) {
            let message = format!("the name `{}` holds the keyword `{keyword}`", run.text);
            let help = "choose another word, or begin it with a capital letter";
            self.told.push(Diagnostic::error("S012", run.span, message).help(help));
            return false;
        }
        true
    }

    fn declare(&mut self, run: &Run, kind: Kind, again: Again) {
        let shares = |kind: Kind| {
            matches!(
                kind,
                Kind::Role | Kind::Step | Kind::Reading | Kind::ListItem | Kind::Agreement
            )
        };
        if let Some((other, place, unit, before)) = self.first.get(&run.text).copied() {
            let own_verb = unit == self.unit && other == Kind::Act && kind == Kind::Verb;
            if other == kind && again == Again::Never && before == Again::Never {
                let message = format!("`{}` is declared twice", run.text);
                self.tell("S010", run.span, message, place, "give one of them another name");
            } else if other != kind && !own_verb && !shares(other) && !shares(kind) {
                let (one, two) = (article(other), article(kind));
                let message = format!("`{}` is declared as {one} and as {two}", run.text);
                self.tell("S011", run.span, message, place, "give one of them another name");
            }
        }
        if !shares(kind) || !self.first.contains_key(&run.text) {
            let known = self.first.get(&run.text).filter(|(first, ..)| !shares(*first)).copied();
            let mut this = known.unwrap_or((kind, run.span, self.unit, again));
            if again == Again::Never {
                this.3 = again;
            }
            self.first.insert(run.text.clone(), this);
        }
        self.vocabulary.declare(&run.text, kind, Some(run.span));
    }

    fn tell(&mut self, code: &'static str, span: Span, message: String, first: Span, help: &str) {
        let line = self.lines.line(first.start);
        let help = format!("it is declared first on line {line}: {help}");
        let found = Diagnostic::error(code, span, message).help(help);
        self.told.push(found.related(first, "declared first here"));
    }
}

/// The words of a name that begins here.
fn run(words: &[Lexeme], at: usize) -> Option<Run> {
    let first = words.get(at).filter(|word| word.opens_name())?;
    let rest = words.iter().skip(at).take_while(|word| word.continues_name());
    let parts: Vec<&Lexeme> = rest.collect();
    let span = first.span.to(parts.last().map_or(first.span, |last| last.span));
    let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
    Some(Run { text: texts.join(" "), span, next: at + parts.len() })
}

/// The kind with its article, as a message says it.
pub(crate) fn article(kind: Kind) -> &'static str {
    match kind {
        Kind::Agreement => "an agreement",
        Kind::Actor => "a party, office or force",
        Kind::Group => "a group",
        Kind::Act => "an act",
        Kind::Verb => "the verb of an act",
        Kind::Category => "a category",
        Kind::Measure => "a measure",
        Kind::Defence => "a defence",
        Kind::Line => "a line",
        Kind::Zone => "a zone",
        Kind::Family => "a family of zones",
        Kind::List => "a list",
        Kind::ListItem => "an item of a list",
        Kind::Table => "a table",
        Kind::Parameter => "a parameter",
        Kind::Finding => "a finding",
        Kind::State => "a state",
        Kind::Step => "a step",
        Kind::Reading => "a reading",
        Kind::Role => "a role of a place",
        Kind::Side => "a side of a line",
    }
}

/// A name that is read one way here and could be read another.
pub(crate) fn overlaps(words: &[Lexeme], used: usize, vocabulary: &Vocabulary) -> Option<String> {
    (1..used).find_map(|start| {
        let most = vocabulary.longest_from(&words.get(start)?.text);
        (used - start + 1..=most).find_map(|length| {
            let part = words.get(start..start + length)?;
            let plain = part.iter().all(|word| word.class == Class::Word);
            let texts: Vec<&str> = part.iter().map(|word| word.text.as_str()).collect();
            let text = texts.join(" ");
            (plain && vocabulary.get(&text).is_some()).then_some(text)
        })
    })
}
