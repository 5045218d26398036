//! The evidence of the flagship example: three invented weeks of March 2026.
//!
//! Invariant: everything follows from [`SEED`]; no clock, no environment and no order of a hash
//! map enters, so the committed file can be compared byte for byte.

mod draft;
mod routine;
mod stories;

use casus_model::{Instant, Record};
use draft::Draft;

/// What the routine part is drawn from.
pub const SEED: u64 = 20_260_301;

/// The clock at which the example is read: 22 March 2026, 00:00 in Kyiv.
pub const CLOCK: &str = "2026-03-21T22:00:00Z";

/// All records, in the order in which they became known, then by id and version.
pub fn records() -> Vec<Record> {
    let mut drafts: Vec<Draft> = Vec::new();
    stories::tell(&mut drafts);
    routine::tell(&mut drafts, &mut Dice(SEED));
    let mut all: Vec<Record> = drafts.into_iter().map(Draft::record).collect();
    all.sort_by(|a, b| (a.known, &a.id, a.version).cmp(&(b.known, &b.id, b.version)));
    all
}

/// The evidence file: one record a line.
pub fn evidence() -> String {
    let mut text = String::new();
    for record in records() {
        text.push_str(&casus_ingest::write_record(&record));
        text.push('\n');
    }
    text
}

/// A time of March 2026 on clocks in Kyiv, which stand two hours ahead of UTC in these weeks. Day
/// 0 is 28 February.
fn march(day: i64, hour: i64, minute: i64) -> Instant {
    const MARCH_1_MS: i64 = 1_772_316_000_000;
    Instant(MARCH_1_MS + (((day - 1) * 24 + hour) * 60 + minute) * 60_000)
}

/// A small generator of numbers (SplitMix64), good enough to scatter reports with.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// A whole number from 0 to `below`, without it.
    fn below(&mut self, below: i64) -> i64 {
        i64::try_from(self.next() % below.unsigned_abs().max(1)).unwrap_or(0)
    }
    /// One of the list.
    fn one<T: Copy>(&mut self, of: &[T], otherwise: T) -> T {
        let at = usize::try_from(self.below(i64::try_from(of.len()).unwrap_or(1)));
        at.ok().and_then(|at| of.get(at).copied()).unwrap_or(otherwise)
    }
    /// Degrees between two bounds given in thousandths.
    fn degrees(&mut self, from: i32, to: i32) -> f64 {
        let drawn = from + i32::try_from(self.below(i64::from(to - from))).unwrap_or(0);
        f64::from(drawn) / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn march_is_told_on_clocks_in_kyiv() {
        assert_eq!(march(1, 0, 0).to_string(), "2026-02-28T22:00:00Z");
        assert_eq!(march(22, 0, 0), Instant::parse(CLOCK).unwrap());
    }

    #[test]
    fn every_line_reads_back_as_its_record() {
        for (line, record) in evidence().lines().zip(records()) {
            assert_eq!(casus_ingest::parse_record(line), Ok(record));
        }
    }
}
