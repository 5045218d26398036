//! The outside crates: each has its line in `docs/dependencies.md`, and each line its crate.
//!
//! Invariant: a crate counts as ours when it is taken by path.

use super::{Problem, files::Files};
use std::collections::BTreeMap;

const PAGE: &str = "docs/dependencies.md";

/// Compares the manifests with the page.
pub fn check(files: &Files) -> Vec<Problem> {
    let (mut named, mut used, mut shared) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (path, text) in files.texts().filter(|(path, _)| path.ends_with("Cargo.toml")) {
        for entry in entries(text) {
            if !entry.ours {
                named.entry(entry.name).or_insert((path, entry.line));
            }
            match entry.shared {
                true if !entry.ours => shared.push((entry.name, path, entry.line)),
                true => {}
                false => used.push(entry.name),
            }
        }
    }
    let page = files.text(PAGE).unwrap_or_default();
    let listed: BTreeMap<&str, usize> =
        page.lines().enumerate().filter_map(|(at, line)| Some((listed(line)?, at + 1))).collect();
    let absent = named.iter().filter(|(name, _)| !listed.contains_key(*name));
    let absent = absent.map(|(name, (path, line))| {
        let what = format!("`{name}` has no line in `{PAGE}`");
        Problem::new(path, *line, what, "say why it is there, who keeps it, and the alternative")
    });
    let idle = shared.iter().filter(|(name, ..)| !used.contains(name)).map(|(name, path, line)| {
        let what = format!("no crate uses `{name}`");
        Problem::new(path, *line, what, "take it out of `[workspace.dependencies]`")
    });
    let gone = listed.iter().filter(|(name, _)| !named.contains_key(*name)).map(|(name, line)| {
        let what = format!("no manifest names `{name}`");
        Problem::new(PAGE, *line, what, "take the line out")
    });
    absent.chain(idle).chain(gone).chain(fetched(files)).collect()
}

/// A lock file of the editor's packages says what they are, not from which host they came.
fn fetched(files: &Files) -> Vec<Problem> {
    let locks = files.ending("package-lock.json");
    let lines = locks.flat_map(|(path, text)| (1..).zip(text.lines()).map(move |it| (path, it)));
    let named = lines.filter(|(_, (_, line))| line.trim_start().starts_with("\"resolved\""));
    named
        .map(|(path, (at, _))| {
            let help =
                "write it again with `--package-lock-only --omit-lockfile-registry-resolved`";
            Problem::new(path, at, "a package names the host that it came from", help)
        })
        .collect()
}

/// The crate that a row of the page's table is about: `` | `name` | … ``.
fn listed(line: &str) -> Option<&str> {
    line.strip_prefix("| `")?.split('`').next()
}

struct Entry<'t> {
    name: &'t str,
    line: usize,
    /// Taken by path, so a crate of ours.
    ours: bool,
    /// Declared for all crates rather than used by one.
    shared: bool,
}

/// The dependencies that a manifest declares, one on a line.
fn entries(text: &str) -> Vec<Entry<'_>> {
    let (mut section, mut out) = ("", Vec::new());
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        }
        let Some((name, value)) = line.split_once('=') else { continue };
        if !section.ends_with("dependencies") || line.starts_with('#') {
            continue;
        }
        let name = name.split('.').next().unwrap_or(name).trim();
        let ours = value.contains("path =") || name == "casus" || name.starts_with("casus-");
        out.push(Entry { name, line: at + 1, ours, shared: section.starts_with("workspace") });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(page: &str, root: &str, member: &str) -> Vec<String> {
        let files =
            Files::of(&[(PAGE, page), ("Cargo.toml", root), ("crates/a/Cargo.toml", member)]);
        check(&files).into_iter().map(|p| format!("{}:{} {}", p.file, p.line, p.what)).collect()
    }

    #[test]
    fn page_and_manifests_name_the_same_crates() {
        let root = "[workspace.dependencies]\none = \"1\"\ncasus-b = { path = \"b\" }\n";
        let member = "[package]\nname = \"a\"\n[dependencies]\none.workspace = true\n\
                      casus-b.workspace = true\n[dev-dependencies]\ntwo = { version = \"2\" }\n";
        let page = "| crate | why |\n| `one` | x |\n| `two` | x |\n";
        assert_eq!(said(page, root, member), Vec::<String>::new());
        assert_eq!(
            said("| `one` | x |\n| `three` | x |\n", root, member),
            [
                "crates/a/Cargo.toml:7 `two` has no line in `docs/dependencies.md`",
                "docs/dependencies.md:2 no manifest names `three`"
            ]
        );
        assert_eq!(
            said("| `one` | x |\n", root, "[package]\n"),
            ["Cargo.toml:2 no crate uses `one`"]
        );
    }

    #[test]
    fn a_lock_file_names_no_host() {
        let lock = "{\n  \"a\": {\n    \"version\": \"1.0.0\",\n    \"resolved\": \"x\"\n  }\n}\n";
        let problems = check(&Files::of(&[("editors/package-lock.json", lock)]));
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].line, 4);
        assert_eq!(check(&Files::of(&[("editors/package-lock.json", "{}\n")])), []);
    }
}
