//! Which records go to which workers.
//!
//! Invariant: a worker whose rules may read one record of an incident was sent all records of it.

use crate::{
    groups::{Group, Groups},
    parcel::Content,
    plan::Plan,
    workers::Workers,
};
use casus_model::{Cause, Instant, Name, Program, Record};
use std::{collections::BTreeMap, sync::Arc};

/// How many records go in one parcel.
const PARCEL: usize = 512;

/// Knows who was sent what.
#[derive(Debug)]
pub(crate) struct Router {
    plan: Plan,
    workers: usize,
    groups: Groups,
    now: Instant,
    /// By when they will be known, of the records that are known only after the clock: their names,
    /// and when what they tell of ended.
    held: BTreeMap<Instant, Vec<(Name, Instant)>>,
    /// Whether what was sent is kept, for workers that need it only later.
    keeps: bool,
}

/// What one revision sends to whom, and what is laid at the door of what vanishes with it.
#[derive(Debug)]
pub(crate) struct Sending {
    pub parcels: Vec<(usize, Content)>,
    pub cause: Option<Cause>,
}

impl Router {
    pub(crate) fn new(program: &Program, workers: usize) -> Router {
        Router {
            plan: Plan::new(program, workers),
            workers,
            groups: Groups::default(),
            now: Instant::MIN,
            held: BTreeMap::new(),
            keeps: true,
        }
    }

    /// The workers that a record goes to.
    ///
    /// Today these are all workers whose rules may read its act, for each rule is judged by one
    /// worker. Where the keys of one rule are spread over workers, this is the place that asks for
    /// the key of the record; whoever is answered here has to be among `Plan::readers_of`, and
    /// `Groups` sends the rest of the incident after it.
    fn destination(&self, record: &Record) -> Workers {
        self.plan.readers_of(&record.act)
    }

    /// Nothing will be asked of old records any more: what is sent is not kept.
    pub(crate) fn keep_nothing(&mut self) {
        self.keeps = false;
    }

    /// The clock.
    pub(crate) fn now(&self) -> Instant {
        self.now
    }

    /// How many records wait for the clock. What comes after the horizon waits for nothing.
    pub(crate) fn held_back(&self, program: &Program) -> usize {
        let all =
            self.held.iter().flat_map(|(&known, all)| all.iter().map(move |one| (known, one)));
        all.filter(|(known, (_, end))| !program.is_late(*end, *known)).count()
    }

    /// Records come in.
    pub(crate) fn records(&mut self, records: Vec<Record>, program: &Program) -> Sending {
        let mut newest = None;
        for record in records {
            let end = record.time.end.1;
            if record.known > self.now {
                self.held.entry(record.known).or_default().push((record.id.clone(), end));
            } else if !program.is_late(end, record.known) {
                newest = newest.max(Some((record.known, record.id.clone())));
            }
            let wanted = self.destination(&record);
            self.groups.add(record, wanted);
        }
        let cause = match newest {
            Some((_, id)) => Cause::Record(id),
            None => Cause::Clock(self.now),
        };
        let mut out = Outbox::new(self.workers);
        let keeps = self.keeps;
        self.groups.stirred(|group| send(group, keeps, &mut out));
        Sending { parcels: out.parcels(), cause: Some(cause) }
    }

    /// The clock advances; an earlier instant changes nothing.
    pub(crate) fn clock(&mut self, now: Instant, program: &Program) -> Sending {
        let mut newest = None;
        if now > self.now {
            self.now = now;
            let later = self.held.split_off(&now.plus_ms(1));
            for (known, all) in std::mem::replace(&mut self.held, later) {
                let in_time = all.into_iter().filter(|(_, end)| !program.is_late(*end, known));
                newest = in_time.map(|(id, _)| id).max().or(newest);
            }
        }
        let cause = match newest {
            Some(id) => Cause::Record(id),
            None => Cause::Clock(self.now),
        };
        let parcels = (0..self.workers).map(|worker| (worker, Content::Clock(self.now)));
        Sending { parcels: parcels.collect(), cause: Some(cause) }
    }

    /// Another edition: whoever reads other acts by it is sent their records.
    pub(crate) fn edition(&mut self, bytes: &Arc<[u8]>, program: &Program) -> Sending {
        self.plan = Plan::new(program, self.workers);
        let Router { plan, groups, .. } = self;
        let mut out = Outbox::new(self.workers);
        groups.all(|group| {
            let readers = group.sent.iter().map(|record| plan.readers_of(&record.act));
            group.wanted = readers.fold(Workers::default(), Workers::and);
            send(group, true, &mut out);
        });
        let edition = (0..self.workers).map(|to| (to, Content::Edition(Arc::clone(bytes))));
        let parcels = edition.chain(out.parcels()).collect();
        Sending { parcels, cause: None }
    }
}

/// Sends what is fresh to those who hold the group, and all of it to those who come to it now.
fn send(group: &mut Group, keeps: bool, out: &mut Outbox) {
    let fresh = std::mem::take(&mut group.fresh);
    let new = group.wanted.without(group.held);
    for worker in new.iter() {
        group.sent.iter().for_each(|record| out.put(worker, record.clone()));
    }
    // Who was sent a group once is sent all of it: a later edition may need it there.
    group.held = group.held.and(new);
    let last = group.held.iter().last().filter(|_| !keeps);
    for record in fresh {
        for worker in group.held.iter().filter(|&worker| Some(worker) != last) {
            out.put(worker, record.clone());
        }
        match last {
            Some(worker) => out.put(worker, record),
            None if keeps => group.sent.push(record),
            None => {}
        }
    }
}

/// Records on their way, by worker.
struct Outbox {
    open: Vec<Vec<Record>>,
    full: Vec<(usize, Content)>,
}

impl Outbox {
    fn new(workers: usize) -> Outbox {
        Outbox { open: (0..workers).map(|_| Vec::new()).collect(), full: Vec::new() }
    }

    fn put(&mut self, worker: usize, record: Record) {
        let Some(open) = self.open.get_mut(worker) else { return };
        open.push(record);
        if open.len() >= PARCEL {
            self.full.push((worker, Content::Records(std::mem::take(open))));
        }
    }

    /// All of it. Every worker is sent something: what stands without any evidence is said when
    /// the first change comes.
    fn parcels(self) -> Vec<(usize, Content)> {
        let rest = self.open.into_iter().enumerate();
        let rest = rest.map(|(worker, records)| (worker, Content::Records(records)));
        self.full.into_iter().chain(rest).collect()
    }
}
