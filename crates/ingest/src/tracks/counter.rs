//! When a frame was received, by the counter in it.
//!
//! Invariant: a time that comes out lies less than the silence allowed after the latest before it,
//! and never more than a moment before it.

use super::plan::{Clock, TrackPlan};
use crate::Limits;
use casus_model::{Instant, Occurred, time::DAY_MS};

/// The counter of a position that stations on the ground reckoned: the letters `MLAT`.
const RECKONED: u64 = 0xff00_4d4c_4154;
/// Milliseconds by which a frame may be written after one that was received later.
const DISORDER_MS: i64 = 1_000;

/// Follows the counter through a recording.
pub(crate) struct Counter {
    clock: Clock,
    /// Between when and when the first frame was received.
    base: (Instant, Instant),
    most_ms: i64,
    /// The latest count, and how much has been counted up to it since the first.
    latest: Option<(i64, i64)>,
}

impl Clock {
    /// What is counted in a millisecond.
    fn ms(self) -> i64 {
        match self {
            Clock::Counter => 12_000,
            Clock::Gps => 1_000_000,
        }
    }

    /// After how much it begins anew.
    fn whole(self) -> i64 {
        match self {
            Clock::Counter => 1 << 48,
            Clock::Gps => DAY_MS * self.ms(),
        }
    }

    /// The count in a frame. Of a day: its seconds in 18 bits, and in 30 bits parts of a second.
    fn count(self, raw: u64) -> Option<i64> {
        let raw = i64::try_from(raw).ok()?;
        let (seconds, rest) = (raw >> 30, raw & 0x3fff_ffff);
        match self {
            Clock::Counter => Some(raw),
            Clock::Gps if seconds < 86_400 && rest < 1_000_000_000 => {
                Some(seconds * 1_000_000_000 + rest)
            }
            Clock::Gps => None,
        }
    }
}

impl Counter {
    /// None where the profile does not say when the recording begins.
    pub fn new(plan: &TrackPlan, limits: &Limits) -> Option<Counter> {
        let base = (plan.base_from?, plan.base_to?);
        let most_ms = i64::try_from(limits.silence_s).unwrap_or(i64::MAX).saturating_mul(1_000);
        let clock = plan.clock.unwrap_or_default();
        Some(Counter { clock, base, most_ms, latest: None })
    }

    /// Milliseconds since the first frame; or why there is no telling.
    pub fn follow(&mut self, raw: u64) -> Result<i64, String> {
        if raw == 0 || raw == RECKONED {
            return Err("the frame has no time: expected a counter of the receiver".to_owned());
        }
        let clock = self.clock;
        let count = clock.count(raw).ok_or_else(|| {
            "expected seconds of a day and parts of a second, as `clock = \"gps\"` says".to_owned()
        })?;
        let Some((latest, so_far)) = self.latest else {
            self.begin(count)?;
            self.latest = Some((count, 0));
            return Ok(0);
        };
        // The way forth or back, whichever is shorter.
        let (whole, half) = (clock.whole(), clock.whole() / 2);
        let step = (count - latest + half).rem_euclid(whole) - half;
        let step_ms = step.div_euclid(clock.ms());
        if step_ms < -DISORDER_MS {
            return Err(format!(
                "the counter went back by {} s: expected one recording of one receiver",
                -step_ms / 1_000
            ));
        }
        if step_ms > self.most_ms {
            return Err(format!(
                "the counter went on by {} s: more than the limit `silence_s` of {}",
                step_ms / 1_000,
                self.most_ms / 1_000
            ));
        }
        let now = so_far.saturating_add(step);
        if step > 0 {
            self.latest = Some((count, now));
        }
        Ok(now.div_euclid(clock.ms()))
    }

    /// Between when and when a frame was received so many milliseconds after the first.
    pub fn time(&self, ms: i64) -> Occurred {
        Occurred::within(self.base.0.plus_ms(ms), self.base.1.plus_ms(ms))
    }

    /// Settles the base by the first count, where that is a time of day.
    fn begin(&mut self, count: i64) -> Result<(), String> {
        if self.clock == Clock::Counter {
            return Ok(());
        }
        let (from, to) = self.base;
        let of_day = count / self.clock.ms();
        let ahead = (of_day - from.0.rem_euclid(DAY_MS)).rem_euclid(DAY_MS);
        let first = from.plus_ms(ahead);
        if first > to {
            return Err(format!(
                "expected the first frame between `base_from` and `base_to`, got {first}"
            ));
        }
        self.base = (first, first);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter(clock: &str, from: &str, to: &str) -> Counter {
        let text = format!(
            "name = \"x\"\nreader = \"beast\"\nact = \"a\"\nkind = \"k\"\nclock = \"{clock}\"\n\
             base_from = \"{from}\"\nbase_to = \"{to}\"\n"
        );
        let plan: TrackPlan = toml::from_str(&text).unwrap();
        plan.prepare().unwrap();
        Counter::new(&plan, &Limits::default()).unwrap()
    }

    #[test]
    fn a_counter_runs_from_the_first_frame_and_over_its_end() {
        let mut counter = counter("12 MHz", "2026-03-01T00:00:00Z", "2026-03-01T00:00:01Z");
        let end = 1 << 48;
        let told = [
            (end - 12_000, Ok(0)),
            (11_999, Ok(1)),
            (24_000, Ok(3)),
            (12_000, Ok(2)),
            (0, Err("the frame has no time: expected a counter of the receiver")),
            (
                end - 24_000_000,
                Err("the counter went back by 2 s: expected one recording of one receiver"),
            ),
            (
                12_000_000 * 30_000,
                Err("the counter went on by 29999 s: more than the limit `silence_s` of 21600"),
            ),
            (36_000, Ok(4)),
        ];
        for (raw, expected) in told {
            assert_eq!(counter.follow(raw), expected.map_err(str::to_owned), "{raw}");
        }
        let time = counter.time(4);
        let expected = ["2026-03-01T00:00:00.004Z", "2026-03-01T00:00:01.004Z"];
        assert_eq!([time.start.0, time.end.1].map(|at| at.to_string()), expected);
    }

    #[test]
    fn a_time_of_day_is_that_of_the_day_that_is_declared() {
        let day = |seconds: u64, parts: u64| seconds << 30 | parts;
        let mut counter = counter("gps", "2026-03-01T12:00:00Z", "2026-03-02T11:00:00Z");
        assert_eq!(counter.follow(day(86_399, 500_000_000)), Ok(0));
        assert_eq!(counter.time(0), Occurred::at(instant("2026-03-01T23:59:59.5Z")));
        assert_eq!(counter.follow(day(1, 0)), Ok(1_500));
        assert_eq!(counter.time(1_500), Occurred::at(instant("2026-03-02T00:00:01Z")));
        let wrong = "expected seconds of a day and parts of a second, as `clock = \"gps\"` says";
        assert_eq!(counter.follow(day(86_400, 0)), Err(wrong.to_owned()));
    }

    #[test]
    fn a_first_frame_outside_of_what_is_declared_has_no_time() {
        let mut counter = counter("gps", "2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z");
        let reason = "expected the first frame between `base_from` and `base_to`, got \
                      2026-03-02T11:00:00Z";
        assert_eq!(counter.follow(39_600 << 30), Err(reason.to_owned()));
        assert_eq!(counter.follow(43_200 << 30), Ok(0));
    }

    fn instant(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }
}
