//! The smoke run: every target on its inputs and on changed copies of them, for so many seconds.
//!
//! Each target runs in a process of its own, so that a crash or an endless loop is seen too. The
//! input at fault is left in `fuzz/artifacts/`.
//!
//! Invariant: a target that failed makes the run fail; a run that tried nothing fails.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use casus_fuzz::{
    TARGETS, Target, corpus,
    mutate::{self, Random},
    targets::JUDGED,
};
use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    process::{Command, ExitCode, ExitStatus},
    sync::{Arc, Mutex, atomic::Ordering, mpsc},
    thread,
    time::{Duration, Instant},
};

const USAGE: &str = "usage: casus-fuzz [--seconds N] [--seed N] [--only NAME]… [--target NAME]";

/// An input that takes longer is a defect.
const MOST_SECONDS: u64 = 20;

struct Plan {
    seconds: u64,
    seed: u64,
    /// Of all targets only these, where any is named.
    only: Vec<&'static Target>,
    /// The one target that this process runs itself.
    target: Option<&'static Target>,
    /// Write every input before it runs.
    trace: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = plan(&arguments).and_then(|plan| match plan.target {
        Some(target) => run_here(target, &plan),
        None => run_all(&plan),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn plan(arguments: &[String]) -> Result<Plan, String> {
    let mut plan = Plan { seconds: 20, seed: 1, only: Vec::new(), target: None, trace: false };
    let mut rest = arguments.iter();
    while let Some(option) = rest.next() {
        let mut value = || rest.next().ok_or(USAGE);
        let number = |text: &String| text.parse().map_err(|_| USAGE);
        match option.as_str() {
            "--seconds" => plan.seconds = number(value()?)?,
            "--seed" => plan.seed = number(value()?)?,
            "--trace" => plan.trace = true,
            "--only" => plan.only.push(named(value()?)?),
            "--target" => plan.target = Some(named(value()?)?),
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(plan)
}

fn named(name: &str) -> Result<&'static Target, String> {
    let found = TARGETS.iter().find(|target| target.name == name);
    found.ok_or_else(|| format!("there is no target `{name}`"))
}

/// Two targets at a time, each in a process of its own.
fn run_all(plan: &Plan) -> Result<(), String> {
    let all: Vec<&'static Target> = match &*plan.only {
        [] => TARGETS.iter().collect(),
        only => only.to_vec(),
    };
    let left = Mutex::new(all.iter().copied());
    let failed = Mutex::new(Vec::new());
    let take = || left.lock().ok().and_then(|mut left| left.next());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(target) = take() {
                    if let Err(message) = run_apart(target, plan) {
                        failed.lock().into_iter().for_each(|mut all| all.push(message.clone()));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_default();
    if !failed.is_empty() {
        return Err(failed.join("\n"));
    }
    println!("no panic, and no input that took too long, in {} targets", all.len());
    Ok(())
}

fn run_apart(target: &Target, plan: &Plan) -> Result<(), String> {
    let start = |trace: bool| -> Result<ExitStatus, String> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        command.args(["--target", target.name, "--seconds", &plan.seconds.to_string()]);
        command.args(["--seed", &plan.seed.to_string()]);
        command.args(trace.then_some("--trace"));
        command.status().map_err(|error| format!("{}: {error}", target.name))
    };
    let status = start(false)?;
    match status.code() {
        Some(0) => Ok(()),
        Some(1) => Err(format!("{}: failed", target.name)),
        _ => {
            // It took the process along: run it again, leaving every input behind before it runs.
            start(true)?;
            let artifact = artifact(target, "crash");
            Err(format!("{}: {status}; the input is in `{}`", target.name, artifact.display()))
        }
    }
}

/// Runs one target: its inputs first, then changed copies until the time is over.
fn run_here(target: &'static Target, plan: &Plan) -> Result<(), String> {
    panic::set_hook(Box::new(|_| {}));
    let inputs = corpus::inputs(&workspace(), target).map_err(|error| error.to_string())?;
    if inputs.is_empty() {
        return Err(format!("{}: no input to begin with", target.name));
    }
    let watch = Watch::over(target);
    let begin = Instant::now();
    let mut runs: u64 = 0;
    for (path, bytes) in &inputs {
        attempt(target, bytes, plan, &watch).map_err(|why| format!("{path}: {why}"))?;
        runs += 1;
    }
    let seeds: Vec<Vec<u8>> = inputs.into_iter().map(|(_, bytes)| beginning(bytes)).collect();
    let mut random = Random::new(plan.seed);
    while begin.elapsed() < Duration::from_secs(plan.seconds) {
        let bytes = mutate::copy(&mut random, &seeds);
        if let Err(why) = attempt(target, &bytes, plan, &watch) {
            let artifact = leave(target, &format!("panic-{runs}"), &bytes);
            return Err(format!("{}: {why}; the input is in `{artifact}`", target.name));
        }
        runs += 1;
    }
    let seconds = begin.elapsed().as_secs_f64();
    let rate = runs as f64 / seconds.max(0.001);
    let judged = match JUDGED.load(Ordering::Relaxed) {
        0 => String::new(),
        judged => format!(", {judged} scenarios judged"),
    };
    println!("{}: {runs} inputs in {seconds:.0} s, {rate:.0} a second{judged}", target.name);
    Ok(())
}

/// Enough of an input to be changed; a long one would only be run less often.
fn beginning(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(16 << 10);
    bytes
}

fn attempt(target: &Target, bytes: &[u8], plan: &Plan, watch: &Watch) -> Result<(), String> {
    if plan.trace {
        leave(target, "crash", bytes);
    }
    watch.begin(bytes);
    let done = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(bytes)));
    watch.end();
    done.map_err(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "panicked".to_owned())
    })
}

