//! Rules in plain words: nothing that a rule names is left out of what is said of it.
//!
//! Invariant: the rules are those of the manual and of the examples; none is made for this test.
#![allow(clippy::unwrap_used)]

use casus_check::{Annexes, check};
use casus_model::{
    plain,
    program::{Body, Program, Rule},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The files beside an agreement.
struct Beside(PathBuf);

impl Annexes for Beside {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        fs::read(self.0.join(name)).map_err(|error| error.to_string())
    }
}

fn markdown(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => markdown(&path, into),
            false if path.extension().is_some_and(|end| end == "md") => into.push(path),
            false => {}
        }
    }
}

fn programs() -> Vec<(String, Program)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    markdown(&root.join("docs/language"), &mut files);
    markdown(&root.join("examples"), &mut files);
    files.sort();
    let read = |path: &PathBuf| {
        let document = casus_syntax::parse(&fs::read_to_string(path).unwrap());
        let beside = Beside(path.parent().unwrap().to_owned());
        let program = check(&document, &beside).program?;
        Some((path.display().to_string(), program))
    };
    files.iter().filter_map(read).collect()
}

/// Names of places, tables, lists, measures and determinations that the sentence holds.
fn named<'a>(program: &'a Program, rule: &Rule) -> Vec<&'a str> {
    let zones = program.zones.iter().map(|zone| &*zone.name);
    let lines = program.lines.iter().map(|line| &*line.name);
    let lists = program.lists.iter().map(|list| &*list.name);
    let tables = program.tables.iter().map(|table| &*table.name);
    let measures = program.measures.iter().map(|measure| &*measure.name);
    let rules = program.rules.iter().filter_map(|rule| match &rule.body {
        Body::Finding(found) => Some(&*found.name),
        Body::State(state) => Some(&*state.name),
        _ => None,
    });
    let all: Vec<&str> =
        zones.chain(lines).chain(lists).chain(tables).chain(measures).chain(rules).collect();
    let padded = |text: &str| format!(" {} ", text.replace([',', ':'], " "));
    let sentence = padded(&rule.sentence);
    let inside = |name: &&str| sentence.contains(&padded(name));
    let found: Vec<&str> = all.into_iter().filter(inside).collect();
    // `Band` in `Inner Band` is not named.
    let longer =
        |name: &str| found.iter().any(|other| other.len() > name.len() && other.contains(name));
    found.iter().copied().filter(|name| !longer(name)).collect()
}

#[test]
fn every_rule_is_told_with_all_that_it_names() {
    let programs = programs();
    assert!(programs.len() > 10, "the manual and the examples hold more agreements");
    let mut left_out = Vec::new();
    for (file, program) in &programs {
        for rule in &program.rules {
            let told = plain::rule(program, rule).join("\n");
            assert!(told.len() > 20, "{file}: {} says hardly anything", rule.label);
            for name in named(program, rule) {
                if !told.contains(name) {
                    left_out.push(format!("{file}: {} leaves out `{name}`:\n{told}", rule.label));
                }
            }
        }
    }
    assert!(left_out.is_empty(), "{}", left_out.join("\n\n"));
}
