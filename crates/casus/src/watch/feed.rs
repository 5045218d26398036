//! Lines as they arrive: from standard input, or from a file that grows.
//!
//! Invariant: a line is handed over once and whole; of a line that is too long nothing is kept.

use crate::{agreement::missing, exit::Failure};
use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
    time::Duration,
};

/// How many lines wait at most; then the source waits.
const WAITING: usize = 1024;
/// How often a file that has ended is looked at again.
const LOOK: Duration = Duration::from_millis(200);

/// What a source gives.
pub enum Fed {
    /// A line and its number, from 1.
    Line(u64, Vec<u8>),
    /// A line that is longer than is allowed.
    TooLong(u64),
    /// A message of a stream, its number there, and what to do once it was judged.
    #[cfg(feature = "nats")]
    Message(u64, Vec<u8>, Box<dyn FnOnce() + Send>),
    /// Something about the source that people want to know.
    #[cfg(feature = "nats")]
    Said(String),
    /// The source cannot be read any further.
    Failed(String),
}

/// Where the lines come from.
enum Source {
    Input,
    File(PathBuf, BufReader<File>),
}

/// Follows a source in a thread of its own; `-` is standard input. A file is followed as it
/// grows, unless it is to be read `until_end` only.
///
/// # Errors
/// Where the file cannot be opened.
pub fn follow(path: &Path, until_end: bool, most: usize) -> Result<Receiver<Fed>, Failure> {
    let source = if path.as_os_str() == "-" {
        Source::Input
    } else {
        let file = File::open(path).map_err(|error| missing("evidence", path, &error))?;
        Source::File(path.to_owned(), BufReader::new(file))
    };
    let (sender, receiver) = sync_channel(WAITING);
    thread::spawn(move || match source {
        Source::Input => lines(&mut io::stdin().lock(), &sender, most, &mut || Ok(false)),
        Source::File(path, mut reader) => {
            let mut read_so_far = 0;
            let mut grows = || {
                thread::sleep(LOOK);
                let length = std::fs::metadata(&path)?.len();
                let shorter = length < read_so_far;
                read_so_far = length;
                match shorter {
                    true => Err(io::Error::other("it has become shorter")),
                    false => Ok(true),
                }
            };
            let mut ends = || Ok(false);
            let more: &mut dyn FnMut() -> io::Result<bool> =
                if until_end { &mut ends } else { &mut grows };
            lines(&mut reader, &sender, most, more);
        }
    });
    Ok(receiver)
}

/// Reads line by line. At an end, `more` says whether there may be more; it waits before.
fn lines(
    reader: &mut impl BufRead,
    to: &SyncSender<Fed>,
    most: usize,
    more: &mut dyn FnMut() -> io::Result<bool>,
) {
    let (mut line, mut row, mut too_long) = (Vec::new(), 1, false);
    loop {
        let ended = match piece(reader, &mut line, most, &mut too_long) {
            Ok(Piece::Line) => {
                let full = std::mem::take(&mut line);
                let fed = if too_long { Fed::TooLong(row) } else { Fed::Line(row, full) };
                too_long = false;
                row += 1;
                // Nobody listens any more: the command has ended.
                if to.send(fed).is_err() {
                    return;
                }
                continue;
            }
            Ok(Piece::End) => more(),
            Err(error) => Err(error),
        };
        match ended {
            Ok(true) => {}
            Ok(false) => {
                if !line.is_empty() || too_long {
                    let fed = if too_long { Fed::TooLong(row) } else { Fed::Line(row, line) };
                    let _ = to.send(fed);
                }
                return;
            }
            Err(error) => {
                let _ = to.send(Fed::Failed(format!("the evidence cannot be read: {error}")));
                return;
            }
        }
    }
}

enum Piece {
    /// The line is whole.
    Line,
    /// The source has ended for now; what there is of a line stays.
    End,
}

fn piece(
    reader: &mut impl BufRead,
    line: &mut Vec<u8>,
    most: usize,
    too_long: &mut bool,
) -> io::Result<Piece> {
    loop {
        let found = reader.fill_buf()?;
        if found.is_empty() {
            return Ok(Piece::End);
        }
        let end = found.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(found.len(), |end| end + 1);
        let part = found.get(..end.unwrap_or(found.len())).unwrap_or_default();
        if line.len().saturating_add(part.len()) > most {
            *too_long = true;
            line.clear();
        } else if !*too_long {
            line.extend_from_slice(part);
        }
        reader.consume(taken);
        if end.is_some() {
            return Ok(Piece::Line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, most: usize) -> Vec<String> {
        let (sender, receiver) = sync_channel(100);
        lines(&mut BufReader::with_capacity(3, text.as_bytes()), &sender, most, &mut || Ok(false));
        drop(sender);
        let told = receiver.iter().map(|fed| match fed {
            Fed::Line(row, bytes) => format!("{row}:{}", String::from_utf8_lossy(&bytes)),
            Fed::TooLong(row) => format!("{row} too long"),
            Fed::Failed(why) => why,
            #[cfg(feature = "nats")]
            Fed::Message(..) | Fed::Said(_) => unreachable!("a file has no messages"),
        });
        told.collect()
    }

    #[test]
    fn lines_come_whole_and_once() {
        assert_eq!(read("one\ntwo\n\nfour", 100), ["1:one", "2:two", "3:", "4:four"]);
    }

    #[test]
    fn a_line_that_is_too_long_costs_that_line_only() {
        assert_eq!(read("one\nlonger\ntwo", 4), ["1:one", "2 too long", "3:two"]);
        assert_eq!(read("longer", 4), ["1 too long"]);
    }

    #[test]
    fn what_grows_is_read_on() {
        let (sender, receiver) = sync_channel(100);
        let parts = [&b"on"[..], &[], b"e\ntw", &[], b"o"];
        let mut left = 4;
        let mut more = || {
            left -= 1;
            Ok(left > 0)
        };
        lines(&mut Parts(parts.to_vec()), &sender, 100, &mut more);
        drop(sender);
        let rows = receiver.iter().filter(|fed| matches!(fed, Fed::Line(..))).count();
        assert_eq!(rows, 2);
    }

    /// A reader that ends and goes on.
    struct Parts(Vec<&'static [u8]>);

    impl io::Read for Parts {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            unreachable!("lines are read from the buffer")
        }
    }
    impl BufRead for Parts {
        fn fill_buf(&mut self) -> io::Result<&[u8]> {
            if self.0.is_empty() {
                return Ok(&[]);
            }
            let first = self.0[0];
            if first.is_empty() {
                self.0.remove(0);
            }
            Ok(first)
        }
        fn consume(&mut self, amount: usize) {
            if let Some(first) = self.0.first_mut() {
                *first = &first[amount..];
                if first.is_empty() {
                    self.0.remove(0);
                }
            }
        }
    }
}
