//! The name that was probably meant.
//!
//! Invariant: a suggestion is one of the names given, and close to what was written.

/// The closest of the names, where one is close.
pub(crate) fn closest<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let low = written.to_lowercase();
    let allowed = (low.chars().count() / 3).clamp(1, 4);
    let near = |name: &&str| !name.is_empty() && name.len().abs_diff(written.len()) <= 4 * allowed;
    let scored = names.into_iter().filter(near).take(20_000).map(|name| {
        let other = name.to_lowercase();
        (strsim::damerau_levenshtein(&low, &other), name)
    });
    scored.filter(|(far, _)| *far <= allowed).min().map(|(_, name)| name)
}

/// `did you mean …`, or what there is to choose from.
pub(crate) fn help<'a>(
    written: &str,
    what: &str,
    names: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    if let Some(name) = closest(written, names.clone()) {
        return Some(format!("did you mean `{name}`?"));
    }
    let mut all: Vec<&str> = names.into_iter().take(500).collect();
    all.sort_unstable();
    all.dedup();
    if all.is_empty() {
        return Some(format!("no {what} is declared"));
    }
    let more = all.len().saturating_sub(6);
    all.truncate(6);
    let list = all.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(format!("there is {list}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_and_a_stranger_is_not() {
        assert_eq!(closest("Securty", ["Security", "Corridor"]), Some("Security"));
        assert_eq!(closest("Kyiv", ["Security", "Corridor"]), None);
    }

    #[test]
    fn without_a_close_name_the_names_are_listed() {
        let names = ["a1", "b2", "c3", "d4", "e5", "f6", "g7"];
        assert_eq!(
            help("Kyiv", "zone", names).as_deref(),
            Some("there is `a1`, `b2`, `c3`, `d4`, `e5`, `f6` and 1 more")
        );
    }
}
