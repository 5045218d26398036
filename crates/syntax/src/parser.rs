//! The hand-written parser: one item's words into its tree.
//!
//! Invariant: it accepts exactly the sentences of `docs/language/grammar.ebnf`; where a sentence
//! is wrong it tells what would have been right there, and goes on with the next line.

mod amount;
mod condition;
mod declaration;
mod moment;
mod norm;
mod report;
pub(crate) mod scenario;

use crate::ast::{Kind, Kinds, Label, Name, Number, Text};
use crate::diagnostic::Diagnostic;
use crate::lexeme::{Class, Lexeme, Terminal};
use crate::limits::Limits;
use crate::sentence::{ReadAs, Reading};
use crate::span::Span;
use crate::vocabulary::Vocabulary;

pub(crate) use report::KINDS;
pub use report::describe;

/// A line could not be read; why is told where reading goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop;

/// What was read.
pub(crate) type Read<T> = Result<T, Stop>;

/// Reads the words of one item.
pub(crate) struct Parser<'a> {
    words: &'a [Lexeme],
    at: usize,
    vocabulary: &'a Vocabulary,
    limits: &'a Limits,
    /// What would be right at the word at hand.
    expected: Vec<String>,
    /// Moments that are open around the one at hand.
    moments: usize,
    /// What is wrong with the item.
    pub told: Vec<Diagnostic>,
    /// Some of it could not be read.
    pub damaged: bool,
    /// Whether it looks for the word that was meant.
    pub suggests: bool,
    /// What the words were read as, in the order of the text.
    pub read: Vec<Reading>,
}

impl<'a> Parser<'a> {
    /// Reads these words.
    pub fn new(words: &'a [Lexeme], vocabulary: &'a Vocabulary, limits: &'a Limits) -> Self {
        let (expected, told) = (Vec::new(), Vec::new());
        Parser {
            words,
            at: 0,
            vocabulary,
            limits,
            expected,
            moments: 0,
            told,
            damaged: false,
            suggests: true,
            read: Vec::new(),
        }
    }

