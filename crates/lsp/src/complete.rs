//! What may stand at a byte of a block: keywords, declared names, labels, files.
//!
//! Nothing here knows a sentence of the language. Each word is put at the end of what stands
//! before it, and the parser is asked whether it reads it there. Invariant: what is offered is
//! read by the parser where it is offered.

use crate::{annex, door::Door, spot::folded, store::Reading, uses};
use casus_syntax::{
    KEYWORDS, Span,
    ast::{BlockKind, Kind, Kinds},
    lexeme::{Class, DAYS, Lexeme, Terminal},
    sentence::{self, ReadAs},
    token::TokenKind,
};
use lsp_types::{CompletionItem, CompletionItemKind, CompletionTextEdit, TextEdit};

/// Words that may be typed already of what is sought.
const TYPED: usize = 3;
/// Words of an item beyond which only its first and last lines are read again.
const LONG: usize = 400;
/// Offers at most.
const OFFERS: usize = 500;

/// Words that stand before what is sought.
struct Context {
    kind: BlockKind,
    /// Names not yet joined.
    words: Vec<Lexeme>,
    /// What is sought begins a line at the left edge.
    edge: bool,
    /// Where what is sought begins, and what is typed of it.
    start: usize,
    typed: String,
}

/// Something to offer.
struct Offer {
    text: String,
    detail: String,
    kind: CompletionItemKind,
    /// Where it stands among the others.
    rank: u8,
}

/// What may stand at this byte, and whether that is all.
pub fn at(
    reading: &Reading,
    offset: usize,
    uri: &str,
    door: &dyn Door,
) -> (Vec<CompletionItem>, bool) {
    let tokens = &reading.document.tokens;
    let after = tokens.partition_point(|token| token.span.start < offset);
    let token = after.checked_sub(1).and_then(|at| tokens.get(at));
    let closed = token.is_some_and(|token| match token.kind {
        TokenKind::Comment => offset <= token.span.end,
        TokenKind::Text => offset < token.span.end,
        _ => false,
    });
    if closed {
        return (Vec::new(), true);
    }
    let mut items: Vec<CompletionItem> = Vec::new();
    for context in contexts(reading, offset) {
        let span = Span::new(context.start, offset);
        let range = reading.places.range(reading.source(), span);
        for offer in offers(reading, &context, uri, door) {
            if items.len() >= OFFERS {
                return (items, false);
            }
            let known = |item: &CompletionItem| item.label == offer.text;
            if items.iter().any(known) {
                continue;
            }
            let edit = TextEdit { range, new_text: offer.text.clone() };
            items.push(CompletionItem {
                sort_text: Some(format!("{}{:04}", offer.rank, items.len())),
                filter_text: Some(offer.text.clone()),
                label: offer.text,
                kind: Some(offer.kind),
                detail: Some(offer.detail).filter(|detail| !detail.is_empty()),
                text_edit: Some(CompletionTextEdit::Edit(edit)),
                ..CompletionItem::default()
            });
        }
    }
    (items, true)
}

