//! A run that is spread over threads and processes.
//!
//! Invariant: whoever cannot go on says why and what to do, and ends with a code that is not 0; no
//! process waits for one that is gone.

use crate::{
    agreement,
    arguments::Run,
    case::{Case, Keep},
    exit::{Exit, Failure},
    terminal::{Terminal, clean},
};
use casus_flow::{Error, Fatal, Fixed, Flow, Layout, Malformed, Sum, meet, serve};
use std::{
    fs,
    io::{self, Write},
    panic,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// How the run is spread; none where it is not.
///
/// # Errors
/// Where the file of hosts cannot be read, or there cannot be such a run.
pub fn layout(asked: &Run) -> Result<Option<Layout>, Failure> {
    let (Some(hosts), Some(process)) = (&asked.hosts, asked.process) else {
        return match asked.threads {
            1 => Ok(None),
            threads => Ok(Some(Layout::threads(threads).map_err(failure)?)),
        };
    };
    let text = fs::read_to_string(hosts)
        .map_err(|error| agreement::missing("file of hosts", hosts, &error))?;
    let layout = Layout::processes(&text, process, asked.threads).map_err(failure)?;
    if process == 0 && asked.matter.evidence.is_empty() {
        return Err(Failure::usage("process 0 reads the evidence, and none is named")
            .help("name it with `--evidence`; the other processes need none"));
    }
    Ok(Some(layout.waiting(Duration::from_secs(asked.wait))))
}

/// Judges together with the other threads and processes; nothing where this process only serves.
///
/// # Errors
/// Where the agreement or the evidence cannot be used, or the processes do not fit each other.
pub fn judged(
    asked: &Run,
    layout: Layout,
    terminal: &mut Terminal,
) -> Result<Option<(Case, Sum)>, Failure> {
    let agreement = agreement::load(&asked.matter.agreement, terminal)?;
    let (process, count) = (layout.process(), layout.count());
    let program = Arc::clone(&agreement.program);
    let stop = Arc::new(Stop::default());
    if count > 1 {
        watch_the_links(Arc::clone(&stop));
    }
    let meeting = meet(layout, program, stop).map_err(failure)?;
    if count > 1 {
        terminal.say(&format!("process {process} of {count}: all processes are here"))?;
    }
    if process > 0 {
        serve(meeting, Arc::new(Fixed)).map_err(failure)?;
        return Ok(None);
    }
    let flow = Flow::start(meeting, Arc::new(Fixed)).map_err(failure)?;
    let (mut case, records) =
        Case::gathered(agreement, &asked.matter, Keep::Nothing, None, terminal)?;
    let (sum, held_back) = flow.judge(case.basis.clock, records).map_err(failure)?;
    case.basis.held_back += held_back;
    Ok(Some((case, sum)))
}

fn failure(error: Error) -> Failure {
    let exit = match error {
        Error::Layout { .. } => Exit::Usage,
        _ => Exit::Processes,
    };
    // What another process says of itself is not trusted with the terminal.
    let message = clean(&error.to_string());
    Failure::Told { exit, message, help: Some(error.help().to_owned()) }
}

/// Ends this process where the others cannot be relied on any more.
#[derive(Default)]
struct Stop(Mutex<()>);

impl Fatal for Stop {
    fn end(&self, error: &Error) -> ! {
        // Several links are lost at once where a process goes; one message is enough.
        let _only = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let message = clean(&error.to_string());
        // Nobody is left to tell where standard error itself cannot be written to.
        let _ = writeln!(io::stderr(), "error: {message}\n  help: {}", error.help());
        std::process::exit(Exit::Processes as i32)
    }
}

/// The threads of the links belong to timely, which ends them by a panic where a message cannot be
/// taken apart. That is no fault of this process, and no reason to wait for ever.
fn watch_the_links(stop: Arc<Stop>) {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |found| {
        let thread = thread::current();
        let name = thread.name().unwrap_or_default();
        if name.starts_with("timely:recv") || name.starts_with("timely:send") {
            stop.end(&Error::Malformed(Malformed { expected: "a message", at: 0 }));
        }
        usual(found);
    }));
}
