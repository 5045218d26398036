//! Lines as one source that goes on: what has come is read at once, and nothing waits for more.
//!
//! Invariant: between two lines it says `WouldBlock` once where nothing has come, and waits when it
//! is asked again.

use super::{Watching, feed::Fed};
use std::{
    cell::RefCell,
    io::{self, Read},
    sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError},
};

/// The source.
pub struct Arriving<'w, 't> {
    fed: Receiver<Fed>,
    watching: &'w RefCell<Watching<'t>>,
    lines: Vec<u8>,
    given: usize,
    /// Whether there was a line by which the format can be told.
    begun: bool,
    /// Whether it was said that nothing has come.
    paused: bool,
}

impl<'w, 't> Arriving<'w, 't> {
    /// Of these lines, for this engine.
    pub fn new(fed: Receiver<Fed>, watching: &'w RefCell<Watching<'t>>) -> Arriving<'w, 't> {
        let lines = Vec::new();
        Arriving { fed, watching, lines, given: 0, begun: false, paused: false }
    }

    /// Takes the next lines; false at the end.
    fn next(&mut self) -> io::Result<bool> {
        let fed = match self.fed.try_recv() {
            Ok(fed) => fed,
            Err(TryRecvError::Disconnected) => return Ok(false),
            Err(TryRecvError::Empty) if self.begun && !self.paused => {
                self.paused = true;
                return Err(io::ErrorKind::WouldBlock.into());
            }
            Err(TryRecvError::Empty) => match self.wait()? {
                Some(fed) => fed,
                None => return Ok(false),
            },
        };
        match fed {
            Fed::Lines(lines) => {
                self.begun |= lines.trim_ascii().len() > 4;
                (self.lines, self.given, self.paused) = (lines, 0, false);
            }
            Fed::TooLong(row) => self.watching.borrow_mut().too_long(row),
            #[cfg(feature = "nats")]
            Fed::Message(..) | Fed::Said(_) => {}
            Fed::Failed(why) => return Err(io::Error::other(why)),
        }
        Ok(true)
    }

    /// Judges what was read, and waits; none at the end.
    fn wait(&mut self) -> io::Result<Option<Fed>> {
        loop {
            if self.watching.borrow_mut().pause() {
                return Err(io::Error::other("nobody takes what is found"));
            }
            match self.fed.recv_timeout(super::TICK) {
                Ok(fed) => return Ok(Some(fed)),
                Err(RecvTimeoutError::Timeout) => self.watching.borrow_mut().tick(),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            }
        }
    }
}

impl Read for Arriving<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut left = self.lines.get(self.given..).unwrap_or_default();
            let read = left.read(into)?;
            self.given += read;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            if !self.next()? {
                return Ok(0);
            }
        }
    }
}
