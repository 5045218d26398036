//! Messages of a stream of NATS, through a durable consumer of JetStream.
//!
//! Invariant: a message is acknowledged only after its rows were judged and what became different
//! was written; whatever was not acknowledged comes again.

use super::feed::Fed;
use crate::{arguments::Watch, exit::Failure};
use async_nats::{
    ConnectOptions, Event,
    jetstream::{
        self, Message,
        consumer::{AckPolicy, Info, PullConsumer, pull},
        context::ConsumerInfoErrorKind,
    },
};
use futures_util::StreamExt;
use std::{
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};
use tokio::{runtime, sync::oneshot, time::sleep};

/// How many messages are asked for at once.
const AT_ONCE: usize = 200;
/// How long a request for messages waits for some.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Which messages are wanted.
struct Wanted {
    url: String,
    stream: String,
    subject: String,
    consumer: String,
    until_end: bool,
}

/// Follows a stream in a thread of its own, once it is clear that it is there.
///
/// # Errors
/// Where the server, the stream or the consumer cannot be had.
pub fn follow(asked: &Watch) -> Result<Receiver<Fed>, Failure> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let wanted = Wanted {
        url: text(&asked.nats),
        stream: text(&asked.stream),
        subject: text(&asked.subject),
        consumer: text(&asked.consumer),
        until_end: asked.until_end,
    };
    let (sender, receiver) = sync_channel(AT_ONCE);
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::evidence(format!("no runtime: {error}")))?;
    let (client, consumer) = runtime.block_on(open(&wanted, &sender))?;
    thread::spawn(move || {
        runtime.block_on(async {
            pull(&consumer, &wanted, &sender).await;
            // The last acknowledgements are still on their way out.
            let _ = client.flush().await;
        });
    });
    Ok(receiver)
}

/// Connects, and finds or makes the consumer.
async fn open(
    wanted: &Wanted,
    to: &SyncSender<Fed>,
) -> Result<(async_nats::Client, PullConsumer), Failure> {
    let Wanted { url, stream, subject, consumer, .. } = wanted;
    let client = options(to.clone()).connect(url.as_str()).await.map_err(|error| {
        Failure::evidence(format!("no server of NATS answers at `{}`: {error}", shown(url)))
            .help("is it running, and is this its address? `nats://HOST:4222`")
    })?;
    let server = jetstream::new(client.clone());
    let found = server.get_stream(stream).await.map_err(|error| {
        Failure::evidence(format!("the stream `{stream}` cannot be had: {error}"))
            .help("it is made by those who publish: `nats stream add`; JetStream must be on")
    })?;
    let settings = pull::Config {
        durable_name: Some(consumer.clone()),
        ack_policy: AckPolicy::Explicit,
        filter_subject: subject.clone(),
        ..pull::Config::default()
    };
    let taken: PullConsumer =
        found.get_or_create_consumer(consumer, settings).await.map_err(|error| {
            Failure::evidence(format!("the consumer `{consumer}` cannot be had: {error}"))
                .help("does the stream hold this subject? or name another consumer")
        })?;
    let there = taken.cached_info();
    fits(there, wanted)?;
    let judged = there.ack_floor.consumer_sequence;
    if judged > 0 {
        let told = format!(
            "note: the consumer `{consumer}` has acknowledged {judged} messages before, which do \
             not come again and are not judged here; another name begins with all of them"
        );
        let _ = to.try_send(Fed::Said(told));
    }
    Ok((client, taken))
}

/// Whether a consumer that was there before does what is wanted.
fn fits(there: &Info, wanted: &Wanted) -> Result<(), Failure> {
    let Wanted { subject, consumer, .. } = wanted;
    let config = &there.config;
    let told = match &config.filter_subject {
        _ if config.ack_policy != AckPolicy::Explicit => {
            format!("the consumer `{consumer}` does not wait for each acknowledgement")
        }
        other if other != subject => {
            format!("the consumer `{consumer}` is there for `{other}`, not for `{subject}`")
        }
        _ => return Ok(()),
    };
    Err(Failure::evidence(told).help("name another consumer; it is made where it is not there"))
}

/// Says when the connection is lost and when it is there again; the client connects again by
/// itself, as often as it takes.
fn options(to: SyncSender<Fed>) -> ConnectOptions {
    let lost = AtomicBool::new(false);
    ConnectOptions::new().name("casus watch").event_callback(move |event| {
        let told = match event {
            Event::Disconnected => {
                lost.store(true, Ordering::Relaxed);
                Some("the connection to NATS is lost; connecting again".to_owned())
            }
            Event::Connected if lost.swap(false, Ordering::Relaxed) => {
                Some("connected to NATS again".to_owned())
            }
            Event::Connected | Event::Draining | Event::Closed => None,
            other => Some(format!("NATS: {other}")),
        };
        if let Some(told) = told {
            // Where nobody takes it, there is more to say already.
            let _ = to.try_send(Fed::Said(told));
        }
        std::future::ready(())
    })
}

/// Takes messages until the end, if an end is wanted, or until nobody listens.
async fn pull(consumer: &PullConsumer, wanted: &Wanted, to: &SyncSender<Fed>) {
    loop {
        match batch(consumer, wanted.until_end, to).await {
            Ok(Batch::Some) => {}
            Ok(Batch::None) if wanted.until_end => return,
            Ok(Batch::None) => {}
            Ok(Batch::Unheard) => return,
            Err(error) => {
                if let Err(gone) = consumer.get_info().await
                    && matches!(
                        gone.kind(),
                        ConsumerInfoErrorKind::NotFound | ConsumerInfoErrorKind::StreamNotFound
                    )
                {
                    let Wanted { stream, consumer, .. } = wanted;
                    let told = format!("the consumer `{consumer}` of `{stream}` is gone: {error}");
                    let _ = to.send(Fed::Failed(told));
                    return;
                }
                sleep(AGAIN).await;
            }
        }
    }
}

/// What came of a request for messages.
enum Batch {
    Some,
    None,
    /// The command has ended.
    Unheard,
}

async fn batch(
    consumer: &PullConsumer,
    until_end: bool,
    to: &SyncSender<Fed>,
) -> Result<Batch, async_nats::Error> {
    // A `fetch` ends where there is nothing more; a `batch` waits for more.
    let mut messages = match until_end {
        true => consumer.fetch().max_messages(AT_ONCE).expires(PATIENCE).messages().await?,
        false => consumer.batch().max_messages(AT_ONCE).expires(PATIENCE).messages().await?,
    };
    let mut found = Batch::None;
    while let Some(message) = messages.next().await {
        let message = message?;
        if !judged(&message, to).await {
            return Ok(Batch::Unheard);
        }
        message.ack().await?;
        found = Batch::Some;
    }
    Ok(found)
}

/// Hands a message over and waits until it was judged; false where the command has ended.
async fn judged(message: &Message, to: &SyncSender<Fed>) -> bool {
    let number = message.info().map_or(0, |told| told.stream_sequence);
    let (done, waits) = oneshot::channel();
    let done = Box::new(move || {
        let _ = done.send(());
    });
    let fed = Fed::Message(number, message.payload.to_vec(), done);
    to.send(fed).is_ok() && waits.await.is_ok()
}

/// The address without what may be a password.
fn shown(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
        (None, Some((_, host))) => host.to_owned(),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        assert_eq!(shown("nats://desk:secret@host:4222"), "nats://host:4222");
        assert_eq!(shown("desk:secret@host"), "host");
        assert_eq!(shown("nats://host:4222"), "nats://host:4222");
    }
}
