//! What is wrong at the word that no rule of the grammar fits, and what to do about it.
//!
//! Invariant: a word that was told of when it was read is not told of again.

use super::Parser;
use crate::ast::Kind;
use crate::diagnostic::Diagnostic;
use crate::keyword::{KEYWORDS, reserved};
use crate::lexeme::{Class, DAYS, Lexeme, Terminal, begins_name};
use crate::names::article;
use crate::span::Span;

pub(crate) const KINDS: [Kind; 21] = [
    Kind::Agreement,
    Kind::Actor,
    Kind::Group,
    Kind::Act,
    Kind::Verb,
    Kind::Category,
    Kind::Measure,
    Kind::Defence,
    Kind::Line,
    Kind::Zone,
    Kind::Family,
    Kind::List,
    Kind::ListItem,
    Kind::Table,
    Kind::Parameter,
    Kind::Finding,
    Kind::State,
    Kind::Step,
    Kind::Reading,
    Kind::Role,
    Kind::Side,
];

/// What a reader calls a terminal of the grammar.
pub fn describe(terminal: Terminal) -> String {
    match terminal {
        Terminal::Named(kinds) => {
            let skip = |kind: &Kind| !matches!(kind, Kind::Group | Kind::Verb);
            let kinds = KINDS.into_iter().filter(|kind| kinds.has(*kind)).filter(skip);
            kinds.map(article).collect::<Vec<_>>().join(" or ")
        }
        Terminal::NewLine => "the end of the line".to_owned(),
        Terminal::Label => "a paragraph as 3.1".to_owned(),
        Terminal::Number => "a number".to_owned(),
        Terminal::Date => "a date as 2026-03-01".to_owned(),
        Terminal::Time => "a time as 14:00".to_owned(),
        Terminal::Text => "text in quotes".to_owned(),
        Terminal::File => "a file as annex-a.geojson".to_owned(),
        Terminal::Unit => "a unit as km".to_owned(),
        Terminal::ZoneName => "a time zone as Europe/Vienna".to_owned(),
        Terminal::Day => "a day of the week".to_owned(),
        Terminal::Grade => "a grade as B2".to_owned(),
        Terminal::Point => "a point as 48.5N 37.9E".to_owned(),
        Terminal::Id => "a handle as f1".to_owned(),
    }
}

/// The kinds of a name, as a message says them.
fn kinds_of(word: &Lexeme) -> String {
    let kinds = KINDS.into_iter().filter(|kind| word.kinds.has(*kind));
    kinds.map(article).collect::<Vec<_>>().join(" and ")
}

impl Parser<'_> {
    /// What is wrong at the word at hand; nothing where it was told before.
    pub(super) fn unexpected(&self) -> Option<Diagnostic> {
        let mut expected = self.expected.clone();
        expected.sort();
        let Some(word) = self.word(0).filter(|word| word.class != Class::NewLine) else {
            let end = self.here();
            let message = "the line ends too early";
            return Some(self.finish("S021", Span::new(end, end), message, expected));
        };
        if word.edge && self.at > 0 && !word.is_word("expect") {
            let end = self.since(word.span.start).end;
            let message = "the line ends too early";
            return Some(self.finish("S021", Span::new(end, end), message, expected));
        }
        let next = self.word(1).filter(|_| word.class == Class::Comma);
        let next = next.filter(|next| next.class == Class::Word && begins_name(&next.text));
        if let Some(next) = next {
            return Some(self.unknown(next, Vec::new()));
        }
        match word.class {
            Class::Unknown => None,
            Class::Word if begins_name(&word.text) => Some(self.unknown(word, expected)),
            Class::Word if reserved(&word.text) && self.in_name() => {
                let message = format!("`{}` is a keyword and stands in no name", word.text);
                let found = self.finish("S014", word.span, message, expected);
                Some(found.help("choose another word, or begin it with a capital letter"))
            }
            Class::Name => {
                let kinds = kinds_of(word);
                let message = format!("`{}` is {kinds} and has no place here", word.text);
                Some(self.finish("S023", word.span, message, expected))
            }
            _ if glued(&word.text) => {
                let message = format!("`{}` is neither a word nor a number", word.text);
                let found = self.finish("S022", word.span, message, expected);
                Some(found.help("put a space between a number and its unit"))
            }
            _ => {
                let message = format!("`{}` has no place here", word.text);
                Some(self.finish("S022", word.span, message, expected))
            }
        }
    }

    /// Whether the word at hand stands where a name does, or just after one.
    fn in_name(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.words.get(at));
        let after = self.at == 2 && before.is_some_and(Lexeme::opens_name);
        after || self.expected.iter().any(|expected| expected == "a name")
    }

    fn unknown(&self, word: &Lexeme, expected: Vec<String>) -> Diagnostic {
        let near = self.near(&word.text);
        let message = format!("nothing is declared as `{}`", word.text);
        let found = self.finish("S020", word.span, message, expected);
        match near {
            Some(near) => found.help(format!("did you mean `{near}`?")),
            None => found,
        }
    }

    /// The keyword expected here, or the name, that is spelt most like this word.
    fn near(&self, word: &str) -> Option<String> {
        const NAMES: usize = 2_000;
        const LONGEST: usize = 40;
        if word.len() > LONGEST || !self.suggests || self.told.len() > 20 {
            return None;
        }
        let quoted = self.expected.iter().filter_map(|text| text.strip_prefix('`'));
        let keywords = quoted.filter_map(|text| text.strip_suffix('`'));
        let names = self.vocabulary.iter().map(|(name, _)| name).take(NAMES);
        let all = keywords.chain(names).chain(KEYWORDS.iter().copied()).chain(DAYS);
        let close = |candidate: &str| {
            let first = candidate.split(' ').next().unwrap_or(candidate);
            let whole = strsim::damerau_levenshtein(word, candidate);
            whole.min(strsim::damerau_levenshtein(word, first))
        };
        let most = (word.chars().count() / 3).clamp(1, 3);
        let near = all.filter(|text| text.len() <= LONGEST && text.len() > 1);
        let ranked = near.map(|text| (close(text), text)).filter(|(far, _)| *far <= most);
        ranked.min_by_key(|(far, _)| *far).map(|(_, text)| text.to_owned())
    }

    fn finish(
        &self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        expected: Vec<String>,
    ) -> Diagnostic {
        Diagnostic::error(code, span, message).expected(expected)
    }
}

/// `15km`: a number with letters at its end.
fn glued(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    rest.len() < text.len() && !rest.is_empty() && rest.chars().all(char::is_alphabetic)
}
