//! Messages on a stream: a header that says how long, then so many bytes of JSON.
//!
//! Invariant: no more is held than `MESSAGE_BYTES`, whatever a header claims; a longer message is
//! passed over and told of, and the next one is read.

use serde_json::Value;
use std::io::{self, BufRead, Read, Write};

/// Bytes of one message.
pub const MESSAGE_BYTES: u64 = 64 << 20;
/// Bytes of one header line.
const HEADER_BYTES: u64 = 4 << 10;
/// Header lines of one message.
const HEADER_LINES: usize = 16;

/// What came in.
#[derive(Debug)]
pub enum Incoming {
    /// A message that is JSON.
    Message(Value),
    /// A message that is none; why.
    Unreadable(String),
}

/// The next message; none at the end of the stream.
///
/// # Errors
/// Where the stream cannot be read, or the headers say no length, so that nobody knows where the
/// next message begins.
pub fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let Some(length) = length(input)? else { return Ok(None) };
    if length > MESSAGE_BYTES {
        let passed = io::copy(&mut input.take(length), &mut io::sink())?;
        if passed < length {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        let why = format!("a message of {length} bytes, more than {MESSAGE_BYTES}");
        return Ok(Some(Incoming::Unreadable(why)));
    }
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
    }
    Ok(Some(match serde_json::from_slice(&bytes) {
        Ok(value) => Incoming::Message(value),
        Err(why) => Incoming::Unreadable(format!("not JSON: {why}")),
    }))
}

/// What the headers say about the length of the message; none at the end of the stream.
fn length(input: &mut impl BufRead) -> io::Result<Option<u64>> {
    let refuse = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut found = None;
    for at in 0..=HEADER_LINES {
        let mut line = Vec::new();
        input.by_ref().take(HEADER_BYTES).read_until(b'\n', &mut line)?;
        if line.is_empty() && at == 0 {
            return Ok(None);
        }
        if line.last() != Some(&b'\n') {
            return Err(refuse("a header line does not end, or is too long"));
        }
        let line = line.trim_ascii();
        if line.is_empty() {
            return found.map(Some).ok_or_else(|| refuse("no header says `Content-Length`"));
        }
        let text = std::str::from_utf8(line).map_err(|_| refuse("a header is not UTF-8"))?;
        let Some((name, value)) = text.split_once(':') else {
            return Err(refuse("a header has no colon"));
        };
        if name.trim().eq_ignore_ascii_case("content-length") {
            let length = value.trim().parse().map_err(|_| refuse("a length is no number"))?;
            found = Some(length);
        }
    }
    Err(refuse("more headers than any message has"))
}

/// Writes one message.
///
/// # Errors
/// Where nobody reads any more.
pub fn write(output: &mut impl Write, message: &Value) -> io::Result<()> {
    let text = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn all(mut bytes: &[u8]) -> (Vec<String>, Option<String>) {
        let mut told = Vec::new();
        loop {
            match read(&mut bytes) {
                Ok(Some(Incoming::Message(value))) => told.push(value.to_string()),
                Ok(Some(Incoming::Unreadable(why))) => told.push(format!("! {why}")),
                Ok(None) => return (told, None),
                Err(why) => return (told, Some(why.to_string())),
            }
        }
    }

    #[test]
    fn messages_follow_each_other() {
        let mut bytes = Vec::new();
        write(&mut bytes, &serde_json::json!({ "a": "ü" })).unwrap();
        bytes.extend(b"content-length: 2\r\nContent-Type: x\r\n\r\n[]");
        assert_eq!(all(&bytes), (vec!["{\"a\":\"ü\"}".to_owned(), "[]".to_owned()], None));
    }

    #[test]
    fn what_is_no_json_costs_that_message_only() {
        let (told, end) = all(b"Content-Length: 3\r\n\r\n{{{Content-Length: 1\r\n\r\n1");
        assert!(told.first().unwrap().starts_with("! not JSON"), "{told:?}");
        assert_eq!((told.last().unwrap().as_str(), end), ("1", None));
    }

    #[test]
    fn a_length_that_is_only_claimed_takes_no_memory() {
        for length in ["18446744073709551615", "99999999999", "70000000"] {
            let bytes = format!("Content-Length: {length}\r\n\r\n{{}}");
            assert_eq!(all(bytes.as_bytes()).1.unwrap(), "unexpected end of file");
        }
    }

    #[test]
    fn a_message_that_is_too_long_is_passed_over() {
        let length = usize::try_from(MESSAGE_BYTES).unwrap() + 1;
        let mut bytes = format!("Content-Length: {length}\r\n\r\n").into_bytes();
        bytes.resize(bytes.len() + length, b' ');
        bytes.extend(b"Content-Length: 1\r\n\r\n1");
        let (told, end) = all(&bytes);
        assert!(told.first().unwrap().contains("more than"), "{told:?}");
        assert_eq!((told.len(), end), (2, None));
    }

    #[test]
    fn headers_that_say_no_length_end_it() {
        let endless = "x".repeat(1 << 16);
        let many = "a: b\r\n".repeat(40);
        for bytes in
            ["\r\n", "GET / HTTP/1.1\r\n\r\n", "Content-Length: x\r\n\r\n", &endless, &many]
        {
            assert!(all(bytes.as_bytes()).1.is_some(), "{bytes:.20}");
        }
    }
}
