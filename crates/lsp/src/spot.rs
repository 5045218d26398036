//! What stands at a byte of an agreement: a name, a label, a keyword, a file.
//!
//! Works from words, and from what the parser read them as, so that a new sentence of the
//! language needs nothing here. Invariant: a spot lies within one sentence or one paragraph.

use crate::store::Reading;
use casus_syntax::{
    Span,
    ast::{Kind, Kinds},
    lexeme::{Class, Lexeme, Terminal},
    sentence::{self, ReadAs, Sentence},
};

/// Words of a sentence.
#[derive(Clone, Debug)]
pub struct Spot<'r> {
    /// The sentence.
    pub sentence: &'r Sentence,
    /// Which of its words.
    pub at: usize,
    /// Where they stand.
    pub span: Span,
    /// What they are.
    pub what: What,
}

/// What words are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A declared name, and as which of its kinds it is meant here.
    Name(String, Kinds),
    /// The number of a paragraph; `own` where it labels the sentence itself.
    Label {
        /// As written.
        text: String,
        /// It is the label of this very rule.
        own: bool,
    },
    /// A file of the agreement's folder.
    File(String),
    /// A feature of a file.
    Feature {
        /// The file.
        file: String,
        /// What the feature is called.
        name: String,
    },
    /// The handle of a fact of this scenario.
    Handle(String),
    /// A keyword.
    Keyword(String),
    /// A date or a time.
    Date,
    /// Anything else.
    Other,
}

/// Every kind of declared name.
pub fn kinds() -> impl Iterator<Item = Kind> {
    sentence::kinds()
}

/// The words at a byte; where it lies between two, those that begin there.
pub fn at(reading: &Reading, offset: usize) -> Option<Spot<'_>> {
    let touches = |span: Span| span.start <= offset && offset <= span.end;
    let sentence = reading.sentences.iter().find(|one| within(one).is_some_and(touches))?;
    let words = sentence.words.iter().enumerate();
    let here = words.filter(|(_, word)| touches(word.span) && !word.span.is_empty());
    // A word is preferred to the sign that it touches, and what begins here to what ends here.
    let (at, word) = here.max_by_key(|(_, word)| (is_word(word), word.span.start))?;
    let read = sentence::trace(sentence.kind, &sentence.words, &reading.document.vocabulary).read;
    let read = read.iter().rev().find(|one| covers(one.span, word.span)).copied();
    let span = read.map_or(word.span, |read| read.span);
    let what = what(reading, sentence, at, span, read.map(|read| read.as_what));
    Some(Spot { sentence, at, span, what })
}

/// From the first word of a sentence to its last.
pub fn within(sentence: &Sentence) -> Option<Span> {
    Some(sentence.words.first()?.span.to(sentence.words.last()?.span))
}

fn is_word(word: &Lexeme) -> bool {
    !matches!(word.class, Class::Comma | Class::Colon | Class::NewLine | Class::Unknown)
}

fn covers(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

fn what(
    reading: &Reading,
    sentence: &Sentence,
    at: usize,
    span: Span,
    read: Option<ReadAs>,
) -> What {
    let Some(word) = sentence.words.get(at) else { return What::Other };
    match read {
        Some(ReadAs::Keyword) => What::Keyword(folded(span.of(reading.source()))),
        Some(ReadAs::Name) => {
            let name = folded(span.of(reading.source()));
            match declared_as(reading, &name, span) {
                Some(kinds) => What::Name(name, kinds),
                None => What::Other,
            }
        }
        Some(ReadAs::Terminal(terminal)) => match terminal {
            Terminal::Named(kinds) => What::Name(word.text.clone(), both(word.kinds, kinds)),
            Terminal::Label => What::Label { text: word.text.clone(), own: at == 0 },
            Terminal::File => What::File(word.text.clone()),
            Terminal::Id => What::Handle(word.text.clone()),
            Terminal::Date | Terminal::Time => What::Date,
            Terminal::Text => text(sentence, at),
            _ => What::Other,
        },
        // The line has a mistake before this word.
        None if word.class == Class::Name => What::Name(word.text.clone(), word.kinds),
        None if casus_syntax::keyword::reserved(&word.text) => What::Keyword(word.text.clone()),
        None => What::Other,
    }
}

/// `feature "north"` of the file before it, or a quoted item of a list.
fn text(sentence: &Sentence, at: usize) -> What {
    let word = |back: usize| at.checked_sub(back).and_then(|at| sentence.words.get(at));
    let name = word(0).map_or_else(String::new, |word| word.text.clone());
    if word(1).is_some_and(|word| word.is_word("feature"))
        && let Some(file) = word(2)
    {
        return What::Feature { file: file.text.clone(), name };
    }
    match word(1).is_some_and(|word| word.is_word("item")) {
        true => What::Name(name, Kinds::of(&[Kind::ListItem])),
        false => What::Other,
    }
}

/// The kinds of a name: those that it is declared as here, or else all of them.
fn declared_as(reading: &Reading, name: &str, span: Span) -> Option<Kinds> {
    let entry = reading.document.vocabulary.get(name)?;
    let here = entry.declared.iter().filter(|(_, declared)| *declared == span);
    let here = here.fold(Kinds::NONE, |kinds, (kind, _)| kinds.with(*kind));
    Some(if here.is_empty() { entry.kinds } else { here })
}

/// The kinds in both; all of the first where there are none.
fn both(one: Kinds, two: Kinds) -> Kinds {
    let both = kinds().filter(|kind| one.has(*kind) && two.has(*kind));
    let both = both.fold(Kinds::NONE, Kinds::with);
    if both.is_empty() { one } else { both }
}

/// With one space for whatever stands between two words.
pub fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
