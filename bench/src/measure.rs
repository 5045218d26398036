//! What another program costs: seconds of processor, seconds on the wall, greatest memory.
//!
//! Invariant: each program runs under a process of its own that waits for nothing else, so that
//! what the system counts for that process's children is that program's alone.

use crate::files::told;
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeValLike,
};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

/// What a program cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Seconds of processor, of the program and of the system for it, over all cores.
    pub processor_s: f64,
    /// Seconds that passed.
    pub wall_s: f64,
    /// The most memory it held at once, in MiB.
    pub memory_mib: f64,
}

/// Runs a command with its output in a file.
///
/// # Errors
/// Where it fails or cannot be run.
pub fn measure(command: &[String], output: &Path) -> Result<Cost, String> {
    measure_fed(command, Stdio::null(), output)
}

/// The same, of a command that reads standard input.
///
/// # Errors
/// Where it fails or cannot be run.
pub fn measure_fed(command: &[String], input: Stdio, output: &Path) -> Result<Cost, String> {
    let shown = command.join(" ");
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let notes = output.with_extension("cost");
    let file = File::create(output).map_err(|error| told("writing", output, &error))?;
    let mut outer = Command::new(own);
    outer.arg("measure").arg(&notes).args(command).stdin(input).stdout(file);
    let status = outer.status().map_err(|error| format!("`{shown}`: {error}"))?;
    if !status.success() {
        return Err(format!("`{shown}` failed"));
    }
    let text = fs::read_to_string(&notes).map_err(|error| told("reading", &notes, &error))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let number = |name: &str| value.get(name).and_then(Value::as_f64).unwrap_or_default();
    Ok(Cost {
        processor_s: number("processor_s"),
        wall_s: number("wall_s"),
        memory_mib: number("memory_mib"),
    })
}

/// The process in between: `measure NOTES PROGRAM ARGUMENT…`.
///
/// # Errors
/// Where the program fails or cannot be run.
pub fn inner(arguments: &[String]) -> Result<(), String> {
    let [notes, program, rest @ ..] = arguments else {
        return Err("expected `measure NOTES PROGRAM ARGUMENT…`".to_owned());
    };
    let begin = Instant::now();
    let status = Command::new(program).args(rest).status();
    let wall_s = begin.elapsed().as_secs_f64();
    let status = status.map_err(|error| format!("`{program}`: {error}"))?;
    if !status.success() {
        return Err(format!("`{program}` ended with {status}"));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    let cost = json!({
        "processor_s": micros as f64 / 1e6,
        "wall_s": wall_s,
        // Linux counts in KiB.
        "memory_mib": usage.max_rss() as f64 / 1024.0,
    });
    let notes = Path::new(notes);
    fs::write(notes, cost.to_string()).map_err(|error| told("writing", notes, &error))
}
