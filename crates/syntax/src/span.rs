//! Byte ranges of the source, and the lines and columns they are shown as.
//!
//! Invariant: a span that a document holds lies within its source, on character boundaries.

/// A range of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// From `start` to `end`.
    pub const fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }
    /// The least span over both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
    /// How many bytes.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }
    /// Whether it holds no byte.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }
    /// What it covers; nothing where it does not fit.
    pub fn of(self, source: &str) -> &str {
        source.get(self.start..self.end).unwrap_or("")
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Span {
        Span { start: range.start, end: range.end }
    }
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// Of this text.
    pub fn of(source: &str) -> Lines {
        let breaks = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Lines { starts: std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect() }
    }
    /// The line of a byte, from 1.
    pub fn line(&self, offset: usize) -> u32 {
        let line = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(line.max(1)).unwrap_or(u32::MAX)
    }
    /// The line and the column (in characters) of a byte, both from 1.
    pub fn line_column(&self, source: &str, offset: usize) -> (u32, u32) {
        let line = self.line(offset);
        let start = self.starts.get(line as usize - 1).copied().unwrap_or(0);
        // A very long line is counted in bytes beyond this, so that many columns stay cheap.
        const COUNTED: usize = 4096;
        let near = start.saturating_add(COUNTED).min(offset);
        let near = (start..=near).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(start);
        let characters = source.get(start..near).map_or(0, |text| text.chars().count());
        let column = characters + offset.saturating_sub(near) + 1;
        (line, u32::try_from(column).unwrap_or(u32::MAX))
    }
    /// The bytes of a line (from 1), its end of line included.
    pub fn span(&self, source: &str, line: u32) -> Span {
        let at = (line as usize).saturating_sub(1);
        let start = self.starts.get(at).copied().unwrap_or(source.len());
        Span::new(start, self.starts.get(at + 1).copied().unwrap_or(source.len()))
    }
}
