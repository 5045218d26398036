//! The options of a command: names with numbers, and flags.
//!
//! Invariant: an option that the command does not have is refused, never passed over.

/// The numbers of these options, in their order; none where one is not given.
///
/// # Errors
/// Where something else is given.
pub fn numbers<const N: usize>(
    arguments: &[String],
    names: [&str; N],
) -> Result<[Option<u64>; N], String> {
    let mut found = [None; N];
    let mut rest = arguments.iter().skip(1);
    while let Some(option) = rest.next() {
        let number = rest.next().and_then(|text| text.replace('_', "").parse().ok());
        let at = names.iter().position(|name| name == option);
        match (at.and_then(|at| found.get_mut(at)), number) {
            (Some(place), Some(number)) => *place = Some(number),
            _ => {
                let known: Vec<String> =
                    names.iter().map(|name| format!("`{name} NUMBER`")).collect();
                let got = arguments.get(1..).unwrap_or_default().join(" ");
                return Err(format!("expected {} or nothing, got `{got}`", known.join(", ")));
            }
        }
    }
    Ok(found)
}

/// Whether the only argument after the command is this flag.
///
/// # Errors
/// Where something else is given.
pub fn flag(arguments: &[String], name: &str) -> Result<bool, String> {
    match arguments.get(1..).unwrap_or_default() {
        [] => Ok(false),
        [one] if one == name => Ok(true),
        other => Err(format!("expected `{name}` or nothing, got `{}`", other.join(" "))),
    }
}

/// No option at all.
///
/// # Errors
/// Where one is given.
pub fn nothing(arguments: &[String]) -> Result<(), String> {
    match arguments.get(1..).unwrap_or_default() {
        [] => Ok(()),
        other => Err(format!("expected no option, got `{}`", other.join(" "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_any_order() {
        let given = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        let read = |text: &str| numbers(&given(text), ["--cases", "--least"]);
        assert_eq!(read("differential"), Ok([None, None]));
        assert_eq!(read("differential --least 3 --cases 10_000"), Ok([Some(10_000), Some(3)]));
        assert!(read("differential --seed 3").is_err());
        assert!(read("differential --cases").is_err());
        assert!(read("differential --cases many").is_err());
    }
}
