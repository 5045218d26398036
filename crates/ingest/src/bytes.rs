//! The way from a source to plain bytes: counted, unpacked, and never more than the limits allow.
//!
//! Invariant: no byte reaches a parser that was not counted on both sides of the unpacker.

use crate::{LimitExceeded, Limits, Problem};
use std::{
    cell::Cell,
    io::{self, BufReader, Chain, Cursor, Read},
    rc::Rc,
};

/// What a source is packed with, by its first bytes.
pub(crate) fn packing_of(head: &[u8]) -> Option<&'static str> {
    match head {
        [0x1f, 0x8b, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        _ => None,
    }
}

/// Plain bytes, and what they were packed with.
pub(crate) struct Plain<'a> {
    pub reader: BufReader<Box<dyn Read + 'a>>,
    pub packing: Option<&'static str>,
}

/// Unpacks a source under its limits. `progress` is told the bytes read from it so far.
pub(crate) fn open<'a>(
    mut source: impl Read + 'a,
    limits: &Limits,
    progress: Option<&'a mut (dyn FnMut(u64) + 'a)>,
) -> Result<Plain<'a>, Problem> {
    let mut head = [0u8; 4];
    let length = fill(&mut source, &mut head).map_err(|e| Problem::from_io(e, None))?;
    let head = head.get(..length).unwrap_or_default().to_vec();
    let packing = packing_of(&head);
    let taken = Rc::new(Cell::new(0));
    let counted = Counted {
        source: Cursor::new(head).chain(source),
        taken: Rc::clone(&taken),
        most: limits.file_bytes,
        progress,
    };
    let unpacked: Box<dyn Read + 'a> = match packing {
        Some("gzip") => Box::new(flate2::read::MultiGzDecoder::new(counted)),
        Some(_) => {
            let decoder = zstd::stream::read::Decoder::new(counted);
            Box::new(decoder.map_err(|e| Problem::from_io(e, packing))?)
        }
        None => Box::new(counted),
    };
    let (most, ratio) = (limits.unpacked_bytes, limits.unpacked_ratio);
    let guarded: Box<dyn Read + 'a> =
        Box::new(Guarded { unpacked, taken, given: 0, most, ratio, packed: packing.is_some() });
    Ok(Plain { reader: BufReader::with_capacity(1 << 16, guarded), packing })
}

/// Reads until the buffer is full or the source ends; returns how much there is.
pub(crate) fn fill(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(n) => length += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(length)
}

struct Counted<'a, R> {
    source: Chain<Cursor<Vec<u8>>, R>,
    taken: Rc<Cell<u64>>,
    most: u64,
    progress: Option<&'a mut (dyn FnMut(u64) + 'a)>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.source.read(into)?;
        let taken = self.taken.get() + n as u64;
        self.taken.set(taken);
        if taken > self.most {
            return Err(LimitExceeded::new("file_bytes", self.most).into());
        }
        if let Some(progress) = &mut self.progress {
            progress(taken);
        }
        Ok(n)
    }
}

struct Guarded<'a> {
    unpacked: Box<dyn Read + 'a>,
    taken: Rc<Cell<u64>>,
    given: u64,
    most: u64,
    ratio: u64,
    packed: bool,
}

impl Read for Guarded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.unpacked.read(into)?;
        self.given += n as u64;
        if self.given > self.most {
            return Err(LimitExceeded::new("unpacked_bytes", self.most).into());
        }
        let fair = self.taken.get().saturating_mul(self.ratio).max(1 << 20);
        if self.packed && self.given > fair {
            return Err(LimitExceeded::new("unpacked_ratio", self.ratio).into());
        }
        Ok(n)
    }
}
