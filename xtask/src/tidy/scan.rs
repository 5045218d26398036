//! Rust text as words and signs, with what stands in comments and quotes set apart.
//!
//! Invariant: a brace, a word or a quote inside a comment, a string, a raw string or a character
//! literal is never taken for one of the program.
#![allow(clippy::indexing_slicing)] // every index was found in the same text

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A keyword, a name, or a number.
    Word,
    /// One sign.
    Sign,
    /// A string, raw string, byte string or character literal, with its quotes.
    Quoted,
    /// A lifetime.
    Lifetime,
    /// A comment, with its signs.
    Comment,
}

/// A token and the line in which it begins, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// What it is.
    pub kind: Kind,
    /// Its text.
    pub text: &'t str,
    /// Its first line.
    pub line: usize,
}

/// The tokens of a Rust file, white space left out.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let (mut out, mut at, mut line) = (Vec::new(), 0, 1);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, kind) = token(rest);
        let token = rest.get(..length).unwrap_or(rest);
        if let Some(kind) = kind {
            out.push(Token { kind, text: token, line });
        }
        line += token.matches('\n').count();
        at += token.len();
    }
    out
}

/// The length in bytes and the kind of what the text begins with; white space has no kind.
fn token(rest: &str) -> (usize, Option<Kind>) {
    let first = rest.chars().next().unwrap_or(' ');
    if first.is_whitespace() {
        return (first.len_utf8(), None);
    }
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Some(Kind::Comment));
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), Some(Kind::Comment));
    }
    if let Some(length) = quoted(rest) {
        return (length, Some(Kind::Quoted));
    }
    if first == '\'' {
        return (1 + word(&rest[1..]), Some(Kind::Lifetime));
    }
    let raw = if rest.starts_with("r#") { 2 } else { 0 };
    match word(&rest[raw..]) {
        0 => (first.len_utf8(), Some(Kind::Sign)),
        length => (raw + length, Some(Kind::Word)),
    }
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        let step = match here {
            [b'/', b'*', ..] => {
                depth += 1;
                2
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                2
            }
            _ => 1,
        };
        at += step;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The length of the literal in quotes that the text begins with, if it does.
fn quoted(rest: &str) -> Option<usize> {
    let prefixes = ["br", "cr", "r", "b", "c", ""];
    let prefix = prefixes.into_iter().find(|prefix| rest.starts_with(prefix))?;
    let body = &rest[prefix.len()..];
    let hashes = body.len() - body.trim_start_matches('#').len();
    let length = match body.as_bytes().get(hashes)? {
        b'"' if prefix.ends_with('r') => {
            let end = format!("\"{}", "#".repeat(hashes));
            let from = hashes + 1;
            body[from..].find(&end).map_or(body.len(), |at| from + at + end.len())
        }
        b'"' if hashes == 0 => closing(body, '"'),
        b'\'' if hashes == 0 && matches!(prefix, "" | "b") && is_character(body) => {
            closing(body, '\'')
        }
        _ => return None,
    };
    Some(prefix.len() + length)
}

/// `'a'` and `'\n'` are characters; `'a` is a lifetime.
fn is_character(body: &str) -> bool {
    let mut signs = body.chars().skip(1);
    matches!((signs.next(), signs.next()), (Some('\\'), _) | (Some(_), Some('\'')))
}

/// Up to and with the closing quote; a backslash takes the sign behind it along.
fn closing(body: &str, quote: char) -> usize {
    let mut signs = body.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        match sign {
            '\\' => {
                signs.next();
            }
            sign if sign == quote => return at + sign.len_utf8(),
            _ => {}
        }
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(text: &str) -> String {
        let plain = tokens(text).into_iter().filter(|t| matches!(t.kind, Kind::Word | Kind::Sign));
        plain.map(|t| t.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_and_quotes_are_not_the_program() {
        let cases = [
            ("a // { fn b\nc", "a c"),
            ("a /* { /* } */ fn */ b", "a b"),
            (r#"a("}\"{", b"{", c"x")"#, "a ( , , )"),
            ("r\"\\\" r#\"a\"} \"# br##\"\"#}\"## x", "x"),
            (r"'{' '\'' b'}' '\u{7b}' f", "f"),
            ("&'a str { 'outer: loop {} }", "& str { : loop { } }"),
            ("r#fn bar rows", "r#fn bar rows"),
            ("é + \"ü{\" + 'ß'", "é + +"),
        ];
        for (text, expected) in cases {
            assert_eq!(program(text), expected, "{text}");
        }
    }

    #[test]
    fn unclosed_text_ends_with_the_file() {
        for text in ["\"a", "r#\"a\"", "/*/**/", "'\\", "b\"\\", "r#", "'"] {
            let whole: String = tokens(text).iter().map(|t| t.text).collect();
            assert_eq!(whole, text);
        }
    }

    #[test]
    fn lines_are_counted_through_strings() {
        let all = tokens("a\n\"x\ny\"\n/* \n */ b");
        let lines: Vec<_> = all.iter().map(|t| t.line).collect();
        assert_eq!(lines, [1, 2, 4, 5]);
    }
}
