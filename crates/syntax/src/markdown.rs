//! Headings, prose and fenced blocks of the Markdown file, with their places.
//!
//! Invariant: Markdown that is nested too deeply is refused before it is read, so that reading
//! takes time in proportion to the file.

use crate::ast::{Block, BlockKind, Heading, Paragraph};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::span::Span;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};
use std::ops::Range;

/// What a Markdown file is made of.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub headings: Vec<Heading>,
    pub paragraphs: Vec<Paragraph>,
    pub blocks: Vec<(Block, Option<usize>)>,
    pub told: Vec<Diagnostic>,
}

/// Reads the outline of a file.
pub(crate) fn outline(source: &str, limits: &Limits) -> Outline {
    let mut reader = Reader { source, outline: Outline::default(), lists: Vec::new(), open: None };
    if let Some(line) = too_deep(source, limits.nesting) {
        let message = format!("quotes and lists are nested deeper than {}", limits.nesting);
        reader.outline.told.push(
            Diagnostic::error("S006", line, message).help("the file is not read: nest it less"),
        );
        return reader.outline;
    }
    for (event, range) in Parser::new(source).into_offset_iter() {
        reader.read(event, range);
    }
    reader.outline
}

/// The first line whose opening marks nest too deeply.
fn too_deep(source: &str, nesting: usize) -> Option<Span> {
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let (mut marks, mut column, mut previous) = (0_usize, 0_usize, b' ');
        for (at, byte) in line.bytes().enumerate() {
            let mark = match byte {
                b'>' => true,
                b'-' | b'*' | b'+' => previous == b' ' || previous == b'>',
                b'.' | b')' => previous.is_ascii_digit(),
                b' ' | b'\t' | b'0'..=b'9' => false,
                _ => break,
            };
            if mark {
                marks += 1;
                column = at;
            }
            previous = if byte == b'\t' { b' ' } else { byte };
        }
        let rule = line.trim_end().bytes().all(|b| matches!(b, b' ' | b'-' | b'*' | b'+'));
        let deep = marks > nesting && !(rule && line.len() < 256);
        if deep || (marks > 0 && column > nesting.saturating_mul(8)) {
            return Some(Span::new(start, start + line.trim_end().len()));
        }
        start += line.len();
    }
    None
}

/// A stretch of text that is being collected.
enum Open {
    Heading { level: u8, text: String, span: Span },
    Prose { text: String, span: Span, number: Option<u64> },
    Block(Block, bool),
    Other,
}

struct Reader<'a> {
    source: &'a str,
    outline: Outline,
    /// The number of the next item of each open list, and of the item at hand if it is unspent.
    lists: Vec<(Option<u64>, Option<u64>)>,
    open: Option<Open>,
}

