//! The lines of a rule as the text writes them.
//!
//! Invariant: no word is added or left out but comments.

use casus_model::program::Rule;
use casus_syntax::Document;

/// The lines of the rule, the first at the left, the others indented.
pub fn lines(document: &Document, rule: &Rule) -> Vec<String> {
    let item = document.items.iter().find(|item| item.line == rule.line);
    let Some(item) = item else { return vec![rule.sentence.to_string()] };
    let text = item.span.of(&document.source);
    let plain = |line: &str| {
        let code = line.split("--").next().unwrap_or(line);
        code.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    text.lines().map(plain).filter(|line| !line.is_empty()).collect()
}

/// The clauses that open with one of these words, each with the lines that go on with it.
pub fn opening(document: &Document, rule: &Rule, words: &[&str]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut taken = false;
    for line in lines(document, rule).into_iter().skip(1) {
        let first = line.split_whitespace().next().unwrap_or("");
        let goes_on = matches!(first, "and" | "or");
        match found.last_mut().filter(|_| taken && goes_on) {
            Some(last) => {
                last.push(' ');
                last.push_str(&line);
            }
            None => {
                taken = words.contains(&first);
                if taken {
                    found.push(line);
                }
            }
        }
    }
    found
}
