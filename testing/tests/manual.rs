//! The language manual: every page is an agreement that checks, and its tests pass.
//!
//! Invariant: no example of the manual is only prose; a page that is not an agreement has no block
//! tagged `casus`.
#![allow(clippy::unwrap_used)]

use casus_check::{Annexes, check};
use casus_engine::{Change, Engine};
use casus_model::{
    Finding,
    program::{Program, Scenario},
};
use casus_syntax::{KEYWORDS, ast::BlockKind};
use casus_testing::reference;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The folder of the manual.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/language")
}

/// Its pages by file name, without those that the diagnostics are rendered into.
fn pages() -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".md") && !name.starts_with("diagnostics"))
        .map(|name| (name.clone(), fs::read_to_string(folder().join(name)).unwrap()))
        .collect();
    pages.sort();
    pages
}

/// The files beside the pages.
struct Beside;

impl Annexes for Beside {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        fs::read(folder().join(name)).map_err(|error| error.to_string())
    }
}

/// What is wrong with one page, and how many of its tests ran.
fn problems(name: &str, text: &str) -> (Vec<String>, usize) {
    let document = casus_syntax::parse(text);
    if document.blocks.is_empty() {
        return (Vec::new(), 0);
    }
    let checked = check(&document, &Beside);
    let said = document.diagnostics.iter().chain(&checked.diagnostics);
    let mut out: Vec<String> =
        said.map(|one| format!("{name}:{}: {} {}", one.line, one.code, one.message)).collect();
    let Some(program) = checked.program else { return (out, 0) };
    let program = Arc::new(program);
    for scenario in &checked.scenarios {
        out.extend(failures(&program, scenario).into_iter().map(|told| format!("{name}:{told}")));
    }
    let tests = document.blocks.iter().filter(|block| block.kind == BlockKind::Tests);
    assert!(tests.count() <= checked.scenarios.len(), "{name}: a test block was not read");
    (out, checked.scenarios.len())
}

fn failures(program: &Arc<Program>, scenario: &Scenario) -> Vec<String> {
    let mut engine = Engine::new(program.clone());
    engine.apply(Change::Records(scenario.records.clone()));
    engine.apply(Change::Clock(scenario.at));
    let findings = engine.findings();
    let said: Vec<Finding> = findings.iter().map(|one| (*one).clone()).collect();
    let page = reference::evaluate(program, &scenario.records, scenario.at, scenario.at);
    assert_eq!(said, page, "the engine and the reference, line {}", scenario.line);
    let mut out = Vec::new();
    for expected in &scenario.expect {
        let count = findings.iter().filter(|finding| expected.fits(finding)).count();
        if !expected.is_met(count) {
            let of_rule = findings.iter().filter(|finding| expected.means(&finding.provision));
            let got: Vec<String> = of_rule.map(|finding| shown(finding)).collect();
            let line = expected.line;
            out.push(format!("{line}: {count} fit {expected:?}, got\n  {}", got.join("\n  ")));
        }
    }
    out
}

fn shown(finding: &Finding) -> String {
    let Finding { party, key, verdict, reason, from, duty, .. } = finding;
    let due = duty.as_ref().and_then(|clock| clock.due);
    format!("{verdict:?} {reason:?} by {party:?} for {key:?} from {from:?} due {due:?}")
}

#[test]
fn every_page_of_the_manual_checks_and_its_tests_pass() {
    let (mut said, mut agreements, mut tests) = (Vec::new(), 0, 0);
    for (name, text) in pages() {
        let (problems, count) = problems(&name, &text);
        said.extend(problems);
        agreements += usize::from(count > 0);
        tests += count;
    }
    assert!(said.is_empty(), "\n{}", said.join("\n"));
    assert!(agreements >= 9 && tests >= 30, "{agreements} agreements with {tests} tests");
}

#[test]
fn a_page_that_is_wrong_is_found() {
    let text = fs::read_to_string(folder().join("README.md")).unwrap();
    let unknown = text.replace("must not fire", "must not burn");
    assert!(!problems("a", &unknown).0.is_empty(), "an undeclared act");
    let other = text.replace("by North, once", "by South, once");
    assert_eq!(problems("a", &other).0.len(), 1, "an expectation that fails");
}

#[test]
fn the_manual_counts_the_keywords_rightly() {
    let grammar = fs::read_to_string(folder().join("grammar.ebnf")).unwrap();
    let (rules, _) = grammar.split_once("test-block  =").unwrap();
    let rules: BTreeSet<&str> = quoted(rules).filter(|word| KEYWORDS.contains(word)).collect();
    let all = KEYWORDS.len();
    let sentence = format!(
        "The language has {all} keywords; a keyword may be several words. Rules use {} of them",
        rules.len()
    );
    let rest = format!("The other {} stand only in tests", all - rules.len());
    let page = fs::read_to_string(folder().join("README.md")).unwrap();
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains(&sentence), "expected: {sentence}");
    assert!(page.contains(&rest), "expected: {rest}");
}

#[test]
fn the_manual_names_every_keyword() {
    let all: String = pages().into_iter().map(|(_, text)| text + "\n").collect();
    let all = format!(" {} ", words(&all));
    let missing: Vec<&&str> =
        KEYWORDS.iter().filter(|keyword| !all.contains(&format!(" {keyword} "))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The words of a text, one space between them, without the signs around them.
fn words(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || c == '-';
    text.split(|c: char| !plain(c)).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What stands between double quotes, outside comments.
fn quoted(grammar: &str) -> impl Iterator<Item = &str> {
    let outside =
        grammar.split("(*").map(|part| part.split_once("*)").map_or(part, |(_, end)| end));
    outside.flat_map(|part| part.split('"').skip(1).step_by(2))
}
