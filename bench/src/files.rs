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

/// What the profiles of all invented evidence have in common.
const SHARED: &str = r#"
[time]
column = "t"
format = ["epoch s"]
zone = "UTC"
# The invented clock strikes on the second, and leaves no doubt within it.
resolution = "millisecond"

[known]
column = "t"
format = ["epoch s"]

[source]
name = { fixed = "invented" }

[grade]
fixed = "A1"
"#;

/// Writes a profile that says how the columns of its own are read.
///
/// # Errors
/// Where it cannot be written.
pub fn profile(folder: &Path, own: &str) -> Result<(), String> {
    text(&folder.join("profile.toml"), &format!("{own}{SHARED}"))
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
