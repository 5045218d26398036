//! What the parser reads: words joined to declared names, and the tests of what a word can be.
//!
//! Invariant: a word may fit several terminals (`3.1` is a number and a label); the place that it
//! stands in decides, and the grammar lets no place be in doubt.

use crate::ast::{Kind, Kinds};
use crate::diagnostic::Diagnostic;
use crate::keyword::reserved;
use crate::names;
use crate::span::Span;
use crate::vocabulary::Vocabulary;

/// What a lexeme is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A word that no declaration names.
    Word,
    /// A declared name of one or more words.
    Name,
    /// `"in quotes"`.
    Text,
    /// `,`.
    Comma,
    /// `:`.
    Colon,
    /// `%`.
    Percent,
    /// `48.5N 37.9E`.
    Point,
    /// The end of a line whose next line is indented.
    NewLine,
    /// What no rule may hold.
    Unknown,
}

/// A word, a name or a sign of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lexeme {
    /// What it is.
    pub class: Class,
    /// Its words, one space between them; text without its quotes.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// What it is declared as.
    pub kinds: Kinds,
    /// It is the first of a line at the left edge.
    pub edge: bool,
}

/// A terminal of the grammar that is no keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Terminal {
    Named(Kinds),
    NewLine,
    Label,
    Number,
    Date,
    Time,
    Text,
    File,
    Unit,
    ZoneName,
    Day,
    Grade,
    Point,
    Id,
}

/// Names that stand where actors may.
pub const ACTOR: Kinds = Kinds::of(&[Kind::Actor, Kind::Group]);
/// Names that stand where acts may.
pub const ACT: Kinds = Kinds::of(&[Kind::Act, Kind::Verb]);

impl Lexeme {
    /// Whether it can be this terminal.
    pub fn is(&self, terminal: Terminal, units: &dyn Fn(&str) -> bool) -> bool {
        match terminal {
            Terminal::Named(kinds) => self.class == Class::Name && self.kinds.meets(kinds),
            Terminal::NewLine => self.class == Class::NewLine,
            Terminal::Text => self.class == Class::Text,
            Terminal::Point => self.class == Class::Point,
            Terminal::Unit if self.class == Class::Percent => true,
            _ if !self.worded() => false,
            Terminal::Label => label(&self.text),
            Terminal::Number => number(&self.text),
            Terminal::Date => date_shaped(&self.text),
            Terminal::Time => time_shaped(&self.text),
            Terminal::File => file(&self.text),
            Terminal::Unit => !reserved(&self.text) && (unit(&self.text) || units(&self.text)),
            Terminal::ZoneName => zone_name(&self.text),
            Terminal::Day => DAYS.contains(&self.text.as_str()),
            Terminal::Grade => grade(&self.text),
            Terminal::Id => {
                begins_name(&self.text)
                    && !self.text.contains(' ')
                    && !self.kinds.has(Kind::Category)
            }
        }
    }
    /// Whether it is this word of a keyword.
    pub fn is_word(&self, word: &str) -> bool {
        match word {
            "," => self.class == Class::Comma,
            ":" => self.class == Class::Colon,
            "%" => self.class == Class::Percent,
            _ => self.worded() && self.text == word,
        }
    }
    /// Whether a name can begin with it.
    pub fn opens_name(&self) -> bool {
        self.class == Class::Name || (self.class == Class::Word && begins_name(&self.text))
    }
    /// Whether a name can go on with it.
    pub fn continues_name(&self) -> bool {
        self.opens_name() || (self.class == Class::Word && number(&self.text))
    }
    fn worded(&self) -> bool {
        matches!(self.class, Class::Word | Class::Name)
    }
}

/// The days of the week.
pub const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Whether a name can begin with this word.
pub(crate) fn begins_name(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_alphabetic) && !reserved(word)
}

