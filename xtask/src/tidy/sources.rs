//! Sizes of Rust files, functions and lines, and the words that a file opens with.
//!
//! Invariant: lengths are counted on tokens, so that no string or comment can hide a brace.

use super::{
    Problem,
    files::Files,
    scan::{Kind, Token, tokens},
};
use std::collections::BTreeSet;

const MOST_LINES: usize = 600;
const AIM_LINES: usize = 250;
const MOST_FUNCTION_LINES: usize = 70;
const MOST_COLUMNS: usize = 100;

/// Everything about the shape of Rust files.
pub fn check(files: &Files) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in files.ending(".rs") {
        let lines = text.lines().count();
        if lines > MOST_LINES {
            let what = format!("{lines} lines, at most {MOST_LINES} are allowed");
            let remedy = "give each idea in it a file of its own";
            problems.push(Problem::new(path, 1, what, remedy));
        }
        if !text.starts_with("//!") {
            let remedy = "open it with `//!`: what it is for, and one invariant";
            problems.push(Problem::new(path, 1, "the file does not say what it is for", remedy));
        }
        let tokens = tokens(text);
        let data = raw_lines(&tokens);
        for (at, line) in text.lines().enumerate() {
            let columns = line.chars().count();
            if columns > MOST_COLUMNS && !data.contains(&(at + 1)) {
                let what = format!("{columns} columns, at most {MOST_COLUMNS} are allowed");
                problems.push(Problem::new(path, at + 1, what, "break the line"));
            }
        }
        for function in functions(&tokens) {
            if function.lines > MOST_FUNCTION_LINES {
                let Function { name, line, lines } = function;
                let what = format!("`{name}` has {lines} lines, at most {MOST_FUNCTION_LINES}");
                let remedy = "take a step of it out and give it a name";
                problems.push(Problem::new(path, line, what, remedy));
            }
        }
    }
    problems
}

/// The lines with any part of a raw string: what is in it is data, and cannot be broken.
fn raw_lines(tokens: &[Token<'_>]) -> BTreeSet<usize> {
    let raw = tokens.iter().filter(|token| {
        let start = token.text.trim_start_matches(['b', 'c']);
        token.kind == Kind::Quoted && start.starts_with('r')
    });
    raw.flat_map(|token| token.line..=token.line + token.text.matches('\n').count()).collect()
}

/// Files that are longer than they should be, longest first.
pub fn notes(files: &Files) -> Vec<String> {
    let sized = files.ending(".rs").map(|(path, text)| (text.lines().count(), path));
    let mut long: Vec<_> = sized.filter(|(lines, _)| *lines > AIM_LINES).collect();
    long.sort_by(|a, b| b.cmp(a));
    long.iter().map(|(lines, path)| format!("{path}: {lines} lines, aim for {AIM_LINES}")).collect()
}

/// A function with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function<'t> {
    /// Its name.
    pub name: &'t str,
    /// The line of its `fn`.
    pub line: usize,
    /// Lines from its `fn` to its closing brace.
    pub lines: usize,
}

/// Every function that has a body, inner ones too.
pub fn functions<'t>(all: &[Token<'t>]) -> Vec<Function<'t>> {
    let plain: Vec<&Token<'t>> = all.iter().filter(|t| t.kind != Kind::Comment).collect();
    let starts = plain.windows(2).enumerate().filter_map(|(at, pair)| match pair {
        [keyword, name] if keyword.text == "fn" && name.kind == Kind::Word => Some((at, name)),
        _ => None,
    });
    let sized = starts.filter_map(|(at, name)| {
        let body = plain.get(at..)?;
        let (line, end) = (body.first()?.line, end_of_body(body)?);
        Some(Function { name: name.text, line, lines: end - line + 1 })
    });
    sized.collect()
}

/// The line of the brace that closes the body; none where `;` stands for a body.
fn end_of_body(tokens: &[&Token<'_>]) -> Option<usize> {
    let (mut braces, mut others) = (0_usize, 0_usize);
    for token in tokens.iter().filter(|t| t.kind == Kind::Sign) {
        match token.text {
            "(" | "[" => others += 1,
            ")" | "]" => others = others.saturating_sub(1),
            ";" if braces == 0 && others == 0 => return None,
            "{" => braces += 1,
            "}" if braces == 1 && others == 0 => return Some(token.line),
            "}" => braces = braces.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(text: &str) -> Vec<(&str, usize)> {
        functions(&tokens(text)).iter().map(|f| (f.name, f.lines)).collect()
    }

    #[test]
    fn functions_end_at_their_own_brace() {
        assert_eq!(sizes("fn a() {\n}\nfn b() {}"), [("a", 2), ("b", 1)]);
        assert_eq!(sizes("fn a() {\n  let x = \"}\"; // }\n  '}'\n}"), [("a", 4)]);
        assert_eq!(sizes("fn a() {\n  r#\"}\n\"}\"#\n}\n}"), [("a", 4)]);
        assert_eq!(sizes("fn a() {\n fn b() {\n }\n}"), [("a", 4), ("b", 2)]);
        assert_eq!(sizes("fn a(x: [u8; 3]) -> impl Fn() {\n|| {}\n}"), [("a", 3)]);
        assert_eq!(sizes("fn a() { m!{(\n)} }"), [("a", 2)]);
    }

    #[test]
    fn what_has_no_body_has_no_length() {
        assert_eq!(sizes("trait T { fn a(&self);\n fn b(&self) {\n} }"), [("b", 2)]);
        assert_eq!(sizes("type F = fn(u8) -> u8; struct S { f: fn() }"), []);
        assert_eq!(sizes("macro_rules! m { ($n:ident) => { fn $n() {} } }"), []);
    }

    #[test]
    fn a_long_function_is_found_and_a_fitting_one_is_not() {
        let body = |lines: usize| format!("//! x\nfn f() {{\n{}}}\n", "//\n".repeat(lines));
        let said = |text: String| check(&Files::of(&[("a.rs", text.as_str())])).len();
        assert_eq!((said(body(68)), said(body(69))), (0, 1));
    }

    #[test]
    fn long_files_long_lines_and_bare_files_are_found() {
        let long = format!("//! x\n{}", "//\n".repeat(600));
        let wide = format!("//! x\n// {}\n", "ü".repeat(98));
        let data = format!("//! x\nconst A: &str = r\"{}\";\n", "ü\n".repeat(2) + &"x".repeat(99));
        let files = Files::of(&[
            ("a.rs", &long),
            ("b.rs", &wide),
            ("c.rs", "fn a() {}\n"),
            ("d.rs", &data),
        ]);
        let said: Vec<_> = check(&files).iter().map(|p| format!("{}:{}", p.file, p.line)).collect();
        assert_eq!(said, ["a.rs:1", "b.rs:2", "c.rs:1"]);
        assert_eq!(notes(&files), ["a.rs: 601 lines, aim for 250"]);
    }
}