/// When the input at hand began to run, and its bytes.
type Current = Option<(Instant, Vec<u8>)>;

/// Ends the process where one input takes too long.
struct Watch {
    current: Arc<Mutex<Current>>,
    _alive: mpsc::Sender<()>,
}

impl Watch {
    fn over(target: &'static Target) -> Watch {
        let current = Arc::new(Mutex::new(Current::None));
        let (alive, gone) = mpsc::channel::<()>();
        let watched = Arc::clone(&current);
        thread::spawn(move || {
            let second = Duration::from_secs(1);
            while gone.recv_timeout(second) == Err(mpsc::RecvTimeoutError::Timeout) {
                let Ok(current) = watched.lock() else { return };
                match current.as_ref() {
                    Some((begin, bytes)) if begin.elapsed().as_secs() > MOST_SECONDS => {
                        let artifact = leave(target, "slow", bytes);
                        let name = target.name;
                        eprintln!("{name}: more than {MOST_SECONDS} s on `{artifact}`");
                        std::process::exit(1);
                    }
                    _ => {}
                }
            }
        });
        Watch { current, _alive: alive }
    }
    fn begin(&self, bytes: &[u8]) {
        let now = Some((Instant::now(), bytes.to_owned()));
        self.current.lock().into_iter().for_each(|mut current| current.clone_from(&now));
    }
    fn end(&self) {
        self.current.lock().into_iter().for_each(|mut current| *current = None);
    }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn artifact(target: &Target, name: &str) -> PathBuf {
    workspace().join("fuzz/artifacts").join(format!("{}-{name}", target.name))
}

/// Writes an input to where it can be looked at.
fn leave(target: &Target, name: &str, bytes: &[u8]) -> String {
    let path = artifact(target, name);
    let written = path.parent().map(fs::create_dir_all).and_then(|_| fs::write(&path, bytes).ok());
    match written {
        Some(()) => path.display().to_string(),
        None => format!("{} (which could not be written)", path.display()),
    }
}
