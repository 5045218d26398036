//! One line of NMEA 0183, with the tag block before it and what a logger wrote behind it.
//!
//! Invariant: a sentence that leaves here has the checksum that its bytes have.

use crate::{moment::since_1970, reject::Fault};
use casus_model::{Instant, time::SECOND_MS};

/// What a line holds.
#[derive(Debug, PartialEq)]
pub(crate) enum Line<'a> {
    /// A sentence that carries an AIS message or a part of one.
    Ais(Sentence<'a>),
    /// Another sentence, by its first field.
    Other(&'a str),
    /// What somebody wrote for people to read.
    Comment,
}

/// A `VDM` or `VDO` sentence.
#[derive(Debug, PartialEq)]
pub(crate) struct Sentence<'a> {
    pub tag: Tag<'a>,
    /// `AIVDM` and the like.
    pub formatter: &'a str,
    /// Of how many sentences the message is.
    pub total: u8,
    /// Which of them this is, from 1.
    pub number: u8,
    pub sequence: &'a str,
    pub channel: &'a str,
    pub payload: &'a str,
    /// Bits at the end that are no part of the message.
    pub fill: u8,
}

/// Who heard it, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tag<'a> {
    pub receiver: Option<&'a str>,
    /// When, and the length of its last unit in milliseconds.
    pub heard: Option<(Instant, i64)>,
    /// The number of a group whose first sentence may hold the tags of all.
    pub group: Option<&'a str>,
}

/// Reads one line.
pub(crate) fn line(text: &str) -> Result<Line<'_>, Fault> {
    let text = text.trim();
    if text.starts_with('#') {
        return Ok(Line::Comment);
    }
    let (tag, rest) = match text.strip_prefix('\\') {
        Some(rest) => {
            let (block, rest) = rest.split_once('\\').ok_or_else(|| {
                Fault::new("tag block", "expected a `\\` at the end of the tag block", text)
            })?;
            (tag_of(block)?, rest)
        }
        None => (Tag::default(), text),
    };
    let Some(sentence) = rest.strip_prefix(['!', '$']) else {
        let got = crate::reject::shortened(rest, 20);
        let reason = format!("expected a sentence that begins with `!` or `$`, got `{got}`");
        return Err(Fault::new("sentence", reason, text));
    };
    let kind = sentence.split([',', '*']).next().unwrap_or_default();
    let is_ais = rest.starts_with('!') && kind.len() == 5 && kind.is_ascii();
    if !(is_ais && matches!(kind.get(2..), Some("VDM" | "VDO"))) {
        return Ok(Line::Other(kind));
    }
    let (body, behind) = checked("checksum", sentence)?;
    let behind = behind_of(behind);
    let tag = Tag {
        receiver: tag.receiver.or(behind.receiver),
        heard: tag.heard.or(behind.heard),
        group: tag.group,
    };
    fields(body, tag).map(Line::Ais)
}

/// What stands before `*hh`, where its checksum is right, and what stands behind it.
fn checked<'a>(column: &str, text: &'a str) -> Result<(&'a str, &'a str), Fault> {
    let told = text.split_once('*').and_then(|(body, rest)| {
        let (digits, behind) = rest.split_at_checked(2)?;
        let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        let sum = is_hex.then(|| u8::from_str_radix(digits, 16).ok()).flatten()?;
        Some((body, sum, behind))
    });
    let Some((body, told, behind)) = told else {
        let reason = "expected `*` and a checksum of two hexadecimal digits";
        return Err(Fault::new(column, reason, text));
    };
    let sum = body.bytes().fold(0, |sum, byte| sum ^ byte);
    if sum != told {
        let reason = format!("expected the checksum `{sum:02X}`, got `{told:02X}`");
        return Err(Fault::new(column, reason, text));
    }
    Ok((body, behind))
}

fn tag_of(block: &str) -> Result<Tag<'_>, Fault> {
    let (body, _) = checked("tag block", block)?;
    let mut tag = Tag::default();
    for field in body.split(',') {
        match field.split_once(':') {
            Some(("s", name)) if !name.is_empty() => tag.receiver = Some(name),
            Some(("c", time)) => {
                tag.heard = Some(time_of(time).ok_or_else(|| {
                    let got = crate::reject::shortened(time, 20);
                    let reason =
                        format!("expected `c:` with seconds since 1970 as ten digits, got `{got}`");
                    Fault::new("tag block", reason, block)
                })?);
            }
            Some(("g", group)) => tag.group = group.rsplit('-').next(),
            _ => {}
        }
    }
    Ok(tag)
}

