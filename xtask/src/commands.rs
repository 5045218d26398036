//! The commands that run other programs of the workspace.
//!
//! Invariant: what runs is `cargo` with a fixed list of arguments, and is printed before it runs.

use std::{path::Path, process::Command};

/// Writes again everything that tests generate.
pub fn bless(root: &Path) -> Result<(), String> {
    cargo(root, &["test", "--workspace", "--no-fail-fast"], &[("CASUS_BLESS", "1")])
}

/// Runs every parser on its corpus and on changed copies of it.
pub fn fuzz_smoke(root: &Path, seconds: u64) -> Result<(), String> {
    let seconds = seconds.to_string();
    let arguments = ["run", "--release", "-p", "casus-fuzz", "--", "--seconds", &seconds];
    cargo(root, &arguments, &[])
}

/// Runs what reads, checks and judges agreements on changed copies, for so many minutes of one
/// core in all.
pub fn fuzz(root: &Path, minutes: u64) -> Result<(), String> {
    const TARGETS: [&str; 3] = ["parse_agreement", "check_agreement", "judge_agreement"];
    let seconds = (minutes.saturating_mul(60) / TARGETS.len() as u64).to_string();
    let mut arguments = vec!["run", "--release", "-p", "casus-fuzz", "--", "--seconds", &seconds];
    arguments.extend(TARGETS.iter().flat_map(|target| ["--only", target]));
    cargo(root, &arguments, &[])
}

/// Builds what is shipped and measures it; the options are for `casus-bench` to read.
pub fn bench(root: &Path, options: &[String]) -> Result<(), String> {
    cargo(root, &["build", "--release", "-p", "casus"], &[])?;
    let mut arguments = vec!["run", "--release", "-p", "casus-bench", "--"];
    arguments.extend(options.iter().map(String::as_str));
    cargo(root, &arguments, &[])
}

/// Runs `cargo` with these arguments and settings of the environment.
///
/// # Errors
/// Where it fails, or is not there.
pub fn cargo(root: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Result<(), String> {
    let said: Vec<String> =
        settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let shown = [said.join(" "), "cargo".to_owned(), arguments.join(" ")].join(" ");
    let shown = shown.trim();
    eprintln!("{shown}");
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).envs(settings.iter().copied()).current_dir(root);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` failed: {status}")),
        Err(error) => Err(format!("`{shown}` could not be run: {error}")),
    }
}
