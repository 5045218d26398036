//! What a source is: delimited text or JSON, found by its first bytes and by its name.
//!
//! Invariant: content decides; the name only settles what content leaves open.

use crate::{Problem, json::Layout};

/// A format that is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Delimited text with a header, and its delimiter.
    Delimited(u8),
    /// JSON, one value a line.
    JsonLines,
    /// One JSON document: a GeoJSON feature collection, a feature, or an array.
    JsonDocument,
}

impl Format {
    pub(crate) fn layout(self) -> Option<Layout> {
        match self {
            Format::Delimited(_) => None,
            Format::JsonLines => Some(Layout::Lines),
            Format::JsonDocument => Some(Layout::Document),
        }
    }
}

/// Tells the format by the first unpacked bytes and the name of the source. `delimiter` is what
/// a profile says.
pub(crate) fn detect(head: &[u8], name: &str, delimiter: Option<u8>) -> Result<Format, Problem> {
    if let Some(what) = foreign(head) {
        return Err(Problem::Format(what.to_owned()));
    }
    match head.trim_ascii_start().first() {
        Some(b'{') => Ok(json_format(head.trim_ascii_start(), name)),
        Some(b'[') if !has_ending(name, &["csv", "tsv", "tab", "txt"]) => Ok(Format::JsonDocument),
        _ => Ok(Format::Delimited(delimiter.unwrap_or_else(|| delimiter_of(head, name)))),
    }
}

/// Whether the name, without the ending of a packing, has one of the endings.
fn has_ending(name: &str, endings: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    let plain = [".gz", ".zst", ".zstd"].iter().find_map(|packed| name.strip_suffix(packed));
    let plain = plain.unwrap_or(&name);
    endings.iter().any(|ending| plain.rsplit_once('.').is_some_and(|(_, last)| last == *ending))
}

fn foreign(head: &[u8]) -> Option<&'static str> {
    const PACKED: &str = "packed twice; unpack it once";
    Some(match head {
        [b'P', b'K', 3, 4, ..] => "a zip archive or an Excel workbook; save the sheet as CSV",
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "an old Excel or Word file; save the sheet as CSV",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "text in UTF-16; save it as UTF-8",
        [b'S', b'Q', b'L', b'i', b't', b'e', ..] => "an SQLite database; export the table as CSV",
        [b'P', b'A', b'R', b'1', ..] => {
            "a Parquet file, which this Casus is not built for; build it with \
             `--features parquet`, or export the file as CSV"
        }
        [0x1a, b'1'..=b'4', ..] => {
            "a recording in the Beast format; read it under a copy of the profile `beast`"
        }
        [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => PACKED,
        [b'B', b'Z', b'h', ..] | [0xfd, b'7', b'z', ..] => {
            "packed in a way that is not read here; expected plain, gzip or zstd"
        }
        _ if head.contains(&0) => {
            "neither text nor a packing that is read here; expected CSV, \
                                   TSV, JSON Lines or GeoJSON, plain, gzip or zstd"
        }
        _ => return None,
    })
}

/// JSON that begins with an object: one document, or one value a line.
fn json_format(head: &[u8], name: &str) -> Format {
    if has_ending(name, &["jsonl", "ndjson", "geojsonl", "geojsonseq"]) {
        return Format::JsonLines;
    }
    let end = head.iter().position(|&b| b == b'\n').unwrap_or(head.len());
    let first = head.get(..end).unwrap_or_default();
    let names_features = first.windows(11).any(|part| part == b"\"features\":")
        || first.windows(19).any(|part| part == b"\"FeatureCollection\"");
    let is_whole = serde_json::from_slice::<serde::de::IgnoredAny>(first).is_ok();
    let is_torn = end == head.len() && !has_ending(name, &["json", "geojson"]);
    match (is_whole || is_torn) && !names_features {
        true => Format::JsonLines,
        false if looks_pretty(first) || names_features => Format::JsonDocument,
        false if has_ending(name, &["json", "geojson"]) => Format::JsonDocument,
        false => Format::JsonLines,
    }
}

/// A first line that opens a bracket, or ends in the middle of a list: a document laid out over
/// several lines. A line of JSON Lines that is damaged looks different: it does not end so.
fn looks_pretty(first: &[u8]) -> bool {
    matches!(first.trim_ascii_end().last(), Some(b'{' | b'[' | b','))
}

/// The delimiter that the header holds most often outside quotes.
fn delimiter_of(head: &[u8], name: &str) -> u8 {
    if has_ending(name, &["tsv", "tab"]) {
        return b'\t';
    }
    let (mut commas, mut tabs, mut semicolons, mut quoted) = (0, 0, 0, false);
    for &byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            b',' if !quoted => commas += 1,
            b'\t' if !quoted => tabs += 1,
            b';' if !quoted => semicolons += 1,
            _ => {}
        }
    }
    match (commas, tabs, semicolons) {
        (c, t, s) if t > c && t >= s => b'\t',
        (c, _, s) if s > c => b';',
        _ => b',',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_and_name_tell_the_format() {
        let cases = [
            ("a,b;c,d\n", "x", Format::Delimited(b',')),
            ("a;b;c,d\n", "x.csv", Format::Delimited(b';')),
            ("\"a,b,c\"\tb\n", "x", Format::Delimited(b'\t')),
            ("{\"id\":1}\n{\"id\":2}\n", "x", Format::JsonLines),
            ("{\"id\":1}\n", "x.geojson", Format::JsonLines),
            ("{\"type\":\"FeatureCollection\",\"features\":[]}\n", "x", Format::JsonDocument),
            ("{\n\"type\": \"Feature\"", "x", Format::JsonDocument),
            ("{\n\"type\": \"Feature\"", "x.jsonl.gz", Format::JsonLines),
            ("[{}]", "x", Format::JsonDocument),
        ];
        for (head, name, expected) in cases {
            assert_eq!(detect(head.as_bytes(), name, None).ok(), Some(expected), "{head} {name}");
        }
    }

    #[test]
    fn foreign_files_are_named() {
        let said = |head: &[u8]| detect(head, "x.csv", None).unwrap_err().to_string();
        assert_eq!(
            said(b"PK\x03\x04xx"),
            "a zip archive or an Excel workbook; save the sheet as CSV"
        );
        assert!(said(b"\x1a2\0\0").contains("Beast"));
        assert!(said(b"PAR1").contains("`--features parquet`"));
        assert!(said(b"\xff\xfea\0").contains("UTF-16"));
        assert!(said(b"a\0b").starts_with("neither text"));
    }
}
