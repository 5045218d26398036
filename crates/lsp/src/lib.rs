//! The language server: what an editor asks about an agreement, and the answers.
//!
//! It opens no file and knows no terminal: messages come from a stream, files through a `Door`.
//! Invariant: whatever a client sends, every request has exactly one answer, and nothing panics.

mod annex;
mod complete;
mod door;
mod hover;
mod keywords;
mod layout;
mod lines;
mod rename;
mod requests;
mod serve;
mod server;
mod spot;
mod store;
mod symbols;
mod told;
mod uses;
mod wire;

pub use door::Door;
pub use serve::{Ended, serve};
pub use server::Server;
