//! Bytes of a text as lines and characters of the protocol, and back.
//!
//! Invariant: every position, however wrong, becomes a byte on a character boundary of the text,
//! and every byte a position that becomes the same byte again.

use casus_syntax::Span;
use lsp_types::{Position, PositionEncodingKind, Range};

/// What a character of a position counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16, unless something else is agreed on.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The first that the client offers and that we have; UTF-8 before others, as it costs least.
    pub fn agreed(offered: &[PositionEncodingKind]) -> Encoding {
        let all = [
            (PositionEncodingKind::UTF8, Encoding::Utf8),
            (PositionEncodingKind::UTF16, Encoding::Utf16),
            (PositionEncodingKind::UTF32, Encoding::Utf32),
        ];
        let offered = all.into_iter().find(|(kind, _)| offered.contains(kind));
        offered.map_or(Encoding::Utf16, |(_, encoding)| encoding)
    }
    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }
    fn units(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }
    fn count(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            _ => text.chars().map(|c| self.units(c)).sum(),
        }
    }
}

/// Bytes between two marks.
const STRIDE: usize = 1 << 10;

/// Where the lines of a text begin, and how many units stand before every so many bytes.
#[derive(Clone, Debug)]
pub struct Places {
    encoding: Encoding,
    starts: Vec<usize>,
    /// A byte on a character boundary, and the units before it.
    marks: Vec<(usize, usize)>,
}

impl Places {
    /// Of this text. A line ends with `\n`, `\r\n` or `\r`.
    pub fn of(text: &str, encoding: Encoding) -> Places {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let alone = *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n');
            if *byte == b'\n' || alone {
                starts.push(at + 1);
            }
        }
        let (mut marks, mut units, mut from) = (Vec::new(), 0, 0);
        for stride in 1..=text.len() / STRIDE {
            let at = floor(text, stride * STRIDE);
            units += encoding.count(text.get(from..at).unwrap_or(""));
            marks.push((at, units));
            from = at;
        }
        Places { encoding, starts, marks }
    }

    /// The position of a byte.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = floor(text, offset);
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        // A byte within the end of a line has no position of its own but the end of the line.
        let offset = offset.min(self.end(text, line)).max(start);
        let character = self.units(text, offset).saturating_sub(self.units(text, start));
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: number(line), character: number(character) }
    }

    /// The byte of a position: one beyond the end of a line is that end, one within a character
    /// its beginning, one beyond the last line the end of the text.
    pub fn offset(&self, text: &str, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else { return text.len() };
        let end = self.end(text, line);
        let sought = self.units(text, start) + position.character as usize;
        let mark = self.marks.partition_point(|(_, units)| *units <= sought);
        let mark = mark.checked_sub(1).and_then(|at| self.marks.get(at)).copied();
        let (mut at, mut units) = mark.unwrap_or((0, 0));
        if at < start {
            (at, units) = (start, self.units(text, start));
        }
        for c in text.get(at..end).unwrap_or("").chars() {
            units += self.encoding.units(c);
            if units > sought {
                break;
            }
            at += c.len_utf8();
        }
        at.min(end)
    }

    /// The range of a span.
    pub fn range(&self, text: &str, span: Span) -> Range {
        Range { start: self.position(text, span.start), end: self.position(text, span.end) }
    }

    /// The span of a range, whichever end comes first.
    pub fn span(&self, text: &str, range: Range) -> Span {
        let (one, two) = (self.offset(text, range.start), self.offset(text, range.end));
        Span::new(one.min(two), one.max(two))
    }

    /// Where the text of a line ends, before its `\n`, `\r\n` or `\r`.
    fn end(&self, text: &str, line: usize) -> usize {
        let next = self.starts.get(line + 1).copied();
        let start = self.starts.get(line).copied().unwrap_or(text.len());
        let whole = text.get(start..next.unwrap_or(text.len())).unwrap_or("");
        let kept = match next {
            Some(_) => whole.strip_suffix("\r\n").or_else(|| whole.strip_suffix(['\n', '\r'])),
            None => Some(whole),
        };
        start + kept.unwrap_or(whole).len()
    }

    /// How many units stand before a byte.
    fn units(&self, text: &str, offset: usize) -> usize {
        if self.encoding == Encoding::Utf8 {
            return offset;
        }
        let mark = self.marks.partition_point(|(at, _)| *at <= offset);
        let mark = mark.checked_sub(1).and_then(|at| self.marks.get(at)).copied();
        let (at, units) = mark.unwrap_or((0, 0));
        units + self.encoding.count(text.get(at..offset).unwrap_or(""))
    }
}

/// The greatest character boundary that is not beyond this byte.
fn floor(text: &str, offset: usize) -> usize {
    let most = offset.min(text.len());
    (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn characters_are_counted_as_agreed() {
        let text = "я 🚜x\r\nb\rc\n";
        let x = text.find('x').unwrap_or(0);
        for (encoding, character) in ALL.into_iter().zip([7, 4, 3]) {
            let places = Places::of(text, encoding);
            assert_eq!(places.position(text, x), at(0, character), "{encoding:?}");
            assert_eq!(places.offset(text, at(0, character)), x, "{encoding:?}");
            assert_eq!(places.position(text, text.len() - 2), at(2, 0));
            assert_eq!(places.position(text, text.len()), at(3, 0));
        }
    }

    #[test]
    fn a_position_that_is_nowhere_is_the_nearest_byte() {
        let text = "я🚜x\nb";
        let places = Places::of(text, Encoding::Utf16);
        assert_eq!(places.offset(text, at(0, 2)), 2, "within the two halves of a character");
        assert_eq!(places.offset(text, at(0, u32::MAX)), 7);
        assert_eq!(places.offset(text, at(1, 9)), text.len());
        assert_eq!(places.offset(text, at(u32::MAX, 0)), text.len());
    }

    #[test]
    fn every_byte_comes_back() {
        let line = "Ωё🛰 word, ".repeat(300);
        for text in [line.as_str(), "", "\n", "\r\n\r\n", "a\r", "é\n🚜\r\nя"] {
            for places in ALL.map(|encoding| Places::of(text, encoding)) {
                for (offset, c) in text.char_indices().filter(|(_, c)| !matches!(c, '\r' | '\n')) {
                    let position = places.position(text, offset);
                    assert_eq!(places.offset(text, position), offset, "{c} {position:?}");
                }
            }
        }
    }
}
