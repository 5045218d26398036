//! Records and findings as bytes between processes.
//!
//! Invariant: a value that is read keeps the invariants of its type.

use crate::bytes::{Malformed, Reader, Wire, cases, fields};
use casus_engine::Difference;
use casus_model::{
    Attribution, Cause, Confidence, Credibility, Finding, Grade, Instant, Object, Occurred, Place,
    Quantity, Range, Reason, Record, Reliability, Source, Standing, Tri, Verdict,
    finding::{Claim, ClaimStatus, Clock, Questions},
    geometry::{Point, Polygon, Shape},
};
use rust_decimal::Decimal;

fields! {
    Record {
        id, version, standing, incident, act, actor, object, recipient, about, places, time, known,
        quantities, source, grade, text,
    }
    Attribution { name, confidence }
    Object { kind, item, measures }
    Place { role, shape, error_m, altitude_m }
    Quantity { range, unit }
    Source { name, origin }
    Grade { reliability, credibility }
    Finding {
        id, provision, party, candidates, key, verdict, reason, from, to, known, records, against,
        cause, questions, defence, duty,
    }
    Questions { act, clause, who, exception, consequence }
    Claim { name, status }
    Clock { opened, start, due, done, progress, step, adopted }
    Difference { before, after, cause }
}

cases! {
    Standing: "a standing" { Asserted, Withdrawn }
    Reliability: "a reliability" { A, B, C, D, E, F }
    Credibility: "a credibility" { Confirmed, Probable, Possible, Doubtful, Improbable, Unknown }
    Tri: "one of three answers" { Yes, No, Unknown }
    ClaimStatus: "how far a defence has come" { Open, NotClaimed, Claimed, Accepted, Rejected }
    Verdict: "a verdict" {
        Breached, PossiblyBreached, Undeterminable, Excused, MetLate, Met, AtRisk, Pending, Found,
        PossiblyFound, Suspended, NotInForce, Waived, Lapsed,
    }
    Reason: "a reason" {
        Established, ActUnconfirmed, Conflicting, CategoryUnknown, PlaceUncertain, TimeUncertain,
        NumberUncertain, AttributionUndetermined, JudgementAwaited, ExceptionUncertain,
        StateUncertain, Claimed, Accepted, DeadlineMissed, StartMissed, DoneLate, AnchorCorrected,
        PossiblyLate, Done, NotYetDue, EvidenceMayArrive, LittleTimeLeft, NoEvidence, AccessDenied,
        WatchedThroughout, GroundsWithdrawn, TargetMissed, Ended, AboveLimit, BelowFloor,
        OutsideApplication, SilenceDecided, Refused, WaivedByRight,
    }
}

impl Wire for Instant {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        i64::take(from).map(Instant)
    }
}

impl Wire for Occurred {
    fn put(&self, out: &mut Vec<u8>) {
        (self.start, self.end).put(out);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (start, end) = <((Instant, Instant), (Instant, Instant))>::take(from)?;
        let good = start.0 <= start.1 && end.0 <= end.1 && start.0 <= end.0 && start.1 <= end.1;
        good.then_some(Occurred { start, end }).ok_or_else(|| from.malformed("a time in order"))
    }
}

impl Wire for Confidence {
    fn put(&self, out: &mut Vec<u8>) {
        (self.low, self.high).put(out);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (low, high) = <(u8, u8)>::take(from)?;
        let good = low <= high && high <= 100;
        good.then_some(Confidence { low, high }).ok_or_else(|| from.malformed("a confidence"))
    }
}

impl Wire for Decimal {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.serialize());
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let bytes: [u8; 16] = from.array()?;
        // The scale is the third byte; what the library cannot hold is no amount.
        let amount = Decimal::deserialize(bytes);
        match amount.serialize() == bytes && amount.scale() <= Decimal::MAX_SCALE {
            true => Ok(amount),
            false => Err(from.malformed("an amount")),
        }
    }
}

impl Wire for Range {
    fn put(&self, out: &mut Vec<u8>) {
        self.low.put(out);
        self.best.put(out);
        self.high.put(out);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (low, best, high) = (Wire::take(from)?, Wire::take(from)?, Wire::take(from)?);
        Range::new(low, best, high).ok_or_else(|| from.malformed("a range in order"))
    }
}

impl Wire for Point {
    fn put(&self, out: &mut Vec<u8>) {
        (self.lon, self.lat).put(out);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (lon, lat) = <(f64, f64)>::take(from)?;
        Point::new(lon, lat).ok_or_else(|| from.malformed("a place on earth"))
    }
}

impl Wire for Polygon {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Vec::take(from).map(Polygon)
    }
}

impl Wire for Shape {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Shape::Point(point) => (0_u8, *point).put(out),
            Shape::Line(points) => (1_u8, points.clone()).put(out),
            Shape::Area(polygons) => (2_u8, polygons.clone()).put(out),
            Shape::Named(name) => (3_u8, name.clone()).put(out),
        }
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match u8::take(from)? {
            0 => Wire::take(from).map(Shape::Point),
            1 => Wire::take(from).map(Shape::Line),
            2 => Wire::take(from).map(Shape::Area),
            3 => Wire::take(from).map(Shape::Named),
            _ => Err(from.malformed("a shape")),
        }
    }
}

impl Wire for Cause {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Cause::Record(id) => (0_u8, id.clone()).put(out),
            Cause::Clock(at) => (1_u8, *at).put(out),
            Cause::Rule(label) => (2_u8, label.clone()).put(out),
        }
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match u8::take(from)? {
            0 => Wire::take(from).map(Cause::Record),
            1 => Wire::take(from).map(Cause::Clock),
            2 => Wire::take(from).map(Cause::Rule),
            _ => Err(from.malformed("a cause")),
        }
    }
}
