//! The members of a record as they may be written, several ways each.
//!
//! Invariant: reading keeps the order in which amounts are written, and takes no amount twice.

use casus_model::{Confidence, Instant, Occurred, time};
use rust_decimal::Decimal;
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use std::{borrow::Cow, fmt};

/// Text that borrows from the line where it can.
#[derive(Debug, Default, Clone)]
pub(crate) struct Text<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Borrowed;
        impl<'de> Visitor<'de> for Borrowed {
            type Value = Cow<'de, str>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(text))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text.to_owned()))
            }
        }
        from.deserialize_str(Borrowed).map(Text)
    }
}

/// Text, or an object of the type `T`.
enum TextOr<T> {
    Text(String),
    Object(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for TextOr<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = TextOr<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or an object")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(TextOr::Text(text.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(TextOr::Object)
            }
        }
        from.deserialize_any(Either(std::marker::PhantomData))
    }
}

/// An actor, with how sure the attribution is.
#[derive(Debug)]
pub(crate) struct Who {
    pub name: String,
    pub confidence: Confidence,
}

impl<'de> Deserialize<'de> for Who {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Full {
            name: String,
            confidence: Option<Confidence>,
        }
        Ok(match TextOr::<Full>::deserialize(from)? {
            TextOr::Text(name) => Who { name, confidence: Confidence::UNKNOWN },
            TextOr::Object(Full { name, confidence }) => {
                Who { name, confidence: confidence.unwrap_or(Confidence::UNKNOWN) }
            }
        })
    }
}

/// A source, with the origin that it repeats.
#[derive(Debug)]
pub(crate) struct Teller {
    pub name: String,
    pub origin: Option<String>,
}

impl<'de> Deserialize<'de> for Teller {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Full {
            name: String,
            origin: Option<String>,
        }
        Ok(match TextOr::<Full>::deserialize(from)? {
            TextOr::Text(name) => Teller { name, origin: None },
            TextOr::Object(Full { name, origin }) => Teller { name, origin },
        })
    }
}

/// An object, its item and its measures.
#[derive(Debug, Default)]
pub(crate) struct ObjectDraft {
    pub kind: String,
    pub item: Option<String>,
    pub measures: Vec<(String, Amount)>,
}

impl<'de> Deserialize<'de> for ObjectDraft {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Full {
            kind: String,
            item: Option<String>,
            #[serde(default, deserialize_with = "amounts")]
            measures: Vec<(String, Amount)>,
        }
        Ok(match TextOr::<Full>::deserialize(from)? {
            TextOr::Text(kind) => ObjectDraft { kind, ..ObjectDraft::default() },
            TextOr::Object(Full { kind, item, measures }) => ObjectDraft { kind, item, measures },
        })
    }
}

/// A place as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaceDraft {
    #[serde(default)]
    pub role: String,
    pub point: Option<Vec<f64>>,
    pub line: Option<Vec<Vec<f64>>>,
    pub area: Option<Vec<Vec<Vec<Vec<f64>>>>>,
    pub named: Option<String>,
    pub error_m: Option<f64>,
    pub altitude_m: Option<(f64, f64)>,
}

/// A number, exactly as it is written.
#[derive(Debug, Clone, Copy)]
struct Exact(Decimal);

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Exact;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Exact, E> {
                Ok(Exact(number.into()))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Exact, E> {
                Ok(Exact(number.into()))
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Exact, E> {
                self.visit_str(&number.to_string())
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Exact, E> {
                decimal(text).map(Exact).ok_or_else(|| {
                    let text = crate::reject::shortened(text, 40);
                    E::custom(format!("expected a number of at most 28 digits, got `{text}`"))
                })
            }
        }
        from.deserialize_any(Number)
    }
}

/// A decimal number, with or without an exponent.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

