//! A buffer over a source that can be made to hold more than is left in it.
//!
//! Invariant: every byte of the source is given once and in order.

use std::io::{self, BufRead, Read};

/// The buffer.
pub(crate) struct Window<R> {
    source: R,
    held: Vec<u8>,
    start: usize,
    end: usize,
}

/// How many bytes it holds at first.
const HELD: usize = 1 << 17;

impl<R: Read> Window<R> {
    pub fn new(source: R) -> Window<R> {
        Window { source, held: vec![0; HELD], start: 0, end: 0 }
    }

    /// What was read and not yet taken.
    pub fn left(&self) -> &[u8] {
        self.held.get(self.start..self.end).unwrap_or_default()
    }

    /// Reads more behind what is left; whether there was more.
    pub fn more(&mut self) -> io::Result<bool> {
        if self.start > 0 {
            self.held.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.held.len() {
            self.held.resize(self.held.len() * 2, 0);
        }
        let room = self.held.get_mut(self.end..).unwrap_or_default();
        let read = loop {
            match self.source.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.end += read;
        Ok(read > 0)
    }
}

/// What there is to read; within a row that has begun, a source that has no more for now is asked
/// again.
pub(crate) fn waited<R: BufRead>(source: &mut R, begun: bool) -> io::Result<&[u8]> {
    let is_pause = |error: io::Error| error.kind() == io::ErrorKind::WouldBlock;
    while begun && source.fill_buf().is_err_and(is_pause) {}
    source.fill_buf()
}

impl<R: Read> Read for Window<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut left = self.fill_buf()?;
        let read = left.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Window<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.more()?;
        }
        Ok(self.left())
    }
    fn consume(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.end);
    }
}
