//! Runs the server on a stream of messages.
//!
//! One thread reads, one answers. Invariant: a request that is cancelled before its turn is
//! answered as cancelled; what is wrong with a text is told when nothing is waiting any more.

use crate::{
    door::Door,
    server::{Server, refused},
    wire::{self, Incoming},
};
use serde_json::Value;
use std::{
    collections::VecDeque,
    io::{self, BufRead, Write},
    sync::mpsc::{Receiver, sync_channel},
    thread,
};

/// Messages that may wait.
const WAITING: usize = 64;
/// The error code of a request that its sender no longer wants answered.
const CANCELLED: i32 = -32800;
/// The error code of a message that is not JSON.
const UNREADABLE: i32 = -32700;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// As the protocol has it: `shutdown`, then the end.
    Orderly,
    /// Without `shutdown`.
    Abrupt,
}

/// Answers until the client says `exit` or goes away.
///
/// # Errors
/// Where the answers cannot be written, or the input is no stream of messages.
pub fn serve(
    mut input: impl BufRead + Send + 'static,
    output: &mut impl Write,
    door: &dyn Door,
) -> io::Result<Ended> {
    let (sender, receiver) = sync_channel(WAITING);
    // The thread ends with its input, or when nobody takes what it reads.
    thread::spawn(move || {
        loop {
            let read = wire::read(&mut input);
            let last = !matches!(read, Ok(Some(_)));
            if sender.send(read).is_err() || last {
                return;
            }
        }
    });
    let mut server = Server::default();
    let mut waiting = Waiting { receiver, read: VecDeque::new() };
    while !server.is_done() {
        waiting.drain();
        if waiting.read.is_empty() {
            for message in server.settle(door) {
                wire::write(output, &message)?;
            }
        }
        let Some(incoming) = waiting.next()? else { break };
        let answers = match incoming {
            Incoming::Message(message) => match waiting.cancels(&message) {
                Some(id) => vec![refused(&id, CANCELLED, "the request was cancelled")],
                None => server.take(message, door),
            },
            Incoming::Unreadable(why) => vec![refused(&Value::Null, UNREADABLE, &why)],
        };
        for answer in answers {
            wire::write(output, &answer)?;
        }
    }
    Ok(if server.was_shut_down() { Ended::Orderly } else { Ended::Abrupt })
}

/// What has come and was not looked at yet.
struct Waiting {
    receiver: Receiver<io::Result<Option<Incoming>>>,
    read: VecDeque<io::Result<Option<Incoming>>>,
}

impl Waiting {
    /// Takes what has come.
    fn drain(&mut self) {
        while self.read.len() < WAITING {
            let Ok(read) = self.receiver.try_recv() else { return };
            self.read.push_back(read);
        }
    }

    /// The next message, waited for; none at the end.
    fn next(&mut self) -> io::Result<Option<Incoming>> {
        match self.read.pop_front() {
            Some(read) => read,
            None => self.receiver.recv().unwrap_or(Ok(None)),
        }
    }

    /// The id of a request that a message behind it cancels.
    fn cancels(&self, message: &Value) -> Option<Value> {
        let id = message.get("id").filter(|_| message.get("method").is_some())?;
        let cancels = |read: &io::Result<Option<Incoming>>| match read {
            Ok(Some(Incoming::Message(other))) => {
                other.get("method").and_then(Value::as_str) == Some("$/cancelRequest")
                    && other.pointer("/params/id") == Some(id)
            }
            _ => false,
        };
        self.read.iter().any(cancels).then(|| id.clone())
    }
}
