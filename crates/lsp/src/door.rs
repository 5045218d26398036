//! The files beside an agreement, which only the caller can open.
//!
//! Invariant: a file is asked for by its name in the agreement's folder, never by a path.

use casus_check::Annexes;

/// The way to the folders of agreements.
pub trait Door {
    /// The bytes of the file of this name in the folder of the agreement at this URI.
    ///
    /// # Errors
    /// Why they cannot be had, as the reader of a diagnostic should see it.
    fn read(&self, agreement: &str, name: &str) -> Result<Vec<u8>, String>;

    /// The names of the files of that folder, sorted; none where nobody knows.
    fn names(&self, agreement: &str) -> Vec<String>;
}

/// The folder of one agreement.
pub(crate) struct Beside<'d> {
    pub(crate) door: &'d dyn Door,
    pub(crate) uri: &'d str,
}

impl Annexes for Beside<'_> {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        self.door.read(self.uri, name)
    }
}
