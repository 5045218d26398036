//! What goes from one worker to another.
//!
//! Within a process it goes as it is; to another process it goes as bytes.
//!
//! Invariant: bytes of a peer are read only by `Parcel::open`, which answers with an error and
//! never panics.

use crate::bytes::{Malformed, Reader, Wire, decode, encode};
use casus_model::{Instant, Record};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, marker::PhantomData, sync::Arc};

/// Something for one worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "T: Wire")]
pub(crate) struct Parcel<T> {
    /// For whom.
    pub to: u64,
    carried: Carried<T>,
}

/// A part of one revision.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// Records; those of the same revision are taken together.
    Records(Vec<Record>),
    /// The clock advances.
    Clock(Instant),
    /// Another edition of the agreement replaces the one in force.
    Edition(Arc<[u8]>),
}

#[derive(Clone, Debug)]
enum Carried<T> {
    Here(T),
    Bytes(Vec<u8>),
}

impl<T: Wire> Parcel<T> {
    /// For a worker of this process, or of another.
    pub(crate) fn new(to: usize, is_here: bool, content: T) -> Parcel<T> {
        let carried = match is_here {
            true => Carried::Here(content),
            false => Carried::Bytes(encode(&content)),
        };
        Parcel { to: to as u64, carried }
    }

    /// What is in it.
    pub(crate) fn open(self) -> Result<T, Malformed> {
        match self.carried {
            Carried::Here(content) => Ok(content),
            Carried::Bytes(bytes) => decode(&bytes),
        }
    }
}

impl<T: Wire> Serialize for Carried<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Carried::Here(content) => to.serialize_bytes(&encode(content)),
            Carried::Bytes(bytes) => to.serialize_bytes(bytes),
        }
    }
}

impl<'de, T> Deserialize<'de> for Carried<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Bytes<T>(PhantomData<T>);
        impl<T> de::Visitor<'_> for Bytes<T> {
            type Value = Carried<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the bytes of a parcel")
            }
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Carried<T>, E> {
                Ok(Carried::Bytes(bytes.to_vec()))
            }
            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Carried<T>, E> {
                Ok(Carried::Bytes(bytes))
            }
        }
        from.deserialize_byte_buf(Bytes(PhantomData))
    }
}

impl Wire for Content {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Content::Records(records) => {
                out.push(0);
                records.put(out);
            }
            Content::Clock(at) => (1_u8, *at).put(out),
            Content::Edition(bytes) => (2_u8, Arc::clone(bytes)).put(out),
        }
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match u8::take(from)? {
            0 => Wire::take(from).map(Content::Records),
            1 => Wire::take(from).map(Content::Clock),
            2 => Wire::take(from).map(Content::Edition),
            _ => Err(from.malformed("a part of a revision")),
        }
    }
}