/// The ways in which what is typed last can be the beginning of what is sought.
fn contexts(reading: &Reading, offset: usize) -> Vec<Context> {
    let Some(before) = sentence::before(&reading.document, offset) else { return Vec::new() };
    let source = reading.source();
    let on_line = |word: &&Lexeme| word.span.start >= before.line && word.class != Class::NewLine;
    let all = before.items.last().map_or(&[][..], Vec::as_slice);
    let line: Vec<&Lexeme> = all.iter().filter(on_line).collect();
    let touching = line.last().is_some_and(|word| word.span.end == offset);
    let mut out = Vec::new();
    for typed in usize::from(touching)..=TYPED.min(line.len()) {
        let parts = line.get(line.len() - typed..).unwrap_or(&[]);
        if !parts.iter().all(|word| word.class == Class::Word) {
            break;
        }
        let start = parts.first().map_or(offset, |word| word.span.start);
        let blank = if touching || typed == 0 { "" } else { " " };
        let typed_text = format!("{}{blank}", folded(source.get(start..offset).unwrap_or("")));
        let edge = start == before.line;
        let mut words = all.get(..all.len() - typed).unwrap_or(&[]).to_vec();
        let indented = typed == line.len() && !edge;
        let goes_on = |word: &Lexeme| matches!(word.class, Class::Comma | Class::NewLine);
        if indented && words.last().is_some_and(|word| !goes_on(word)) {
            words.push(lexeme("\n", Class::NewLine, Kinds::NONE, start));
        }
        let context = |words| Context {
            kind: before.kind,
            words,
            edge,
            start,
            typed: typed_text.to_lowercase(),
        };
        if edge && before.kind == BlockKind::Tests {
            // An `expect` goes on with the scenario; an `at` begins another.
            let skipped = usize::from(!line.is_empty());
            let open = before.items.len().checked_sub(1 + skipped);
            let open = open.and_then(|at| before.items.get(at)).cloned();
            out.extend(open.map(&context));
        }
        out.push(context(if edge { Vec::new() } else { words }));
    }
    out
}

fn lexeme(text: &str, class: Class, kinds: Kinds, start: usize) -> Lexeme {
    let span = Span::new(start, start + text.len());
    Lexeme { class, text: text.to_owned(), span, kinds, edge: false }
}

fn offers(reading: &Reading, context: &Context, uri: &str, door: &dyn Door) -> Vec<Offer> {
    let trial = Trial::new(reading, context);
    let mut out = Vec::new();
    out.extend(names(reading, context, &trial));
    if trial.reads("3.1", Class::Word, Terminal::Label) && !trial.base.is_empty() {
        let mut seen = Vec::new();
        out.extend(reading.document.items.iter().filter_map(|item| {
            let (label, _) = uses::label_of(reading, item)?;
            if seen.contains(&label) {
                return None;
            }
            seen.push(label);
            let sentence = item.sentence.strip_prefix(label).unwrap_or(&item.sentence);
            let detail = sentence.trim().chars().take(80).collect();
            let (text, kind) = (label.to_owned(), CompletionItemKind::REFERENCE);
            Some(Offer { text, detail, kind, rank: 1 })
        }));
    }
    out.extend(listed(&trial));
    out.extend(files(&trial, context, uri, door));
    out.retain(|offer| offer.text.to_lowercase().starts_with(&context.typed));
    let keywords = KEYWORDS.iter().filter(|word| word.starts_with(&context.typed));
    let keywords = keywords.filter(|word| trial.reads_keyword(word)).map(|word| Offer {
        text: (*word).to_owned(),
        detail: crate::keywords::about(word)
            .and_then(|line| line.split_once(": ").map(|(_, meaning)| meaning.to_owned()))
            .unwrap_or_default(),
        kind: CompletionItemKind::KEYWORD,
        rank: 2,
    });
    out.extend(keywords);
    out
}

/// The declared names of each kind that may stand here.
fn names(reading: &Reading, context: &Context, trial: &Trial<'_>) -> Vec<Offer> {
    let mut kinds = Kinds::NONE;
    for kind in sentence::kinds() {
        match trial.read("x", Class::Name, Kinds::of(&[kind])) {
            Some(ReadAs::Terminal(Terminal::Named(_))) => kinds = kinds.with(kind),
            Some(ReadAs::Name) => kinds = free(context, kinds),
            _ => {}
        }
    }
    let known = reading.document.vocabulary.iter().filter(|(_, entry)| entry.kinds.meets(kinds));
    // What is being typed is no name yet, even where it reads as the declaration of one.
    let typed = |entry: &casus_syntax::vocabulary::Entry| {
        let mut places = entry.declared.iter();
        !entry.declared.is_empty() && places.all(|(_, span)| span.start == context.start)
    };
    let mut out: Vec<Offer> = known
        .filter(|(_, entry)| !typed(entry))
        .map(|(name, entry)| Offer {
            text: name.to_owned(),
            detail: sentence::kinds()
                .find(|kind| entry.kinds.has(*kind) && kinds.has(*kind))
                .map_or_else(String::new, |kind| sentence::article(kind).to_owned()),
            kind: icon(entry.kinds),
            rank: 0,
        })
        .collect();
    let program = reading.program.as_deref().filter(|_| context.kind == BlockKind::Tests);
    if let Some(program) = program.filter(|_| kinds.has(Kind::Zone)) {
        // The zones of a family may be named in its file alone.
        let zones = program.zones.iter().map(|zone| zone.name.to_string());
        let zones = zones.filter(|name| reading.document.vocabulary.get(name).is_none());
        out.extend(zones.map(|text| {
            let detail = "a zone of a family".to_owned();
            Offer { text, detail, kind: CompletionItemKind::STRUCT, rank: 0 }
        }));
    }
    out
}

