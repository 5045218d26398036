//! What an aircraft says of itself in a long frame of Mode S (DF 17 and 18).
//!
//! Invariant: nothing is read of a frame whose parity is wrong. Source: ICAO Doc 9871, extended
//! squitters of versions 0 to 2.

use super::cpr::{Compact, Span};
use rust_decimal::Decimal;

/// What one frame says, and of what.
#[derive(Debug, PartialEq)]
pub(crate) struct Squitter {
    pub address: Address,
    /// Whether stations on the ground reckoned it.
    pub reckoned: bool,
    pub says: Says,
}

/// Which thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Address {
    pub number: u32,
    /// Whether the number is that of an aircraft, and not one that a station or a crew made up.
    pub registered: bool,
}

/// What is said.
#[derive(Debug, PartialEq)]
pub(crate) enum Says {
    Position(Fix),
    /// The code of accuracy of the positions.
    Accuracy(u64),
    /// Something else, by its type code.
    Other(u64),
}

/// A position that is not told without another.
#[derive(Debug, PartialEq)]
pub(crate) struct Fix {
    pub compact: Compact,
    pub span: Span,
    /// Within how many metres the position surely is.
    pub radius_m: Option<f64>,
    pub altitude: Option<Altitude>,
    /// In knots, on the ground.
    pub speed: Option<Decimal>,
    /// In degrees, on the ground.
    pub course: Option<Decimal>,
}

/// A height in feet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Altitude {
    Pressure(i32),
    Geometric(i32),
}

/// Why nothing is read of a frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// No extended squitter: the downlink format.
    Format(u8),
    /// Of a kind of DF 18 that tells no position in this way.
    Control(u8),
    /// The parity told and that of the bytes.
    Parity(u32, u32),
}

/// The downlink format of a message of Mode S.
pub(crate) fn format_of(first: u8) -> u8 {
    // All from 24 on are one.
    (first >> 3).min(24)
}

/// Reads a long frame.
pub(crate) fn squitter(message: &[u8; 14]) -> Result<Squitter, Unread> {
    let whole = message.iter().fold(0, |sum, &byte| sum << 8 | u128::from(byte));
    let field = |from: u32, bits: u32| (whole >> (112 - from - bits)) & ((1 << bits) - 1);
    let small = |from, bits| u8::try_from(field(from, bits)).unwrap_or(u8::MAX);
    let format = format_of(small(0, 8));
    if !matches!(format, 17 | 18) {
        return Err(Unread::Format(format));
    }
    let told = u32::try_from(field(88, 24)).unwrap_or_default();
    let parity = parity(message.iter().take(11));
    if told != parity {
        return Err(Unread::Parity(told, parity));
    }
    let me = Me(u64::try_from(field(32, 56)).unwrap_or_default());
    let control = if format == 17 { 0 } else { small(5, 3) };
    let (registered, reckoned) = match control {
        0 => (true, false),
        1 => (false, false),
        2 => (!me.is_made_up(), true),
        5 => (false, true),
        6 => (!me.is_made_up(), false),
        other => return Err(Unread::Control(other)),
    };
    let number = u32::try_from(field(8, 24)).unwrap_or_default();
    Ok(Squitter { address: Address { number, registered }, reckoned, says: me.says() })
}

/// The parity of 24 bits, by the polynomial of the standard.
pub(crate) fn parity<'b>(bytes: impl Iterator<Item = &'b u8>) -> u32 {
    const POLYNOMIAL: u32 = 0xff_f409;
    bytes.fold(0, |sum, &byte| {
        let sum = sum ^ u32::from(byte) << 16;
        let whole = (0..8).fold(sum, |sum, _| {
            let next = sum << 1;
            if next & 0x100_0000 == 0 { next } else { next ^ POLYNOMIAL }
        });
        whole & 0xff_ffff
    })
}

/// The 56 bits that an aircraft fills; its bits are counted from 1.
#[derive(Clone, Copy)]
struct Me(u64);

impl Me {
    fn field(self, from: u32, bits: u32) -> u64 {
        (self.0 >> (57 - from - bits)) & ((1 << bits) - 1)
    }

    fn code(self) -> u64 {
        self.field(1, 5)
    }

    /// Whether a station says that the address is none of an aircraft.
    fn is_made_up(self) -> bool {
        match self.code() {
            5..=8 => self.field(21, 1) == 1,
            9..=18 | 20..=22 => self.field(8, 1) == 1,
            _ => false,
        }
    }

