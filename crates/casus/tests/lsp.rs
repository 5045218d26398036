//! The language server as a process: frames, exit codes, hostile input, files of the folder.
//!
//! Invariant: nothing but messages of the protocol on standard output.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{command, fresh, pact};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

/// A server that runs.
struct Running {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

fn frame(message: &Value) -> Vec<u8> {
    let text = message.to_string();
    format!("Content-Length: {}\r\n\r\n{text}", text.len()).into_bytes()
}

fn asked(id: i32, method: &str, given: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": given })
}

fn told(method: &str, given: Value) -> Value {
    json!({ "jsonrpc": "2.0", "method": method, "params": given })
}

impl Running {
    fn start() -> Running {
        let mut command = command(&["lsp"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Running { child, input, output }
    }

    /// After `initialize`.
    fn ready() -> Running {
        let mut running = Running::start();
        running.send(&asked(0, "initialize", json!({ "capabilities": {} })));
        assert_eq!(running.next().unwrap()["result"]["serverInfo"]["name"], "casus");
        running.send(&told("initialized", json!({})));
        running
    }

    fn write(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    fn send(&mut self, message: &Value) {
        self.write(&frame(message));
    }

    /// The next message; none at the end.
    fn next(&mut self) -> Option<Value> {
        let mut length = None;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            match line.trim_end_matches("\r\n") {
                "" => break,
                header => {
                    let value = header.strip_prefix("Content-Length: ").unwrap();
                    length = Some(value.parse::<usize>().unwrap());
                }
            }
        }
        let mut bytes = vec![0; length.unwrap()];
        self.output.read_exact(&mut bytes).unwrap();
        Some(serde_json::from_slice(&bytes).unwrap())
    }

    /// The answer to a request; what is told before it is passed over.
    fn ask(&mut self, id: i32, method: &str, given: Value) -> Value {
        self.send(&asked(id, method, given));
        loop {
            let message = self.next().unwrap();
            if message["id"] == id {
                return message;
            }
        }
    }

    /// What is wrong with the document that was sent last.
    fn wrong(&mut self) -> Vec<Value> {
        loop {
            let message = self.next().unwrap();
            if message["method"] == "textDocument/publishDiagnostics" {
                return message["params"]["diagnostics"].as_array().unwrap().clone();
            }
        }
    }

    /// Closes the input, and what is left: the exit code, messages, standard error.
    fn end(mut self) -> (i32, Vec<Value>, String) {
        drop(self.input.take());
        let messages: Vec<Value> = std::iter::from_fn(|| self.next()).collect();
        let mut talk = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut talk).unwrap();
        (self.child.wait().unwrap().code().unwrap(), messages, talk)
    }
}

fn opened(path: &std::path::Path, text: &str) -> Value {
    let escaped = path.display().to_string().replace(' ', "%20").replace('я', "%D1%8F");
    let uri = format!("file://{escaped}");
    let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": text });
    told("textDocument/didOpen", json!({ "textDocument": document }))
}

#[test]
fn it_ends_as_the_protocol_has_it() {
    let mut running = Running::ready();
    assert_eq!(running.ask(1, "shutdown", Value::Null)["result"], Value::Null);
    running.send(&told("exit", Value::Null));
    assert_eq!(running.child.wait().unwrap().code(), Some(0), "before its input ends");

    let mut running = Running::ready();
    assert_eq!(running.ask(1, "shutdown", Value::Null)["result"], Value::Null);
    assert_eq!(running.end(), (0, vec![], String::new()));

    let mut running = Running::ready();
    running.send(&told("exit", Value::Null));
    assert_eq!(running.child.wait().unwrap().code(), Some(1));

    assert_eq!(Running::ready().end(), (1, vec![], String::new()));
    assert_eq!(Running::start().end(), (1, vec![], String::new()));
}

#[test]
fn an_agreement_is_checked_with_the_files_of_its_folder() {
    let text = fs::read_to_string(pact().join("pact.md")).unwrap();
    let mut running = Running::ready();
    running.send(&opened(&pact().join("pact.md"), &text));
    assert_eq!(running.wrong(), Vec::<Value>::new());
    let folder = fresh("lsp folder я");
    running.send(&opened(&folder.join("pact.md"), &text));
    let wrong = running.wrong();
    assert!(wrong.iter().any(|one| one["message"].as_str().unwrap().contains("it is not there")));
    #[cfg(unix)]
    {
        let outside = pact().join("strip.geojson");
        std::os::unix::fs::symlink(outside, folder.join("strip.geojson")).unwrap();
        running.send(&opened(&folder.join("pact.md"), &text));
        let wrong = running.wrong();
        let leads = |one: &Value| one["message"].as_str().unwrap().contains("it leads out of");
        assert!(wrong.iter().any(leads), "{wrong:?}");
    }
    let document =
        json!({ "uri": "untitled:1", "languageId": "markdown", "version": 1, "text": text });
    running.send(&told("textDocument/didOpen", json!({ "textDocument": document })));
    let wrong = running.wrong();
    assert!(wrong.iter().any(|one| one["message"].as_str().unwrap().contains("not been saved")));
    running.ask(1, "shutdown", Value::Null);
    assert_eq!(running.end().0, 0);
}

#[test]
fn garbage_costs_one_message_or_ends_it_with_words() {
    let mut running = Running::ready();
    for garbage in ["{\"id\":", "\u{0}\u{1}", "[1,2]", "null", &"[".repeat(10_000)] {
        running.write(format!("Content-Length: {}\r\n\r\n{garbage}", garbage.len()).as_bytes());
        let answer = running.next().unwrap();
        assert_eq!(answer["id"], Value::Null, "{garbage:.20}");
        assert!([-32700, -32600].contains(&answer["error"]["code"].as_i64().unwrap()));
    }
    running.write(b"Content-Length: 2\r\n\r\n\xff\xfe");
    assert_eq!(running.next().unwrap()["error"]["code"], -32700);
    assert_eq!(running.ask(1, "nothing/known", Value::Null)["error"]["code"], -32601);
    assert_eq!(running.ask(2, "shutdown", Value::Null)["result"], Value::Null);
    assert_eq!(running.end().0, 0);

    for bytes in ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "Content-Length: -1\r\n\r\n", "\r\n\r\n"] {
        let mut running = Running::ready();
        running.write(bytes.as_bytes());
        let (exit, messages, talk) = running.end();
        assert_eq!((exit, messages), (1, vec![]), "{bytes:?}");
        assert!(talk.contains("the language server stops"), "{talk}");
    }
    let mut running = Running::ready();
    running.write(b"Content-Length: 99999999999999\r\n\r\n{}");
    assert_eq!(running.end().0, 1);
}

#[test]
fn a_request_that_is_cancelled_is_answered_once() {
    let text = fs::read_to_string(pact().join("pact.md")).unwrap();
    let mut running = Running::ready();
    // All in one piece, so that the cancelling waits behind what it cancels.
    let mut bytes = frame(&opened(&pact().join("pact.md"), &text));
    let given = json!({ "textDocument": { "uri": "file:///x" } });
    for id in 1..=20 {
        bytes.extend(frame(&asked(id, "textDocument/documentSymbol", given.clone())));
    }
    for id in 1..=20 {
        bytes.extend(frame(&told("$/cancelRequest", json!({ "id": id }))));
    }
    bytes.extend(frame(&asked(21, "shutdown", Value::Null)));
    running.write(&bytes);
    let (exit, messages, _) = running.end();
    assert_eq!(exit, 0);
    let answers: Vec<&Value> = messages.iter().filter(|one| one["id"].is_i64()).collect();
    let ids: Vec<i64> = answers.iter().map(|one| one["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, (1..=21).collect::<Vec<_>>());
    for answer in answers {
        let cancelled = answer["error"]["code"] == -32800;
        assert!(cancelled || answer.get("result").is_some(), "{answer}");
    }
}

#[test]
fn many_changes_are_followed_to_the_last() {
    let text = fs::read_to_string(pact().join("pact.md")).unwrap();
    let path = pact().join("pact.md");
    let uri = format!("file://{}", path.display());
    let mut running = Running::ready();
    let mut bytes = frame(&opened(&path, &text));
    for version in 2..200 {
        let changed = if version == 199 { text.clone() } else { format!("{text}\n{version}\n") };
        let given = json!({
            "textDocument": { "uri": uri, "version": version },
            "contentChanges": [{ "text": changed }],
        });
        bytes.extend(frame(&told("textDocument/didChange", given)));
    }
    bytes.extend(frame(&asked(7, "shutdown", Value::Null)));
    let mut input = running.input.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(&bytes).unwrap());
    let (exit, messages, _) = running.end();
    writer.join().unwrap();
    assert_eq!(exit, 0);
    let versions: Vec<i64> =
        messages.iter().filter_map(|one| one["params"]["version"].as_i64()).collect();
    assert!(versions.is_sorted() && versions.len() <= 199, "{versions:?}");
    assert_eq!(messages.last().unwrap()["id"], 7);
}
