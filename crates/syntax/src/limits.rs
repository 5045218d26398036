//! How much of a file is read before it is refused.
//!
//! Invariant: whatever the file, reading it takes time and memory in proportion to its size.

/// Greatest sizes; what exceeds one is told by a diagnostic and not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: usize,
    /// Bytes of a block.
    pub block_bytes: usize,
    /// Bytes of one line of a block.
    pub line_bytes: usize,
    /// Block quotes and lists within each other.
    pub nesting: usize,
    /// Items and scenarios of the file.
    pub items: usize,
    /// Words of one item or scenario.
    pub item_words: usize,
    /// Bytes of a name.
    pub name_bytes: usize,
    /// Words of a name.
    pub name_words: usize,
    /// Moments within each other (`earlier of … or …`).
    pub moments: usize,
    /// Diagnostics that are kept; one more says how many were not.
    pub diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file_bytes: 8 << 20,
            block_bytes: 1 << 20,
            line_bytes: 16 << 10,
            nesting: 32,
            items: 20_000,
            item_words: 20_000,
            name_bytes: 120,
            name_words: 8,
            moments: 8,
            diagnostics: 500,
        }
    }
}
