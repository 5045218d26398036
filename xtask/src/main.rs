//! The project's one tool: `cargo xtask tidy | bless | fuzz-smoke | fuzz | differential`.
//!
//! Invariant: nothing here is part of what is shipped, and nothing here reaches the network except
//! through `cargo` itself.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod commands;
mod tidy;

use std::{path::PathBuf, process::ExitCode};

const USAGE: &str = "\
usage: cargo xtask COMMAND

  tidy [--notes]             what a compiler does not see: arrows of crates, sizes, names, links
  bless                      write again what tests generate (pages of the manual, golden files)
  fuzz-smoke [--seconds N]   every parser on its corpus and on changed copies of it, N seconds each
  fuzz [--minutes N]         what reads, checks and judges agreements, N minutes of a core in all
  differential [--cases N]   the engine against the naive reference evaluator, N random cases each";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let done = match arguments.first().map(String::as_str) {
        Some("tidy") => flag(&arguments, "--notes").and_then(|notes| tidy::run(&root, notes)),
        Some("bless") => commands::bless(&root),
        Some("fuzz-smoke") => number(&arguments, "--seconds", 20)
            .and_then(|seconds| commands::fuzz_smoke(&root, seconds)),
        Some("fuzz") => {
            number(&arguments, "--minutes", 10).and_then(|minutes| commands::fuzz(&root, minutes))
        }
        Some("differential") => number(&arguments, "--cases", 10_000)
            .and_then(|cases| commands::differential(&root, cases)),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the only argument after the command is this flag.
fn flag(arguments: &[String], name: &str) -> Result<bool, String> {
    match arguments.get(1..).unwrap_or_default() {
        [] => Ok(false),
        [one] if one == name => Ok(true),
        other => Err(format!("expected `{name}` or nothing, got `{}`", other.join(" "))),
    }
}

/// The number after this option, or the default.
fn number(arguments: &[String], name: &str, default: u64) -> Result<u64, String> {
    let fail = |got: &[String]| {
        Err(format!("expected `{name} NUMBER` or nothing, got `{}`", got.join(" ")))
    };
    match arguments.get(1..).unwrap_or_default() {
        [] => Ok(default),
        [option, value] if option == name => match value.replace('_', "").parse() {
            Ok(number) => Ok(number),
            Err(_) => fail(std::slice::from_ref(value)),
        },
        other => fail(other),
    }
}
