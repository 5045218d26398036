//! A run over two hosts that have nothing in common but a cable: network namespaces of Linux.
//!
//! Needs the right to make them; where that is missing, it says so and tests nothing.
//!
//! Invariant: hosts say what one process says; and where the cable is cut, both stop by themselves.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, clippy::indexing_slicing)]

mod common;

use common::{RUN, casus, fresh, pact};
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, ChildStderr, Command, Stdio},
};

/// Two namespaces and the cable between them.
struct Hosts {
    names: [String; 2],
    list: PathBuf,
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("ip").args(arguments).output().map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    }
}

impl Hosts {
    fn new() -> Result<Hosts, String> {
        let number = std::process::id();
        let names = ["a", "b"].map(|end| format!("casus-{number}-{end}"));
        let list = fresh("namespaces").join("hosts");
        fs::write(&list, "10.211.0.1:2101\n10.211.0.2:2101\n").unwrap();
        let hosts = Hosts { names, list };
        let [a, b] = &hosts.names;
        ip(&["netns", "add", a])?;
        ip(&["netns", "add", b])?;
        ip(&[
            "-n", a, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", b,
        ])?;
        for (name, address) in [(a, "10.211.0.1/24"), (b, "10.211.0.2/24")] {
            ip(&["-n", name, "address", "add", address, "dev", "cable"])?;
            ip(&["-n", name, "link", "set", "cable", "up"])?;
        }
        Ok(hosts)
    }

    fn process(&self, number: usize, arguments: &[&str]) -> Child {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.names[number], env!("CARGO_BIN_EXE_casus")]);
        command.args(arguments).arg("--hosts").arg(&self.list);
        command.args(["--process", &number.to_string()]).current_dir(pact());
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        for name in &self.names {
            let _ = ip(&["netns", "delete", name]);
        }
    }
}

/// Waits until a process says that all are here; the rest of what it says.
fn met(child: &mut Child) -> BufReader<ChildStderr> {
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    err.read_line(&mut line).unwrap();
    assert!(line.ends_with(": all processes are here\n"), "{line}");
    err
}

#[test]
fn two_hosts_say_the_same_and_stop_where_the_cable_is_cut() {
    let hosts = match Hosts::new() {
        Ok(hosts) => hosts,
        Err(why) => {
            eprintln!("PASSED OVER: no network namespaces can be made here: {why}");
            assert!(std::env::var_os("CASUS_REQUIRE_NAMESPACES").is_none(), "{why}");
            return;
        }
    };
    let (first, second) = (hosts.process(0, &RUN), hosts.process(1, &RUN));
    let (first, second) = (first.wait_with_output().unwrap(), second.wait_with_output().unwrap());
    assert_eq!(String::from_utf8(first.stdout).unwrap(), casus(&RUN).out);
    assert_eq!((first.status.code(), second.status.code()), (Some(0), Some(0)));

    let waiting = ["run", "pact.md", "--evidence", "-", "--now", "2026-03-06 12:00"];
    let mut children = [hosts.process(0, &waiting), hosts.process(1, &waiting)];
    let errors = children.each_mut().map(met);
    ip(&["-n", &hosts.names[0], "link", "set", "cable", "down"]).unwrap();
    for (mut child, mut err) in children.into_iter().zip(errors) {
        // The evidence of process 0 is still open: it is the silence that ends it.
        let evidence = child.stdin.take();
        let mut said = String::new();
        err.read_to_string(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(5), "{said}");
        assert!(said.contains("was lost: nothing was heard of it for 20 seconds"), "{said}");
        drop(evidence);
    }
}
