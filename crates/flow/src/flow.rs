//! From changes to revisions: what the caller of the flow holds in hands.
//!
//! Invariant: revisions come back in the order of their changes, one for each, whatever is under
//! way at the same time.

use crate::{
    error::{Error, Fatal},
    judge::Judge,
    layout::Layout,
    meet::Meeting,
    parcel::Parcel,
    router::{Router, Sending},
    stages::{Ends, build},
    sum::{Revision, Sum, gathered},
};
use casus_model::{Cause, Instant, Program, Record};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, Sender, SyncSender, TryRecvError},
    },
    thread::{self, Thread},
    time::Duration,
};
use timely::{
    WorkerConfig,
    communication::{
        AllocatorBuilder, Config, Hooks, WorkerGuards,
        allocator::{ProcessBuilder, zero_copy::initialize::initialize_networking_from_sockets},
    },
    execute::execute_from,
    worker::Worker,
};

/// How many revisions may be under way at once.
const UNDER_WAY: u64 = 16;

/// What may happen.
#[derive(Clone, Debug)]
pub enum Change {
    /// Records come in, of any kind.
    Records(Vec<Record>),
    /// The clock advances; an earlier instant changes nothing.
    Clock(Instant),
    /// Another edition of the agreement replaces the one in force: `Editions` knows what the bytes
    /// mean.
    Edition(Arc<[u8]>),
}

/// Makes programs of editions that come in while the flow runs. Every process has to make the same
/// program of the same bytes.
pub trait Editions: Send + Sync {
    /// The program.
    ///
    /// # Errors
    /// Where the edition is not valid: what is wrong with it.
    fn program(&self, bytes: &[u8]) -> Result<Arc<Program>, String>;
}

/// The agreement stays as it is: every other edition is refused.
#[derive(Clone, Copy, Debug)]
pub struct Fixed;

impl Editions for Fixed {
    fn program(&self, _bytes: &[u8]) -> Result<Arc<Program>, String> {
        Err("the agreement cannot be replaced while it is judged".to_owned())
    }
}

/// The flow, as process 0 holds it.
pub struct Flow {
    /// None once the end is meant.
    orders: Option<SyncSender<Order>>,
    revisions: Receiver<Result<Revision, Error>>,
    root: Thread,
    guards: Option<WorkerGuards<()>>,
    editions: Arc<dyn Editions>,
    sent: u64,
    told: u64,
}

/// A change for worker 0.
struct Order {
    change: Change,
    program: Option<Arc<Program>>,
    is_last: bool,
}

/// What worker 0 has in hands: the other ends of a `Flow`.
struct Lead {
    program: Arc<Program>,
    orders: Receiver<Order>,
    revisions: Sender<Result<Revision, Error>>,
    root: Sender<Thread>,
}

/// Serves process 0 until it ends.
///
/// # Errors
/// Where the threads cannot be started, or one stopped before its time.
pub fn serve(meeting: Meeting, editions: Arc<dyn Editions>) -> Result<(), Error> {
    joined(begin(meeting, editions, None)?)
}

impl Flow {
    /// Begins the work of process 0.
    ///
    /// # Errors
    /// Where the threads cannot be started.
    pub fn start(meeting: Meeting, editions: Arc<dyn Editions>) -> Result<Flow, Error> {
        let (orders, taken) = mpsc::sync_channel(UNDER_WAY as usize);
        let (told, revisions) = mpsc::channel();
        let (here, root) = mpsc::channel();
        let program = Arc::clone(&meeting.program);
        let lead = Lead { program, orders: taken, revisions: told, root: here };
        let guards = begin(meeting, Arc::clone(&editions), Some(lead))?;
        let root = root.recv().map_err(|_| Error::Stopped)?;
        let (orders, guards) = (Some(orders), Some(guards));
        Ok(Flow { orders, revisions, root, guards, editions, sent: 0, told: 0 })
    }

    /// Sends a change on its way; its number. Waits only where many are under way already.
    ///
    /// # Errors
    /// Where an edition is not valid: then nothing is sent. Where the flow has stopped.
    pub fn send(&mut self, change: Change) -> Result<u64, Error> {
        self.order(change, false)
    }

    fn order(&mut self, change: Change, is_last: bool) -> Result<u64, Error> {
        let program = match &change {
            Change::Edition(bytes) => Some(self.editions.program(bytes).map_err(Error::Edition)?),
            _ => None,
        };
        let order = Order { change, program, is_last };
        let orders = self.orders.as_ref().ok_or(Error::Stopped)?;
        orders.send(order).map_err(|_| Error::Stopped)?;
        self.root.unpark();
        self.sent += 1;
        Ok(self.sent - 1)
    }

    /// Waits for the next revision; none where nothing is under way.
    ///
    /// # Errors
    /// Where the flow has stopped, or the workers contradict each other.
    pub fn revision(&mut self) -> Result<Option<Revision>, Error> {
        if self.told == self.sent {
            return Ok(None);
        }
        let revision = self.revisions.recv().map_err(|_| Error::Stopped)??;
        self.told += 1;
        Ok(Some(revision))
    }

    /// Ends the flow, also in the other processes; the revisions that nobody asked for yet.
    ///
    /// # Errors
    /// As of `revision`.
    pub fn finish(mut self) -> Result<Vec<Revision>, Error> {
        let mut rest = Vec::new();
        while let Some(revision) = self.revision()? {
            rest.push(revision);
        }
        self.end()?;
        Ok(rest)
    }

