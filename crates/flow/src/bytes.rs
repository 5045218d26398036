//! Values as bytes between processes.
//!
//! Not for keeping: the form may change with any version, and processes of different versions
//! refuse each other.
//!
//! Invariant: what is encoded decodes to an equal value; no bytes make the reader panic or take
//! more memory than a small multiple of their length.

use casus_model::Name;
use std::{collections::HashMap, fmt, sync::Arc};

/// How long a name may be to be shared with the others of its message.
const SHARED_BYTES: usize = 64;

/// Bytes that mean nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// What was expected.
    pub expected: &'static str,
    /// How many bytes of the message came before.
    pub at: usize,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} at byte {}", self.expected, self.at)
    }
}

impl std::error::Error for Malformed {}

/// A value that goes from one process to another.
pub trait Wire: Sized {
    /// Appends the value.
    fn put(&self, out: &mut Vec<u8>);
    /// Reads a value.
    ///
    /// # Errors
    /// Where the bytes are none of such a value.
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed>;
}

/// The bytes of a value.
pub fn encode(value: &impl Wire) -> Vec<u8> {
    let mut out = Vec::new();
    value.put(&mut out);
    out
}

/// The value of all these bytes.
///
/// # Errors
/// Where they are not exactly one such value.
pub fn decode<T: Wire>(bytes: &[u8]) -> Result<T, Malformed> {
    let mut reader = Reader { bytes, at: 0, names: HashMap::new() };
    let value = T::take(&mut reader)?;
    match reader.at == bytes.len() {
        true => Ok(value),
        false => Err(reader.malformed("the end")),
    }
}

/// Bytes that are being read.
#[derive(Debug)]
pub struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    /// Names that came before, so that a thousand records share one name of their act.
    names: HashMap<&'b [u8], Name>,
}

impl<'b> Reader<'b> {
    pub(crate) fn malformed(&self, expected: &'static str) -> Malformed {
        Malformed { expected, at: self.at }
    }

    fn slice(&mut self, length: usize) -> Result<&'b [u8], Malformed> {
        let end = self.at.checked_add(length);
        let slice = end.and_then(|end| self.bytes.get(self.at..end));
        let slice = slice.ok_or_else(|| self.malformed("more bytes"))?;
        self.at += length;
        Ok(slice)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let slice = self.slice(N)?;
        slice.try_into().map_err(|_| self.malformed("more bytes"))
    }

    /// A length of things that take at least one byte each.
    fn length(&mut self) -> Result<usize, Malformed> {
        let length = u32::take(self)? as usize;
        match length <= self.bytes.len() - self.at {
            true => Ok(length),
            false => Err(self.malformed("a length within the message")),
        }
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Wire for $number {
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
            fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
                from.array().map(<$number>::from_le_bytes)
            }
        }
    )*};
}

numbers!(u8, u32, u64, i64, f64);

/// All its fields, one after the other.
macro_rules! fields {
    ($($whole:ident { $($field:ident),* $(,)? })*) => {$(
        impl $crate::bytes::Wire for $whole {
            fn put(&self, out: &mut Vec<u8>) {
                $($crate::bytes::Wire::put(&self.$field, out);)*
            }
            fn take(
                from: &mut $crate::bytes::Reader<'_>,
            ) -> Result<Self, $crate::bytes::Malformed> {
                Ok($whole { $($field: $crate::bytes::Wire::take(from)?),* })
            }
        }
    )*};
}

/// A number for each of its cases, in the order written here.
macro_rules! cases {
    ($($whole:ident: $name:literal { $($case:ident),* $(,)? })*) => {$(
        impl $crate::bytes::Wire for $whole {
            fn put(&self, out: &mut Vec<u8>) {
                const ALL: &[$whole] = &[$($whole::$case),*];
                // A case that is missing from the list would not compile.
                match self { $($whole::$case => {})* }
                let place = ALL.iter().position(|one| one == self).unwrap_or(ALL.len());
                out.push(u8::try_from(place).unwrap_or(u8::MAX));
            }
            fn take(
                from: &mut $crate::bytes::Reader<'_>,
            ) -> Result<Self, $crate::bytes::Malformed> {
                const ALL: &[$whole] = &[$($whole::$case),*];
                let place = u8::take(from)?;
                ALL.get(usize::from(place)).copied().ok_or_else(|| from.malformed($name))
            }
        }
    )*};
}

pub(crate) use {cases, fields};

impl Wire for Name {
    fn put(&self, out: &mut Vec<u8>) {
        put_length(self.len(), out);
        out.extend_from_slice(self.as_bytes());
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let length = from.length()?;
        let bytes = from.slice(length)?;
        if let Some(known) = from.names.get(bytes) {
            return Ok(known.clone());
        }
        let text = std::str::from_utf8(bytes).map_err(|_| from.malformed("text"))?;
        let name = Name::from(text);
        if length <= SHARED_BYTES {
            from.names.insert(bytes, name.clone());
        }
        Ok(name)
    }
}

/// What is longer than four gigabytes does not get here: the intake limits a row.
fn put_length(length: usize, out: &mut Vec<u8>) {
    u32::try_from(length).unwrap_or(u32::MAX).put(out);
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        put_length(self.len(), out);
        self.iter().for_each(|one| one.put(out));
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let length = from.length()?;
        // Room grows with what is read: a length alone reserves nothing.
        let mut all = Vec::with_capacity(length.min(64));
        for _ in 0..length {
            all.push(T::take(from)?);
        }
        Ok(all)
    }
}

impl<T: Wire + Clone> Wire for Arc<[T]> {
    fn put(&self, out: &mut Vec<u8>) {
        put_length(self.len(), out);
        self.iter().for_each(|one| one.put(out));
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Vec::take(from).map(Arc::from)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.is_some()));
        self.iter().for_each(|one| one.put(out));
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match u8::take(from)? {
            0 => Ok(None),
            1 => T::take(from).map(Some),
            _ => Err(from.malformed("a value or none")),
        }
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok((A::take(from)?, B::take(from)?))
    }
}
