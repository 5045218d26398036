//! Evidence from a stream of NATS, against a real server with JetStream.
//!
//! Invariant: where no server answers, a test says that it was passed over, and with
//! `CASUS_REQUIRE_SERVICES=1` it fails instead.
#![cfg(feature = "nats")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr)]

mod common;

use async_nats::jetstream::{
    self,
    stream::{Config, StorageType, Stream},
};
use common::{Outcome, casus, pact};
use tokio::runtime::{Builder, Runtime};

/// A stream of its own on the server, gone when the test ends.
struct Server {
    runtime: Runtime,
    context: jetstream::Context,
    url: String,
    name: String,
}

impl Server {
    /// None where no server answers.
    fn with(name: &str) -> Option<Server> {
        let url = std::env::var("CASUS_NATS").unwrap_or("nats://127.0.0.1:4222".to_owned());
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let client = match runtime.block_on(async_nats::connect(&url)) {
            Ok(client) => client,
            Err(error) if std::env::var_os("CASUS_REQUIRE_SERVICES").is_some() => {
                panic!("no NATS at `{url}`: {error}")
            }
            Err(error) => {
                eprintln!("PASSED OVER: no NATS at `{url}`: {error}");
                return None;
            }
        };
        let name = format!("casus-{name}-{}", std::process::id());
        let config = Config {
            name: name.clone(),
            subjects: vec![format!("{name}.>")],
            storage: StorageType::Memory,
            ..Config::default()
        };
        // It starts a task of its own, on the runtime that is there.
        let context = {
            let _inside = runtime.enter();
            jetstream::new(client)
        };
        let server = Server { runtime, context, url, name };
        server.wait(server.context.create_stream(config)).unwrap();
        Some(server)
    }

    fn wait<T>(&self, future: impl IntoFuture<Output = T>) -> T {
        self.runtime.block_on(future.into_future())
    }

    fn publish(&self, payload: &str) {
        let subject = format!("{}.reports", self.name);
        let text = payload.to_owned();
        let sent = async { self.context.publish(subject, text.into()).await.unwrap().await };
        self.wait(sent).unwrap();
    }

    fn stream(&self) -> Stream {
        self.wait(self.context.get_stream(&self.name)).unwrap()
    }

    fn watch(&self, subject: &str, consumer: &str) -> Outcome {
        let subject = format!("{}.{subject}", self.name);
        casus(&[
            "watch",
            "pact.md",
            "--until-end",
            "--json",
            "--nats",
            &self.url,
            "--stream",
            &self.name,
            "--subject",
            &subject,
            "--consumer",
            consumer,
        ])
    }

    /// How many messages of a consumer were acknowledged, and how many are still to be.
    fn acknowledged(&self, consumer: &str) -> (u64, usize) {
        let told = self.wait(self.stream().consumer_info(consumer)).unwrap();
        (told.ack_floor.stream_sequence, told.num_ack_pending)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.wait(self.context.delete_stream(&self.name));
    }
}

fn night() -> String {
    std::fs::read_to_string(pact().join("night.jsonl")).unwrap()
}

#[test]
fn messages_are_judged_as_lines_are_and_then_acknowledged() {
    let Some(server) = Server::with("lines") else { return };
    let night = night();
    night.lines().for_each(|line| server.publish(line));
    let done = server.watch("reports", "desk");
    assert_eq!(done.exit, 0, "{}", done.err);
    let from_file = casus(&["watch", "pact.md", "-e", "night.jsonl", "--until-end", "--json"]);
    assert!(!done.out.is_empty());
    assert_eq!(common::sum(&done.of_kind("change")), common::sum(&from_file.of_kind("change")));
    let messages = night.lines().count() as u64;
    assert_eq!(server.acknowledged("desk"), (messages, 0));
    // What was acknowledged does not come again, and that is said.
    let again = server.watch("reports", "desk");
    assert_eq!((again.exit, &*again.out), (0, ""), "{}", again.err);
    assert!(again.err.contains("another name begins with all of them"), "{}", again.err);
    assert_eq!(server.watch("reports", "other-desk").out, done.out);
}

#[test]
fn a_message_may_hold_several_rows_and_a_bad_one_is_told() {
    let Some(server) = Server::with("rows") else { return };
    let night = night();
    server.publish("{\"id\": 7");
    server.publish(&night);
    server.publish(night.lines().next().unwrap());
    let done = server.watch("reports", "desk");
    assert_eq!(done.exit, 0, "{}", done.err);
    assert!(done.err.contains("message 1"), "{}", done.err);
    // One stands in the file itself, the other is the third message.
    assert!(done.err.contains("2 duplicate"), "{}", done.err);
    let from_file = casus(&["watch", "pact.md", "-e", "night.jsonl", "--until-end", "--json"]);
    assert_eq!(common::sum(&done.of_kind("change")), common::sum(&from_file.of_kind("change")));
    assert_eq!(server.acknowledged("desk"), (3, 0));
}

#[test]
fn what_is_not_there_is_named() {
    let Some(server) = Server::with("absent") else { return };
    assert_eq!(server.watch("reports", "desk").exit, 0);
    let other = server.watch("sightings", "desk");
    assert_eq!(other.exit, 4);
    assert!(other.err.contains("the consumer `desk` is there for"), "{}", other.err);
    let watch = ["watch", "pact.md", "--subject", "x", "--consumer", "desk", "--stream", "nowhere"];
    let none = casus(&[&watch[..], &["--nats", &server.url]].concat());
    assert_eq!(none.exit, 4);
    assert!(none.err.contains("the stream `nowhere` cannot be had"), "{}", none.err);
    let dead = casus(&[&watch[..], &["--nats", "nats://desk:secret@127.0.0.1:1"]].concat());
    assert_eq!(dead.exit, 4);
    assert!(dead.err.contains("answers at `nats://127.0.0.1:1`"), "{}", dead.err);
    assert!(!dead.err.contains("secret"), "{}", dead.err);
}
