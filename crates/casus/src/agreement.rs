//! Agreements from the disk: the text, its annexes, and what is wrong with it.
//!
//! Invariant: an annex is a file of the agreement's own folder, wherever links may point.

use crate::{
    exit::{Exit, Failure},
    nearest::help_for_path,
    terminal::Terminal,
};
use casus_check::{Annexes, Checked, check};
use casus_model::Program;
use casus_syntax::{Diagnostic, Document, Lines, Severity, render::render};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Bytes of one annex file; the checker refuses more than this.
const ANNEX_BYTES: u64 = 65 << 20;

/// A text and what came of it.
pub struct Reading {
    /// The file as the user named it.
    pub name: String,
    /// The text.
    pub document: Document,
    /// What came of it.
    pub checked: Checked,
}

/// An agreement without errors.
pub struct Agreement {
    /// The text.
    pub document: Document,
    /// What it says.
    pub program: Arc<Program>,
}

impl Reading {
    /// Everything that is wrong, in the order of the text.
    pub fn diagnostics(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<&Diagnostic> =
            self.document.diagnostics.iter().chain(&self.checked.diagnostics).collect();
        all.sort_by_key(|one| (one.line, one.column));
        all
    }

    /// Errors and warnings.
    pub fn counts(&self) -> (usize, usize) {
        let all = self.diagnostics();
        let errors = all.iter().filter(|one| one.severity == Severity::Error).count();
        (errors, all.len() - errors)
    }

    /// Tells everything that is wrong.
    ///
    /// # Errors
    /// Where standard error cannot be written to.
    pub fn tell(&self, terminal: &mut Terminal) -> io::Result<()> {
        let lines = Lines::of(&self.document.source);
        for found in self.diagnostics() {
            let text = render(&self.name, &self.document.source, &lines, found);
            let text = terminal.diagnostic(&text);
            terminal.say(&text)?;
        }
        Ok(())
    }
}

/// Reads and checks a text.
///
/// # Errors
/// Where the file cannot be read.
pub fn read(path: &Path) -> Result<Reading, Failure> {
    let bytes = fs::read(path).map_err(|error| missing("agreement", path, &error))?;
    let name = path.display().to_string();
    let text = casus_syntax::decode(&bytes).map_err(|found| Failure::Told {
        exit: Exit::Agreement,
        message: format!("`{name}`: {}", found.message),
        help: found.help,
    })?;
    let document = casus_syntax::parse(&text);
    let folder = Folder::of(path);
    let checked = check(&document, &folder);
    Ok(Reading { name, document, checked })
}

/// Reads an agreement that has no errors.
///
/// # Errors
/// Where it cannot be read, or is not valid, which is then told.
pub fn load(path: &Path, terminal: &mut Terminal) -> Result<Agreement, Failure> {
    let mut reading = read(path)?;
    let Some(program) = reading.checked.program.take() else {
        reading.tell(terminal)?;
        return Err(Failure::Told {
            exit: Exit::Agreement,
            message: format!("the agreement `{}` is not valid", path.display()),
            help: Some("correct what is told above, and see `casus check`".to_owned()),
        });
    };
    Ok(Agreement { document: reading.document, program: Arc::new(program) })
}

/// A file that cannot be read.
pub fn missing(what: &str, path: &Path, error: &io::Error) -> Failure {
    let name = path.display();
    let failure = match error.kind() {
        io::ErrorKind::NotFound => Failure::usage(format!("there is no {what} `{name}`")),
        _ => Failure::usage(format!("the {what} `{name}` cannot be read: {error}")),
    };
    match error.kind() {
        io::ErrorKind::NotFound => failure.help(help_for_path(path)),
        io::ErrorKind::IsADirectory => failure.help("name a file in it"),
        _ => failure.help("see who may read it"),
    }
}

/// The folder of an agreement.
pub struct Folder(PathBuf);

impl Folder {
    /// The folder that this file lies in.
    pub fn of(path: &Path) -> Folder {
        match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => Folder(parent.to_owned()),
            _ => Folder(PathBuf::from(".")),
        }
    }
}

impl Annexes for Folder {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        let plain = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => {
                format!("it is not there; {}", help_for_path(&self.0.join(name)))
            }
            _ => error.to_string(),
        };
        let folder = self.0.canonicalize().map_err(plain)?;
        let file = folder.join(name).canonicalize().map_err(plain)?;
        if !file.starts_with(&folder) {
            return Err("it leads out of the agreement's folder".to_owned());
        }
        let found = fs::metadata(&file).map_err(plain)?;
        if !found.is_file() {
            return Err("it is not a file".to_owned());
        }
        if found.len() > ANNEX_BYTES {
            return Err(format!("it has {} MiB", found.len() >> 20));
        }
        fs::read(&file).map_err(plain)
    }
}
