//! Every diagnostic of the checker: its code, what it means, and an example each way.
//!
//! Invariant: a code means one thing for ever; its first example raises it, its second does not.

use casus_syntax::Severity;

mod amounts;
mod names;
mod places;
mod rules;
mod tests;

pub(crate) use amounts::*;
pub(crate) use names::*;
pub(crate) use places::*;
pub(crate) use rules::*;
pub(crate) use tests::*;

/// What a diagnostic means.
#[derive(Debug)]
pub struct Code {
    /// Its code, as `C001`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// It may repeat what the reader of the text said of the same words.
    pub(crate) about_names: bool,
    /// A line about it.
    pub title: &'static str,
    /// Why it is wrong, and what to do.
    pub explanation: &'static str,
    /// A text that raises it.
    pub raises: Example,
    /// The same, as it should be.
    pub passes: Example,
}

/// A text with the annex file that it names.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// A block of rules, or, with a fence in it, a piece of an agreement.
    pub text: &'static str,
    /// The annex file: its name and its content.
    pub annex: Option<(&'static str, &'static str)>,
}

impl Example {
    const fn text(text: &'static str) -> Example {
        Example { text, annex: None }
    }
    const fn with(text: &'static str, file: &'static str, content: &'static str) -> Example {
        Example { text, annex: Some((file, content)) }
    }
    /// The whole Markdown file; a block alone is fenced, and given an agreement where it has none.
    pub fn markdown(&self) -> String {
        let text = self.text.trim_matches('\n');
        if text.contains("```") {
            return format!("{text}\n");
        }
        let head = match text.contains("agreement ") {
            true => "",
            false => "agreement Example version 1\n",
        };
        format!("```casus\n{head}{text}\n```\n")
    }
}

/// One code: its constant, its number, its severity, its title and explanation, and an example
/// each way.
macro_rules! code {
    ($name:ident $code:literal $severity:ident $names:literal, $title:literal, $why:literal,
     raises $raises:expr, passes $passes:expr) => {
        #[doc = $title]
        pub(crate) static $name: crate::registry::Code = crate::registry::Code {
            code: $code,
            severity: casus_syntax::Severity::$severity,
            about_names: $names,
            title: $title,
            explanation: $why,
            raises: $raises,
            passes: $passes,
        };
    };
}
pub(crate) use code;

/// Every code, in order.
pub fn codes() -> Vec<&'static Code> {
    let lists = [names::ALL, amounts::ALL, places::ALL, rules::ALL, tests::ALL];
    let mut all: Vec<&'static Code> = lists.into_iter().flatten().copied().collect();
    all.sort_by_key(|one| one.code);
    all
}
