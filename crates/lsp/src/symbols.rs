//! The outline of a document: its headings, with what they hold, and what can be folded.
//!
//! Invariant: a symbol lies within the one that holds it.

use crate::{spot, store::Reading, uses};
use casus_syntax::{
    Span,
    ast::{BlockKind, Heading},
    lexeme::{Lexeme, Terminal},
    sentence::Sentence,
};
use lsp_types::{DocumentSymbol, FoldingRange, FoldingRangeKind, SymbolKind};

/// Characters of a symbol's detail.
const DETAIL: usize = 80;

/// The outline.
pub fn symbols(reading: &Reading) -> Vec<DocumentSymbol> {
    let mut leaves: Vec<(Span, DocumentSymbol)> = Vec::new();
    let mut last = String::new();
    for sentence in &reading.sentences {
        let Some(span) = spot::within(sentence) else { continue };
        let leaf = match sentence.kind {
            BlockKind::Rules => item(reading, sentence, span, &mut last),
            BlockKind::Tests => symbol(reading, span, span, format!("test {last}"), "", false),
        };
        leaves.push((span, leaf));
    }
    let headings = &reading.document.headings;
    let first = headings.first().map_or(usize::MAX, |heading| heading.span.start);
    let mut leaves = leaves.into_iter().peekable();
    let mut all = Vec::new();
    while let Some((_, leaf)) = leaves.next_if(|(span, _)| span.start < first) {
        all.push(leaf);
    }
    let mut open: Vec<(u8, DocumentSymbol)> = Vec::new();
    for (at, heading) in headings.iter().enumerate() {
        while open.last().is_some_and(|(level, _)| *level >= heading.level) {
            close(&mut open, &mut all);
        }
        let next = headings.get(at + 1).map_or(usize::MAX, |next| next.span.start);
        let mut section = section(reading, at, heading);
        let held = section.children.get_or_insert_default();
        while let Some((_, leaf)) = leaves.next_if(|(span, _)| span.start < next) {
            held.push(leaf);
        }
        open.push((heading.level, section));
    }
    while !open.is_empty() {
        close(&mut open, &mut all);
    }
    all
}

/// Puts the innermost open section where it belongs.
fn close(open: &mut Vec<(u8, DocumentSymbol)>, all: &mut Vec<DocumentSymbol>) {
    let Some((_, done)) = open.pop() else { return };
    match open.last_mut() {
        Some((_, outer)) => outer.children.get_or_insert_default().push(done),
        None => all.push(done),
    }
}

fn section(reading: &Reading, at: usize, heading: &Heading) -> DocumentSymbol {
    let whole = extent(reading, at);
    let name = match heading.text.trim() {
        "" => "(no title)".to_owned(),
        text => text.to_owned(),
    };
    let mut symbol = symbol(reading, whole, heading.span, name, "", false);
    symbol.kind = SymbolKind::NAMESPACE;
    symbol
}

/// From a heading to the next that is not below it.
fn extent(reading: &Reading, at: usize) -> Span {
    let headings = &reading.document.headings;
    let Some(heading) = headings.get(at) else { return Span::default() };
    let next = headings.iter().skip(at + 1).find(|other| other.level <= heading.level);
    let end = next.map_or(reading.source().len(), |next| next.span.start);
    Span::new(heading.span.start, end.max(heading.span.end))
}

/// A rule by its label, a declaration by its names.
fn item(reading: &Reading, sentence: &Sentence, span: Span, last: &mut String) -> DocumentSymbol {
    let first = sentence.words.first();
    let text = spot::folded(span.of(reading.source()));
    let labelled = first.filter(|word| word.is(Terminal::Label, &|_| false));
    if let Some(label) = labelled {
        last.clone_from(&label.text);
        let rest = text.strip_prefix(label.text.as_str()).unwrap_or(&text).trim();
        return symbol(reading, span, label.span, label.text.clone(), rest, true);
    }
    if let Some((label, chosen)) = worded(reading, span) {
        label.clone_into(last);
        let name =
            reading.source().get(span.start..chosen.end).map_or_else(String::new, spot::folded);
        let rest = text.strip_prefix(name.as_str()).unwrap_or(&text).trim().to_owned();
        return symbol(reading, span, chosen, name, &rest, true);
    }
    let declared = |word: &&Lexeme| {
        let entry = reading.document.vocabulary.get(&word.text);
        entry.is_some_and(|entry| entry.declared.iter().any(|(_, at)| *at == word.span))
    };
    let names: Vec<&Lexeme> = sentence.words.iter().filter(declared).collect();
    let chosen = names.first().map_or(span, |name| name.span);
    let texts: Vec<&str> = names.iter().map(|name| name.text.as_str()).take(8).collect();
    let name = if texts.is_empty() { text.clone() } else { texts.join(", ") };
    symbol(reading, span, chosen, name, &text, false)
}

/// The label of an amendment or a reading that stands there.
fn worded(reading: &Reading, span: Span) -> Option<(&str, Span)> {
    uses::label_of(reading, uses::item_at(reading, span)?)
}

fn symbol(
    reading: &Reading,
    whole: Span,
    chosen: Span,
    name: String,
    detail: &str,
    rule: bool,
) -> DocumentSymbol {
    let range = |span| reading.places.range(reading.source(), span);
    let detail: String = detail.chars().take(DETAIL).collect();
    let name: String = name.chars().take(DETAIL).collect();
    let kind = match (rule, name.starts_with("test")) {
        (true, _) => SymbolKind::FUNCTION,
        (false, true) => SymbolKind::EVENT,
        (false, false) => SymbolKind::CONSTANT,
    };
    #[allow(deprecated)]
    DocumentSymbol {
        name,
        detail: (!detail.is_empty()).then_some(detail),
        kind,
        tags: None,
        deprecated: None,
        range: range(whole),
        selection_range: range(chosen),
        children: None,
    }
}

/// Sections and blocks.
pub fn folds(reading: &Reading) -> Vec<FoldingRange> {
    let sections = (0..reading.document.headings.len()).map(|at| extent(reading, at));
    let blocks = reading.document.blocks.iter().map(|block| block.span);
    let lines = sections.chain(blocks).filter_map(|span| {
        let kept = span.of(reading.source()).trim_end().len();
        let range =
            reading.places.range(reading.source(), Span::new(span.start, span.start + kept));
        let (start_line, end_line) = (range.start.line, range.end.line);
        let kind = Some(FoldingRangeKind::Region);
        let fold = FoldingRange { start_line, end_line, kind, ..FoldingRange::default() };
        (start_line < end_line).then_some(fold)
    });
    lines.collect()
}
