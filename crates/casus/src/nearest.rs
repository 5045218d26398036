//! The file or name that was probably meant.
//!
//! Invariant: a guess is one of the names given, and close to what was written.

use std::path::Path;

/// The closest of the names, where one is close.
pub fn nearest(written: &str, names: impl IntoIterator<Item = String>) -> Option<String> {
    let low = written.to_lowercase();
    let allowed = (low.chars().count() / 3).clamp(1, 4);
    let far = |name: &str| strsim::damerau_levenshtein(&low, &name.to_lowercase());
    let scored = names.into_iter().take(10_000).map(|name| (far(&name), name));
    scored.filter(|(far, _)| *far <= allowed).min().map(|(_, name)| name)
}

/// What to do about a path that leads nowhere.
pub fn help_for_path(path: &Path) -> String {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let Ok(entries) = std::fs::read_dir(folder) else {
        return format!("there is no folder `{}`", folder.display());
    };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let written = path.file_name().map(|name| name.to_string_lossy().into_owned());
    match written.and_then(|written| nearest(&written, names)) {
        Some(name) => format!("did you mean `{}`?", path.with_file_name(name).display()),
        None => format!("look into the folder `{}`", folder.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_and_a_stranger_is_not() {
        let names = || ["agreement.md".to_owned(), "night.jsonl".to_owned()];
        assert_eq!(nearest("agrement.md", names()).as_deref(), Some("agreement.md"));
        assert_eq!(nearest("map.geojson", names()), None);
    }
}
