//! Positions of things that move: the formats that hold them, and what may be doubted of them.
//!
//! Invariant: a doubt lowers the credibility of a record and is counted; it never removes a record
//! and never changes what it says.

pub(crate) mod ais;
pub(crate) mod doubt;
pub(crate) mod message;
pub(crate) mod plan;
pub(crate) mod sentence;
pub(crate) mod sighting;

use plan::Reader;

/// The format of positions that begins so, if it is one.
pub(crate) fn detect(head: &[u8]) -> Option<Reader> {
    let mut lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"))?;
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
            ("$price,act,time\n", None),
            ("\\never ends", None),
        ];
        for (head, expected) in cases {
            assert_eq!(detect(head.as_bytes()), expected, "{head}");
        }
    }
}
