//! AIS sentences: positions, times, parts and faults.
//!
//! Invariant: every fixture here is invented.
#![allow(clippy::unwrap_used)]

mod common;

use casus_ingest::{Limits, Profile, write_record};
use common::{Taken, take, take_text, take_with};

/// The payload of a message: numbers and how many bits each takes.
fn payload(fields: &[(i64, usize)]) -> String {
    let bits =
        fields.iter().flat_map(|(n, count)| (0..*count).rev().map(move |at| n >> at.min(62) & 1));
    let bits: Vec<i64> = bits.collect();
    let six = |six: &[i64]| (0..6).fold(0, |n, at| n << 1 | six.get(at).unwrap_or(&0));
    let sign = |n: i64| u8::try_from(if n < 40 { n + 48 } else { n + 56 }).unwrap();
    bits.chunks(6).map(|chunk| char::from(sign(six(chunk)))).collect()
}

/// Message 1 of a ship on a place in ten-thousandths of a minute.
fn report(mmsi: i64, lon: i64, lat: i64, second: i64) -> String {
    let head = [(1, 6), (0, 2), (mmsi, 30), (0, 4), (0, 8), (123, 10), (1, 1)];
    let tail = [(lon, 28), (lat, 27), (905, 12), (511, 9), (second, 6), (0, 25)];
    payload(&[&head[..], &tail[..]].concat())
}

fn summed(body: &str) -> String {
    format!("{body}*{:02X}", body.bytes().fold(0, |sum, byte| sum ^ byte))
}

fn sentence(payload: &str) -> String {
    format!("!{}", summed(&format!("AIVDM,1,1,,A,{payload},0")))
}

fn part(number: u8, sequence: u8, payload: &str) -> String {
    format!("!{}", summed(&format!("AIVDM,2,{number},{sequence},A,{payload},0")))
}

/// A sentence that a station heard so many seconds after 2023-11-14T22:13:20Z.
fn heard(at: i64, sentence: &str) -> String {
    format!("\\{}\\{sentence}\n", summed(&format!("s:station,c:{}", 1_700_000_000 + at)))
}

const MMSI: i64 = 338_000_001;

fn lines(taken: &Taken) -> Vec<String> {
    let cut = |line: String| line.split_once(",\"act\"").unwrap().1.to_owned();
    taken.records.iter().map(|record| cut(write_record(record))).collect()
}

#[test]
fn a_sentence_is_a_position() {
    let text = heard(0, &sentence(&report(MMSI, -70_350_000, 20_100_000, 18)));
    let taken = take_text(&text, None);
    let expected = r#":"position report","object":{"kind":"ship","item":"338000001"},"places":[{"point":[-117.25,33.5],"error_m":10.0}],"time":{"from":"2023-11-14T22:13:18Z","to":"2023-11-14T22:13:18.999Z"},"known":"2023-11-14T22:13:20.999Z","quantities":{"speed":{"best":12.3,"unit":"kn"},"course":90.5},"source":{"name":"station","origin":"338000001"},"grade":"F6"}"#;
    assert_eq!(lines(&taken), [expected], "{}", taken.reasons());
}

#[test]
fn the_second_is_the_nearest_one() {
    let times = |second: i64| {
        let text = heard(0, &sentence(&report(MMSI, 0, 0, second)));
        let taken = take_text(&text, None);
        let doubtful = taken.outcome.as_ref().unwrap().doubtful;
        format!("{} {doubtful}", &taken.records[0].time.start.0.to_string()[14..19])
    };
    assert_eq!(times(51), "12:51 0");
    assert_eq!(times(50), "12:50 0");
    // Later than it was heard: one clock is wrong, by more than five seconds or not.
    assert_eq!(times(24), "13:24 0");
    assert_eq!(times(40), "13:40 1");
    // Reckoned, and set by hand.
    assert_eq!(times(61), "13:20 1");
    assert_eq!(times(60), "13:20 0");
}

