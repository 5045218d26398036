//! One line for each keyword, from the manual.
//!
//! Invariant: the page names every keyword and nothing else; a test compares it with the language.

use std::{collections::BTreeMap, sync::LazyLock};

/// The page of the manual.
const PAGE: &str = include_str!("../../../docs/language/keywords.md");

static LINES: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let rows = PAGE.lines().filter_map(|line| {
        let (keyword, meaning) = line.strip_prefix("| `")?.split_once("` | ")?;
        Some((keyword, meaning.trim_end_matches('|').trim()))
    });
    rows.collect()
});

/// What a keyword says.
pub fn about(keyword: &str) -> Option<String> {
    LINES.get(keyword).map(|meaning| format!("`{keyword}`: {meaning}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use casus_syntax::KEYWORDS;

    #[test]
    fn the_page_has_a_line_for_every_keyword() {
        let missing: Vec<_> = KEYWORDS.iter().filter(|word| about(word).is_none()).collect();
        assert!(missing.is_empty(), "give these a line in docs/language/keywords.md: {missing:?}");
        let unknown: Vec<_> = LINES.keys().filter(|word| !KEYWORDS.contains(word)).collect();
        assert!(unknown.is_empty(), "these are no keywords: {unknown:?}");
        let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        let rows: Vec<&str> = rows.collect();
        assert!(rows.is_sorted(), "the rows of docs/language/keywords.md are not in order");
        assert_eq!(rows.len(), LINES.len(), "a keyword has two rows, or a row is not read");
    }
}
