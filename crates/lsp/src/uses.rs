//! Where a thing is declared, and everywhere it is named.
//!
//! Invariant: a place that is told is that of whole words in a block, never in prose.

use crate::{
    annex,
    door::Door,
    lines::Encoding,
    spot::{self, Spot, What},
    store::Reading,
};
use casus_syntax::{
    Span,
    ast::{Item, ItemKind, Kind, Kinds, Norm},
    lexeme::{Class, Lexeme, Terminal},
    sentence::{self, ReadAs, Sentence},
};
use lsp_types::{Location, Range, Uri};

/// Words that name a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The words.
    pub span: Span,
    /// The thing is declared there.
    pub declares: bool,
}

/// Where the thing at a byte is declared.
pub fn definition(
    reading: &Reading,
    offset: usize,
    uri: &Uri,
    door: &dyn Door,
    encoding: Encoding,
) -> Vec<Location> {
    let here =
        |span| Location { uri: uri.clone(), range: reading.places.range(reading.source(), span) };
    let Some(spot) = spot::at(reading, offset) else {
        return beside(reading, offset).into_iter().map(here).collect();
    };
    let annex = |name: &str, range| {
        let uri = annex::uri(uri.as_str(), name).and_then(|uri| uri.parse().ok());
        uri.map(|uri| Location { uri, range })
    };
    match &spot.what {
        What::Name(name, kinds) => {
            declarations(reading, name, *kinds).into_iter().map(here).collect()
        }
        What::Label { own: true, .. } => {
            let item = item_at(reading, spot.span);
            item.and_then(|item| item.beside.span).into_iter().map(here).collect()
        }
        What::Label { text, .. } => labels(reading, text).into_iter().map(here).collect(),
        What::File(name) => annex(name, Range::default()).into_iter().collect(),
        What::Feature { file, name } => {
            let bytes = door.read(uri.as_str(), file).unwrap_or_default();
            annex(file, annex::feature(&bytes, name, encoding)).into_iter().collect()
        }
        What::Handle(_) => {
            let uses = uses(reading, &spot);
            uses.into_iter().filter(|one| one.declares).map(|one| here(one.span)).collect()
        }
        What::Keyword(_) | What::Date | What::Other => Vec::new(),
    }
}

/// The labels of the rules that stand beside the paragraph at this byte.
fn beside(reading: &Reading, offset: usize) -> Vec<Span> {
    let items = reading.document.items.iter();
    let holds = |span: &Span| span.start <= offset && offset <= span.end;
    let items = items.filter(|item| item.beside.span.as_ref().is_some_and(holds));
    items.filter_map(|item| label_of(reading, item).map(|(_, span)| span)).collect()
}

/// Where a name is declared as any of these kinds; anywhere, where it is as none of them.
pub fn declarations(reading: &Reading, name: &str, kinds: Kinds) -> Vec<Span> {
    let Some(entry) = reading.document.vocabulary.get(name) else { return Vec::new() };
    let all = |meant: bool| -> Vec<Span> {
        let declared = entry.declared.iter().filter(|(kind, _)| !meant || kinds.has(*kind));
        declared.map(|(_, span)| *span).collect()
    };
    let meant = all(true);
    if meant.is_empty() { all(false) } else { meant }
}

/// Where the wordings of this paragraph have their label: its rule, its amendments, its readings.
pub fn labels(reading: &Reading, text: &str) -> Vec<Span> {
    let items = reading.document.items.iter();
    let all = items.filter_map(|item| label_of(reading, item));
    all.filter(|(label, _)| *label == text).map(|(_, span)| span).collect()
}

