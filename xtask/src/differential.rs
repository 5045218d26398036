//! The engine against the naive reference evaluator, and which operators stood in the cases.
//!
//! Invariant: a run that met an operator too rarely fails as a disagreement does; a seed that is
//! printed gives the same cases again.

use crate::commands::cargo;
use std::{
    collections::BTreeMap,
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// In how many cases each operator was met.
type Counts = BTreeMap<String, u64>;

/// Cases of one round of a long run.
const ROUND: u64 = 20_000;

/// So many random cases of each kind; each operator is met in at least so many of them.
///
/// # Errors
/// Where the two disagree, or an operator was met too rarely.
pub fn differential(root: &Path, cases: u64, least: u64) -> Result<(), String> {
    let seed = std::env::var("PROPTEST_RNG_SEED").unwrap_or_else(|_| "1".to_owned());
    let counts = round(root, cases, &seed)?;
    print!("{}", table(&counts));
    enough(&counts, least)
}

/// Round after round for so many minutes, from a seed that is printed.
///
/// # Errors
/// Where the two disagree; it says how to see the same case again.
pub fn nightly(root: &Path, minutes: u64, seed: Option<u64>) -> Result<(), String> {
    // As random as the keys of a hash map.
    let first = seed.unwrap_or_else(|| RandomState::new().build_hasher().finish() >> 1);
    println!("seed {first}: `cargo xtask nightly --seed {first}` begins with the same cases");
    let begin = Instant::now();
    let (mut all, mut rounds) = (Counts::new(), 0);
    while rounds == 0 || begin.elapsed() < Duration::from_secs(minutes.saturating_mul(60)) {
        let seed = first.wrapping_add(rounds).to_string();
        let counts = round(root, ROUND, &seed).map_err(|error| {
            format!(
                "{error}\nagain: PROPTEST_RNG_SEED={seed} cargo xtask differential --cases {ROUND}"
            )
        })?;
        for (name, count) in counts {
            *all.entry(name).or_default() += count;
        }
        rounds += 1;
    }
    let minutes = begin.elapsed().as_secs() / 60;
    print!("{}", table(&all));
    println!("{rounds} rounds of {ROUND} cases a test in {minutes} minutes from seed {first}");
    Ok(())
}

fn round(root: &Path, cases: u64, seed: &str) -> Result<Counts, String> {
    let file = counted(root)?;
    let arguments = ["test", "--release", "-p", "casus-testing", "--test", "engine"];
    let (cases, path) = (cases.to_string(), file.display().to_string());
    let settings =
        [("CASUS_CASES", &*cases), ("PROPTEST_RNG_SEED", seed), ("CASUS_OPERATORS", &*path)];
    cargo(root, &arguments, &settings)?;
    let text = fs::read_to_string(&file).map_err(|error| format!("reading `{path}`: {error}"))?;
    let counts = read(&text).ok_or_else(|| format!("`{path}` holds no counts"))?;
    if counts.is_empty() { Err(format!("`{path}` is empty")) } else { Ok(counts) }
}

/// Where the tests write what they met; nothing of an earlier run stands there.
fn counted(root: &Path) -> Result<PathBuf, String> {
    let root = root.canonicalize().map_err(|error| error.to_string())?;
    let folder = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    let file = folder.join("operators.tsv");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    fs::write(&file, "").map_err(|error| format!("writing `{}`: {error}", file.display()))?;
    Ok(file)
}

/// Lines of a count, a tab and a name.
fn read(text: &str) -> Option<Counts> {
    let line = |line: &str| {
        let (count, name) = line.split_once('\t')?;
        Some((name.to_owned(), count.parse().ok()?))
    };
    text.lines().map(line).collect()
}

/// The rarest first.
fn table(counts: &Counts) -> String {
    let mut rows: Vec<(u64, &str)> =
        counts.iter().map(|(name, count)| (*count, name.as_str())).collect();
    rows.sort_unstable();
    let row = |(count, name): (u64, &str)| format!("{count:>10}  {name}\n");
    format!("{:>10}  operator\n{}", "cases", rows.into_iter().map(row).collect::<String>())
}

fn enough(counts: &Counts, least: u64) -> Result<(), String> {
    let rare: Vec<String> = counts
        .iter()
        .filter(|(_, count)| **count < least)
        .map(|(name, count)| format!("`{name}` stood in {count} cases, fewer than {least}"))
        .collect();
    match &*rare {
        [] => Ok(()),
        rare => Err(format!("{}\nraise their weight in `testing/src/arbitrary`", rare.join("\n"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_rare_is_said() {
        let counts = read("12\trule: must\n3\trule: may\n").unwrap();
        assert_eq!(
            table(&counts),
            "     cases  operator\n         3  rule: may\n        12  rule: must\n"
        );
        assert_eq!(enough(&counts, 3), Ok(()));
        let told = enough(&counts, 4).unwrap_err();
        assert!(told.starts_with("`rule: may` stood in 3 cases, fewer than 4\n"), "{told}");
        assert_eq!(read("12 rule: must\n"), None);
    }
}
