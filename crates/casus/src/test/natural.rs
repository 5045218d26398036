//! The order in which people list titles: numbers in them by their value.
//!
//! Invariant: two titles have the same key only if they are the same but for case and zeros before
//! a number.

/// A stretch of a title; where one has a number and the other none, the number comes first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// A number: how many digits it has, and these.
    Number(usize, String),
    /// Whatever stands between numbers, in small letters.
    Text(String),
}

/// What to sort a title by.
pub fn key(title: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = title;
    while !rest.is_empty() {
        let digits = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        if !number.is_empty() {
            let number = number.trim_start_matches('0');
            pieces.push(Piece::Number(number.len(), number.to_owned()));
        }
        let signs = after.find(|sign: char| sign.is_ascii_digit()).unwrap_or(after.len());
        let (text, after) = after.split_at(signs);
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_lowercase()));
        }
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_sorted_by_their_value() {
        let mut titles =
            ["P10 Ten", "b", "P2 Two", "p02 Two and more", "", "P99999999999999999999 x", "A", "7"];
        titles.sort_by_cached_key(|title| key(title));
        let sorted =
            ["", "7", "A", "b", "P2 Two", "p02 Two and more", "P10 Ten", "P99999999999999999999 x"];
        assert_eq!(titles, sorted);
    }
}
