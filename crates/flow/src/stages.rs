//! The dataflow: parcels to their workers, judging there, differences to worker 0.
//!
//! Invariant: a worker takes a revision only when nothing of it or of an earlier one can still
//! arrive, so revisions are judged in their order, however many are under way.

use crate::{
    error::Fatal,
    judge::Judge,
    layout::Layout,
    parcel::{Content, Parcel},
};
use casus_engine::Difference;
use std::{
    cell::RefCell,
    collections::{BTreeMap, btree_map::Entry},
    rc::Rc,
    sync::Arc,
};
use timely::{
    container::CapacityContainerBuilder,
    dataflow::{
        InputHandle, ProbeHandle,
        channels::pact::Exchange,
        operators::{Capability, Input, Probe, generic::Operator},
    },
    worker::Worker,
};

/// How many differences go in one parcel.
const PARCEL: usize = 256;

/// What worker 0 gathers, by revision.
pub(crate) type Gathered = Rc<RefCell<BTreeMap<u64, Vec<Difference>>>>;

/// The ends of the dataflow at one worker.
pub(crate) struct Ends {
    pub input: InputHandle<u64, CapacityContainerBuilder<Vec<Parcel<Content>>>>,
    pub probe: ProbeHandle<u64>,
    pub gathered: Gathered,
}

/// The parts of a revision that have arrived, and the right to tell what comes of them.
type Waiting = BTreeMap<u64, (Capability<u64>, Vec<Parcel<Content>>)>;

/// Builds a worker's part.
pub(crate) fn build(
    worker: &mut Worker,
    layout: &Layout,
    mut judge: Judge,
    fatal: &Arc<dyn Fatal>,
) -> Ends {
    let gathered = Gathered::default();
    let gathering = Rc::clone(&gathered);
    let is_here = layout.is_here(0);
    let (judging, reading) = (Arc::clone(fatal), Arc::clone(fatal));
    let (input, probe) = worker.dataflow::<u64, _, _>(|scope| {
        let (input, parcels) = scope.new_input::<Vec<Parcel<Content>>>();
        let to = Exchange::new(|parcel: &Parcel<Content>| parcel.to);
        let told = parcels.unary_frontier(to, "judge", |_, _| {
            let mut waiting = Waiting::new();
            move |(input, frontier), output| {
                input.for_each(|time, parcels| {
                    let Some(time) = time.retain_least(output.output_index()) else { return };
                    match waiting.entry(*time.time()) {
                        Entry::Vacant(place) => {
                            place.insert((time, std::mem::take(parcels)));
                        }
                        Entry::Occupied(mut place) => place.get_mut().1.append(parcels),
                    }
                });
                while let Some(next) = waiting.first_entry()
                    && !frontier.less_equal(next.key())
                {
                    let (time, parcels) = next.remove();
                    let parts = parcels.into_iter().map(Parcel::open).collect::<Result<_, _>>();
                    let told = parts.map_err(Into::into).and_then(|parts| judge.revise(parts));
                    let mut told = told.unwrap_or_else(|error| judging.end(&error));
                    let mut session = output.session(&time);
                    while !told.is_empty() {
                        let rest = told.split_off(told.len().min(PARCEL));
                        session.give(Parcel::new(0, is_here, std::mem::replace(&mut told, rest)));
                    }
                }
            }
        });
        let to = Exchange::new(|parcel: &Parcel<Vec<Difference>>| parcel.to);
        let done = told.unary_frontier::<CapacityContainerBuilder<Vec<()>>, _, _, _>(
            to,
            "gather",
            |_, _| {
                move |(input, _), _| {
                    input.for_each(|time, parcels| {
                        let Some(&time) = time.least() else { return };
                        let mut gathering = gathering.borrow_mut();
                        for parcel in parcels.drain(..) {
                            let told = parcel.open().map_err(Into::into);
                            let told = told.unwrap_or_else(|error| reading.end(&error));
                            gathering.entry(time).or_default().extend(told);
                        }
                    });
                }
            },
        );
        let (probe, _) = done.probe();
        (input, probe)
    });
    Ends { input, probe, gathered }
}
