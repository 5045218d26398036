//! AIS messages out of their bits: positions of ships, and the names of those of class A.
//!
//! Invariant: a number that stands for unknown never leaves here as a number.

use crate::reject::Fault;
use rust_decimal::Decimal;

/// Parts of a degree in a position.
const PER_DEGREE: f64 = 600_000.0;
/// The same in the long-range message.
const PER_DEGREE_COARSE: f64 = 600.0;

/// What a message tells.
#[derive(Debug, PartialEq)]
pub(crate) enum Message {
    /// Where a ship is.
    Position(Position),
    /// A report of a position that does not know it.
    NoPosition,
    /// What a ship is called.
    Named { mmsi: u32, name: String },
    /// A message of another kind.
    Other(u8),
}

/// Where a ship says that it is.
#[derive(Debug, PartialEq)]
pub(crate) struct Position {
    pub mmsi: u32,
    pub lon: f64,
    pub lat: f64,
    /// Whether the error is at most ten metres, by its own word.
    pub accurate: bool,
    /// Whether it is told only to a tenth of a minute.
    pub coarse: bool,
    /// Whether it was measured, and not reckoned or set by hand.
    pub measured: bool,
    /// In knots.
    pub speed: Option<Decimal>,
    /// In degrees.
    pub course: Option<Decimal>,
    /// The second of the minute in which it was measured.
    pub second: Option<u8>,
}

/// The bits of a message, six to a sign.
#[derive(Debug)]
pub(crate) struct Bits {
    sixes: Vec<u8>,
    length: usize,
}

impl Bits {
    /// The bits of a payload without the last `fill`; none where it holds a sign that is none.
    pub fn new(payload: &str, fill: u8) -> Option<Bits> {
        let six = |byte: u8| match byte {
            48..=87 => Some(byte - 48),
            96..=119 => Some(byte - 56),
            _ => None,
        };
        let sixes: Vec<u8> = payload.bytes().map(six).collect::<Option<_>>()?;
        let length = (sixes.len() * 6).saturating_sub(usize::from(fill));
        Some(Bits { sixes, length })
    }

    fn number(&self, start: usize, count: usize) -> u32 {
        (start..start + count).fold(0, |value, at| {
            let six = self.sixes.get(at / 6).copied().unwrap_or_default();
            value << 1 | u32::from(six >> (5 - at % 6) & 1)
        })
    }

    fn signed(&self, start: usize, count: usize) -> i32 {
        let spare = 32 - count as u32;
        (self.number(start, count) << spare).cast_signed() >> spare
    }

    fn text(&self, start: usize, signs: usize) -> String {
        let six = |at: usize| self.number(start + at * 6, 6);
        let signs = (0..signs).map(six).take_while(|six| *six != 0);
        let sign = |six: u32| char::from_u32(if six < 32 { six + 64 } else { six });
        signs.filter_map(sign).collect::<String>().trim_end().to_owned()
    }
}

/// Reads one message.
pub(crate) fn message(bits: &Bits) -> Result<Message, Fault> {
    let kind = bits.number(0, 6) as u8;
    let least = match kind {
        1..=3 | 18 => 168,
        5 => 420,
        19 => 312,
        24 => 160,
        27 => 96,
        _ if bits.length < 6 => 6,
        _ => return Ok(Message::Other(kind)),
    };
    if bits.length < least {
        let reason =
            format!("expected at least {least} bits of message type {kind}, got {}", bits.length);
        return Err(Fault::new("payload", reason, ""));
    }
    let mmsi = bits.number(8, 30);
    let named = |start: usize| match bits.text(start, 20) {
        name if name.is_empty() => Message::Other(kind),
        name => Message::Named { mmsi, name },
    };
    match kind {
        1..=3 => fine(bits, 50, 60),
        // Class B stands on boats of private people: their names are not taken.
        18 | 19 => fine(bits, 46, 56),
        27 => coarse(bits),
        5 => Ok(named(112)),
        _ => Ok(Message::Other(kind)),
    }
}

/// A position to a ten-thousandth of a minute; the speed and the accuracy stand where told, and
/// all else behind them.
fn fine(bits: &Bits, speed_at: usize, accuracy_at: usize) -> Result<Message, Fault> {
    let at = accuracy_at + 1;
    let (lon, lat) = (bits.signed(at, 28), bits.signed(at + 28, 27));
    let (lon, lat) = (f64::from(lon) / PER_DEGREE, f64::from(lat) / PER_DEGREE);
    let (speed, course) = (bits.number(speed_at, 10), bits.number(at + 55, 12));
    let second = bits.number(at + 76, 6) as u8;
    let position = Position {
        mmsi: bits.number(8, 30),
        lon,
        lat,
        accurate: bits.number(accuracy_at, 1) == 1,
        coarse: false,
        measured: second <= 60,
        // 1022 is a speed too high to tell, 1023 an unknown one.
        speed: (speed < 1_022).then(|| Decimal::new(speed.into(), 1)),
        course: (course < 3_600).then(|| Decimal::new(course.into(), 1)),
        second: (second < 60).then_some(second),
    };
    Ok(placed(position))
}

fn coarse(bits: &Bits) -> Result<Message, Fault> {
    let (lon, lat) = (bits.signed(44, 18), bits.signed(62, 17));
    let (lon, lat) = (f64::from(lon) / PER_DEGREE_COARSE, f64::from(lat) / PER_DEGREE_COARSE);
    let (speed, course) = (bits.number(79, 6), bits.number(85, 9));
    let position = Position {
        mmsi: bits.number(8, 30),
        lon,
        lat,
        accurate: bits.number(38, 1) == 1,
        coarse: true,
        measured: true,
        speed: (speed < 63).then(|| Decimal::from(speed)),
        course: (course < 360).then(|| Decimal::from(course)),
        second: None,
    };
    Ok(placed(position))
}

/// 181 and 91 degrees stand for unknown.
fn placed(position: Position) -> Message {
    match position.lon == 181.0 || position.lat == 91.0 {
        true => Message::NoPosition,
        false => Message::Position(position),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_signs() {
        let bits = Bits::new("wp0", 0).unwrap();
        assert_eq!((bits.number(0, 6), bits.signed(0, 6)), (63, -1));
        assert_eq!((bits.signed(6, 6), bits.signed(5, 2)), (-8, -1));
        assert!(Bits::new("X", 0).is_none() && Bits::new("~", 0).is_none());
    }

    #[test]
    fn a_short_message_is_a_fault() {
        let fault = message(&Bits::new("15RTgt0PAso", 0).unwrap()).unwrap_err();
        assert_eq!(fault.reason, "expected at least 168 bits of message type 1, got 66");
        let fault = message(&Bits::new("", 0).unwrap()).unwrap_err();
        assert_eq!(fault.reason, "expected at least 6 bits of message type 0, got 0");
    }
}