    /// Lets the workers end, here and in the other processes, and waits for those here.
    fn end(&mut self) -> Result<(), Error> {
        drop(self.orders.take());
        self.root.unpark();
        self.guards.take().map_or(Ok(()), joined)
    }

    /// Judges these records at this clock and ends the flow; the findings, and how many records
    /// were held back. Nothing is kept for later changes.
    ///
    /// # Errors
    /// As of `revision`.
    pub fn judge(mut self, clock: Instant, records: Vec<Record>) -> Result<(Sum, usize), Error> {
        // The clock goes first, so that every record is judged once.
        self.send(Change::Clock(clock))?;
        self.order(Change::Records(records), true)?;
        let mut sum = Sum::default();
        let mut held_back = 0;
        while let Some(revision) = self.revision()? {
            sum.add(&revision)?;
            held_back = revision.held_back;
        }
        self.finish()?;
        Ok((sum, held_back))
    }
}

impl Drop for Flow {
    /// Whoever gives up lets the other processes end.
    fn drop(&mut self) {
        let _ = self.end();
    }
}

/// Starts the workers of this process.
fn begin(
    meeting: Meeting,
    editions: Arc<dyn Editions>,
    lead: Option<Lead>,
) -> Result<WorkerGuards<()>, Error> {
    let Meeting { layout, program, fatal, links } = meeting;
    let threads = layout.threads_each();
    let (builders, others): (Vec<AllocatorBuilder>, _) = match layout.count() {
        1 => Config::Process(threads).try_build().map_err(Error::Threads)?,
        _ => {
            let hooks = Hooks::default();
            let inner = ProcessBuilder::new_typed_vector(threads, hooks.refill.clone(), None);
            let process = layout.process();
            let (builders, guard) =
                initialize_networking_from_sockets(inner, links, process, threads, hooks)
                    .map_err(|error| Error::Threads(error.to_string()))?;
            let builders = builders.into_iter().map(AllocatorBuilder::Tcp).collect();
            (builders, Box::new(guard))
        }
    };
    let lead = Mutex::new(lead);
    // A worker with nothing to do sleeps at once.
    let config = WorkerConfig::default().idle_spin(Duration::ZERO);
    let work = move |worker: &mut Worker| {
        let _guard = Guard(fatal.clone());
        let (index, peers) = (worker.index(), worker.peers());
        let judge = Judge::new(&program, index, peers, Arc::clone(&editions));
        let ends = build(worker, &layout, judge, &fatal);
        let lead = match index {
            0 => lead.lock().unwrap_or_else(PoisonError::into_inner).take(),
            _ => None,
        };
        match lead {
            Some(lead) => lead.run(worker, &layout, ends),
            None => drop(ends),
        }
        while worker.has_dataflows() {
            worker.step_or_park(None);
        }
    };
    execute_from(builders, others, config, work).map_err(Error::Threads)
}

fn joined(guards: WorkerGuards<()>) -> Result<(), Error> {
    match guards.join().into_iter().all(|end| end.is_ok()) {
        true => Ok(()),
        false => Err(Error::Stopped),
    }
}

/// Ends the process where a worker panics: the others would wait for it forever.
struct Guard(Arc<dyn Fatal>);

impl Drop for Guard {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.end(&Error::Stopped);
        }
    }
}

/// What is known of a revision before it is judged.
struct Begun {
    cause: Option<Cause>,
    clock: Instant,
    held_back: usize,
    program: Arc<Program>,
}

impl Lead {
    /// Takes changes until there are no more, and gives back a revision for each.
    fn run(self, worker: &mut Worker, layout: &Layout, mut ends: Ends) {
        let mut program = Arc::clone(&self.program);
        let mut router = Router::new(&program, layout.workers());
        let mut begun: VecDeque<Begun> = VecDeque::new();
        let (mut next, mut done, mut open) = (0, 0, true);
        // Whoever waits for it is told where to wake this thread.
        let _ = self.root.send(thread::current());
        while open || done < next {
            while open && next - done < UNDER_WAY {
                let order = match self.orders.try_recv() {
                    Ok(order) => order,
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => {
                        open = false;
                        break;
                    }
                };
                program = order.program.clone().unwrap_or(program);
                let Sending { parcels, cause } = route(&mut router, order, &program);
                for (to, content) in parcels {
                    let parcel = Parcel::new(to, layout.is_here(to), content);
                    ends.input.send_batch(&mut vec![parcel]);
                }
                next += 1;
                ends.input.advance_to(next);
                let (clock, held_back) = (router.now(), router.held_back(&program));
                begun.push_back(Begun { cause, clock, held_back, program: Arc::clone(&program) });
            }
            if !open && done == next {
                break;
            }
            worker.step_or_park(None);
            while done < next && !ends.probe.less_equal(&done) {
                let Some(begun) = begun.pop_front() else { return };
                let told = ends.gathered.borrow_mut().remove(&done).unwrap_or_default();
                let differences = gathered(told, begun.cause.as_ref(), &begun.program);
                let Begun { clock, held_back, .. } = begun;
                let number = done;
                let revision = differences.map(|differences| Revision {
                    number,
                    clock,
                    held_back,
                    differences,
                });
                // Where nobody listens any more, the channel of orders ends this too.
                let _ = self.revisions.send(revision);
                done += 1;
            }
        }
    }
}

fn route(router: &mut Router, order: Order, program: &Program) -> Sending {
    if order.is_last {
        router.keep_nothing();
    }
    match order.change {
        Change::Records(records) => router.records(records, program),
        Change::Clock(now) => router.clock(now, program),
        Change::Edition(bytes) => router.edition(&bytes, program),
    }
}
