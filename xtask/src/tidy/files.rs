//! The files of the workspace, read once.
//!
//! Invariant: paths are relative to the workspace, with `/`, and sorted.

use std::{collections::BTreeMap, fs, path::Path};

/// Folders that hold nothing of ours, or (`.git` of a second work tree) files that name one.
const PASSED_OVER: [&str; 4] = [".git", "target", "node_modules", "artifacts"];

/// Everything that is there. A file that is not UTF-8 has no text.
#[derive(Debug, Default)]
pub struct Files(BTreeMap<String, Option<String>>);

impl Files {
    /// Reads the folder and all folders in it.
    pub fn read(root: &Path) -> Result<Files, String> {
        let mut files = Files::default();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let fail = |error: std::io::Error| format!("reading `{folder}`: {error}");
            for entry in fs::read_dir(root.join(&folder)).map_err(fail)? {
                let entry = entry.map_err(fail)?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let path =
                    if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
                let kind = entry.file_type().map_err(fail)?;
                if PASSED_OVER.contains(&name.as_str()) {
                    continue;
                }
                if kind.is_dir() {
                    folders.push(path);
                } else if kind.is_file() {
                    let bytes = fs::read(entry.path()).map_err(fail)?;
                    files.0.insert(path, String::from_utf8(bytes).ok());
                }
            }
        }
        Ok(files)
    }

    /// Files made up for a test.
    #[cfg(test)]
    pub fn of(all: &[(&str, &str)]) -> Files {
        let own = |(path, text): &(&str, &str)| ((*path).to_owned(), Some((*text).to_owned()));
        Files(all.iter().map(own).collect())
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path)?.as_deref()
    }

    /// Whether there is such a file, or a folder with any file in it.
    pub fn has(&self, path: &str) -> bool {
        let inside = format!("{path}/");
        path.is_empty()
            || self.0.contains_key(path)
            || self.0.range(inside.clone()..).next().is_some_and(|(p, _)| p.starts_with(&inside))
    }

    /// Path and text of the files whose name ends so.
    pub fn ending<'f>(&'f self, ending: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.texts().filter(move |(path, _)| path.ends_with(ending))
    }

    /// Path and text of every file that is text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }
}
