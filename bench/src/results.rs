//! What Casus found, as the plain rows in which all results are compared.
//!
//! Invariant: a finding that is not certain is an error: the invented evidence leaves no doubt.

use crate::files::told;
use casus_model::Instant;
use serde_json::Value;
use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

/// A finding of `casus run --json`.
#[derive(Debug)]
pub struct Found {
    /// The rule.
    pub provision: String,
    /// Whom it is about.
    pub party: Option<String>,
    /// What it is about.
    pub key: Vec<String>,
    /// When it began, in milliseconds since 1970.
    pub from_ms: i64,
    /// When it ended.
    pub to_ms: Option<i64>,
}

/// Reads the findings of a file, and makes a row of each; the rows are sorted.
///
/// # Errors
/// Where they cannot be read, or one is not certain.
pub fn rows(path: &Path, row: impl Fn(&Found) -> Option<String>) -> Result<Vec<String>, String> {
    let file = File::open(path).map_err(|error| told("reading", path, &error))?;
    let mut findings = Vec::new();
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|error| told("reading", path, &error))?;
        let value: Value = serde_json::from_str(&line).map_err(|error| error.to_string())?;
        if value.get("kind").and_then(Value::as_str) == Some("finding") {
            findings.push(value);
        }
    }
    rows_of(findings.iter(), row)
}

/// Makes a row of each finding; the rows are sorted.
///
/// # Errors
/// Where one is not certain.
pub fn rows_of<'v>(
    findings: impl Iterator<Item = &'v Value>,
    row: impl Fn(&Found) -> Option<String>,
) -> Result<Vec<String>, String> {
    let mut rows = Vec::new();
    for value in findings {
        let found = found(value).ok_or_else(|| format!("not a certain finding: {value}"))?;
        rows.push(row(&found).ok_or_else(|| format!("not a finding of this bench: {value}"))?);
    }
    rows.sort_unstable();
    Ok(rows)
}

fn found(value: &Value) -> Option<Found> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let instant = |value: &Value| value.as_str().and_then(Instant::parse).map(|at| at.0);
    let [from, same] = value.get("from")?.as_array()?.as_slice() else { return None };
    if text("verdict")? != "found" || from != same {
        return None;
    }
    let key = value.get("key")?.as_array()?.iter();
    Some(Found {
        provision: text("provision")?.to_owned(),
        party: text("party").map(str::to_owned),
        key: key.filter_map(|one| one.as_str().map(str::to_owned)).collect(),
        from_ms: instant(from)?,
        to_ms: value.get("to").and_then(instant),
    })
}

/// Compares a result with the plain one.
///
/// # Errors
/// The first row in which they differ; also where there is nothing to compare.
pub fn compare(who: &str, found: &[String], plain: &[String]) -> Result<(), String> {
    if plain.is_empty() && found.is_empty() {
        return Err("nothing is found at these sizes, so nothing is compared".to_owned());
    }
    let longer = found.len().max(plain.len());
    for at in 0..longer {
        let (one, other) = (found.get(at), plain.get(at));
        if one != other {
            let shown = |row: Option<&String>| row.map_or("nothing more", |row| row).to_owned();
            return Err(format!(
                "{who} and the plain computation differ in row {} of {} and {}:\n  {who}: {}\n  \
                 plain: {}",
                at + 1,
                found.len(),
                plain.len(),
                shown(one),
                shown(other)
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_told() {
        let rows = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        assert_eq!(compare("x", &rows("a b"), &rows("a b")), Ok(()));
        let told = compare("x", &rows("a c"), &rows("a b c")).unwrap_err();
        assert!(told.contains("row 2 of 2 and 3:\n  x: c\n  plain: b"), "{told}");
        assert!(compare("x", &[], &[]).is_err());
        assert!(compare("x", &rows("a b"), &rows("a")).unwrap_err().contains("nothing more"));
    }
}
