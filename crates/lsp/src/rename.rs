//! Another name for a thing, everywhere it is named.
//!
//! Invariant: with the new name every sentence is read as it was and nothing new is wrong, or the
//! renaming is refused with the reason; prose and files are never changed.

use crate::{
    spot::{self, What},
    store::Reading,
    uses,
};
use casus_check::{Annexes, check};
use casus_syntax::{
    Diagnostic, Document, Severity, Span, parse,
    sentence::{Sentence, sentences},
};

/// What can be renamed at a byte, and what it is called.
///
/// # Errors
/// Why nothing can.
pub fn prepare(reading: &Reading, offset: usize) -> Result<(Span, String), String> {
    let spot = spot::at(reading, offset).ok_or("prose is not renamed; point at a declared name")?;
    match &spot.what {
        What::Name(name, _) => {
            let entry = reading.document.vocabulary.get(name);
            match entry.map(|entry| entry.declared.is_empty()) {
                Some(false) => {
                    let stands = uses::uses(reading, &spot).into_iter();
                    let here = stands.map(|one| one.span).find(|span| touches(*span, spot.span));
                    Ok((here.unwrap_or(spot.span), name.clone()))
                }
                Some(true) => Err(format!("`{name}` is known without a declaration")),
                None => Err(format!("`{name}` is declared in no sentence of this text")),
            }
        }
        What::Handle(name) => Ok((spot.span, name.clone())),
        What::Label { text, .. } => Err(format!(
            "`{text}` is the number of a paragraph; give paragraph and rule another one together"
        )),
        What::Keyword(word) => Err(format!("`{word}` is a keyword and has no other name")),
        What::File(name) => Err(format!("`{name}` is a file; rename it where it lies")),
        What::Feature { file, name } => Err(format!("`{name}` is called so in `{file}`")),
        What::Date | What::Other => Err("this is no name; point at a declared name".to_owned()),
    }
}

fn touches(one: Span, two: Span) -> bool {
    one.start <= two.end && two.start <= one.end
}

/// Where the new name goes.
///
/// # Errors
/// Why it cannot be the name.
pub fn rename(
    reading: &Reading,
    offset: usize,
    name: &str,
    annexes: &dyn Annexes,
) -> Result<Vec<Span>, String> {
    let (_, old) = prepare(reading, offset)?;
    let spot = spot::at(reading, offset).ok_or("there is no name here")?;
    if name == old {
        return Ok(Vec::new());
    }
    let handle = matches!(spot.what, What::Handle(_));
    allowed(reading, name, handle)?;
    let spans: Vec<Span> = uses::uses(reading, &spot).into_iter().map(|one| one.span).collect();
    if handle && spot.sentence.words.iter().any(|word| word.text == name) {
        return Err(format!("`{name}` stands in this test already"));
    }
    let changed = unchanged(reading, &spans, &old, name)?;
    sound(reading, &changed, name, annexes)?;
    Ok(spans)
}

/// Whether it is a name, and free.
fn allowed(reading: &Reading, name: &str, handle: bool) -> Result<(), String> {
    if name.is_empty() || spot::folded(name) != name {
        return Err("a name is one or more words with single spaces between them".to_owned());
    }
    if let Some(entry) = reading.document.vocabulary.get(name) {
        let first = entry.declared.first().map(|(_, span)| span.start);
        let line = first.map(|at| reading.places.position(reading.source(), at).line + 1);
        return Err(match line {
            Some(line) => format!("`{name}` is declared already, on line {line}"),
            None => format!("`{name}` is known already, without a declaration"),
        });
    }
    // The language itself says what a name is.
    let trial = parse(&format!("```casus\nparty {name}\n```\n"));
    if let Some(wrong) = trial.diagnostics.first() {
        let help = wrong.help.as_deref().map_or_else(String::new, |help| format!("; {help}"));
        return Err(format!("{}{help}", wrong.message));
    }
    if trial.vocabulary.get(name).is_none() {
        return Err(format!("`{name}` is not a name"));
    }
    if handle && name.contains(' ') {
        return Err(format!("`{name}` is more than one word, and a handle is one"));
    }
    Ok(())
}

/// Whether every sentence is read as it was, but for the name.
fn unchanged(reading: &Reading, spans: &[Span], old: &str, new: &str) -> Result<Document, String> {
    let mut text = reading.source().to_owned();
    for span in spans.iter().rev() {
        if text.get(span.start..span.end).is_none_or(|found| spot::folded(found) != old) {
            return Err(format!("`{old}` is written in a way that cannot be replaced"));
        }
        text.replace_range(span.start..span.end, new);
    }
    let changed = parse(&text);
    let words = |sentence: &Sentence| -> Vec<String> {
        sentence.words.iter().map(|word| word.text.clone()).collect()
    };
    let renamed = |sentence: &Sentence| -> Vec<String> {
        let of = |word: &casus_syntax::lexeme::Lexeme| {
            let stands = spans.iter().any(|span| touches(*span, word.span) && word.text == old);
            if stands { new.to_owned() } else { word.text.clone() }
        };
        sentence.words.iter().map(of).collect()
    };
    let after = sentences(&changed);
    for (at, before) in reading.sentences.iter().enumerate() {
        if after.get(at).map(words) != Some(renamed(before)) {
            let start = before.words.first().map_or(0, |word| word.span.start);
            let line = reading.places.position(reading.source(), start).line + 1;
            return Err(format!(
                "with `{new}` the sentence on line {line} would be read otherwise"
            ));
        }
    }
    if errors(&changed) > errors(&reading.document) || after.len() != reading.sentences.len() {
        let new_one = changed.diagnostics.iter().find(|one| one.severity == Severity::Error);
        let why = new_one.map_or_else(String::new, |one| format!(": {}", one.message));
        return Err(format!("with `{new}` the text would have a mistake{why}"));
    }
    Ok(changed)
}

/// Whether what was an agreement still is one: a file beside it may say the old name.
fn sound(
    reading: &Reading,
    changed: &Document,
    new: &str,
    annexes: &dyn Annexes,
) -> Result<(), String> {
    let error = |one: &&Diagnostic| one.severity == Severity::Error;
    if reading.told.iter().any(|one| error(&one)) {
        return Ok(());
    }
    match check(changed, annexes).diagnostics.iter().find(error) {
        Some(wrong) => Err(format!("with `{new}` the agreement has a mistake: {}", wrong.message)),
        None => Ok(()),
    }
}

fn errors(document: &Document) -> usize {
    document.diagnostics.iter().filter(|one| one.severity == Severity::Error).count()
}
