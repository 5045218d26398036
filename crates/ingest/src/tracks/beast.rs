//! Recordings in the Beast format: which aircraft was where, out of the frames of a receiver.
//!
//! Invariant: a position that one frame tells comes from that frame, and from one of the same
//! thing that was received so little before it that the two have one meaning.

use super::{
    adsb::{accuracy_m, geometric_ft, pressure_ft},
    counter::Counter,
    cpr::{self, Compact, Degrees, Span},
    frame::{Frame, Message, Piece},
    plan::TrackPlan,
    sighting::{Heard, Sighting},
    squitter::{self, Address, Altitude, Fix, Says, Squitter, Unread},
};
use crate::{Limits, Problem, profile::plan::Mover, reject::Fault, tracks::doubt::Bounds};
use casus_model::geometry::{Point, distance_m};
use std::collections::HashMap;

/// How long the halves of a pair may lie apart.
const PAIR_MS: i64 = 10_000;

/// How much older than its frame a position may be.
const LATENCY_MS: i64 = 1_000;

/// Reads frames.
pub(crate) struct Beast<'p> {
    plan: &'p TrackPlan,
    counter: Counter,
    flights: HashMap<Address, Flight>,
    most_flights: u64,
    bounds: Bounds,
}

/// What is remembered of one thing.
#[derive(Default)]
struct Flight {
    /// The last halves in the air, even and odd.
    halves: [Option<(i64, Compact)>; 2],
    /// When and where it was last.
    last: Option<(i64, Degrees)>,
    /// The last code of accuracy.
    accuracy: Option<u64>,
}

impl<'p> Beast<'p> {
    pub fn new(plan: &'p TrackPlan, limits: &Limits) -> Result<Beast<'p>, Problem> {
        let counter = Counter::new(plan, limits).ok_or_else(|| {
            let reason = "a recording in the Beast format names no day: set `base_from` and \
                          `base_to`, between which its first frame was received, in a copy of the \
                          profile `beast`, and read it under that copy";
            Problem::Format(reason.to_owned())
        })?;
        let (flights, most_flights) = (HashMap::new(), limits.tracked);
        let bounds = Bounds::new(Mover::Aircraft, limits);
        Ok(Beast { plan, counter, flights, most_flights, bounds })
    }

    /// What one piece of the recording tells.
    pub fn piece(&mut self, piece: &Piece) -> Result<Heard, Fault> {
        match piece {
            Piece::Whole(frame) => self.frame(frame),
            Piece::Other(kind) => Ok(Heard::Other("frame", format!("kind {kind:#04x}"))),
            Piece::Torn(have, want) => {
                let reason = match want {
                    0 => "expected a frame, got the end".to_owned(),
                    _ => format!("expected a frame of {want} bytes, got {have}"),
                };
                Err(Fault::row(reason, ""))
            }
            Piece::Stray(bytes) => {
                Err(Fault::row(format!("expected a frame, got {bytes} bytes that are none"), ""))
            }
        }
    }

    fn frame(&mut self, frame: &Frame) -> Result<Heard, Fault> {
        let received = self.counter.follow(frame.counter);
        let message = match &frame.message {
            Message::Reply => return Ok(Heard::Other("frame", "Mode A or C".to_owned())),
            Message::Short([first, ..]) => return Ok(downlink(squitter::format_of(*first))),
            Message::Long(message) => message,
        };
        let fault = |column: &str, reason: String| Fault::new(column, reason, &hex(message));
        let squitter = match squitter::squitter(message) {
            Ok(squitter) => squitter,
            Err(Unread::Format(format)) => return Ok(downlink(format)),
            Err(Unread::Control(control)) => {
                return Ok(Heard::Other("message", format!("DF 18, control {control}")));
            }
            Err(Unread::Parity(told, parity)) => {
                let reason = format!("expected the parity `{parity:06x}`, got `{told:06x}`");
                return Err(fault("parity", reason));
            }
        };
        match &squitter.says {
            Says::Other(code) => Ok(code_without_position(*code)),
            Says::Accuracy(code) => {
                self.flight(squitter.address).accuracy = Some(*code);
                Ok(code_without_position(31))
            }
            Says::Position(fix) => {
                let ms = received.map_err(|reason| fault("time", reason))?;
                Ok(self.position(ms, &squitter, fix))
            }
        }
    }

    fn position(&mut self, ms: i64, squitter: &Squitter, fix: &Fix) -> Heard {
        let (bounds, ground) = (self.bounds, self.plan.near);
        let flight = self.flight(squitter.address);
        let place = flight.place(ms, fix, bounds).or_else(|| {
            let near = ground.filter(|_| fix.span == Span::Ground)?;
            cpr::near(fix.compact, fix.span, near.into())
        });
        let Some((lon, lat)) = place else {
            flight.last = None;
            return Heard::Other("position", "told only together with another".to_owned());
        };
        flight.last = Some((ms, (lon, lat)));
        let accuracy = flight.accuracy;
        let Address { number, registered } = squitter.address;
        let mark = if registered { "" } else { "~" };
        Heard::Position(Box::new(Sighting {
            item: format!("{mark}{number:06x}"),
            lon,
            lat,
            error_m: match squitter.reckoned {
                true => self.plan.error_m.mlat,
                // A type code without a radius says that none is known.
                false => accuracy_m(Some(accuracy.unwrap_or_default()), fix.radius_m, self.plan),
            },
            altitude_m: fix.altitude.and_then(|altitude| match altitude {
                Altitude::Pressure(feet) => pressure_ft(feet),
                Altitude::Geometric(feet) => geometric_ft(feet),
            }),
            speed: fix.speed.map(|speed| (speed, "kn")),
            course: fix.course,
            time: self.counter.time(ms),
            known: None,
            receiver: None,
            name: None,
            doubt: None,
        }))
    }

    fn flight(&mut self, address: Address) -> &mut Flight {
        if self.flights.len() as u64 >= self.most_flights && !self.flights.contains_key(&address) {
            self.flights.clear();
        }
        self.flights.entry(address).or_default()
    }
}

impl Flight {
    /// Where a report is: by its pair, or else near the last place.
    fn place(&mut self, ms: i64, fix: &Fix, bounds: Bounds) -> Option<Degrees> {
        let compact = fix.compact;
        let paired = match fix.span {
            Span::Air => {
                let [even, odd] = &mut self.halves;
                let (own, other) = if compact.odd { (odd, even) } else { (even, odd) };
                *own = Some((ms, compact));
                let is_near = |then: &i64| (ms - then).abs() <= PAIR_MS;
                let other = other.filter(|(then, _)| is_near(then));
                other.and_then(|(_, other)| cpr::of_pair(other, compact))
            }
            Span::Ground => {
                self.halves = [None, None];
                None
            }
        };
        paired.or_else(|| {
            let (then, last) = self.last?;
            // As long as it cannot have left the zone, there is one place that can be meant.
            let most_m = bounds.most_m((ms - then).abs() + LATENCY_MS);
            let place = cpr::near(compact, fix.span, last).filter(|_| most_m < fix.span.reach_m());
            place.filter(|place| distance_m(point(last), point(*place)) <= most_m)
        })
    }
}

fn point((lon, lat): Degrees) -> Point {
    Point { lon, lat }
}

fn downlink(format: u8) -> Heard {
    Heard::Other("message", format!("DF {format}"))
}

fn code_without_position(code: u64) -> Heard {
    Heard::Other("message", format!("type code {code} without a position"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