/// An amount: one number, or estimates with a unit.
#[derive(Debug, Clone)]
pub(crate) struct Amount {
    pub low: Decimal,
    pub best: Decimal,
    pub high: Decimal,
    pub unit: String,
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Full {
            low: Option<Exact>,
            best: Exact,
            high: Option<Exact>,
            #[serde(default)]
            unit: String,
        }
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Amount;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, or low, best and high estimates")
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Amount, E> {
                Ok(exactly(number.into()))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Amount, E> {
                Ok(exactly(number.into()))
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Amount, E> {
                self.visit_str(&number.to_string())
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Amount, E> {
                let value = serde::de::value::StrDeserializer::<E>::new(text);
                Exact::deserialize(value).map(|Exact(number)| exactly(number))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Amount, A::Error> {
                let full = Full::deserialize(MapAccessDeserializer::new(map))?;
                let Exact(best) = full.best;
                let (low, high) = (full.low.map_or(best, |n| n.0), full.high.map_or(best, |n| n.0));
                Ok(Amount { low, best, high, unit: full.unit })
            }
        }
        from.deserialize_any(Either)
    }
}

/// An amount that is exactly known.
pub(crate) fn exactly(number: Decimal) -> Amount {
    Amount { low: number, best: number, high: number, unit: String::new() }
}

/// Amounts by measure, in the order in which they are written.
pub(crate) fn amounts<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Vec<(String, Amount)>, D::Error> {
    struct Ordered;
    impl<'de> Visitor<'de> for Ordered {
        type Value = Vec<(String, Amount)>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("amounts by measure")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut all: Self::Value = Vec::new();
            while let Some((measure, amount)) = map.next_entry::<String, Amount>()? {
                if all.len() >= 64 {
                    return Err(A::Error::custom("more than 64 amounts"));
                }
                if all.iter().any(|(other, _)| *other == measure) {
                    return Err(A::Error::custom(format!("the measure `{measure}` occurs twice")));
                }
                all.push((measure, amount));
            }
            Ok(all)
        }
    }
    from.deserialize_map(Ordered)
}

/// Reads an instant; `-infinity` and `infinity` are the ends of time.
pub(crate) fn instant<E: Error>(text: &str) -> Result<Instant, E> {
    match text {
        "-infinity" => Ok(Instant::MIN),
        "infinity" => Ok(Instant::MAX),
        _ => Instant::parse(text).ok_or_else(|| {
            let text = crate::reject::shortened(text, 40);
            E::custom(format!("expected an RFC 3339 time with an offset or `Z`, got `{text}`"))
        }),
    }
}

/// When it happened, as one time, as one moment within bounds, or with a beginning and an end.
#[derive(Debug)]
pub(crate) struct When(pub Occurred);

struct Moment(Instant);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(from)?;
        instant(&text.0).map(Moment)
    }
}

/// Two moments in order, or one that stands for both.
struct Bounds(Instant, Instant);

impl<'de> Deserialize<'de> for Bounds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Pair;
        impl<'de> Visitor<'de> for Pair {
            type Value = Bounds;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time, or two times in order")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Bounds, E> {
                let moment = instant(text)?;
                Ok(Bounds(moment, moment))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Bounds, A::Error> {
                let short = || A::Error::custom("expected two times");
                let Moment(from) = seq.next_element()?.ok_or_else(short)?;
                let Moment(to) = seq.next_element()?.ok_or_else(short)?;
                let more: Option<Moment> = seq.next_element()?;
                if more.is_some() || from > to {
                    return Err(A::Error::custom(format!(
                        "expected two times in order, got `{from}`, `{to}`"
                    )));
                }
                Ok(Bounds(from, to))
            }
        }
        from.deserialize_any(Pair)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Full {
            from: Option<Moment>,
            to: Option<Moment>,
            began: Option<Bounds>,
            ended: Option<Bounds>,
        }
        let full = match TextOr::<Full>::deserialize(from)? {
            TextOr::Text(text) => return Ok(When(Occurred::at(instant(&text)?))),
            TextOr::Object(full) => full,
        };
        match full {
            Full { from: Some(from), to: Some(to), began: None, ended: None } => {
                let (Moment(from), Moment(to)) = (from, to);
                if from > to {
                    return Err(D::Error::custom(format!(
                        "expected `from` not after `to`, got `{from}` and `{to}`"
                    )));
                }
                Ok(When(time::Occurred::within(from, to)))
            }
            Full { from: None, to: None, began: Some(began), ended: Some(ended) } => {
                let (start, end) = ((began.0, began.1), (ended.0, ended.1));
                if start.0 > end.0 || start.1 > end.1 {
                    return Err(D::Error::custom("expected `began` not after `ended`"));
                }
                Ok(When(Occurred { start, end }))
            }
            _ => Err(D::Error::custom("expected either `from` and `to`, or `began` and `ended`")),
        }
    }
}
