//! JSON values out of a stream, one at a time: one a line, or the features of one document.
//!
//! Invariant: only one value is held at a time, in a buffer that never grows beyond the limit of a
//! row.

use crate::{LimitExceeded, Limits, Problem, window::waited};
use std::io::{self, BufRead};

/// How the values lie in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One value a line.
    Lines,
    /// A feature collection, a single object or an array.
    Document,
}

/// Reads values.
pub(crate) struct Items<R> {
    source: R,
    layout: Layout,
    state: State,
    held: Vec<u8>,
    line: u64,
    most_bytes: usize,
    most_nesting: u64,
    /// The members whose arrays hold the values.
    collections: &'static [&'static str],
    /// Which collection is read, how many were begun, and what stood before it.
    heading: Option<(&'static str, u64, Vec<u8>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before a top-level value.
    Outside,
    /// Within a top-level object, its members so far held back.
    Members,
    /// Within the array of the features (`collection`), or within a top-level array.
    Elements { collection: bool },
    /// Behind the array of the features, within the object around it.
    Tail,
}

/// One value.
pub(crate) struct Item<'a> {
    /// The line in which it begins.
    pub line: u64,
    pub bytes: &'a [u8],
    /// Of the collection that it is in.
    pub heading: Option<Heading<'a>>,
}

/// What is known of a collection where its values begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heading<'a> {
    /// Its name.
    pub name: &'static str,
    /// The how many-eth of the source it is.
    pub number: u64,
    /// The members before it, as an object that is not closed.
    pub members: &'a [u8],
}

impl<R: BufRead> Items<R> {
    pub fn new(source: R, layout: Layout, limits: &Limits) -> Items<R> {
        Items {
            source,
            layout,
            state: State::Outside,
            held: Vec::new(),
            line: 1,
            most_bytes: usize::try_from(limits.row_bytes).unwrap_or(usize::MAX),
            most_nesting: limits.nesting,
            collections: &["features"],
            heading: None,
        }
    }

