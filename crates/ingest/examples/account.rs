//! Reads one source under a profile and prints where its rows went: the smallest use of the crate.
//!
//! Invariant: holds every record until it has printed, so that its memory is that of the records.
//!
//! `account FILE [PROFILE]`

use casus_ingest::{Intake, Limits, Profile};
use std::{error::Error, fs::File, io::Write};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: account FILE [PROFILE]")?;
    let profile = arguments.next().map(|name| Profile::builtin(&name)).transpose()?;
    let (mut records, mut rejects) = (Vec::new(), Vec::new());
    let mut intake = Intake::new(Limits::default());
    let source = File::open(&file)?;
    let outcome = intake.read(
        source,
        &file,
        profile.as_ref(),
        &mut |record| records.push(record),
        &mut |reject| rejects.push(reject),
    );
    let mut out = std::io::stdout().lock();
    match outcome {
        Ok(count) => writeln!(out, "{count}")?,
        Err(error) => writeln!(out, "{error}")?,
    }
    for reject in rejects.iter().take(5) {
        writeln!(out, "{reject:?}")?;
    }
    writeln!(out, "{} records held", records.len())?;
    Ok(())
}