/// Digits, with at most one point among them.
pub(crate) fn number(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    digits(whole) && digits(part)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `3.1`, `12`, `6.2a`, `A.4`.
pub(crate) fn label(text: &str) -> bool {
    let text = text.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(text);
    let mut parts = text.split('.');
    let first = parts.next().unwrap_or("");
    let lettered = first.len() == 1 && first.bytes().all(|byte| byte.is_ascii_uppercase());
    (digits(first) || (lettered && text.len() > 1)) && parts.all(digits)
}

fn date_shaped(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [4, 2, 2] && text.split('-').all(digits)
}

fn time_shaped(text: &str) -> bool {
    let parts = text.split(':').count();
    (2..=3).contains(&parts) && text.split(':').all(|part| digits(part) && part.len() <= 2)
}

/// The year, month and day; none where there is no such day.
pub(crate) fn date(text: &str) -> Option<(i16, i8, i8)> {
    let mut parts = text.split('-');
    let year: i16 = parts.next()?.parse().ok()?;
    let month: i8 = parts.next()?.parse().ok()?;
    let day: i8 = parts.next()?.parse().ok()?;
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    (year >= 1 && (1..=days).contains(&day)).then_some((year, month, day))
}

/// The hour, minute and second; none where there is no such time.
pub(crate) fn time(text: &str) -> Option<(i8, i8, i8)> {
    let mut parts = text.split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    (hour < 24 && minute < 60 && second < 60).then_some((hour, minute, second))
}

/// A name with an ending: `annex-a.geojson`.
pub(crate) fn file(text: &str) -> bool {
    let Some((stem, ending)) = text.rsplit_once('.') else { return false };
    let ending_fits = (2..=8).contains(&ending.len())
        && ending.starts_with(|c: char| c.is_ascii_alphabetic())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    ending_fits && !stem.is_empty()
}

fn unit(text: &str) -> bool {
    const UNITS: [&str; 13] =
        ["mm", "cm", "m", "metre", "metres", "km", "nm", "ft", "kg", "t", "kt", "kn", "km/h"];
    UNITS.contains(&text) || (text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()))
}

fn zone_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    (begins_name(text) || text == "UTC") && text.chars().all(fits)
}

fn grade(text: &str) -> bool {
    let mut bytes = text.bytes();
    let source = bytes.next().is_some_and(|byte| (b'A'..=b'F').contains(&byte));
    source && bytes.next().is_some_and(|byte| (b'1'..=b'6').contains(&byte)) && text.len() == 2
}

/// One half of a point: degrees and a letter of these two.
pub(crate) fn degrees(text: &str, plus: char, minus: char, most: f64) -> Option<f64> {
    let sign = if text.ends_with(plus) { 1.0 } else { -1.0 };
    let value = text.strip_suffix(plus).or_else(|| text.strip_suffix(minus))?;
    let value: f64 = number(value).then(|| value.parse().ok())??;
    Some(if value <= most { sign * value } else { f64::NAN })
}

/// Joins words to declared names, the longest that fits, within each line.
pub(crate) fn join(
    words: Vec<Lexeme>,
    vocabulary: &Vocabulary,
    told: &mut Vec<Diagnostic>,
) -> Vec<Lexeme> {
    let mut joined = Vec::with_capacity(words.len());
    let mut rest = words.as_slice();
    while let [first, ..] = rest {
        let (lexeme, used) =
            point(rest).or_else(|| longest(rest, vocabulary)).unwrap_or_else(|| (first.clone(), 1));
        if let Some(other) = names::overlaps(rest, used, vocabulary) {
            let message = format!("`{}` overlaps the name `{other}`", lexeme.text);
            let help = "two names share a word here: give one of them another name";
            told.push(Diagnostic::error("S015", lexeme.span, message).help(help));
        }
        joined.push(lexeme);
        rest = rest.get(used.max(1)..).unwrap_or(&[]);
    }
    joined
}

fn point(words: &[Lexeme]) -> Option<(Lexeme, usize)> {
    let [north, east, ..] = words else { return None };
    let plain = north.class == Class::Word && east.class == Class::Word;
    let fits = degrees(&north.text, 'N', 'S', 90.0).is_some()
        && degrees(&east.text, 'E', 'W', 180.0).is_some();
    (plain && fits).then(|| (fuse(&[north, east], Class::Point, Kinds::NONE), 2))
}

fn longest(words: &[Lexeme], vocabulary: &Vocabulary) -> Option<(Lexeme, usize)> {
    let first = words.first().filter(|first| first.class == Class::Word)?;
    let most = vocabulary.longest_from(&first.text);
    let mut text = String::new();
    let mut found = None;
    for (at, word) in words.iter().take(most).enumerate() {
        if word.class != Class::Word {
            break;
        }
        if at > 0 {
            text.push(' ');
        }
        text.push_str(&word.text);
        if let Some(entry) = vocabulary.get(&text) {
            found = Some((at + 1, entry.kinds));
        }
    }
    let (used, kinds) = found?;
    let parts: Vec<&Lexeme> = words.iter().take(used).collect();
    Some((fuse(&parts, Class::Name, kinds), used))
}

fn fuse(parts: &[&Lexeme], class: Class, kinds: Kinds) -> Lexeme {
    let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
    let first = parts.first().map_or(Span::default(), |part| part.span);
    let last = parts.last().map_or(first, |part| part.span);
    let edge = parts.first().is_some_and(|part| part.edge);
    Lexeme { class, text: texts.join(" "), span: first.to(last), kinds, edge }
}
