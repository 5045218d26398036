//! Who may depend on whom: the table in `ARCHITECTURE.md` against what the manifests say.
//!
//! Invariant: the table and the manifests are equal; neither has an arrow that the other lacks.

use super::{Problem, files::Files};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

const PAGE: &str = "ARCHITECTURE.md";

/// A crate's folder, and the folders of the crates that it depends on.
type Arrows = BTreeMap<String, Row>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Row {
    line: usize,
    /// Depended on by what is shipped.
    normal: BTreeSet<String>,
    /// Depended on by its tests only.
    tests: BTreeSet<String>,
}

/// Compares the table with `cargo metadata`.
pub fn check(root: &Path, files: &Files) -> Result<Vec<Problem>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(root);
    let output = command.output().map_err(|error| format!("running `cargo metadata`: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("reading `cargo metadata`: {error}"))?;
    let table = table(files.text(PAGE).unwrap_or_default());
    Ok(compare(&table, &manifests(&metadata)))
}

/// The rows of the block fenced as `arrows`: `model -> nothing`, `testing -> model; tests: engine`.
fn table(page: &str) -> Arrows {
    let lines = page.lines().enumerate().skip_while(|(_, line)| *line != "```arrows").skip(1);
    let rows = lines.take_while(|(_, line)| *line != "```").filter_map(|(at, line)| {
        let (name, right) = line.split_once("->")?;
        let (normal, tests) = right.split_once("; tests:").unwrap_or((right, ""));
        let row = Row { line: at + 1, normal: names(normal), tests: names(tests) };
        Some((name.trim().to_owned(), row))
    });
    rows.collect()
}

fn names(list: &str) -> BTreeSet<String> {
    let all = list.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "nothing");
    all.map(str::to_owned).collect()
}

/// The same from the manifests. A crate is called by the last part of its folder.
fn manifests(metadata: &Value) -> Arrows {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = list(field(metadata, "packages"));
    let folder = |package: &Value| {
        let manifest = text(field(package, "manifest_path")).replace('\\', "/");
        manifest.rsplit('/').nth(1).unwrap_or_default().to_owned()
    };
    let folders: BTreeMap<String, String> =
        packages.iter().map(|package| (text(field(package, "name")), folder(package))).collect();
    let mut arrows = Arrows::new();
    for package in &packages {
        let row = arrows.entry(folder(package)).or_default();
        for dependency in list(field(package, "dependencies")) {
            let Some(to) = folders.get(&text(field(&dependency, "name"))) else { continue };
            match field(&dependency, "kind").as_str() {
                Some("dev") => row.tests.insert(to.clone()),
                _ => row.normal.insert(to.clone()),
            };
        }
    }
    arrows
}

/// A member of an object, or null.
fn field<'v>(value: &'v Value, name: &str) -> &'v Value {
    value.get(name).unwrap_or(&Value::Null)
}

fn compare(table: &Arrows, manifests: &Arrows) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut say = |line: usize, what: String, remedy: &str| {
        problems.push(Problem::new(PAGE, line.max(1), what, remedy));
    };
    for (name, found) in manifests {
        let Some(row) = table.get(name) else {
            let what = format!("`{name}` is not in the table of arrows");
            say(1, what, "add it, or take the crate out");
            continue;
        };
        for to in found.normal.difference(&row.normal) {
            let what = format!("`{name}` depends on `{to}`, and no arrow allows it");
            say(row.line, what, "take the dependency out; data flows one way");
        }
        for to in &found.tests {
            if to != "testing" && !row.normal.contains(to) && !row.tests.contains(to) {
                let what =
                    format!("the tests of `{name}` depend on `{to}`, and no arrow allows it");
                say(row.line, what, "move the test to a crate that sees both");
            }
        }
        for to in row.normal.difference(&found.normal) {
            say(row.line, format!("`{name}` does not depend on `{to}`"), "take the arrow out");
        }
        for to in row.tests.difference(&found.tests) {
            let what = format!("the tests of `{name}` do not depend on `{to}`");
            say(row.line, what, "take the arrow out");
        }
    }
    for (name, row) in table.iter().filter(|(name, _)| !manifests.contains_key(*name)) {
        say(row.line, format!("there is no crate `{name}`"), "take the row out");
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TABLE: &str = "x\n```arrows\na -> nothing\nb  -> a\nt -> a; tests: b\n```\nz -> a\n";

    fn package(name: &str, normal: &[&str], dev: &[&str]) -> Value {
        let of = |names: &[&str], kind: Value| -> Vec<Value> {
            names.iter().map(|name| json!({ "name": name, "kind": kind })).collect()
        };
        let all = [of(normal, Value::Null), of(dev, json!("dev"))].concat();
        let manifest = format!("x/{name}/Cargo.toml");
        json!({ "name": name, "manifest_path": manifest, "dependencies": all })
    }

    fn said(packages: &[Value]) -> Vec<String> {
        let problems = compare(&table(TABLE), &manifests(&json!({ "packages": packages })));
        problems.into_iter().map(|p| format!("{}: {}", p.line, p.what)).collect()
    }

    #[test]
    fn an_arrow_that_is_not_listed_is_found() {
        let (b, t) = (package("b", &["a", "serde"], &["testing"]), package("t", &["a"], &["b"]));
        assert_eq!(said(&[package("a", &[], &[]), b.clone(), t.clone()]), Vec::<String>::new());
        assert_eq!(
            said(&[package("a", &["b"], &["t"]), b, t]),
            [
                "3: `a` depends on `b`, and no arrow allows it",
                "3: the tests of `a` depend on `t`, and no arrow allows it"
            ]
        );
    }

    #[test]
    fn an_arrow_that_nobody_uses_is_found() {
        let all = [package("a", &[], &[]), package("b", &[], &[]), package("t", &["a"], &[])];
        assert_eq!(
            said(&all),
            ["4: `b` does not depend on `a`", "5: the tests of `t` do not depend on `b`"]
        );
    }

    #[test]
    fn a_crate_outside_the_table_and_a_row_without_a_crate_are_found() {
        let all = [package("a", &[], &[]), package("b", &["a"], &[]), package("c", &[], &[])];
        assert_eq!(
            said(&all),
            ["1: `c` is not in the table of arrows", "5: there is no crate `t`"]
        );
    }
}
