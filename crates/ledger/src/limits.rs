//! Everything that is bounded, in one place.
//!
//! Invariant: whatever is read or written is measured against these before memory is taken for it.

/// The most bytes of one entry: its length stands in 16 bits. What is larger lies beside the log
/// as an attachment, and the entry holds its digest.
pub const ENTRY_BYTES: usize = 65_535;
/// The most entries that are committed together.
pub const GROUP_ENTRIES: usize = 65_536;
/// The most bytes of all entries that are committed together.
pub const GROUP_BYTES: usize = 64 << 20;
/// The most bytes of a note with its signatures.
pub const NOTE_BYTES: usize = 1 << 20;
/// The most signatures under a note.
pub const NOTE_SIGNATURES: usize = 100;
/// The most hashes of a proof: twice the height of a tree of 2^63 entries.
pub const PROOF_HASHES: usize = 128;
/// The most bytes of a proof bundle.
pub const BUNDLE_BYTES: usize = 4 << 20;
/// The most entries of a log.
pub const LOG_ENTRIES: u64 = 1 << 62;
/// So many entries may stand in the journal before they are put into tiles.
pub const JOURNAL_ENTRIES: u64 = 16_384;
/// So many bytes may stand in the journal before they are put into tiles.
pub const JOURNAL_BYTES: u64 = 16 << 20;
/// The most bytes of an attachment.
pub const ATTACHMENT_BYTES: usize = 256 << 20;
