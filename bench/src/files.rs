//! Files of the bench: written once, all at a time.
//!
//! Invariant: a file that could not be written to its end is an error, never a shorter file.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
};

/// What went wrong with which file.
pub fn told(doing: &str, path: &Path, error: &io::Error) -> String {
    format!("{doing} `{}`: {error}", path.display())
}

/// Writes a file through a function.
///
/// # Errors
/// Where it cannot be written.
pub fn write(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), String> {
    let written = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        fill(&mut out)?;
        out.flush()
    };
    written().map_err(|error| told("writing", path, &error))
}

/// Writes a text.
///
/// # Errors
/// Where it cannot be written.
pub fn text(path: &Path, text: &str) -> Result<(), String> {
    write(path, |out| out.write_all(text.as_bytes()))
}

/// Rows of a file, sorted.
///
/// # Errors
/// Where it cannot be read.
pub fn sorted(path: &Path) -> Result<Vec<String>, String> {
    let text = fs::read_to_string(path).map_err(|error| told("reading", path, &error))?;
    let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
    rows.sort_unstable();
    Ok(rows)
}