/// The kinds that a free name may be of: what it would declare again, or what a test may name.
fn free(context: &Context, kinds: Kinds) -> Kinds {
    let words = &context.words;
    let mut whole = words.clone();
    let end = words.last().map_or(context.start, |word| word.span.end + 1);
    whole.push(lexeme("Zz", Class::Word, Kinds::NONE, end));
    if context.kind == BlockKind::Tests {
        return match words.last().is_some_and(|word| word.is_word("in")) {
            true => kinds.with(Kind::Zone),
            false => {
                let all = [Kind::Zone, Kind::ListItem, Kind::Step, Kind::Actor];
                all.into_iter().fold(kinds, Kinds::with)
            }
        };
    }
    let line = words.iter().rposition(|word| word.class == Class::NewLine).map_or(0, |at| at + 1);
    let labelled = words.first().is_some_and(|word| word.is(Terminal::Label, &|_| false));
    let heads = if labelled && line == 0 { 2 } else { 1 };
    match sentence::declares(whole) {
        // The name right after the opening word of a declaration is a new one.
        Some(kind) if words.len() - line > heads => kinds.with(kind),
        _ => kinds,
    }
}

/// Units, days and grades.
fn listed(trial: &Trial<'_>) -> Vec<Offer> {
    let mut out = Vec::new();
    let mut add = |texts: &[&str], detail: &str| {
        out.extend(texts.iter().map(|text| Offer {
            text: (*text).to_owned(),
            detail: detail.to_owned(),
            kind: CompletionItemKind::UNIT,
            rank: 1,
        }));
    };
    if trial.reads("Monday", Class::Word, Terminal::Day) {
        add(&DAYS, "a day of the week");
    }
    if trial.reads("km", Class::Word, Terminal::Unit) {
        add(&["km", "m", "mm", "nm", "ft", "kg", "t", "%", "USD", "EUR"], "a unit");
    }
    if trial.reads("B2", Class::Word, Terminal::Grade) {
        add(&["A1", "A2", "B1", "B2", "B3", "C2", "C3", "D3", "F6"], "a grade");
    }
    let handles = trial.base.iter().zip(trial.base.iter().skip(1));
    let handles = handles.filter(|(_, colon)| colon.class == Class::Colon).map(|(word, _)| word);
    let handles: Vec<&str> = handles.map(|word| word.text.as_str()).collect();
    let previous = trial.base.last();
    let about = previous.is_some_and(|word| word.class != Class::NewLine);
    if about && trial.reads("zz", Class::Word, Terminal::Id) {
        add(&handles, "a fact of this test");
    }
    out
}

