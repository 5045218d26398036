//! The peers: what a good user of other tools would write, in Python.
//!
//! Invariant: their versions are pinned, and they live under `target/` alone.

use crate::{contest::Contender, files::told, options::Options};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The Python that has the peers' packages; it is made where it is not there, or another one is
/// asked for.
///
/// # Errors
/// Where it cannot be made.
pub fn python(options: &Options) -> Result<PathBuf, String> {
    let home = options.folder.join("python");
    let python = home.join("bin").join("python");
    let wanted = options.root.join("bench/peers/requirements.txt");
    let list = fs::read_to_string(&wanted).map_err(|error| told("reading", &wanted, &error))?;
    let made = home.join("requirements.txt");
    if fs::read_to_string(&made).is_ok_and(|text| text == list) {
        return Ok(python);
    }
    let text = |path: &Path| path.display().to_string();
    run(&["python3", "-m", "venv", "--clear", &text(&home)])?;
    run(&[&text(&python), "-m", "pip", "install", "--quiet", "--requirement", &text(&wanted)])?;
    fs::write(&made, list).map_err(|error| told("writing", &made, &error))?;
    Ok(python)
}

fn run(command: &[&str]) -> Result<(), String> {
    let shown = command.join(" ");
    eprintln!("{shown}");
    let [program, arguments @ ..] = command else { return Ok(()) };
    let mut process = Command::new(program);
    match process.args(arguments).stdout(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` failed: {status}")),
        Err(error) => Err(format!("`{shown}` could not be run: {error}")),
    }
}

/// The peers of a workload: each is a file `bench/peers/WORKLOAD_PEER.py`, run in the folder of
/// the invented files.
///
/// # Errors
/// Where there is no Python for them.
pub fn of(
    workload: &str,
    peers: &[(&str, &str)],
    folder: &Path,
    options: &Options,
) -> Result<Vec<Contender>, String> {
    if !options.peers {
        return Ok(Vec::new());
    }
    let python = python(options)?.display().to_string();
    let one = |(file, who): &(&str, &str)| {
        let script = options.root.join("bench/peers").join(format!("{workload}_{file}.py"));
        let command = [&*python, &script.display().to_string(), &folder.display().to_string()];
        Contender::new(who, command.map(str::to_owned).to_vec(), crate::contest::Answer::Rows)
    };
    Ok(peers.iter().map(one).collect())
}
