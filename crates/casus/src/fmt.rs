//! `casus fmt`: lays out the rules of agreements.
//!
//! Invariant: a file is either as it was or wholly as it should be, never half of it.

use crate::{
    agreement::missing,
    arguments::Fmt,
    exit::{Exit, Failure},
    terminal::Terminal,
};
use serde::Serialize;
use std::{
    ffi::OsString,
    fs,
    io::{self, Read, Write},
    path::Path,
};

/// What became of a file, as JSON.
#[derive(Serialize)]
struct FormatLine<'a> {
    kind: &'static str,
    file: &'a str,
    changed: bool,
    written: bool,
}

/// Lays out each file.
///
/// # Errors
/// Where a file cannot be read or written.
pub fn fmt(asked: &Fmt, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut exit = Exit::Fine;
    for path in &asked.files {
        let name = path.display().to_string();
        let source = read(path)?;
        let document = casus_syntax::parse(&source);
        let sound = document.is_sound();
        let text = casus_syntax::format_document(&document);
        let changed = text != source;
        let standard = path.as_os_str() == "-";
        if changed && asked.check {
            exit = Exit::Findings;
        }
        if standard && !asked.check {
            terminal.out.write_all(text.as_bytes())?;
        } else if changed && !asked.check {
            replace(path, &text)?;
        }
        if asked.json && (asked.check || !standard) {
            let written = changed && !asked.check;
            let line = FormatLine { kind: "format", file: &name, changed, written };
            serde_json::to_writer(&mut terminal.out, &line)?;
            writeln!(terminal.out)?;
        } else if changed && asked.check {
            terminal.say(&format!("{name}: not laid out; run `casus fmt {name}`"))?;
        }
        if !sound {
            let told = format!("{name}: blocks with errors stay as they are; see `casus check`");
            terminal.say(&told)?;
        }
    }
    Ok(exit)
}

fn read(path: &Path) -> Result<String, Failure> {
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    let bytes = bytes.map_err(|error| missing("agreement", path, &error))?;
    casus_syntax::decode(&bytes).map_err(|found| Failure::Told {
        exit: Exit::Agreement,
        message: format!("`{}`: {}", path.display(), found.message),
        help: found.help,
    })
}

/// Writes beside the file, then takes its place.
fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    // A link stays a link: what it points to is replaced.
    let target = path.canonicalize()?;
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(format!(".{}.new", std::process::id()));
    let beside = target.with_file_name(name);
    let written = (|| -> io::Result<()> {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.set_permissions(fs::metadata(&target)?.permissions())?;
        file.sync_all()?;
        fs::rename(&beside, &target)
    })();
    written.map_err(|error| {
        // The half-written file is of no use to anybody.
        let _ = fs::remove_file(&beside);
        Failure::usage(format!("cannot write `{}`: {error}", path.display()))
            .help("see who may write there, and how much space is left")
    })
}
