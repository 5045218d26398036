//! Annex files as an editor sees them: where a feature stands in its file, and what features there
//! are.
//!
//! Invariant: whatever the bytes, an answer comes back; a file that is no GeoJSON has no features.

use crate::lines::{Encoding, Places};
use casus_syntax::Span;
use lsp_types::Range;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

/// Bytes of a file that is looked into; a greater one is only pointed at.
const BYTES: usize = 16 << 20;
/// Signs of a relative reference that need no escape.
const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A file of features, each as it is written.
#[derive(Deserialize)]
struct Collection<'a> {
    #[serde(borrow)]
    features: Vec<&'a RawValue>,
}

/// The URI of a file in the folder of an agreement; none where its URI has no folder.
pub fn uri(agreement: &str, name: &str) -> Option<String> {
    let inside = !name.split('/').any(|part| matches!(part, "" | "." | ".."));
    let (folder, _) = agreement.rsplit_once('/').filter(|_| inside)?;
    Some(format!("{folder}/{}", utf8_percent_encode(name, PLAIN)))
}

/// Where the feature of this name stands in a file; the file's beginning where it has none.
pub fn feature(bytes: &[u8], name: &str, encoding: Encoding) -> Range {
    let Some(text) = text(bytes) else { return Range::default() };
    let found = features(text).into_iter().find(|(_, names)| names.iter().any(|one| one == name));
    let span = found.map_or(Span::new(0, 0), |(span, _)| span);
    Places::of(text, encoding).range(text, span)
}

/// The names of a file's features: each `name` or id, once.
pub fn names(bytes: &[u8]) -> Vec<String> {
    let all = features(text(bytes).unwrap_or(""));
    let mut names: Vec<String> = all.into_iter().flat_map(|(_, names)| names).collect();
    names.sort();
    names.dedup();
    names
}

fn text(bytes: &[u8]) -> Option<&str> {
    Some(bytes)
        .filter(|bytes| bytes.len() <= BYTES)
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
}

/// Where each feature stands, and what it is called: its id and its properties that are text.
fn features(text: &str) -> Vec<(Span, Vec<String>)> {
    let json = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Ok(file) = serde_json::from_str::<Collection<'_>>(json) else { return Vec::new() };
    let one = |raw: &&RawValue| {
        let start = raw.get().as_ptr() as usize - text.as_ptr() as usize;
        let value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        let properties = value.get("properties").and_then(Value::as_object);
        let properties = properties.into_iter().flat_map(|all| all.values());
        let names = properties.chain(value.get("id")).filter_map(|value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
        (Span::new(start, start + raw.get().len()), names.collect())
    };
    file.features.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lsp_types::Position;

    #[test]
    fn a_feature_is_found_by_any_of_its_names() {
        let text = "\u{feff}{\"features\": [{\"properties\": {\"ü\": \"север 🛰\"}},\n \
                    {\"id\": 7, \"properties\": null}]}";
        let at = |name: &str| feature(text.as_bytes(), name, Encoding::Utf16).start;
        assert_eq!(at("север 🛰"), Position { line: 0, character: 15 });
        assert_eq!(at("7"), Position { line: 1, character: 1 });
        assert_eq!(at("nowhere"), Position { line: 0, character: 0 });
        assert_eq!(names(text.as_bytes()), ["7", "север 🛰"]);
    }

    #[test]
    fn what_is_no_collection_has_no_features() {
        let deep = "[".repeat(100_000);
        for text in ["", "{}", "{\"features\": 1}", "{\"features\": [1, null", deep.as_str()] {
            assert_eq!(names(text.as_bytes()), Vec::<String>::new(), "{text:.20}");
        }
        assert_eq!(names(b"\xff\xfe"), Vec::<String>::new());
        assert_eq!(names(b"{\"features\": [1, null, []]}"), Vec::<String>::new());
    }

    #[test]
    fn the_name_of_a_file_stays_in_its_folder() {
        let uri = |name| uri("file:///a%20b/c.md", name);
        assert_eq!(
            uri("карта 1.csv").as_deref(),
            Some("file:///a%20b/%D0%BA%D0%B0%D1%80%D1%82%D0%B0%201.csv")
        );
        assert_eq!(uri("x/y-z_1.geojson").as_deref(), Some("file:///a%20b/x/y-z_1.geojson"));
        for name in ["../a", "/etc/passwd", "a//b", ""] {
            assert_eq!(uri(name), None, "{name}");
        }
    }
}
