//! The canonical layout as changes of lines.
//!
//! Invariant: applied, the changes give what `casus fmt` writes.

use crate::store::Reading;
use casus_syntax::{Span, format_document};
use lsp_types::TextEdit;

/// What has to change; nothing where the document is laid out.
pub fn edits(reading: &Reading) -> Vec<TextEdit> {
    let (old, new) = (reading.source(), format_document(&reading.document));
    let kept = |one: &mut dyn Iterator<Item = (&str, &str)>| -> usize {
        one.take_while(|(old, new)| old == new).map(|(line, _)| line.len()).sum()
    };
    let (before, after): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let head = kept(&mut before.iter().copied().zip(after.iter().copied()));
    if head == old.len() && head == new.len() {
        return Vec::new();
    }
    let most = old.len().min(new.len()) - head;
    let mut tail = 0;
    for (one, two) in before.iter().rev().zip(after.iter().rev()) {
        if one != two || tail + one.len() > most {
            break;
        }
        tail += one.len();
    }
    let span = Span::new(head, old.len() - tail);
    let new_text = new.get(head..new.len() - tail).unwrap_or("").to_owned();
    vec![TextEdit { range: reading.places.range(old, span), new_text }]
}