    fn says(self) -> Says {
        match self.code() {
            5..=8 => Says::Position(self.on_ground()),
            9..=18 | 20..=22 => Says::Position(self.in_air()),
            // Version 0 has no such code.
            31 if self.field(6, 3) < 2 && matches!(self.field(41, 3), 1 | 2) => {
                Says::Accuracy(self.field(45, 4))
            }
            other => Says::Other(other),
        }
    }

    fn compact(self) -> Compact {
        let number = |from| u32::try_from(self.field(from, 17)).unwrap_or_default();
        Compact { odd: self.field(22, 1) == 1, lat: number(23), lon: number(40) }
    }

    fn in_air(self) -> Fix {
        let feet = altitude_ft(self.field(9, 12));
        let is_geometric = self.code() >= 20;
        let height = if is_geometric { Altitude::Geometric } else { Altitude::Pressure };
        Fix {
            compact: self.compact(),
            span: Span::Air,
            radius_m: radius_m(self.code()),
            altitude: feet.map(height),
            speed: None,
            course: None,
        }
    }

    fn on_ground(self) -> Fix {
        // 128 parts of a circle.
        let course = Decimal::new(i64::try_from(self.field(14, 7)).unwrap_or_default() * 28_125, 4);
        Fix {
            compact: self.compact(),
            span: Span::Ground,
            radius_m: radius_m(self.code()),
            altitude: None,
            speed: movement_kn(self.field(6, 7)),
            course: (self.field(13, 1) == 1).then_some(course),
        }
    }
}

/// The radius within which a position surely is, by its type code and without the supplements
/// that may make it smaller.
fn radius_m(code: u64) -> Option<f64> {
    Some(match code {
        5 | 9 | 20 => 7.5,
        6 | 10 | 21 => 25.0,
        7 | 11 => 185.2,
        12 => 370.4,
        13 => 1_111.2,
        14 => 1_852.0,
        15 => 3_704.0,
        16 => 14_816.0,
        17 => 37_040.0,
        _ => return None,
    })
}

/// The speed on the ground, whose steps grow with it.
fn movement_kn(code: u64) -> Option<Decimal> {
    let (first, base, step) = match code {
        1 => (1, 0, 0),
        2..=8 => (2, 125, 125),
        9..=12 => (9, 1_000, 250),
        13..=38 => (13, 2_000, 500),
        39..=93 => (39, 15_000, 1_000),
        94..=108 => (94, 70_000, 2_000),
        109..=123 => (109, 100_000, 5_000),
        // 124 is anything above, and what is left means nothing.
        _ => return None,
    };
    let steps = i64::try_from(code - first).ok()?;
    Some(Decimal::new(base + steps * step, 3).normalize())
}

