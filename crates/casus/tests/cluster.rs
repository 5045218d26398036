//! A run that is spread over threads and real processes.
//!
//! Invariant: the bytes are those of one thread, however the work is spread; and where a process
//! is gone, none of the others waits for it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{RUN, and, casus, command, fresh, pact};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
};

/// The example with the most rules and evidence.
fn guarantee() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/guarantee");
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    ["run", &file("agreement.md"), "--now", "2026-03-22 06:00", "--evidence"]
        .map(str::to_owned)
        .into_iter()
        .chain([file("evidence.jsonl")])
        .collect()
}

/// A file of so many hosts on this machine. Their ports are below those that the system gives out
/// by itself, and none is used twice: a test that knocks at one too early must not find another
/// test.
fn hosts(name: &str, count: usize) -> PathBuf {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 96).unwrap() * 128;
    let free = |_| {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed);
        TcpListener::bind(("127.0.0.1", port)).is_ok().then(|| format!("127.0.0.1:{port}\n"))
    };
    let lines: String = (0..128).filter_map(free).take(count).collect();
    let path = fresh(name).join("hosts");
    fs::write(&path, lines).unwrap();
    path
}

fn process(arguments: &[&str], hosts: &Path, number: usize) -> Command {
    let number = number.to_string();
    let hosts = hosts.to_str().unwrap();
    let mut command = command(&and(arguments, &["--hosts", hosts, "--process", &number]));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a process said and how it ended.
struct End {
    exit: Option<i32>,
    out: String,
    err: String,
}

fn end(child: Child) -> End {
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    End { exit: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs so many processes to their end; what process 0 wrote.
fn together(name: &str, arguments: &[&str], count: usize, threads: &str) -> String {
    let hosts = hosts(name, count);
    let all = and(arguments, &["--threads", threads]);
    let children: Vec<Child> =
        (0..count).map(|number| process(&all, &hosts, number).spawn().unwrap()).collect();
    let mut ends: Vec<End> = children.into_iter().map(end).collect();
    for (number, one) in ends.iter().enumerate() {
        assert_eq!(one.exit, Some(0), "process {number}: {}", one.err);
        let told = format!("process {number} of {count}: all processes are here\n");
        assert_eq!(one.err.contains(&told), count > 1, "{}", one.err);
        assert!(number == 0 || one.out.is_empty() && one.err == told);
    }
    ends.remove(0).out
}

#[test]
fn threads_and_processes_say_the_same_bytes() {
    let guarantee = guarantee();
    let guarantee: Vec<&str> = guarantee.iter().map(String::as_str).collect();
    for (which, run) in [("pact", &RUN[..]), ("guarantee", &guarantee)] {
        for form in [&[][..], &["--json"]] {
            let arguments = and(run, form);
            let alone = casus(&arguments);
            assert_eq!(alone.exit, 0, "{}", alone.err);
            for threads in ["2", "3", "5"] {
                let spread = casus(&and(&arguments, &["--threads", threads]));
                assert_eq!((spread.exit, &spread.out), (0, &alone.out), "{threads} threads");
            }
            for (count, threads) in [(1, "2"), (2, "1"), (3, "2")] {
                let name = format!("cluster-{which}-{}-{count}", form.len());
                assert_eq!(together(&name, &arguments, count, threads), alone.out, "{name}");
            }
        }
    }
}

/// Three processes that have met; process 0 waits for evidence on its standard input.
struct Met {
    children: Vec<Child>,
    /// The rest of what each says on standard error.
    err: Vec<BufReader<std::process::ChildStderr>>,
}

fn met(name: &str) -> Met {
    let hosts = hosts(name, 3);
    let arguments = ["run", "pact.md", "--evidence", "-", "--now", "2026-03-06 12:00"];
    let mut children = Vec::new();
    for number in 0..3 {
        let mut command = process(&arguments, &hosts, number);
        command.stdin(Stdio::piped());
        children.push(command.spawn().unwrap());
    }
    let err = children.iter_mut().enumerate().map(|(number, child)| {
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        err.read_line(&mut line).unwrap();
        assert_eq!(line, format!("process {number} of 3: all processes are here\n"));
        err
    });
    Met { err: err.collect(), children }
}

fn killed(victim: usize) {
    let mut met = met(&format!("cluster-killed-{victim}"));
    // On Unix this is SIGKILL.
    met.children[victim].kill().unwrap();
    for (number, (mut child, mut err)) in met.children.into_iter().zip(met.err).enumerate() {
        let status = child.wait().unwrap();
        let mut said = String::new();
        err.read_to_string(&mut said).unwrap();
        if number == victim {
            continue;
        }
        assert_eq!(status.code(), Some(5), "process {number}: {said}");
        // Whoever goes second may be told of first.
        assert!(said.starts_with("error: process ") && said.contains(" was lost: "), "{said}");
        assert!(said.contains("help: start all processes again with the same evidence"), "{said}");
        assert!(!said.contains("panicked"), "{said}");
        let mut out = String::new();
        child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        assert_eq!(out, "");
    }
}

#[test]
fn a_killed_process_stops_the_others_and_a_restart_says_the_same() {
    killed(0);
    killed(1);
    killed(2);
    let alone = casus(&RUN);
    assert_eq!(together("cluster-restart", &RUN, 3, "1"), alone.out);
}

#[test]
fn evidence_from_standard_input_is_judged_by_all() {
    let mut met = met("cluster-stdin");
    let mut input = met.children[0].stdin.take().unwrap();
    input.write_all(&fs::read(pact().join("night.jsonl")).unwrap()).unwrap();
    drop(input);
    let first = end(met.children.remove(0));
    assert_eq!(first.exit, Some(0));
    let whole = ["run", "pact.md", "--evidence", "night.jsonl", "--now", "2026-03-06 12:00"];
    let same = |text: &str| text.replace("-e night.jsonl", "-e -");
    assert_eq!(first.out, same(&casus(&whole).out));
    met.children.into_iter().for_each(|child| assert_eq!(end(child).exit, Some(0)));
}

#[test]
fn another_agreement_does_not_fit() {
    let hosts = hosts("cluster-misfit", 2);
    let other = fresh("cluster-misfit-other");
    for file in fs::read_dir(pact()).unwrap().map(|file| file.unwrap().path()) {
        fs::copy(&file, other.join(file.file_name().unwrap())).unwrap();
    }
    let text = fs::read_to_string(other.join("pact.md")).unwrap();
    fs::write(other.join("pact.md"), text + "\nOne more word.\n").unwrap();
    let first = process(&RUN, &hosts, 0).spawn().unwrap();
    let second = process(&RUN, &hosts, 1).current_dir(&other).spawn().unwrap();
    for one in [end(first), end(second)] {
        assert_eq!(one.exit, Some(5), "{}", one.err);
        assert!(one.err.starts_with("error: the agreement of process 1 has the digest `"));
        assert!(one.err.contains("help: give every process the same program"), "{}", one.err);
        assert_eq!(one.out, "");
    }
}

/// What process 1 of two says of itself, made by hand.
fn greeting() -> Vec<u8> {
    let line = &casus(&and(&RUN, &["--json"])).of_kind("evidence")[0];
    let mut bytes = b"casus/1\n".to_vec();
    bytes.extend([1_u32, 2, 1].iter().flat_map(|number| number.to_be_bytes()));
    for text in [env!("CARGO_PKG_VERSION"), line["digest"].as_str().unwrap()] {
        bytes.extend((text.len() as u16).to_be_bytes());
        bytes.extend(text.as_bytes());
    }
    bytes
}

/// A connection to process 0, as soon as it listens.
fn knock(hosts: &Path) -> TcpStream {
    let text = fs::read_to_string(hosts).unwrap();
    loop {
        match TcpStream::connect(text.lines().next().unwrap()) {
            Ok(stream) => return stream,
            Err(_) => std::thread::yield_now(),
        }
    }
}

#[test]
fn strangers_are_let_go() {
    let hosts = hosts("cluster-strangers", 2);
    let first = process(&RUN, &hosts, 0).spawn().unwrap();
    knock(&hosts).write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    knock(&hosts).write_all(&greeting()[..20]).unwrap();
    drop(knock(&hosts));
    let second = process(&RUN, &hosts, 1).spawn().unwrap();
    let first = end(first);
    assert_eq!((first.exit, first.out), (Some(0), casus(&RUN).out), "{}", first.err);
    assert_eq!(end(second).exit, Some(0));
}

#[test]
fn a_peer_that_errs_ends_the_run() {
    let arguments = ["run", "pact.md", "--evidence", "-", "--now", "2026-03-06 12:00"];
    let garbage: [(&[u8], &str); 4] = [
        (&[0, 0, 0, 0, 255, 255, 0, 0], "it sent a frame of 4294901760 bytes"),
        (&[&[0, 0, 0, 48][..], &[255; 48]].concat(), "a process sent what cannot be read"),
        (&[0, 0, 0, 9, 1], "it ended before the work was done"),
        (&[], "it ended before the work was done"),
    ];
    for (at, (bytes, told)) in garbage.into_iter().enumerate() {
        let hosts = hosts(&format!("cluster-errs-{at}"), 2);
        let mut command = process(&arguments, &hosts, 0);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let evidence = child.stdin.take().unwrap();
        let mut stream = knock(&hosts);
        stream.write_all(&greeting()).unwrap();
        let mut answer = [9; 2];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(answer, [0, 0]);
        stream.write_all(bytes).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let one = end(child);
        assert_eq!(one.exit, Some(5), "{}", one.err);
        assert!(one.err.contains(told) && !one.err.contains("panicked"), "{}", one.err);
        drop(evidence);
    }
}

#[test]
fn whoever_does_not_come_is_named() {
    let hosts = hosts("cluster-absent", 2);
    for (number, other) in [(0, 1), (1, 0)] {
        let child = process(&and(&RUN, &["--wait", "1"]), &hosts, number).spawn().unwrap();
        let one = end(child);
        assert_eq!(one.exit, Some(5));
        let told = format!("error: process {other} at `127.0.0.1:");
        assert!(one.err.starts_with(&told) && one.err.contains("was not there in time"));
    }
}

#[test]
fn evidence_that_cannot_be_read_lets_the_others_end() {
    let hosts = hosts("cluster-evidence", 2);
    let arguments = ["run", "pact.md", "--evidence", "missing.jsonl"];
    let first = process(&arguments, &hosts, 0).spawn().unwrap();
    let second = process(&["run", "pact.md"], &hosts, 1).spawn().unwrap();
    let (first, second) = (end(first), end(second));
    assert_eq!(first.exit, Some(4), "{}", first.err);
    assert!(first.err.contains("there is no evidence `missing.jsonl`"), "{}", first.err);
    assert_eq!(second.exit, Some(0), "{}", second.err);
}

#[test]
fn arguments_that_make_no_layout_are_refused() {
    let hosts = hosts("cluster-arguments", 2);
    let hosts = hosts.to_str().unwrap();
    let refused = |more: &[&str], told: &str| {
        let one = casus(&and(&RUN, more));
        assert_eq!(one.exit, 2, "{}", one.err);
        assert!(one.err.contains(told), "{}", one.err);
    };
    refused(&["--threads", "0"], "there have to be threads, got 0 of them");
    refused(&["--threads", "65"], "expected at most 64 workers");
    refused(&["--hosts", hosts], "--process <NUMBER>");
    refused(&["--hosts", hosts, "--process", "2"], "no process 2 among 2 hosts");
    refused(&["--hosts", "nowhere", "--process", "0"], "there is no file of hosts `nowhere`");
    let bare = casus(&["run", "pact.md", "--hosts", hosts, "--process", "0"]);
    assert_eq!(bare.exit, 2);
    assert!(bare.err.contains("process 0 reads the evidence"), "{}", bare.err);
    assert_eq!(casus(&["run", "pact.md"]).exit, 2);
}