/// Seconds as up to ten digits, or milliseconds as thirteen.
fn time_of(text: &str) -> Option<(Instant, i64)> {
    let is_number = text.bytes().all(|b| b.is_ascii_digit());
    match text.len() {
        1..=10 if is_number => Some((since_1970(text, SECOND_MS)?, SECOND_MS)),
        13 if is_number => Some((since_1970(text, 1)?, 1)),
        _ => None,
    }
}

/// The station and the time that loggers of coast stations write behind a sentence.
fn behind_of(text: &str) -> Tag<'_> {
    let mut tag = Tag::default();
    for field in text.split(',') {
        let is_station = field.len() > 3 && field.starts_with(['r', 'b']) && field.is_ascii();
        if tag.receiver.is_none() && is_station {
            tag.receiver = Some(field);
        } else if tag.heard.is_none() && matches!(field.len(), 9 | 10) {
            tag.heard = time_of(field);
        }
    }
    tag
}

fn fields<'a>(body: &'a str, tag: Tag<'a>) -> Result<Sentence<'a>, Fault> {
    let all: Vec<&str> = body.split(',').collect();
    let &[formatter, total, number, sequence, channel, payload, fill] = all.as_slice() else {
        let reason = format!("expected 7 fields, got {}", all.len());
        return Err(Fault::new("sentence", reason, body));
    };
    let digit = |text: &str, least: u8, most: u8| {
        let value = text.parse().ok().filter(|value| (least..=most).contains(value));
        value.ok_or_else(|| {
            let got = crate::reject::shortened(text, 20);
            let reason = format!("expected a number from {least} to {most}, got `{got}`");
            Fault::new("sentence", reason, body)
        })
    };
    let total = digit(total, 1, 9)?;
    let number = digit(number, 1, total)?;
    let fill = digit(fill, 0, 5)?;
    Ok(Sentence { tag, formatter, total, number, sequence, channel, payload, fill })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_sum(body: &str) -> String {
        format!("{body}*{:02X}", body.bytes().fold(0, |sum, byte| sum ^ byte))
    }

    fn fault(text: &str) -> String {
        let fault = line(text).unwrap_err();
        format!("{}: {}", fault.column.unwrap_or_default(), fault.reason)
    }

    #[test]
    fn a_tag_block_tells_who_heard_it_and_when() {
        let tag = with_sum("g:1-2-77,s:station,c:1700000000");
        let text = format!("\\{tag}\\!{}", with_sum("AIVDM,2,1,5,A,15RT,2"));
        let Ok(Line::Ais(sentence)) = line(&text) else { panic!("a sentence") };
        assert_eq!(sentence.tag.receiver, Some("station"));
        assert_eq!(sentence.tag.heard, Some((Instant(1_700_000_000_000), 1_000)));
        assert_eq!(sentence.tag.group, Some("77"));
        assert_eq!((sentence.total, sentence.number, sentence.fill), (2, 1, 2));
        assert_eq!((sentence.sequence, sentence.channel, sentence.payload), ("5", "A", "15RT"));
    }

    #[test]
    fn what_a_coast_station_writes_behind_it_counts_too() {
        let text = format!("!{},d-080,S2118,r003669946,1325394060", with_sum("AIVDO,1,1,,B,15,0"));
        let Ok(Line::Ais(sentence)) = line(&text) else { panic!("a sentence") };
        assert_eq!(sentence.tag.receiver, Some("r003669946"));
        assert_eq!(sentence.tag.heard, Some((Instant(1_325_394_060_000), 1_000)));
    }

    #[test]
    fn faults_say_what_was_expected() {
        assert_eq!(
            fault("!AIVDM,1,1,,A,15RT,0*00"),
            "checksum: expected the checksum `24`, got `00`"
        );
        let digits = "expected `*` and a checksum of two hexadecimal digits";
        assert_eq!(fault("!AIVDM,1,1,,A,15RT,0"), format!("checksum: {digits}"));
        assert_eq!(fault("!AIVDM,1,1,,A,15RT,0*+1"), format!("checksum: {digits}"));
        assert_eq!(fault("\\c:1*A\\!AIVDM"), format!("tag block: {digits}"));
        let late = format!("\\{}\\!AIVDM", with_sum("c:12415440354"));
        assert_eq!(
            fault(&late),
            "tag block: expected `c:` with seconds since 1970 as ten digits, got `12415440354`"
        );
        let text = format!("!{}", with_sum("AIVDM,2,3,,A,15RT,0"));
        assert_eq!(fault(&text), "sentence: expected a number from 1 to 2, got `3`");
        assert_eq!(
            fault("nothing"),
            "sentence: expected a sentence that begins with `!` or `$`, got `nothing`"
        );
        assert_eq!(line("$GPGGA,1*00").unwrap(), Line::Other("GPGGA"));
        assert_eq!(line("# note").unwrap(), Line::Comment);
    }
}