    fn word(&self, ahead: usize) -> Option<&'a Lexeme> {
        self.words.get(self.at + ahead)
    }

    fn advance(&mut self, words: usize) {
        self.at += words;
        self.expected.clear();
    }

    fn expect(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.expected.contains(&what) {
            self.expected.push(what);
        }
    }

    /// Whether the keyword stands so many words ahead.
    fn ahead(&self, ahead: usize, keyword: &str) -> bool {
        keyword
            .split(' ')
            .enumerate()
            .all(|(at, word)| self.word(ahead + at).is_some_and(|lexeme| lexeme.is_word(word)))
    }

    /// Whether the keyword stands here.
    fn sees(&mut self, keyword: &str) -> bool {
        let seen = self.ahead(0, keyword);
        if !seen {
            self.expect(format!("`{keyword}`"));
        }
        seen
    }

    /// Reads the keyword if it stands here.
    fn eat(&mut self, keyword: &str) -> bool {
        let seen = self.sees(keyword);
        if seen {
            let words = keyword.split(' ').count();
            self.mark(words, ReadAs::Keyword);
            self.advance(words);
        }
        seen
    }

    /// Keeps what the next words are read as.
    fn mark(&mut self, words: usize, as_what: ReadAs) {
        let (first, last) = (self.word(0), self.word(words.saturating_sub(1)));
        if let (Some(first), Some(last)) = (first, last) {
            self.read.push(Reading { span: first.span.to(last.span), as_what });
        }
    }

    fn need(&mut self, keyword: &str) -> Read<()> {
        if self.eat(keyword) { Ok(()) } else { Err(Stop) }
    }

    /// Reads the first of these keywords that stands here.
    fn choose<T: Clone>(&mut self, choices: &[(&'static str, T)]) -> Option<T> {
        choices.iter().find(|(keyword, _)| self.eat(keyword)).map(|(_, value)| value.clone())
    }

    fn could_be(&self, ahead: usize, terminal: Terminal) -> bool {
        let units = |unit: &str| self.vocabulary.is_unit(unit);
        self.word(ahead).is_some_and(|lexeme| lexeme.is(terminal, &units))
    }

    fn sees_terminal(&mut self, terminal: Terminal) -> bool {
        let seen = self.could_be(0, terminal);
        if !seen {
            self.expect(describe(terminal));
        }
        seen
    }

    fn take(&mut self, terminal: Terminal) -> Read<&'a Lexeme> {
        let lexeme = self.word(0).filter(|_| self.could_be(0, terminal));
        match lexeme {
            Some(lexeme) => {
                self.mark(1, ReadAs::Terminal(terminal));
                self.advance(1);
                Ok(lexeme)
            }
            None => {
                self.expect(describe(terminal));
                Err(Stop)
            }
        }
    }

    /// Whether a name of these kinds stands so many words ahead.
    fn named(&self, ahead: usize, kinds: Kinds) -> bool {
        self.could_be(ahead, Terminal::Named(kinds))
    }

    fn name(&mut self, kinds: Kinds) -> Read<Name> {
        let lexeme = self.take(Terminal::Named(kinds))?;
        Ok(Name { text: lexeme.text.clone(), span: lexeme.span, kinds: lexeme.kinds })
    }

    fn name_of(&mut self, kind: Kind) -> Read<Name> {
        self.name(Kinds::of(&[kind]))
    }

    /// A name that stands where it is declared, or that no declaration names.
    fn run(&mut self) -> Read<Name> {
        let first = self.word(0).filter(|word| word.opens_name());
        let Some(first) = first else {
            self.expect("a name");
            return Err(Stop);
        };
        let rest = self.words.iter().skip(self.at).take_while(|word| word.continues_name());
        let parts: Vec<&Lexeme> = rest.collect();
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        let span = first.span.to(parts.last().map_or(first.span, |last| last.span));
        let text = texts.join(" ");
        let kinds = self.vocabulary.kinds(&text);
        self.mark(parts.len(), ReadAs::Name);
        self.advance(parts.len());
        Ok(Name { text, span, kinds })
    }

    /// Items with commas between them, as long as one follows a comma.
    fn list<T>(
        &mut self,
        follows: impl Fn(&Self) -> bool,
        mut item: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.sees(",") && follows(self) {
            self.advance(1);
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn names(&mut self, kinds: Kinds) -> Read<Vec<Name>> {
        self.list(|parser| parser.named(1, kinds), |parser| parser.name(kinds))
    }

    fn runs(&mut self) -> Read<Vec<Name>> {
        let follows = |parser: &Self| parser.word(1).is_some_and(Lexeme::opens_name);
        self.list(follows, Self::run)
    }

    fn label(&mut self) -> Read<Label> {
        let lexeme = self.take(Terminal::Label)?;
        Ok(Label { text: lexeme.text.clone(), span: lexeme.span })
    }

    fn labels(&mut self) -> Read<Vec<Label>> {
        self.list(|parser| parser.could_be(1, Terminal::Label), Self::label)
    }

    fn number(&mut self) -> Read<Number> {
        let lexeme = self.take(Terminal::Number)?;
        Ok(Number { text: lexeme.text.clone(), span: lexeme.span })
    }

    fn text_of(&mut self, terminal: Terminal) -> Read<Text> {
        let lexeme = self.take(terminal)?;
        Ok(Text { text: lexeme.text.clone(), span: lexeme.span })
    }

    fn done(&self) -> bool {
        self.at >= self.words.len()
    }

    fn here(&self) -> usize {
        let last = self.words.last().map_or(0, |word| word.span.end);
        self.word(0).map_or(last, |word| word.span.start)
    }

    /// From this byte to the end of the word that was read last.
    fn since(&self, start: usize) -> Span {
        let before = self.at.checked_sub(1).and_then(|at| self.words.get(at));
        Span::new(start, before.map_or(start, |word| word.span.end.max(start)))
    }

    /// Whether a line follows; where none does, this is the end of the item.
    fn next_line(&mut self) -> bool {
        let more = self.word(0).is_some_and(|word| word.class == Class::NewLine);
        if more {
            self.advance(1);
        } else if !self.done() {
            self.expect("the end of the line");
        }
        more
    }

    /// Tells what is wrong here, and goes on at the next line.
    fn recover(&mut self) {
        self.damaged = true;
        let found = self.unexpected();
        self.told.extend(found);
        let rest = self.words.iter().skip(self.at);
        let skipped = rest.take_while(|word| word.class != Class::NewLine && !word.edge).count();
        let at_edge = skipped == 0 && self.word(0).is_some_and(|word| word.edge);
        self.advance(skipped + usize::from(at_edge));
    }

    /// Reads the lines of an item by `line`, each on its own.
    fn lines(&mut self, mut line: impl FnMut(&mut Self) -> Read<()>) {
        loop {
            if self.next_line() {
                if line(self).is_err() {
                    self.recover();
                }
            } else if self.done() {
                return;
            } else {
                self.recover();
            }
        }
    }
}