    /// The same, with other collections.
    pub fn with_collections(self, collections: &'static [&'static str]) -> Items<R> {
        Items { collections, ..self }
    }

    /// The next value; none at the end.
    pub fn next(&mut self) -> io::Result<Option<Item<'_>>> {
        self.held.clear();
        let line = match self.layout {
            Layout::Lines => self.next_line()?,
            Layout::Document => self.next_in_document()?,
        };
        let inside = self.state == State::Elements { collection: true };
        let heading = self.heading.as_ref().filter(|_| inside);
        let heading =
            heading.map(|(name, number, members)| Heading { name, number: *number, members });
        Ok(line.map(|line| Item { line, bytes: &self.held, heading }))
    }

    fn next_line(&mut self) -> io::Result<Option<u64>> {
        loop {
            self.held.clear();
            let line = self.line;
            if !self.take_line()? {
                return Ok(None);
            }
            if !self.held.trim_ascii().is_empty() {
                return Ok(Some(line));
            }
        }
    }

    fn take_line(&mut self) -> io::Result<bool> {
        let mut any = false;
        loop {
            let input = waited(&mut self.source, any)?;
            if input.is_empty() {
                return Ok(any);
            }
            any = true;
            let end = input.iter().position(|&b| b == b'\n');
            let upto = end.unwrap_or(input.len());
            hold(&mut self.held, input.get(..upto).unwrap_or_default(), self.most_bytes)?;
            self.source.consume(end.map_or(upto, |at| at + 1));
            if end.is_some() {
                self.line += 1;
                return Ok(true);
            }
        }
    }

    fn next_in_document(&mut self) -> io::Result<Option<u64>> {
        loop {
            let Some(sign) = self.peek()? else {
                return match self.state {
                    State::Outside => Ok(None),
                    _ => Err(self.broken("the JSON ends too early")),
                };
            };
            let line = self.line;
            match (self.state, sign) {
                (State::Outside, b'{') => {
                    self.skip()?;
                    self.held.push(b'{');
                    self.state = State::Members;
                }
                (State::Outside, b'[') => {
                    self.skip()?;
                    self.state = State::Elements { collection: false };
                }
                (State::Outside, _) => return Err(self.broken("expected a JSON object or array")),
                (_, b',') => {
                    self.skip()?;
                    if self.state == State::Members {
                        self.held.push(b',');
                    }
                }
                (State::Members, b'}') => {
                    self.skip()?;
                    self.held.push(b'}');
                    self.state = State::Outside;
                    return Ok(Some(line));
                }
                (State::Tail, b'}') => {
                    self.skip()?;
                    self.state = State::Outside;
                    self.held.clear();
                }
                (State::Members | State::Tail, b'"') => self.take_member()?,
                (State::Elements { collection }, b']') => {
                    self.skip()?;
                    self.state = if collection { State::Tail } else { State::Outside };
                }
                (State::Elements { .. }, _) => {
                    self.take_value(0)?;
                    return Ok(Some(line));
                }
                _ => return Err(self.broken("expected the name of a member")),
            }
        }
    }

    /// Takes one member of the outermost object, or enters the array of its features.
    fn take_member(&mut self) -> io::Result<()> {
        let before = self.held.len();
        self.take_value(1)?;
        let name = self.held.get(before..).unwrap_or_default();
        let name = name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\""));
        let collection = self.collections.iter().find(|one| Some(one.as_bytes()) == name).copied();
        if self.peek()? != Some(b':') {
            return Err(self.broken("expected `:`"));
        }
        self.skip()?;
        self.held.push(b':');
        if let Some(name) = collection
            && self.peek()? == Some(b'[')
        {
            self.skip()?;
            self.held.truncate(before);
            let (number, old) =
                self.heading.take().map_or((0, Vec::new()), |(_, number, old)| (number, old));
            // Behind an earlier collection of the same object, what stood before it still holds.
            let members = if self.state == State::Tail { old } else { self.held.clone() };
            self.heading = Some((name, number + 1, members));
            self.held.clear();
            self.state = State::Elements { collection: true };
            return Ok(());
        }
        self.take_value(1)?;
        if self.state == State::Tail {
            self.held.clear();
        }
        Ok(())
    }

    /// Takes one whole value, which lies within `outer` brackets that are not taken.
    fn take_value(&mut self, outer: u64) -> io::Result<()> {
        self.peek()?;
        let mut scan = Scan::default();
        loop {
            let input = self.source.fill_buf()?;
            if input.is_empty() {
                return match scan.is_bare() {
                    true => Ok(()),
                    false => Err(self.broken("the JSON ends too early")),
                };
            }
            let (taken, whole) = scan.advance(input);
            let part = input.get(..taken).unwrap_or_default();
            self.line += part.iter().filter(|&&b| b == b'\n').count() as u64;
            hold(&mut self.held, part, self.most_bytes)?;
            self.source.consume(taken);
            if scan.deepest + outer > self.most_nesting {
                return Err(LimitExceeded::new("nesting", self.most_nesting).into());
            }
            if whole && taken == 0 && scan.deepest == 0 && !scan.begun {
                return Err(self.broken("expected a JSON value"));
            }
            if whole {
                return Ok(());
            }
        }
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let input = self.source.fill_buf()?;
            if input.is_empty() {
                return Ok(None);
            }
            let blank = input.iter().take_while(|b| b.is_ascii_whitespace()).count();
            let lines = input.iter().take(blank).filter(|&&b| b == b'\n').count();
            let next = input.get(blank).copied();
            self.line += lines as u64;
            self.source.consume(blank);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    fn skip(&mut self) -> io::Result<()> {
        self.source.consume(1);
        if self.held.len() >= self.most_bytes {
            return Err(LimitExceeded::new("row_bytes", self.most_bytes as u64).into());
        }
        Ok(())
    }

    fn broken(&self, what: &str) -> io::Error {
        io::Error::other(Broken(format!("line {}: {what}", self.line)))
    }
}

