//! Frames of the Beast format: an escape, a kind, a counter of 48 bits, a strength and a message.
//!
//! Invariant: every byte of the source belongs to exactly one piece, and no piece is held but a
//! whole frame.

use crate::window::Window;
use std::io::{self, BufRead, Read};

/// What every frame begins with. Within a frame it stands twice.
const ESCAPE: u8 = 0x1a;

/// Reads frames.
pub(crate) struct Frames<R> {
    source: Window<R>,
    /// Whether the escape of the next frame has been read.
    begun: bool,
}

/// What stands in the source.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A frame with a message of 2, 7 or 14 bytes.
    Whole(Frame),
    /// A frame of a kind that holds no message: its sign.
    Other(u8),
    /// A frame of which so many bytes of this many are here.
    Torn(usize, usize),
    /// So many bytes between frames.
    Stray(u64),
}

/// One frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// As it lies in the frame.
    pub counter: u64,
    pub message: Message,
}

/// The message of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// Mode A or C.
    Reply,
    /// Mode S, 56 bits.
    Short([u8; 7]),
    /// Mode S, 112 bits.
    Long([u8; 14]),
}

/// Whether a source begins with a frame.
pub(crate) fn begins(head: &[u8]) -> bool {
    matches!(head, [ESCAPE, b'1'..=b'4', ..])
}

impl<R: Read> Frames<R> {
    pub fn new(source: R) -> Frames<R> {
        Frames { source: Window::new(source), begun: false }
    }

    /// The next piece; none at the end.
    pub fn next(&mut self) -> io::Result<Option<Piece>> {
        if !self.begun {
            let stray = self.seek()?;
            if stray > 0 || !self.begun {
                return Ok((stray > 0).then_some(Piece::Stray(stray)));
            }
        }
        self.begun = false;
        let kind = self.byte()?;
        Ok(Some(match kind {
            None => Piece::Torn(0, 0),
            Some(b'1') => self.body::<2>(|_| Message::Reply)?,
            Some(b'2') => self.body(Message::Short)?,
            Some(b'3') => self.body(Message::Long)?,
            Some(kind) => {
                self.seek()?;
                Piece::Other(kind)
            }
        }))
    }

    /// Passes over what stands before the next frame; how many bytes that is.
    fn seek(&mut self) -> io::Result<u64> {
        let mut passed = 0;
        while let Some(byte) = self.byte()? {
            if byte == ESCAPE && self.peek()? != Some(ESCAPE) {
                self.begun = true;
                return Ok(passed);
            }
            if byte == ESCAPE {
                self.source.consume(1);
                passed += 1;
            }
            passed += 1;
        }
        Ok(passed)
    }

    fn body<const N: usize>(&mut self, message: fn([u8; N]) -> Message) -> io::Result<Piece> {
        let (mut head, mut rest) = ([0; 7], [0; N]);
        for (at, to) in head.iter_mut().chain(&mut rest).enumerate() {
            match self.inner()? {
                Some(byte) => *to = byte,
                None => return Ok(Piece::Torn(at, 7 + N)),
            }
        }
        // Six bytes are the counter, the seventh is the strength.
        let counter = head.iter().take(6).fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        Ok(Piece::Whole(Frame { counter, message: message(rest) }))
    }

    /// The next byte within a frame; none where the frame ends before it.
    fn inner(&mut self) -> io::Result<Option<u8>> {
        let byte = self.byte()?;
        if byte == Some(ESCAPE) {
            if self.peek()? != Some(ESCAPE) {
                self.begun = true;
                return Ok(None);
            }
            self.source.consume(1);
        }
        Ok(byte)
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        self.source.consume(usize::from(byte.is_some()));
        Ok(byte)
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.source.fill_buf()?.first().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<Piece> {
        let mut frames = Frames::new(bytes);
        let mut found = Vec::new();
        while let Some(piece) = frames.next().unwrap() {
            found.push(piece);
        }
        found
    }

    #[test]
    fn frames_are_cut_where_an_escape_stands_alone() {
        let short = Message::Short([1, 0x1a, 3, 4, 5, 6, 7]);
        let bytes = b"\x1a2\0\0\0\x1a\x1a\0\x05\x40\x01\x1a\x1a\x03\x04\x05\x06\x07\
                      \x1a1\0\0\0\0\0\x01\x40\x12\x34";
        let whole = |counter, message| Piece::Whole(Frame { counter, message });
        assert_eq!(all(bytes), [whole(0x1a_0005, short), whole(1, Message::Reply)]);
    }

    #[test]
    fn what_is_no_frame_is_told() {
        let bytes = b"ab\x1a\x1ac\x1a3\0\0\x1a\xe3\x01\x1a\x1a\x02\x1a4\0\x1a2\0";
        let expected = [
            Piece::Stray(5),
            Piece::Torn(2, 21),
            Piece::Other(0xe3),
            Piece::Other(b'4'),
            Piece::Torn(1, 14),
        ];
        assert_eq!(all(bytes), expected);
        assert_eq!(all(b"\x1a"), [Piece::Torn(0, 0)]);
        assert_eq!(all(b""), []);
    }
}
