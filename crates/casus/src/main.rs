//! The command line of Casus: arguments in, pages and lines out.
//!
//! Invariant: data goes to standard output, talk to standard error, and the exit code says how it
//! went; nothing here judges.

mod agreement;
mod arguments;
mod case;
mod check;
mod clock;
mod evidence;
mod exit;
mod explain;
mod fmt;
mod lsp;
mod nearest;
mod record;
mod run;
mod terminal;
mod test;
mod watch;
mod words;

use anstream::ColorChoice;
use arguments::{Arguments, Colour, Command};
use exit::{Exit, Failure};
use std::{io::Write, process::ExitCode};
use terminal::Terminal;

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(error) => return refused(&error),
    };
    let mut terminal = Terminal::new(match arguments.color {
        Colour::Auto => ColorChoice::Auto,
        Colour::Always => ColorChoice::Always,
        Colour::Never => ColorChoice::Never,
    });
    let outcome = obey(&arguments.command, &mut terminal);
    let outcome = outcome.and_then(|exit| {
        terminal.out.flush()?;
        Ok(exit)
    });
    let exit = match outcome {
        Ok(exit) => exit,
        Err(failure) => {
            // What was written before the failure is still wanted, if anybody reads it.
            let _ = terminal.out.flush();
            terminal.fail(&failure)
        }
    };
    ExitCode::from(exit as u8)
}

fn obey(command: &Command, terminal: &mut Terminal) -> Result<Exit, Failure> {
    match command {
        Command::Check(asked) => check::check(asked, terminal),
        Command::Test(asked) => test::test(asked, terminal),
        Command::Fmt(asked) => fmt::fmt(asked, terminal),
        Command::Run(asked) => run::run(asked, terminal),
        Command::Explain(asked) => explain::explain(asked, terminal),
        Command::Watch(asked) => watch::watch(asked, terminal),
        Command::Record(asked) => record::obey(asked, terminal),
        Command::Lsp => lsp::lsp(),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::whole(), "casus", &mut script);
            terminal.out.write_all(&script)?;
            Ok(Exit::Fine)
        }
    }
}

/// Help, the version, or an error about the arguments.
fn refused(error: &clap::Error) -> ExitCode {
    // A closed pipe leaves nobody to tell.
    let _ = error.print();
    let exit = if error.use_stderr() { Exit::Usage } else { Exit::Fine };
    ExitCode::from(exit as u8)
}
