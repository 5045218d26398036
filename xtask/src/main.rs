//! The project's one tool: `cargo xtask COMMAND`.
//!
//! Invariant: nothing here is part of what is shipped, and nothing here reaches the network except
//! through `cargo` itself.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod commands;
mod differential;
mod options;
mod patterns;
mod tidy;

use options::{flag, nothing, numbers};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

const USAGE: &str = "\
usage: cargo xtask COMMAND

  tidy [--notes]             what a compiler does not see: arrows of crates, sizes, names, links
  bless                      write again what tests generate (pages of the manual, golden files)
  fuzz-smoke [--seconds N]   every parser on its corpus and on changed copies of it, N seconds each
  fuzz [--minutes N]         what reads, checks and judges agreements, N minutes of a core in all
  differential [--cases N] [--least N]
                             the engine against the naive reference evaluator, N random cases a
                             test; fails where an operator stood in fewer than N of all cases
  nightly [--minutes N] [--seed N]
                             the same for an hour, from a random seed
  bench [WORKLOAD] [OPTION…]  what Casus and its peers need for invented evidence of any size;
                             `bench --help` lists the options
  patterns                   how many patterns of the library can be said, and in how many lines";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    match run(&arguments, &root) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String], root: &Path) -> Result<(), String> {
    match arguments.first().map(String::as_str) {
        Some("tidy") => tidy::run(root, flag(arguments, "--notes")?),
        Some("bless") => commands::bless(root),
        Some("fuzz-smoke") => {
            let [seconds] = numbers(arguments, ["--seconds"])?;
            commands::fuzz_smoke(root, seconds.unwrap_or(20))
        }
        Some("fuzz") => {
            let [minutes] = numbers(arguments, ["--minutes"])?;
            commands::fuzz(root, minutes.unwrap_or(10))
        }
        Some("differential") => {
            let [cases, least] = numbers(arguments, ["--cases", "--least"])?;
            differential::differential(root, cases.unwrap_or(10_000), least.unwrap_or(0))
        }
        Some("nightly") => {
            let [minutes, seed] = numbers(arguments, ["--minutes", "--seed"])?;
            differential::nightly(root, minutes.unwrap_or(60), seed)
        }
        Some("bench") => commands::bench(root, arguments.get(1..).unwrap_or_default()),
        Some("patterns") => {
            nothing(arguments)?;
            patterns::patterns(root)
        }
        _ => Err(USAGE.to_owned()),
    }
}