/// Files of the folder, and features of the file that was just named.
fn files(trial: &Trial<'_>, context: &Context, uri: &str, door: &dyn Door) -> Vec<Offer> {
    let offer = |text: String, detail: &str| {
        let detail = detail.to_owned();
        Offer { text, detail, kind: CompletionItemKind::FILE, rank: 0 }
    };
    if trial.reads("a.geojson", Class::Word, Terminal::File) {
        let endings = [".geojson", ".json", ".csv"];
        let named = door.names(uri).into_iter();
        let named = named.filter(|name| endings.iter().any(|ending| name.ends_with(ending)));
        return named.map(|name| offer(name, "a file beside the agreement")).collect();
    }
    let [.., file, feature] = context.words.as_slice() else { return Vec::new() };
    if !feature.is_word("feature") || !trial.reads("x", Class::Text, Terminal::Text) {
        return Vec::new();
    }
    let bytes = door.read(uri, &file.text).unwrap_or_default();
    let names = annex::names(&bytes).into_iter().filter(|name| !name.contains('"'));
    names.map(|name| offer(format!("\"{name}\""), "a feature of the file")).collect()
}

/// The words before, and the parser to try another one on.
struct Trial<'r> {
    reading: &'r Reading,
    kind: BlockKind,
    base: Vec<Lexeme>,
    edge: bool,
    start: usize,
}

impl Trial<'_> {
    fn new<'r>(reading: &'r Reading, context: &Context) -> Trial<'r> {
        let vocabulary = &reading.document.vocabulary;
        let base = shortened(sentence::join(context.words.clone(), vocabulary));
        let start = base.last().map_or(0, |word| word.span.end) + 1;
        Trial { reading, kind: context.kind, base, edge: context.edge, start }
    }

    /// What these words would be read as.
    fn read(&self, text: &str, class: Class, kinds: Kinds) -> Option<ReadAs> {
        let mut words = self.base.clone();
        let mut start = self.start;
        let parts: Vec<&str> = match class {
            Class::Word => text.split(' ').collect(),
            _ => vec![text],
        };
        for (at, part) in parts.iter().enumerate() {
            let mut word = lexeme(part, class, kinds, start);
            word.edge = at == 0 && (self.edge || self.base.is_empty());
            start = word.span.end + 1;
            words.push(word);
        }
        let whole = Span::new(self.start, start - 1);
        let trace = sentence::trace(self.kind, &words, &self.reading.document.vocabulary);
        let read = trace.read.iter().rev().find(|one| one.span == whole);
        read.map(|read| read.as_what)
    }

    fn reads(&self, text: &str, class: Class, terminal: Terminal) -> bool {
        self.read(text, class, Kinds::NONE) == Some(ReadAs::Terminal(terminal))
    }

    fn reads_keyword(&self, keyword: &str) -> bool {
        self.read(keyword, Class::Word, Kinds::NONE) == Some(ReadAs::Keyword)
    }
}

/// Of a long item its first line and its last ones.
fn shortened(words: Vec<Lexeme>) -> Vec<Lexeme> {
    let lines: Vec<usize> = words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.class == Class::NewLine || word.edge)
        .map(|(at, _)| at)
        .collect();
    if words.len() <= LONG || lines.len() < 6 {
        return words;
    }
    let head = lines.get(1).copied().unwrap_or(0);
    let tail = lines.get(lines.len() - 4).copied().unwrap_or(head).max(head);
    let (first, last) = (words.iter().take(head), words.iter().skip(tail));
    first.chain(last).cloned().collect()
}

fn icon(kinds: Kinds) -> CompletionItemKind {
    let icons = [
        (Kind::Act, CompletionItemKind::METHOD),
        (Kind::Verb, CompletionItemKind::METHOD),
        (Kind::Category, CompletionItemKind::CLASS),
        (Kind::Zone, CompletionItemKind::STRUCT),
        (Kind::Line, CompletionItemKind::STRUCT),
        (Kind::Parameter, CompletionItemKind::CONSTANT),
        (Kind::State, CompletionItemKind::EVENT),
        (Kind::Finding, CompletionItemKind::EVENT),
        (Kind::Measure, CompletionItemKind::PROPERTY),
    ];
    let found = icons.into_iter().find(|(kind, _)| kinds.has(*kind));
    found.map_or(CompletionItemKind::VARIABLE, |(_, icon)| icon)
}
