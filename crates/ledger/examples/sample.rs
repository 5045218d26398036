//! Writes a log for another's verifier, and prints the key to verify it with.
//!
//! `sample DIRECTORY ENTRIES`.
//!
//! Invariant: the same arguments write the same static files.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a sample stops where it fails")]

use casus_ledger::{Kind, Ledger, Signer};
use std::path::PathBuf;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap());
    let count: usize = arguments.next().unwrap().parse().unwrap();
    let key = Signer::from_seed("sample.example/log", Kind::Note, &[7; 32]).unwrap();
    println!("{}", key.verifier());
    let entries: Vec<Vec<u8>> = (0..count).map(|n| format!("entry {n}").into_bytes()).collect();
    let mut ledger = Ledger::create(&folder, key).unwrap();
    for group in entries.chunks(5000) {
        let slices: Vec<&[u8]> = group.iter().map(Vec::as_slice).collect();
        ledger.append(&slices).unwrap();
    }
    ledger.close().unwrap();
}
