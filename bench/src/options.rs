//! What is asked for on the command line.
//!
//! Invariant: an option that is not known is refused, never passed over.

use crate::workloads::Workload;
use std::path::{Path, PathBuf};

/// How to ask.
const USAGE: &str = "\
usage: cargo xtask bench [tracks|incidents|corrections|policies|growth|all] [OPTION…]

  --positions N   positions of the tracks              [10_000_000]
  --movers N      things that move                     [a 500th of the positions, 4 to 20_000]
  --fences N      polygons that they move over         [500]
  --reports N     reports of incidents                 [1_000_000]
  --rules N       rules about them                     [200]
  --sectors N     zones that they lie in               [120]
  --base N        reports that stand before them       [as --reports]
  --corrections N corrections and withdrawals of them  [10_000]
  --events N      events of the log for the policies   [1_000_000]
  --areas N       areas that they lie in               [200]
  --runs N        how often each program runs          [3]
  --seed N        where chance begins                  [1]
  --quick         small sizes, one run, no peers: do Casus and the plain computation agree
  --no-peers      Casus and the plain computation alone
  --figure PATH   where the figure of the growth goes  [growth.svg in the folder]
  --folder PATH   where the invented files go          [target/bench]
  --casus PATH    the program                          [target/release/casus]
  --write PATH    also write the tables, as Markdown";

/// What is asked for.
#[derive(Debug)]
pub struct Options {
    workload: Option<Workload>,
    /// Positions of the tracks.
    pub positions: u64,
    /// Things that move.
    pub movers: Option<u64>,
    /// Polygons that they move over.
    pub fences: u64,
    /// Reports of incidents.
    pub reports: u64,
    /// Rules about them.
    pub rules: u64,
    /// Zones that they lie in.
    pub sectors: u64,
    /// Reports that stand before the corrections.
    pub base: Option<u64>,
    /// Corrections and withdrawals of them.
    pub corrections: u64,
    /// Events of the log for the policies.
    pub events: u64,
    /// Areas that they lie in.
    pub areas: u64,
    /// How often each program runs.
    pub runs: u64,
    /// Where chance begins.
    pub seed: u64,
    /// Whether the peers run too.
    pub peers: bool,
    /// The project.
    pub root: PathBuf,
    /// Where the invented files go.
    pub folder: PathBuf,
    /// The program.
    pub casus: PathBuf,
    /// Where the figure of the growth goes.
    pub figure: Option<PathBuf>,
    /// Where the tables go.
    pub write: Option<PathBuf>,
    /// As they were given.
    pub given: String,
}

impl Options {
    /// Reads them.
    ///
    /// # Errors
    /// Where they cannot be followed.
    pub fn read(arguments: &[String], root: &Path) -> Result<Options, String> {
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
        let mut options = Options {
            workload: None,
            positions: 10_000_000,
            movers: None,
            fences: 500,
            reports: 1_000_000,
            rules: 200,
            sectors: 120,
            base: None,
            corrections: 10_000,
            events: 1_000_000,
            areas: 200,
            runs: 3,
            seed: 1,
            peers: true,
            root: root.to_owned(),
            folder: target.join("bench"),
            casus: target.join("release").join("casus"),
            figure: None,
            write: None,
            given: arguments.join(" "),
        };
        if arguments.iter().any(|one| one == "--quick") {
            options.quick();
        }
        let mut rest = arguments.iter();
        while let Some(name) = rest.next() {
            options.take(name, &mut rest)?;
        }
        Ok(options)
    }

    /// Sizes that take seconds.
    fn quick(&mut self) {
        (self.positions, self.fences) = (20_000, 40);
        (self.reports, self.rules, self.sectors) = (3_000, 20, 12);
        (self.base, self.corrections) = (Some(200), 40);
        (self.events, self.areas) = (3_000, 20);
        (self.runs, self.peers) = (1, false);
    }

    fn take<'a>(
        &mut self,
        name: &str,
        rest: &mut impl Iterator<Item = &'a String>,
    ) -> Result<(), String> {
        let mut value = || rest.next().ok_or_else(|| format!("`{name}` needs a value\n\n{USAGE}"));
        let number = |text: &str| {
            let read = text.replace('_', "").parse::<u64>().ok().filter(|number| *number > 0);
            read.ok_or_else(|| format!("`{name}`: expected a number above 0, got `{text}`"))
        };
        match name {
            "--positions" => self.positions = number(value()?)?,
            "--movers" => self.movers = Some(number(value()?)?),
            "--fences" => self.fences = number(value()?)?,
            "--reports" => self.reports = number(value()?)?,
            "--rules" => self.rules = number(value()?)?,
            "--sectors" => self.sectors = number(value()?)?,
            "--base" => self.base = Some(number(value()?)?),
            "--corrections" => self.corrections = number(value()?)?,
            "--events" => self.events = number(value()?)?,
            "--areas" => self.areas = number(value()?)?,
            "--runs" => self.runs = number(value()?)?,
            "--seed" => self.seed = number(value()?)?,
            "--quick" => {}
            "--no-peers" => self.peers = false,
            "--folder" => self.folder = PathBuf::from(value()?),
            "--casus" => self.casus = PathBuf::from(value()?),
            "--figure" => self.figure = Some(PathBuf::from(value()?)),
            "--write" => self.write = Some(PathBuf::from(value()?)),
            "all" if self.workload.is_none() => {}
            _ => match Workload::named(name).filter(|_| self.workload.is_none()) {
                Some(workload) => self.workload = Some(workload),
                None => return Err(format!("`{name}` has no place here\n\n{USAGE}")),
            },
        }
        Ok(())
    }

    /// Those that are asked for, in order.
    pub fn workloads(&self) -> Vec<Workload> {
        self.workload.map_or_else(|| Workload::ALL.to_vec(), |one| vec![one])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Options, String> {
        let given: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        Options::read(&given, Path::new("."))
    }

    #[test]
    fn sizes_stand_over_quick_wherever_they_stand() {
        let options = read("tracks --positions 5_000 --quick").unwrap();
        assert_eq!((options.positions, options.fences, options.peers), (5_000, 40, false));
        assert_eq!(options.workloads(), [Workload::Tracks]);
        assert_eq!(read("").unwrap().workloads().len(), Workload::ALL.len());
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for text in ["sonar", "tracks incidents", "--positions", "--positions many", "--runs 0"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