impl Reader<'_> {
    fn read(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range.into()),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.text(&text, range.into()),
            Event::SoftBreak | Event::HardBreak => self.text(" ", range.into()),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span) {
        match tag {
            Tag::Heading { level, .. } => {
                self.close();
                self.open = Some(Open::Heading { level: depth(level), text: String::new(), span });
            }
            Tag::Paragraph => {
                self.close();
                let number = self.lists.last_mut().and_then(|list| list.1.take());
                self.open = Some(Open::Prose { text: String::new(), span, number });
            }
            Tag::List(first) => {
                self.close();
                self.lists.push((first, None));
            }
            Tag::Item => {
                self.close();
                if let Some(list) = self.lists.last_mut() {
                    list.1 = list.0;
                    list.0 = list.0.map(|next| next.saturating_add(1));
                }
            }
            Tag::CodeBlock(kind) => {
                self.close();
                self.open = Some(self.block(&kind, span));
            }
            Tag::BlockQuote(_) => self.close(),
            Tag::HtmlBlock => {
                self.close();
                self.open = Some(Open::Other);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Item => self.close(),
            TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::BlockQuote(_) => self.close(),
            TagEnd::List(_) => {
                self.close();
                self.lists.pop();
            }
            _ => {}
        }
    }

    fn text(&mut self, piece: &str, place: Span) {
        match &mut self.open {
            Some(Open::Heading { text, .. }) => text.push_str(piece),
            Some(Open::Prose { text, span, .. }) => {
                text.push_str(piece);
                *span = span.to(place);
            }
            Some(Open::Block(block, _)) => lines(self.source, place, &mut block.lines),
            Some(Open::Other) => {}
            None if piece.trim().is_empty() => {}
            None => {
                let number = self.lists.last_mut().and_then(|list| list.1.take());
                let text = piece.to_owned();
                self.open = Some(Open::Prose { text, span: place, number });
            }
        }
    }

    fn block(&mut self, kind: &CodeBlockKind<'_>, span: Span) -> Open {
        let CodeBlockKind::Fenced(info) = kind else { return Open::Other };
        let tag = info.split_whitespace().next().unwrap_or("");
        let kind = match tag {
            "casus" => BlockKind::Rules,
            "casus-test" => BlockKind::Tests,
            _ => {
                self.almost(tag, span);
                return Open::Other;
            }
        };
        let text = span.of(self.source).trim_end();
        let first = text.lines().next().map_or(0, str::len);
        let fence = text.trim_start_matches([' ', '>']).chars().next().unwrap_or('`');
        let last = text.get(first..).unwrap_or("").lines().last().unwrap_or("");
        let last = last.trim_matches([' ', '>', '\t']);
        let closed = last.len() >= 3 && last.chars().all(|c| c == fence);
        Open::Block(Block { kind, span, lines: Vec::new(), damaged: false }, closed)
    }

    fn almost(&mut self, tag: &str, span: Span) {
        let short = tag.len() <= 16;
        let near = ["casus", "casus-test"].into_iter().find(|right| {
            let tag = tag.to_lowercase();
            short && !tag.is_empty() && strsim::damerau_levenshtein(&tag, right) <= 2
        });
        if let Some(right) = near {
            let line = span.of(self.source).lines().next().map_or(0, str::len);
            let message = format!("a block tagged `{tag}` is not read");
            self.outline.told.push(
                Diagnostic::warning("S007", Span::new(span.start, span.start + line), message)
                    .help(format!("did you mean `{right}`?")),
            );
        }
    }

    fn close(&mut self) {
        let heading = self.outline.headings.len().checked_sub(1);
        match self.open.take() {
            Some(Open::Heading { level, text, span }) => {
                let text = folded(&text);
                let label = heading_label(&text);
                self.outline.headings.push(Heading { level, text: text.into(), span, label });
            }
            Some(Open::Prose { text, span, number }) if !text.trim().is_empty() => {
                let text = folded(&text).into();
                self.outline.paragraphs.push(Paragraph { text, span, number, heading });
            }
            Some(Open::Block(block, closed)) => {
                if !closed {
                    let line = block.span.of(self.source).lines().next().map_or(0, str::len);
                    let span = Span::new(block.span.start, block.span.start + line);
                    let help = "close it with a line of the same fence";
                    let message = "the block is not closed";
                    self.outline.told.push(Diagnostic::error("S008", span, message).help(help));
                }
                self.outline.blocks.push((block, heading));
            }
            _ => {}
        }
    }
}

/// Adds the lines of a piece of a block, without their ends.
fn lines(source: &str, place: Span, into: &mut Vec<Span>) {
    let mut start = place.start;
    for line in place.of(source).split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let span = Span::new(start, start + bare.len());
        start += line.len();
        match into.last_mut() {
            Some(last) if !between(source, *last, span).contains('\n') => {
                if !span.is_empty() {
                    *last = last.to(span);
                }
            }
            _ if span.is_empty() && before(source, span).ends_with('\r') => {
                into.push(Span::new(span.start - 1, span.start - 1));
            }
            _ => into.push(span),
        }
    }
}

fn before(source: &str, span: Span) -> &str {
    source.get(..span.start).unwrap_or("")
}

fn between(source: &str, before: Span, after: Span) -> &str {
    source.get(before.end..after.start).unwrap_or("\n")
}

fn depth(level: HeadingLevel) -> u8 {
    level as u8
}

/// One space for each stretch of white space.
pub(crate) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `3` of `Article 3. Ceasefire`, `A` of `Annex A. Terms` or `A. Terms`, `4` of `4. Withdrawal`;
/// nothing of `A first look`.
fn heading_label(text: &str) -> Option<String> {
    let mut before = "";
    for word in text.split(' ').take(3) {
        let bare = word.trim_end_matches(['.', ':', ')']);
        let letter = bare.len() == 1 && bare.bytes().all(|byte| byte.is_ascii_uppercase());
        let lettered = letter && (bare.len() < word.len() || !before.is_empty());
        let numbered = bare.starts_with(|c: char| c.is_ascii_digit()) && crate::lexeme::label(bare);
        if numbered || lettered {
            return Some(bare.to_owned());
        }
        before = word;
    }
    None
}
