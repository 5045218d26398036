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

/// How many pieces wait at most; then the source waits.
const WAITING: usize = 16;
/// How much is read at once.
const PIECE: usize = 1 << 16;
/// How often a file that has ended is looked at again.
const LOOK: Duration = Duration::from_millis(200);

/// What a source gives.
pub enum Fed {
    /// Whole lines, all that had come.
    Lines(Vec<u8>),
    /// A line that is longer than is allowed, by its number from 1; an empty one stands for it.
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
        Source::File(path.to_owned(), BufReader::with_capacity(PIECE, file))
    };
    let (sender, receiver) = sync_channel(WAITING);
    thread::spawn(move || match source {
        Source::Input => {
            let mut reader = BufReader::with_capacity(PIECE, io::stdin().lock());
            lines(&mut reader, &sender, most, &mut || Ok(false));
        }
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

/// Reads whole lines. At an end, `more` says whether there may be more; it waits before.
fn lines(
    reader: &mut impl BufRead,
    to: &SyncSender<Fed>,
    most: usize,
    more: &mut dyn FnMut() -> io::Result<bool>,
) {
    let mut split = Split { most, row: 0, line: Vec::new(), too_long: false };
    loop {
        let ended = match piece(reader, &mut split) {
            Ok(Some(all)) => {
                // Nobody listens any more: the command has ended.
                if all.into_iter().any(|fed| to.send(fed).is_err()) {
                    return;
                }
                continue;
            }
            Ok(None) => more(),
            Err(error) => Err(error),
        };
        match ended {
            Ok(true) => {}
            Ok(false) => {
                if !split.line.is_empty() || split.too_long {
                    let _ = split.take(b"\n").into_iter().try_for_each(|fed| to.send(fed));
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

/// The lines that have come; none where the source has ended for now.
fn piece(reader: &mut impl BufRead, split: &mut Split) -> io::Result<Option<Vec<Fed>>> {
    let found = reader.fill_buf()?;
    if found.is_empty() {
        return Ok(None);
    }
    let all = split.take(found);
    let length = found.len();
    reader.consume(length);
    Ok(Some(all))
}

/// What there is of a line that has not ended.
struct Split {
    most: usize,
    /// How many lines have ended.
    row: u64,
    line: Vec<u8>,
    too_long: bool,
}

impl Split {
    /// Takes more bytes; the lines that end in them.
    fn take(&mut self, found: &[u8]) -> Vec<Fed> {
        let (mut all, mut whole) = (Vec::new(), Vec::with_capacity(self.line.len() + found.len()));
        for part in found.split_inclusive(|byte| *byte == b'\n') {
            let ends = part.ends_with(b"\n");
            if self.line.len() + part.len() - usize::from(ends) > self.most {
                self.too_long = true;
                self.line.clear();
            } else if !self.too_long && ends && self.line.is_empty() {
                whole.extend_from_slice(part);
            } else if !self.too_long {
                self.line.extend_from_slice(part);
            }
            if ends {
                self.row += 1;
                whole.append(&mut self.line);
                if std::mem::take(&mut self.too_long) {
                    whole.push(b'\n');
                    all.push(Fed::TooLong(self.row));
                }
            }
        }
        all.extend((!whole.is_empty()).then_some(Fed::Lines(whole)));
        all
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    fn read(text: &str, most: usize) -> (String, Vec<u64>) {
        let (sender, receiver) = sync_channel(100);
        lines(&mut BufReader::with_capacity(3, text.as_bytes()), &sender, most, &mut || Ok(false));
        drop(sender);
        told(&receiver)
    }

    fn told(receiver: &Receiver<Fed>) -> (String, Vec<u64>) {
        let (mut lines, mut too_long) = (Vec::new(), Vec::new());
        for fed in receiver {
            match fed {
                Fed::Lines(some) => lines.extend(some),
                Fed::TooLong(row) => too_long.push(row),
                Fed::Failed(why) => panic!("{why}"),
                #[cfg(feature = "nats")]
                Fed::Message(..) | Fed::Said(_) => unreachable!("a file has no messages"),
            }
        }
        (String::from_utf8(lines).unwrap(), too_long)
    }

    #[test]
    fn lines_come_whole_and_once() {
        assert_eq!(read("one\ntwo\n\nfour", 100), ("one\ntwo\n\nfour\n".to_owned(), vec![]));
    }

    #[test]
    fn a_line_that_is_too_long_costs_that_line_only() {
        assert_eq!(read("one\nlonger\ntwo", 4), ("one\n\ntwo\n".to_owned(), vec![2]));
        assert_eq!(read("longer", 4), ("\n".to_owned(), vec![1]));
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
        assert_eq!(told(&receiver), ("one\ntwo\n".to_owned(), vec![]));
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
