//! Names shared between records, the signs a name may hold, and the guess at what was meant.
//!
//! Invariant: a name that leaves this crate holds no control sign and no sign that turns the
//! direction of writing; free text may.

use casus_model::Name;
use std::collections::HashSet;

/// Every name once. The hash is keyed at random, because the names come from strangers.
#[derive(Debug, Default)]
pub(crate) struct Names(HashSet<Name>);

impl Names {
    pub fn shared(&mut self, text: &str) -> Name {
        match self.0.get(text) {
            Some(name) => name.clone(),
            None => {
                let name = Name::from(text);
                self.0.insert(name.clone());
                name
            }
        }
    }
}

/// Says what is wrong with a text as a name, if anything.
pub(crate) fn fault_of_name(text: &str) -> Option<String> {
    if text.is_ascii() && !text.bytes().any(|b| b.is_ascii_control()) {
        return None;
    }
    let sign = text.chars().find(|&sign| is_hidden(sign))?;
    Some(format!("a name may not hold the hidden sign U+{:04X}", u32::from(sign)))
}

fn is_hidden(sign: char) -> bool {
    let turns = matches!(sign, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    turns || sign.is_control() || matches!(sign, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{FEFF}')
}

/// The known name that is spelt most like the one given, if any is near.
pub(crate) fn nearest<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let given = crate::reject::shortened(given, 64).to_lowercase();
    let far = |name: &str| strsim::damerau_levenshtein(&given, &name.to_lowercase());
    let best = known.into_iter().map(|name| (far(name), name)).min()?;
    (best.0 <= 1 + given.chars().count() / 4).then_some(best.1)
}

/// Adds a guess to a message of the form ``unknown field `x`, expected one of `a`, `b` ``.
pub(crate) fn with_guess(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let mut quoted = message.split('`').skip(1).step_by(2);
    let Some(given) = message.contains("unknown ").then(|| quoted.next()).flatten() else {
        return message.to_owned();
    };
    match nearest(given, quoted) {
        Some(near) => format!("{message}; did you mean `{near}`?"),
        None => message.to_owned(),
    }
}