/// The label of an item, where it is a rule: its first word, or what it amends or is a reading of.
pub fn label_of<'r>(reading: &'r Reading, item: &Item) -> Option<(&'r str, Span)> {
    let sentence = reading.sentences.iter().find(|sentence| {
        sentence.words.first().is_some_and(|word| word.span.start == item.span.start)
    })?;
    let label = |word: &&Lexeme| word.is(Terminal::Label, &|_| false);
    let worded = match &item.kind {
        ItemKind::Norm(Norm { label, wording: Some(_), .. }) => Some(label.span),
        _ => None,
    };
    let word = match worded {
        Some(span) => sentence.words.iter().find(|word| word.span == span),
        None => sentence.words.first(),
    };
    word.filter(label).map(|word| (word.text.as_str(), word.span))
}

/// The item that holds these words.
pub fn item_at(reading: &Reading, span: Span) -> Option<&Item> {
    let holds = |item: &&Item| item.span.start <= span.start && span.end <= item.span.end;
    reading.document.items.iter().find(holds)
}

/// Everywhere the thing at this spot is named, in the order of the text.
pub fn uses(reading: &Reading, spot: &Spot<'_>) -> Vec<Use> {
    match &spot.what {
        What::Name(name, _) => of_name(reading, name),
        What::Label { text, .. } => {
            let own = labels(reading, text);
            let sentences = reading.sentences.iter();
            let spans = sentences.flat_map(|one| of_terminal(reading, one, Terminal::Label, text));
            spans.map(|(_, span)| Use { span, declares: own.contains(&span) }).collect()
        }
        What::File(name) => {
            let sentences = reading.sentences.iter();
            let spans = sentences.flat_map(|one| of_terminal(reading, one, Terminal::File, name));
            spans.map(|(_, span)| Use { span, declares: false }).collect()
        }
        What::Handle(name) => {
            let all = of_terminal(reading, spot.sentence, Terminal::Id, name);
            let colon = |at: usize| spot.sentence.words.get(at + 1).is_some_and(|w| w.is_word(":"));
            let corrected = |at: usize| {
                let before = at.checked_sub(1).and_then(|at| spot.sentence.words.get(at));
                before.is_some_and(|word| word.is_word("of"))
            };
            all.map(|(at, span)| Use { span, declares: colon(at) && !corrected(at) }).collect()
        }
        What::Feature { .. } | What::Keyword(_) | What::Date | What::Other => Vec::new(),
    }
}

/// Everywhere a name stands, as itself or as the quoted item of a list.
fn of_name(reading: &Reading, name: &str) -> Vec<Use> {
    let entry = reading.document.vocabulary.get(name);
    let kinds = entry.map_or(Kinds::NONE, |entry| entry.kinds);
    let declared = |span: Span| {
        entry.is_some_and(|entry| entry.declared.iter().any(|(_, declared)| *declared == span))
    };
    let mut all = Vec::new();
    for sentence in &reading.sentences {
        let mut before = None;
        for word in &sentence.words {
            if word.class == Class::Name && word.text == name {
                all.push(Use { span: word.span, declares: declared(word.span) });
            } else if word.class == Class::Text
                && word.text == name
                && kinds.has(Kind::ListItem)
                && before == Some("item")
            {
                let span = Span::new(word.span.start + 1, word.span.end.saturating_sub(1));
                all.push(Use { span, declares: false });
            }
            before = Some(word.text.as_str());
        }
    }
    all
}

/// The words of a sentence that were read as this terminal and say this.
fn of_terminal<'r>(
    reading: &'r Reading,
    sentence: &'r Sentence,
    terminal: Terminal,
    text: &'r str,
) -> impl Iterator<Item = (usize, Span)> + 'r {
    let known = sentence.words.iter().any(|word| word.text == text);
    let trace = match known {
        true => sentence::trace(sentence.kind, &sentence.words, &reading.document.vocabulary).read,
        false => Vec::new(),
    };
    sentence.words.iter().enumerate().filter_map(move |(at, word)| {
        let meant = |one: &sentence::Reading| {
            one.span == word.span && one.as_what == ReadAs::Terminal(terminal)
        };
        (word.text == text && trace.iter().any(meant)).then_some((at, word.span))
    })
}
