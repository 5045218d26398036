//! One line of a block into words, signs, blanks and comments.
//!
//! Invariant: the tokens of a line cover it without gap or overlap, whatever it holds.

use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::token::{Token, TokenKind};

/// Appends the tokens of the line that `span` covers (its end of line excluded).
pub(crate) fn line(source: &str, span: Span, into: &mut Vec<Token>, told: &mut Vec<Diagnostic>) {
    let mut at = span.start;
    while let Some(rest) = source.get(at..span.end).filter(|rest| !rest.is_empty()) {
        let (kind, length) = token(rest);
        let token = Token { kind, span: Span::new(at, at + length) };
        examine(token, rest.get(..length).unwrap_or(""), told);
        into.push(token);
        at += length;
    }
}

fn token(rest: &str) -> (TokenKind, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    let whole = first.len_utf8();
    match first {
        ' ' | '\t' => (TokenKind::Blank, run(rest, |c| matches!(c, ' ' | '\t'))),
        ',' => (TokenKind::Comma, whole),
        ':' => (TokenKind::Colon, whole),
        '%' => (TokenKind::Percent, whole),
        '"' => match rest.get(1..).and_then(|inner| inner.find('"')) {
            Some(close) => (TokenKind::Text, close + 2),
            None => (TokenKind::Unknown, rest.len()),
        },
        '-' if rest.starts_with("--") => (TokenKind::Comment, rest.len()),
        c if starts_word(c) => (TokenKind::Word, word(rest)),
        _ => (TokenKind::Unknown, run(rest, unknown).max(whole)),
    }
}

fn run(rest: &str, test: impl Fn(char) -> bool) -> usize {
    rest.char_indices().find(|(_, c)| !test(*c)).map_or(rest.len(), |(at, _)| at)
}

fn starts_word(c: char) -> bool {
    c.is_alphanumeric()
}

/// Signs that join two halves of a word, and nothing at its ends.
fn joins(c: char) -> bool {
    matches!(c, '-' | '.' | '/' | '\'' | '’' | '_' | '&' | '+')
}

/// Signs that may stand anywhere after the first letter: combining marks are told of elsewhere.
fn continues(c: char) -> bool {
    c.is_alphanumeric() || c == '°' || ('\u{300}'..='\u{36f}').contains(&c) || invisible(c)
}

fn unknown(c: char) -> bool {
    !starts_word(c) && !matches!(c, ' ' | '\t' | ',' | ':' | '%' | '"' | '-')
}

fn word(rest: &str) -> usize {
    let mut characters = rest.char_indices().peekable();
    let mut end = 0;
    while let Some((at, c)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let goes_on = continues(c)
            || (joins(c) && next.is_some_and(starts_word))
            || (c == ':' && clock(rest.get(..at).unwrap_or(""), next));
        if !goes_on {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// Whether a colon after these letters is one of a time of day.
fn clock(before: &str, next: Option<char>) -> bool {
    let numbers = before.split(':').all(|part| (1..=2).contains(&part.len()) && digits(part));
    numbers && next.is_some_and(|c| c.is_ascii_digit())
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Characters that are not seen, or that reorder or join what is.
pub(crate) fn invisible(c: char) -> bool {
    bidirectional(c)
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
        || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}')
        || matches!(c, '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}')
        || matches!(c, '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fe00}'..='\u{fe0f}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Characters that change the direction of what follows.
pub(crate) fn bidirectional(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2066}'..='\u{2069}')
}

fn examine(token: Token, text: &str, told: &mut Vec<Diagnostic>) {
    let hidden = |c: &char| invisible(*c) || (c.is_control() && *c != '\t');
    if let Some(c) = text.chars().find(hidden) {
        let message = format!("the character U+{:04X} is not seen by a reader", u32::from(c));
        told.push(Diagnostic::error("S003", token.span, message).help("take the character out"));
        return;
    }
    match token.kind {
        TokenKind::Word => examine_word(token.span, text, told),
        TokenKind::Unknown => examine_unknown(token.span, text, told),
        _ => {}
    }
}

fn examine_word(span: Span, text: &str, told: &mut Vec<Diagnostic>) {
    if let Some(c) = text.chars().find(|c| ('\u{300}'..='\u{36f}').contains(c)) {
        let message = format!("`{text}` holds a separate accent, U+{:04X}", u32::from(c));
        let help = "write the letter and its accent as one character";
        told.push(Diagnostic::error("S003", span, message).help(help));
        return;
    }
    let scripts: Vec<&str> = ["Latin", "Greek", "Cyrillic"]
        .into_iter()
        .filter(|script| text.chars().any(|c| script_of(c) == Some(script)))
        .collect();
    if scripts.len() > 1 {
        let message = format!("`{text}` mixes {} letters in one word", scripts.join(" and "));
        let help = "letters of two scripts can look alike: write the word in one";
        told.push(Diagnostic::warning("S004", span, message).help(help));
    }
}

fn script_of(c: char) -> Option<&'static str> {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Some("Latin"),
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Some("Greek"),
        '\u{400}'..='\u{52f}' => Some("Cyrillic"),
        _ => None,
    }
}

fn examine_unknown(span: Span, text: &str, told: &mut Vec<Diagnostic>) {
    if text.starts_with('"') {
        let help = "close it with `\"` on the same line";
        let message = "the quotation is not closed on its line";
        told.push(Diagnostic::error("S002", span, message).help(help));
        return;
    }
    let help = match text.chars().next().unwrap_or(' ') {
        '.' => Some("a sentence ends with its line: leave the full stop out".to_owned()),
        ';' => Some("give the next clause a line of its own".to_owned()),
        '<' | '>' | '=' | '≤' | '≥' => {
            Some("write `at least`, `at most`, `more than`, `less than` or `equal to`".to_owned())
        }
        '“' | '”' | '„' | '«' | '»' => Some("quote with `\"`".to_owned()),
        '–' | '—' | '-' => Some("a comment opens with `--`".to_owned()),
        '#' => Some("a comment opens with `--`".to_owned()),
        c if c.is_whitespace() => Some(format!("U+{:04X}: write a plain space", u32::from(c))),
        _ => None,
    };
    let message = format!("`{text}` has no meaning in a rule");
    let found = Diagnostic::error("S001", span, message);
    told.push(Diagnostic { help, ..found });
}
