//! Positions of things that move: the formats that hold them, and what may be doubted of them.
//!
//! Invariant: a doubt lowers the credibility of a record and is counted; it never removes a record
//! and never changes what it says.

pub(crate) mod adsb;
pub(crate) mod ais;
pub(crate) mod beast;
pub(crate) mod counter;
pub(crate) mod cpr;
pub(crate) mod doubt;
pub(crate) mod frame;
pub(crate) mod message;
pub(crate) mod plan;
pub(crate) mod sbs;
pub(crate) mod sentence;
pub(crate) mod sighting;
pub(crate) mod squitter;

use plan::Reader;

/// The format of positions that begins so, if it is one.
pub(crate) fn detect(head: &[u8]) -> Option<Reader> {
    if head.trim_ascii_start().starts_with(b"{") {
        return detect_json(head);
    }
    if frame::begins(head) {
        return Some(Reader::Beast);
    }
    let mut lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"))?;
    let mut fields = first.split(|&byte| byte == b',');
    let kind = fields.next().unwrap_or_default();
    // The date tells such a line from the header of a table whose first column is `ID`.
    let is_dated = matches!(fields.nth(5), Some([_, _, _, _, b'/', _, _, b'/', _, _]));
    if is_dated && sbs::KINDS.iter().any(|one| one.as_bytes() == kind) {
        return Some(Reader::Sbs);
    }
    let sentence = match first.strip_prefix(b"\\") {
        Some(block) => {
            let end = block.iter().position(|&byte| byte == b'\\')?;
            block.get(end + 1..)?
        }
        None => first,
    };
    let is_name = |name: &[u8]| name.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    match sentence {
        [b'!' | b'$', a, b, c, d, e, b',', ..] if is_name(&[*a, *b, *c, *d, *e]) => {
            Some(Reader::Ais)
        }
        _ => None,
    }
}

/// JSON whose first bytes hold the array of a receiver or of a network, and what goes with it.
fn detect_json(head: &[u8]) -> Option<Reader> {
    let all = [
        ("\"aircraft\"", "\"now\"", Reader::Readsb),
        ("\"trace\"", "\"icao\"", Reader::Readsb),
        ("\"states\"", "\"time\"", Reader::States),
    ];
    let begins_array = |rest: &[u8]| {
        let rest = rest.trim_ascii_start().strip_prefix(b":");
        rest.is_some_and(|rest| rest.trim_ascii_start().starts_with(b"["))
    };
    let found = all.into_iter().find(|(array, beside, _)| {
        let place = find(head, array.as_bytes());
        let rest = place.and_then(|place| head.get(place + array.len()..));
        rest.is_some_and(begins_array) && find(head, beside.as_bytes()) < place
    });
    found.filter(|(_, beside, _)| find(head, beside.as_bytes()).is_some()).map(|one| one.2)
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_their_first_bytes() {
        let cases = [
            ("!AIVDM,1,1,,A,15RT,0*21\n", Some(Reader::Ais)),
            ("# note\n\n\\s:a*12\\!AIVDM,1", Some(Reader::Ais)),
            ("$GPGGA,1", Some(Reader::Ais)),
            ("# note\nid,act,time\n", None),
            ("MSG,3,1,1,AE0000,1,2026/03/01,10:00:00.000,,,,\n", Some(Reader::Sbs)),
            ("ID,act,time,lon,lat,place,known,source,origin,grade,text\n", None),
            (" {\"now\" : 1,\n \"aircraft\" : [", Some(Reader::Readsb)),
            ("{\"icao\":\"a\",\"trace\":[[", Some(Reader::Readsb)),
            ("{\"time\":1,\"states\":[[", Some(Reader::States)),
            ("{\"aircraft\":[]}", None),
            ("{\"id\":\"r\",\"time\":1}", None),
            ("\x1a2\0\0", Some(Reader::Beast)),
            ("\x1a\u{1a}", None),
            ("$price,act,time\n", None),
            ("\\never ends", None),
        ];
        for (head, expected) in cases {
            assert_eq!(detect(head.as_bytes()), expected, "{head}");
        }
    }
}
