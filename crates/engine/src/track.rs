//! The positions of each thing in order, and the legs between them.
//!
//! Invariant: the legs are those of the positions that stand, whatever stood before.

use crate::{
    leg::{leg, position},
    store::{IncidentId, Laid, Store},
};
use casus_model::{
    Instant, Name, Program,
    program::{ActId, Joins},
};
use std::collections::{BTreeMap, HashMap};

/// A leg act by its number, and a thing.
type Track = (ActId, Name);
/// Where a position stands in its track: by its time, then by its id.
type Mark = ((Instant, Instant), Name);

/// All tracks.
#[derive(Debug, Default)]
pub(crate) struct Tracks {
    marks: HashMap<Track, BTreeMap<Mark, u32>>,
    /// Where each report stands.
    stands: HashMap<u32, Vec<(Track, Mark)>>,
    /// The legs that there are, by the position where each begins.
    legs: HashMap<(ActId, u32), Laid>,
    /// Every leg that there ever was, by its name.
    laid: HashMap<Name, Laid>,
}

impl Tracks {
    /// Lays the legs around a report anew; the incidents of those that go and come.
    pub(crate) fn relay(
        &mut self,
        store: &mut Store,
        at: u32,
        program: &Program,
    ) -> Vec<IncidentId> {
        let mut changed = Vec::new();
        for (track, mark) in self.stands.remove(&at).unwrap_or_default() {
            let before = self.marks.get_mut(&track).and_then(|marks| {
                marks.remove(&mark);
                marks.range(..&mark).next_back().map(|(_, before)| *before)
            });
            for one in before.into_iter().chain([at]) {
                changed.extend(self.lift(store, track.0, one));
            }
            changed.extend(before.and_then(|one| self.lay(store, &track, one, program)));
        }
        for (track, mark) in marks_of(store, at, program) {
            let marks = self.marks.entry(track.clone()).or_default();
            let before = marks.range(..&mark).next_back().map(|(_, before)| *before);
            marks.insert(mark.clone(), at);
            self.stands.entry(at).or_default().push((track.clone(), mark));
            changed.extend(before.and_then(|one| self.lift(store, track.0, one)));
            for one in before.into_iter().chain([at]) {
                changed.extend(self.lay(store, &track, one, program));
            }
        }
        changed
    }

    /// Takes out the leg that begins at a position.
    fn lift(&mut self, store: &mut Store, act: ActId, first: u32) -> Option<IncidentId> {
        let laid = self.legs.remove(&(act, first))?;
        store.lift(laid);
        Some(laid.incident)
    }

    /// Lays the leg from a position to the next one of its track, if there is one.
    fn lay(
        &mut self,
        store: &mut Store,
        track: &Track,
        first: u32,
        program: &Program,
    ) -> Option<IncidentId> {
        let joins = track.0.of(program)?.joins?;
        let (_, mark) = self.stands.get(&first)?.iter().find(|(one, _)| one == track)?;
        let mut after = self.marks.get(track)?.range(mark..).skip(1);
        let second = *after.next()?.1;
        let made = leg(program, (track.0, joins), store.report(first)?, store.report(second)?)?;
        let name = made.id().clone();
        let laid = store.lay(made, track.0, self.laid.get(&name).copied());
        self.laid.insert(name, laid);
        self.legs.insert((track.0, first), laid);
        Some(laid.incident)
    }
}

/// Where a report stands, in the track of each act whose legs join such positions.
fn marks_of(store: &Store, at: u32, program: &Program) -> Vec<(Track, Mark)> {
    let Some(report) = store.report(at) else { return Vec::new() };
    let above = report.act.and_then(|act| act.of(program)).map_or(&[][..], |act| &act.above);
    let Some((item, _, _)) = position(report) else { return Vec::new() };
    let joins = |joins: &Joins| above.contains(&joins.of);
    let acts = program.acts.iter().enumerate();
    let acts = acts.filter(|(_, act)| act.joins.as_ref().is_some_and(joins));
    let mark = (report.record().time.start, report.id().clone());
    acts.map(|(act, _)| ((ActId(act as u32), item.clone()), mark.clone())).collect()
}
