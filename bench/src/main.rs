//! `cargo xtask bench`: invented evidence of any size, and what Casus and its peers need for it.
//!
//! Invariant: no time is shown of a program whose result differs from the plain computation's.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod contest;
mod corrections;
mod figure;
mod files;
mod growth;
mod incidents;
mod machine;
mod measure;
mod options;
mod peers;
mod policies;
mod random;
mod results;
mod shapes;
mod table;
mod tight;
mod tracks;
mod workloads;

use options::Options;
use std::{path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((first, rest)) if first == "measure" => measure::inner(rest),
        Some((first, rest)) if first == "tight" => tight::read(rest),
        Some((first, rest)) if first == "stream" => growth::stream(rest),
        _ => bench(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn bench(arguments: &[String]) -> Result<(), String> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let options = Options::read(arguments, &root)?;
    let mut page = table::Page::new(&options);
    for workload in options.workloads() {
        for table in workload.run(&options)? {
            page.push(table);
        }
    }
    print!("{}", page.text());
    match &options.write {
        Some(path) => files::text(path, &page.markdown()),
        None => Ok(()),
    }
}
