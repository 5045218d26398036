//! The lines of a run against their schema.
//!
//! Invariant: the schema is read, not repeated; a word of it that this test does not know fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{RUN, and, casus, casus_with, pact};
use serde_json::Value;
use std::fs;

/// Why a value does not fit a schema.
fn fault(value: &Value, schema: &Value, root: &Value, path: &str) -> Option<String> {
    for (word, rule) in schema.as_object().unwrap() {
        let found = match word.as_str() {
            "$schema" | "title" | "description" | "$defs" | "pattern" => None,
            "$ref" => {
                let name = rule.as_str().unwrap().trim_start_matches("#/$defs/");
                fault(value, &root["$defs"][name], root, path)
            }
            "oneOf" | "anyOf" => {
                let faults: Vec<_> = rule
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| fault(value, one, root, path))
                    .collect();
                let fitting = faults.iter().filter(|one| one.is_none()).count();
                let fits = if word == "oneOf" { fitting == 1 } else { fitting > 0 };
                (!fits).then(|| format!("{path}: fits {fitting} of {word}: {faults:?}"))
            }
            "type" => {
                let one = |name: &str| match name {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_u64() || value.is_i64(),
                    "null" => value.is_null(),
                    other => panic!("type {other}"),
                };
                let fits = match rule {
                    Value::Array(names) => names.iter().any(|name| one(name.as_str().unwrap())),
                    name => one(name.as_str().unwrap()),
                };
                (!fits).then(|| format!("{path}: {value} is not {rule}"))
            }
            "const" => (value != rule).then(|| format!("{path}: {value} is not {rule}")),
            "enum" => (!rule.as_array().unwrap().contains(value))
                .then(|| format!("{path}: {value} is none of {rule}")),
            "minimum" => (value.as_i64() < rule.as_i64()).then(|| format!("{path}: {value}")),
            "minItems" => (value.as_array().map_or(0, Vec::len) < rule.as_u64().unwrap() as usize)
                .then(|| format!("{path}: too few")),
            "maxItems" => (value.as_array().map_or(0, Vec::len) > rule.as_u64().unwrap() as usize)
                .then(|| format!("{path}: too many")),
            "items" => value
                .as_array()
                .into_iter()
                .flatten()
                .find_map(|one| fault(one, rule, root, &format!("{path}[]"))),
            "required" => rule.as_array().unwrap().iter().find_map(|name| {
                let missing = value.get(name.as_str().unwrap()).is_none();
                missing.then(|| format!("{path}: {name} is missing"))
            }),
            "properties" => rule.as_object().unwrap().iter().find_map(|(name, rule)| {
                let inner = value.get(name)?;
                fault(inner, rule, root, &format!("{path}.{name}"))
            }),
            other => panic!("the schema says `{other}`"),
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

fn schema() -> Value {
    let file = pact().join("../../../../docs/schema/run-v1.schema.json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn every_line_of_a_run_fits() {
    let schema = schema();
    let guarantee = pact().join("../../../../examples/guarantee/agreement.md");
    let runs = [
        casus(&and(&RUN, &["--json"])),
        casus(&["run", "pact.md", "-e", "night.jsonl", "--json", "--as-of", "2026-03-02 12:00"]),
        casus(&["run", guarantee.to_str().unwrap(), "-e", "night.jsonl", "--json"]),
    ];
    for run in runs {
        assert_eq!(run.exit, 0, "{}", run.err);
        let lines = run.lines();
        assert_eq!(lines[0]["kind"], "evidence");
        assert!(lines.iter().skip(1).all(|line| line["kind"] != "evidence"));
        assert!(lines.len() > 4);
        for line in &lines {
            assert_eq!(fault(line, &schema, &schema, "$"), None, "{line}");
            for part in ["$.from", "$.opened"].map(|name| line.get(&name[2..])) {
                for instant in part.and_then(Value::as_array).into_iter().flatten() {
                    let text = instant.as_str().unwrap();
                    assert!(text.ends_with('Z') || text.ends_with("infinity"), "{text}");
                }
            }
        }
    }
}

#[test]
fn the_schema_can_fail() {
    let schema = schema();
    let mut line = casus(&and(&RUN, &["--json"])).of_kind("finding").remove(0);
    line["verdict"] = "broken".into();
    assert!(fault(&line, &schema, &schema, "$").is_some());
    line["verdict"] = "breached".into();
    assert_eq!(fault(&line, &schema, &schema, "$"), None);
    line.as_object_mut().unwrap().remove("questions");
    assert!(fault(&line, &schema, &schema, "$").is_some());
}

/// There is no public edition yet; a run at least gives out no place that a record tells.
#[test]
fn no_line_holds_the_place_of_a_record() {
    let coarse = r#"{"id":"m1","act":"shelling","actor":{"name":"NO","confidence":"probable"},
"places":[{"role":"target","point":[30.4321,50.8765],"error_m":60000}],
"time":"2026-03-01T10:00:00Z","known":"2026-03-01T11:00:00Z","source":"post 1","grade":"B2"}"#;
    let line = coarse.replace('\n', "");
    let arguments = ["run", "pact.md", "-e", "-", "--json", "--now", "2026-03-06 12:00"];
    let done = casus_with(&arguments, line.as_bytes());
    assert_eq!(done.exit, 0, "{}", done.err);
    let findings = done.of_kind("finding");
    let of_it = findings.iter().find(|one| one["records"][0] == "m1").unwrap();
    assert_eq!(of_it["verdict"], "possibly_breached");
    assert_eq!(of_it["reason"], "place_uncertain");
    for part in ["30.4", "50.8", "coordinates", "point", "error_m"] {
        assert!(!done.out.contains(part), "{part} in {}", done.out);
    }
    let moved = line.replace("30.4321", "30.6543").replace("50.8765", "50.3456");
    assert_eq!(casus_with(&arguments, moved.as_bytes()).out, done.out);
}
