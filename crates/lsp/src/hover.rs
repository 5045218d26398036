//! What the words at a byte mean, in plain words.
//!
//! Invariant: what is said comes from the text and from what the checker made of it; nothing is
//! judged here.

mod things;
mod time;

use crate::{
    door::{Beside, Door},
    keywords, spot,
    spot::{Spot, What},
    store::Reading,
    told, uses,
};
use casus_check::Annexes;
use casus_syntax::{Span, ast::Item};

/// Lines of a declaration that are shown.
const LINES: usize = 24;
/// Wordings of a paragraph that are shown.
const WORDINGS: usize = 4;
/// Characters of a paragraph that are shown.
const PROSE: usize = 600;
/// Rules that are named as using something.
const RULES: usize = 16;

/// A page in Markdown, and the words that it is about.
pub fn page(
    reading: &Reading,
    offset: usize,
    uri: &str,
    door: &dyn Door,
) -> Option<(String, Span)> {
    let spot = spot::at(reading, offset);
    let mut parts = spot.as_ref().map_or_else(Vec::new, |spot| about(reading, spot, uri, door));
    let (wrong, place) = mistakes(reading, offset);
    parts.extend(wrong);
    let span = spot.map(|spot| spot.span).or(place)?;
    (!parts.is_empty()).then(|| (parts.join("\n\n"), span))
}

fn about(reading: &Reading, spot: &Spot<'_>, uri: &str, door: &dyn Door) -> Vec<String> {
    let mut parts = match &spot.what {
        What::Name(name, kinds) => {
            let mut parts = things::about(reading, name, *kinds);
            parts.extend(declared(reading, name, spot));
            parts.extend(used(reading, spot));
            parts
        }
        What::Label { text, .. } => rule(reading, text),
        What::File(name) => vec![file(name, uri, door)],
        What::Feature { file, name } => vec![format!("**{name}**, a feature of `{file}`")],
        What::Handle(name) => {
            vec![format!("**{name}**, the handle of a fact of this test")]
        }
        What::Keyword(word) => keywords::about(word).into_iter().collect(),
        What::Date => time::date(reading, spot).into_iter().collect(),
        What::Other => Vec::new(),
    };
    parts.extend(time::clause(reading, spot));
    parts
}

/// The sentences that declare a name, unless the name is in the only one.
fn declared(reading: &Reading, name: &str, spot: &Spot<'_>) -> Vec<String> {
    let What::Name(_, kinds) = &spot.what else { return Vec::new() };
    let spans = uses::declarations(reading, name, *kinds);
    let mut items: Vec<&Item> =
        spans.iter().filter_map(|span| uses::item_at(reading, *span)).collect();
    items.dedup_by_key(|item| item.span);
    items.into_iter().take(3).map(|item| code(reading, item)).collect()
}

fn code(reading: &Reading, item: &Item) -> String {
    let text = item.span.of(reading.source());
    let shown: Vec<&str> = text.lines().take(LINES).collect();
    let more = if text.lines().count() > LINES { "\n    -- and so on" } else { "" };
    format!("```casus\n{}{more}\n```", shown.join("\n"))
}

/// The rules that name it.
fn used(reading: &Reading, spot: &Spot<'_>) -> Option<String> {
    let mut labels: Vec<&str> = Vec::new();
    for one in uses::uses(reading, spot).iter().filter(|one| !one.declares) {
        let item = uses::item_at(reading, one.span);
        let label = item.and_then(|item| uses::label_of(reading, item)).map(|(label, _)| label);
        labels.extend(label.filter(|label| !labels.contains(label)));
    }
    let more = if labels.len() > RULES { ", …" } else { "" };
    labels.truncate(RULES);
    (!labels.is_empty()).then(|| format!("Named in {}{more}.", labels.join(", ")))
}

/// The wordings of a paragraph, each with its sentence and the paragraph beside it.
fn rule(reading: &Reading, label: &str) -> Vec<String> {
    let labels = uses::labels(reading, label);
    let items = labels.iter().filter_map(|span| uses::item_at(reading, *span));
    let mut parts = Vec::new();
    for item in items.take(WORDINGS) {
        let heading = &item.beside.heading_text;
        parts.push(format!("**{label}** {heading}").trim().to_owned());
        parts.push(code(reading, item));
        parts.extend(meaning(reading, item));
        let prose: String = item.beside.prose.chars().take(PROSE).collect();
        let more = if prose.len() < item.beside.prose.len() { " …" } else { "" };
        if !prose.is_empty() {
            parts.push(format!("> {}{more}", escaped(&prose).replace('\n', "\n> ")));
        }
    }
    parts
}

/// What the rule asks for, in plain words, where the text can be run.
fn meaning(reading: &Reading, item: &Item) -> Option<String> {
    let program = reading.program.as_deref()?;
    let rule = program.rules.iter().find(|rule| rule.line == item.line)?;
    let lines = casus_model::plain::rule(program, rule);
    Some(lines.iter().map(|line| format!("- {}", escaped(line))).collect::<Vec<_>>().join("\n"))
}

fn file(name: &str, uri: &str, door: &dyn Door) -> String {
    match (Beside { door, uri }).read(name) {
        Ok(bytes) => {
            let features = crate::annex::names(&bytes);
            let shown: Vec<&str> = features.iter().map(String::as_str).take(12).collect();
            let more = if features.len() > shown.len() { ", …" } else { "" };
            let named = match shown.is_empty() {
                true => String::new(),
                false => format!("; its features are called {}{more}", shown.join(", ")),
            };
            format!(
                "**{name}**, {} bytes in the agreement's folder{}",
                bytes.len(),
                escaped(&named)
            )
        }
        Err(why) => format!("**{name}** cannot be read: {}", escaped(&why)),
    }
}

/// Why what is wrong here is wrong, and where that stands.
fn mistakes(reading: &Reading, offset: usize) -> (Vec<String>, Option<Span>) {
    let holds = |span: Span| span.start <= offset && offset <= span.end && !span.is_empty();
    let here: Vec<_> = reading.told.iter().filter(|one| holds(one.span)).collect();
    let explained = here.iter().filter_map(|one| Some((one.code, told::explained(one.code)?)));
    let mut parts: Vec<String> = explained
        .map(|(code, (title, why))| format!("**{code}**: {title}. {}", escaped(why)))
        .collect();
    parts.dedup();
    (parts, here.first().map(|one| one.span))
}

/// Without meaning to Markdown.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