/// The height in 12 bits: in steps of 25 feet, or of 100 in the code of old transponders.
fn altitude_ft(bits: u64) -> Option<i32> {
    let bits = i32::try_from(bits).ok().filter(|bits| *bits != 0)?;
    if bits & 0x10 != 0 {
        return Some(((bits & 0xfe0) >> 1 | bits & 0xf) * 25 - 1_000);
    }
    // C1 A1 C2 A2 C4 A4 B1 - B2 D2 B4 D4, from the left.
    let pick = |places: &[u32]| {
        let plain = |(sum, last), place: &u32| {
            let next = last ^ (bits >> place & 1);
            (sum << 1 | next, next)
        };
        places.iter().fold((0, 0), plain).0
    };
    let five_hundreds = pick(&[2, 0, 10, 8, 6, 5, 3, 1]);
    let hundreds = match pick(&[11, 9, 7]) {
        7 => 5,
        hundreds @ 1..=4 => hundreds,
        _ => return None,
    };
    let hundreds = if five_hundreds % 2 == 1 { 6 - hundreds } else { hundreds };
    Some(five_hundreds * 500 + hundreds * 100 - 1_300)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame around 56 bits, with its parity.
    fn frame(first: u8, me: u64) -> [u8; 14] {
        let mut frame = [0; 14];
        let whole = u128::from(first) << 80 | 0x00ae_0001 << 56 | u128::from(me);
        frame[..11].copy_from_slice(&whole.to_be_bytes()[5..]);
        let told = parity(frame[..11].iter());
        frame[11..].copy_from_slice(&told.to_be_bytes()[1..]);
        frame
    }

    fn fix(first: u8, me: u64) -> Fix {
        match squitter(&frame(first, me)).unwrap().says {
            Says::Position(fix) => fix,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_airborne_position() {
        // Type code 11, 36,000 feet, odd.
        let me = 11 << 51 | 0b1011_1001_1000 << 36 | 1 << 34 | 5 << 17 | 7;
        let expected = Fix {
            compact: Compact { odd: true, lat: 5, lon: 7 },
            span: Span::Air,
            radius_m: Some(185.2),
            altitude: Some(Altitude::Pressure(36_000)),
            speed: None,
            course: None,
        };
        assert_eq!(fix(0x8d, me), expected);
        let address = Address { number: 0xae_0001, registered: true };
        let Squitter { address: found, reckoned, .. } = squitter(&frame(0x8d, me)).unwrap();
        assert_eq!((found, reckoned), (address, false));
        let geometric = fix(0x8d, 20 << 51 | 0b1011_1001_1000 << 36);
        assert_eq!(geometric.altitude, Some(Altitude::Geometric(36_000)));
    }

    #[test]
    fn a_position_on_the_ground() {
        let found = fix(0x8d, 6 << 51 | 14 << 44 | 1 << 43 | 32 << 36 | 9 << 17 | 8);
        assert_eq!((found.span, found.radius_m, found.altitude), (Span::Ground, Some(25.0), None));
        let told = [found.speed, found.course].map(|one| one.unwrap().normalize().to_string());
        assert_eq!(told, ["2.5", "90"]);
        let none = fix(0x8d, 6 << 51 | 124 << 44);
        assert_eq!((none.speed, none.course), (None, None));
    }

    #[test]
    fn who_says_it_stands_in_the_kind_of_the_frame() {
        let me = 11 << 51;
        let made_up = me | 1 << 48;
        let cases = [
            (0x90, me, Some((true, false))),
            (0x91, me, Some((false, false))),
            (0x92, me, Some((true, true))),
            (0x92, made_up, Some((false, true))),
            (0x95, me, Some((false, true))),
            (0x96, made_up, Some((false, false))),
            (0x93, me, None),
        ];
        for (first, me, expected) in cases {
            let found = squitter(&frame(first, me)).ok();
            let found = found.map(|one| (one.address.registered, one.reckoned));
            assert_eq!(found, expected, "{first:x} {me:x}");
        }
    }

    #[test]
    fn what_tells_no_position() {
        assert_eq!(squitter(&[0xa0; 14]), Err(Unread::Format(20)));
        assert_eq!(squitter(&[0xff; 14]), Err(Unread::Format(24)));
        let mut wrong = frame(0x8d, 0);
        wrong[4] ^= 1;
        assert!(matches!(squitter(&wrong), Err(Unread::Parity(..))));
        let says = |me| squitter(&frame(0x8d, me)).unwrap().says;
        assert_eq!(says(31 << 51 | 2 << 13 | 9 << 8), Says::Accuracy(9));
        assert_eq!(says(31 << 51 | 9 << 8), Says::Other(31));
        assert_eq!(says(19 << 51), Says::Other(19));
    }

    #[test]
    fn speeds_on_the_ground_grow_from_step_to_step() {
        let all: Vec<Decimal> = (1..=123).filter_map(movement_kn).collect();
        assert_eq!(all.len(), 123);
        assert!(all.is_sorted() && all.windows(2).all(|two| two[0] < two[1]));
        let said = |code| movement_kn(code).map(|speed| speed.to_string());
        assert_eq!([1, 2, 123].map(said), ["0", "0.125", "170"].map(|s| Some(s.to_owned())));
    }

    #[test]
    fn heights_of_old_transponders() {
        // One bit changes from each hundred feet to the next, over all that can be told.
        let mut all: Vec<(i32, u64)> = (0..4_096)
            .filter(|bits| bits & 0x10 == 0)
            .filter_map(|bits| Some((altitude_ft(bits)?, bits)))
            .collect();
        all.sort_unstable();
        let (first, last) = (all.first().unwrap().0, all.last().unwrap().0);
        assert_eq!((first, last, all.len()), (-1_200, 126_700, 1_280));
        for two in all.windows(2) {
            assert_eq!(two[1].0 - two[0].0, 100);
            assert_eq!((two[0].1 ^ two[1].1).count_ones(), 1, "{two:?}");
        }
        assert_eq!(altitude_ft(0), None);
        assert_eq!(altitude_ft(0b1011_1001_1000), Some(36_000));
    }
}
