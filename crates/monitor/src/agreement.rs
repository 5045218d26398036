//! The agreement as it lies beside the log.
//!
//! Invariant: a text is read only if it has the digest that the log names.

use crate::{act::Kept, error::Error};
use casus_check::{Annexes, Checked, check};
use casus_ledger::{Attachments, Hash};
use casus_syntax::Document;
use std::collections::BTreeMap;

/// A wording: the text and its annexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: Kept,
    /// The annexes, by name.
    pub annexes: BTreeMap<String, Kept>,
}

struct Beside<'t> {
    annexes: &'t BTreeMap<String, Kept>,
    attachments: Attachments<'t>,
}

impl Annexes for Beside<'_> {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        let kept = self.annexes.get(name).ok_or("it is not in the record")?;
        content(&self.attachments, kept).map_err(|error| error.to_string())
    }
}

/// What a digest stands for.
pub(crate) fn content(attachments: &Attachments<'_>, kept: &Kept) -> Result<Vec<u8>, Error> {
    Ok(attachments.get(&Hash::parse(&kept.sha256)?)?)
}

impl Text {
    /// Reads and checks the text.
    ///
    /// # Errors
    /// Where it is not there, or is no longer what it was.
    pub(crate) fn read(&self, attachments: Attachments<'_>) -> Result<(Document, Checked), Error> {
        let bytes = content(&attachments, &self.text)?;
        let text = casus_syntax::decode(&bytes)
            .map_err(|found| Error::refused(found.message, "see `casus check`"))?;
        let document = casus_syntax::parse(&text);
        let checked = check(&document, &Beside { annexes: &self.annexes, attachments });
        Ok((document, checked))
    }
}
