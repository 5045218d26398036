//! The agreements under some paths.
//!
//! Invariant: a file named by the user is always taken; in a folder, those that end in `.md`.

use crate::{agreement::missing, exit::Failure};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// How deep folders are followed.
const DEPTH: usize = 16;

/// All files, in the order of the paths, then of their names.
///
/// # Errors
/// Where a path cannot be read.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all = Vec::new();
    for path in paths {
        let found = fs::metadata(path);
        let found = found.map_err(|error| missing("file or folder", path, &error))?;
        match found.is_dir() {
            true => folder(path, DEPTH, &mut all)?,
            false => all.push(path.clone()),
        }
    }
    Ok(all)
}

fn folder(path: &Path, depth: usize, all: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let told = |error: std::io::Error| missing("folder", path, &error);
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(path).map_err(told)? {
        entries.push(entry.map_err(told)?.path());
    }
    entries.sort();
    for entry in entries {
        let name = entry.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        if name.starts_with('.') || name == "target" || name == "node_modules" {
            continue;
        }
        // Links to folders are not followed: they may lead back.
        let is_folder = fs::symlink_metadata(&entry).is_ok_and(|found| found.is_dir());
        if is_folder && depth > 0 {
            folder(&entry, depth - 1, all)?;
        } else if !is_folder && name.ends_with(".md") && entry.is_file() {
            all.push(entry);
        }
    }
    Ok(())
}