#[test]
fn without_a_time_it_is_rejected_unless_the_profile_has_one() {
    let text = sentence(&report(MMSI, 0, 0, 5)) + "\n";
    let taken = take_text(&text, None);
    assert_eq!(
        taken.reasons(),
        "1 time: no time: expected a tag block with `c:`, a time behind the sentence, or \
         `base_from` and `base_to` in the profile"
    );
    let own = Profile::builtin_text("ais").unwrap().replace(
        "act = \"position report\"",
        "act = \"sighting\"\nsource = \"log\"\nbase_from = \"2026-03-01T00:00:00Z\"\n\
         base_to = \"2026-03-02T00:00:00Z\"",
    );
    let profile = Profile::parse("own.toml", &own).unwrap();
    let taken = take_with(text.as_bytes(), "x", Some(&profile), &Limits::default());
    let line = &lines(&taken)[0];
    let time = r#""time":{"from":"2026-03-01T00:00:00Z","to":"2026-03-02T00:00:00Z"}"#;
    assert!(line.contains(time) && line.contains(r#""name":"log""#), "{line}");
    assert!(line.starts_with(":\"sighting\""), "{line}");
    for (from, to, expected) in [
        ("base_to = ", "# ", "expected both `base_from` and `base_to`, in order, or neither"),
        ("accurate = 10", "accurate = -1", "expected an error of at least 0 metres, got `-1`"),
        ("kind = \"ship\"", "kind = \"\"", "`kind`: expected a name, got ``"),
        ("reader = \"ais\"", "reader = \"asi\"", "did you mean `ais`?"),
    ] {
        let said = Profile::parse("own.toml", &own.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
    }
}

/// A name as message 5, in two parts.
fn name() -> (String, String) {
    let signs = "INVENTED".bytes().map(|byte| (i64::from(byte & 63), 6));
    let head = [(5, 6), (0, 2), (MMSI, 30), (0, 74)];
    let all: Vec<(i64, usize)> = head.into_iter().chain(signs).chain([(0, 60), (0, 204)]).collect();
    let whole = payload(&all);
    let (first, second) = whole.split_at(56);
    (first.to_owned(), second.to_owned())
}

#[test]
fn parts_are_joined_and_a_ship_gets_its_name() {
    let (first, second) = name();
    let text = [
        part(2, 3, &second),
        part(1, 4, &first),
        part(1, 3, &first),
        "$GPGGA,1*00".to_owned(),
        heard(0, &sentence(&report(MMSI, 0, 0, 5))),
        "# note".to_owned(),
        sentence(""),
        heard(0, &sentence(&report(MMSI, 108_600_000, 54_600_000, 5))),
        heard(0, &sentence(&report(MMSI, 0, 0, 5))),
    ]
    .join("\n");
    let taken = take_text(&text, None);
    assert_eq!(taken.said(), "9 read = 1 accepted + 1 duplicate + 6 unclassified + 1 rejected");
    assert_eq!(taken.records[0].text.as_deref(), Some("INVENTED"));
    assert_eq!(
        taken.reasons(),
        "2 sentence: part 2 of 2 of its message did not come before the end"
    );
    let count = taken.outcome.unwrap();
    let values: Vec<_> = count.unclassified_values.keys().map(String::as_str).collect();
    let expected = [
        "line: comment",
        "message: name of a ship",
        "message: none",
        "position: not told",
        "sentence: GPGGA",
        "sentence: part of a longer message",
    ];
    assert_eq!(values, expected);
}

#[test]
fn what_does_not_become_whole_is_given_up() {
    let (first, _) = name();
    let limits = Limits { unfinished: 2, wait_sentences: 3, ..Limits::default() };
    let mut text: Vec<String> = (1..=3).map(|sequence| part(1, sequence, &first)).collect();
    text.push(part(1, 3, &first));
    text.extend((0..4).map(|_| sentence("")));
    let taken = take(text.join("\n").as_bytes(), "x", None, &limits);
    let reasons = "1 sentence: part 2 of 2 of its message did not come before 2 others were begun\n\
                   3 sentence: part 2 of 2 of its message did not come before another with the \
                   same number\n\
                   2 sentence: part 2 of 2 of its message did not come within 3 sentences\n\
                   4 sentence: part 2 of 2 of its message did not come within 3 sentences";
    assert_eq!(taken.reasons(), reasons);
    assert_eq!(taken.said(), "8 read = 0 accepted + 0 duplicate + 4 unclassified + 4 rejected");
    let limits = Limits { rows: 2, ..Limits::default() };
    let taken = take(text.join("\n").as_bytes(), "x", None, &limits);
    let said = "`x`: row 3: more than the limit `rows` of 2; until then 2 read = 0 accepted + 0 \
                duplicate + 0 unclassified + 2 rejected";
    assert_eq!(taken.said(), said);
}

#[test]
fn bad_lines_cost_themselves_only() {
    let good = heard(0, &sentence(&report(MMSI, 0, 0, 5)));
    let mut bytes = good.clone().into_bytes();
    bytes.extend(good.replace(",A,", ",B,").bytes());
    bytes.extend(b"nothing\n\xff\xfe\n");
    bytes.extend(heard(0, &sentence("15")).bytes());
    bytes.extend(heard(0, &sentence("1X")).bytes());
    bytes.extend(heard(0, &sentence(&report(MMSI, 0, 60_000_000, 5))).bytes());
    bytes.extend(format!("!{}\n", "x".repeat(1_100)).bytes());
    let taken = take(&bytes[..], "x", None, &Limits::default());
    let said = taken.reasons();
    let (first, rest) = said.split_once('\n').unwrap();
    assert!(first.starts_with("2 checksum: expected the checksum `"), "{first}");
    let reasons = "3 sentence: expected a sentence that begins with `!` or `$`, got `nothing`\n\
                   4 -: expected UTF-8, got other bytes\n\
                   5 payload: expected at least 168 bits of message type 1, got 12\n\
                   6 payload: expected signs from `0` to `W` and from `` ` `` to `w`\n\
                   7 position: expected a longitude from -180 to 180 and a latitude from -90 to \
                   90, got `0`, `100`\n\
                   8 -: more than the limit `sentence_bytes` of 1024";
    assert_eq!(rest, reasons);
    assert_eq!(taken.said(), "8 read = 1 accepted + 0 duplicate + 0 unclassified + 7 rejected");
}

#[test]
fn a_ship_that_jumps_is_doubted() {
    let at = |s: i64, lat: i64| heard(s, &sentence(&report(MMSI, 0, lat, (20 + s) % 60)));
    let back = heard(30, &sentence(&report(MMSI, 0, 600_000, 30)));
    let text = at(0, 0) + &at(10, 500) + &at(20, 600_000) + &back;
    let taken = take_text(&text, None);
    let count = taken.outcome.as_ref().unwrap();
    let doubts: Vec<_> = count.doubts.iter().map(|(why, rows)| (why.as_str(), *rows)).collect();
    assert_eq!(doubts, [("clock went back", 2), ("jump", 2), ("near such a fault", 1)]);
    let grades: Vec<String> = taken.records.iter().map(|r| r.grade.to_string()).collect();
    assert_eq!(grades, ["F6", "F4", "F4", "F4"]);
}
