//! What may be asked for on the command line.
//!
//! Invariant: every option is described here and nowhere else; `docs/cli.md` repeats it.

pub mod record;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

/// Turns a security agreement into a program that watches itself.
#[derive(Debug, Parser)]
#[command(
    name = "casus",
    version,
    after_help = "Begin with `casus check AGREEMENT`, then `casus run AGREEMENT --evidence FILE`."
)]
pub struct Arguments {
    /// When to use colour (NO_COLOR is heeded)
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Colour,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// What was written on the command line.
    ///
    /// # Errors
    /// Where it cannot be followed; also help and the version, where they are asked for.
    pub fn read() -> Result<Arguments, clap::Error> {
        let matches = Arguments::whole().try_get_matches()?;
        Arguments::from_arg_matches(&matches)
    }

    /// All commands: a process of a run may be one that reads no evidence.
    pub fn whole() -> clap::Command {
        Arguments::command().mut_subcommand("run", |run| {
            let optional = |one: clap::Arg| one.required(false).required_unless_present("process");
            run.mut_arg("evidence", optional)
        })
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Colour {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what is wrong with agreements, and what they declare
    Check(Check),
    /// Run the tests that stand beside the text of agreements
    Test(Test),
    /// Lay out the rules of agreements
    Fmt(Fmt),
    /// Judge evidence by an agreement
    Run(Run),
    /// Explain one finding on a page
    Explain(Explain),
    /// Follow evidence as it arrives, and say what becomes different
    Watch(Watch),
    #[command(flatten)]
    Record(record::RecordCommand),
    /// Answer an editor: the language server, on standard input and output
    Lsp,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// `casus check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Agreements
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `casus test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Agreements, or folders of them
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Of several files, also show the scenarios that pass
    #[arg(long)]
    pub all: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `casus fmt`.
#[derive(Debug, Args)]
pub struct Fmt {
    /// Agreements; `-` reads standard input and writes standard output
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Write nothing; fail if anything would change
    #[arg(long)]
    pub check: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// What an agreement is run on.
#[derive(Debug, Args)]
pub struct Matter {
    /// The agreement
    pub agreement: PathBuf,
    /// Evidence, again for each file; PROFILE is a built-in name or a .toml file, `-` is standard
    /// input
    #[arg(long, short, value_name = "[PROFILE=]FILE", required = true)]
    pub evidence: Vec<String>,
    /// The clock: RFC 3339, or `2026-03-22 06:00` in the agreement's calendar [default: when the
    /// newest of the evidence became known]
    #[arg(long, value_name = "INSTANT")]
    pub now: Option<String>,
    /// Leave out what became known only after this instant
    #[arg(long, value_name = "INSTANT")]
    pub as_of: Option<String>,
    /// Write the rows that were rejected to this file, as CSV or JSON Lines by its name
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Fail if any row is rejected
    #[arg(long)]
    pub strict: bool,
    /// Limits of the intake, as `rows=1000,row_bytes=65536`
    #[arg(long, value_name = "NAME=NUMBER", value_delimiter = ',')]
    pub limits: Vec<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `casus run`.
#[derive(Debug, Args)]
pub struct Run {
    /// On what.
    #[command(flatten)]
    pub matter: Matter,
    /// Exit with 1 if there is a finding of this verdict, as `breached` or `possibly-breached`
    #[arg(long, value_name = "VERDICT", value_delimiter = ',')]
    pub fail_on: Vec<String>,
    /// Judge with so many threads
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub threads: usize,
    /// Judge in several processes: one `host:port` a line, the first is process 0
    #[arg(long, value_name = "FILE", requires = "process")]
    pub hosts: Option<PathBuf>,
    /// Which of the processes this is; process 0 reads the evidence and says what follows, the
    /// others serve it
    #[arg(long, value_name = "NUMBER", requires = "hosts")]
    pub process: Option<usize>,
    /// How long to wait for the other processes, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, requires = "hosts")]
    pub wait: u64,
}

/// `casus explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// On what.
    #[command(flatten)]
    pub matter: Matter,
    /// The finding: its id, or the beginning of it
    pub finding: String,
}

/// `casus watch`.
#[derive(Debug, Args)]
pub struct Watch {
    /// The agreement
    pub agreement: PathBuf,
    /// Evidence, one row a line; PROFILE is a built-in name or a .toml file, `-` is standard input,
    /// a file is followed as it grows
    #[arg(long, short, value_name = "[PROFILE=]FILE", default_value = "-")]
    pub evidence: String,
    /// Follow a stream of NATS (JetStream) instead, at this address; needs `--features nats` when
    /// building
    #[arg(long, value_name = "URL", requires_all = ["stream", "subject", "consumer"])]
    #[arg(conflicts_with = "evidence")]
    pub nats: Option<String>,
    /// The stream
    #[arg(long, value_name = "NAME", requires = "nats")]
    pub stream: Option<String>,
    /// Which of its messages, as `reports.>`
    #[arg(long, value_name = "SUBJECT", requires = "nats")]
    pub subject: Option<String>,
    /// The durable consumer; made where it is not there
    #[arg(long, value_name = "NAME", requires = "nats")]
    pub consumer: Option<String>,
    /// How its messages are read: a built-in profile or a .toml file [default: the native formats]
    #[arg(long, value_name = "PROFILE", requires = "nats")]
    pub profile: Option<String>,
    /// What moves the clock
    #[arg(long, value_name = "BY", default_value = "evidence")]
    pub clock: ClockBy,
    /// Stop at the end of the file instead of waiting for more
    #[arg(long)]
    pub until_end: bool,
    /// Limits of the intake, as `rows=1000,row_bytes=65536`
    #[arg(long, value_name = "NAME=NUMBER", value_delimiter = ',')]
    pub limits: Vec<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// What moves the clock while evidence is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClockBy {
    /// When the evidence became known.
    Evidence,
    /// The clock of the machine.
    Machine,
}