/// A fault of the document that loses the place of the next value.
#[derive(Debug)]
struct Broken(String);

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Broken {}

/// The problem in an error of [`Items::next`].
pub(crate) fn problem_of(error: io::Error, packing: Option<&'static str>) -> Problem {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Broken>()) {
        Some(Broken(what)) => Problem::Format(what.clone()),
        None => Problem::from_io(error, packing),
    }
}

fn hold(held: &mut Vec<u8>, part: &[u8], most: usize) -> io::Result<()> {
    if held.len().saturating_add(part.len()) > most {
        return Err(LimitExceeded::new("row_bytes", most as u64).into());
    }
    held.extend_from_slice(part);
    Ok(())
}

/// Finds the end of one value without reading it.
#[derive(Default)]
struct Scan {
    depth: u64,
    deepest: u64,
    in_text: bool,
    escaped: bool,
    bare: bool,
    begun: bool,
}

impl Scan {
    /// A number or a word, which only the next sign ends.
    fn is_bare(&self) -> bool {
        self.bare
    }

    /// How many bytes of the input belong to the value, and whether it ends there.
    fn advance(&mut self, input: &[u8]) -> (usize, bool) {
        for (at, &byte) in input.iter().enumerate() {
            if self.in_text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.in_text = false;
                        if self.depth == 0 {
                            return (at + 1, true);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            let ends_bare = matches!(byte, b',' | b']' | b'}' | b':') || byte.is_ascii_whitespace();
            if self.depth == 0 && ends_bare {
                return (at, true);
            }
            self.begun = true;
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => {
                    self.depth += 1;
                    self.deepest = self.deepest.max(self.depth);
                }
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                _ if self.depth == 0 => self.bare = true,
                _ => {}
            }
        }
        (input.len(), false)
    }
}

/// How deeply the brackets of a text are nested.
pub(crate) fn nesting(bytes: &[u8]) -> u64 {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0u64, 0u64, false, false);
    for &byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Result<Vec<(u64, String)>, String> {
        // One byte at a time, so that every value is torn.
        let source = io::BufReader::with_capacity(1, text.as_bytes());
        let mut items = Items::new(source, Layout::Document, &Limits::default());
        let mut found = Vec::new();
        loop {
            match items.next() {
                Ok(Some(item)) => {
                    let text = String::from_utf8(item.bytes.to_vec()).unwrap();
                    found.push((item.line, text));
                }
                Ok(None) => return Ok(found),
                Err(error) => return Err(problem_of(error, None).to_string()),
            }
        }
    }

    #[test]
    fn a_collection_gives_its_features() {
        let text = concat!(
            "{\"type\":\"FeatureCollection\",\n \"features\": [ {\"a\":\"]}\\\"\"} ,\n",
            "{\"b\":[1,{}]}\n],\n\"x\":{\"y\":[]}}\n"
        );
        let expected = vec![(2, "{\"a\":\"]}\\\"\"}".to_owned()), (3, "{\"b\":[1,{}]}".to_owned())];
        assert_eq!(all(text), Ok(expected));
    }

    #[test]
    fn a_single_object_is_one_value() {
        let text = " {\"type\" : \"Feature\", \"n\": 1 , \"g\": null}";
        let expected = "{\"type\":\"Feature\",\"n\":1,\"g\":null}".to_owned();
        assert_eq!(all(text), Ok(vec![(1, expected)]));
    }

    #[test]
    fn an_early_end_is_an_error() {
        let early = Err("line 1: the JSON ends too early".to_owned());
        assert_eq!(all("{\"features\":[{\"a\":1},{\"b\""), early);
        assert_eq!(all("[{\"a\":1}"), early);
        assert_eq!(all("7"), Err("line 1: expected a JSON object or array".to_owned()));
    }
}
