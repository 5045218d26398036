//! Which prose a block and its rules stand beside.
//!
//! Invariant: a block without prose of its own stands beside that of the block before it in the
//! same section; a numbered rule prefers the list item of its number.

use crate::ast::Beside;
use crate::ast::BlockKind;
use crate::markdown::Outline;
use crate::span::Span;
use std::collections::HashMap;
use std::sync::Arc;

/// The prose beside each block.
#[derive(Debug)]
pub(crate) struct Prose {
    blocks: Vec<Beside>,
    /// List items by heading and number.
    numbered: HashMap<(Option<usize>, u64), (Arc<str>, Span)>,
}

impl Prose {
    /// Finds the prose beside each block of the outline.
    pub fn of(source: &str, outline: &Outline) -> Prose {
        let mut blocks: Vec<Beside> = Vec::new();
        let mut next = 0;
        for (block, heading) in &outline.blocks {
            let upto = outline.paragraphs.partition_point(|p| p.span.start < block.span.start);
            let new = outline.paragraphs.get(next..upto).unwrap_or(&[]);
            let new: Vec<_> = new.iter().filter(|part| part.heading == *heading).collect();
            let before = blocks.last().filter(|before| before.heading == *heading);
            let heading_text = heading.and_then(|at| outline.headings.get(at));
            let heading_text = heading_text.map_or(Arc::from(""), |found| found.text.clone());
            let (prose, span) = match (new.as_slice(), before) {
                ([], Some(before)) => (before.prose.clone(), before.span),
                ([], None) => (Arc::from(""), None),
                ([first, rest @ ..], _) => {
                    let texts: Vec<&str> = new.iter().map(|part| &*part.text).collect();
                    let span = rest.last().map_or(first.span, |last| first.span.to(last.span));
                    (Arc::from(texts.join("\n\n")), Some(trimmed(source, span)))
                }
            };
            blocks.push(Beside { heading: *heading, heading_text, prose, span });
            if block.kind == BlockKind::Rules {
                next = upto;
            }
        }
        let numbered = outline.paragraphs.iter().filter_map(|part| {
            let found = (part.text.clone(), trimmed(source, part.span));
            Some(((part.heading, part.number?), found))
        });
        Prose { blocks, numbered: numbered.collect() }
    }

    /// The prose beside an item with this label in this block.
    pub fn beside(&self, block: usize, label: Option<&str>) -> Beside {
        let beside = self.blocks.get(block).cloned().unwrap_or_default();
        let last = label.and_then(|label| label.rsplit('.').next()).unwrap_or("");
        let digits = last.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let number = digits.parse::<u64>().ok();
        match number.and_then(|number| self.numbered.get(&(beside.heading, number))) {
            Some((prose, span)) => Beside { prose: prose.clone(), span: Some(*span), ..beside },
            None => beside,
        }
    }
}

fn trimmed(source: &str, span: Span) -> Span {
    Span::new(span.start, span.start + span.of(source).trim_end().len())
}
