//! `read_beast` under libFuzzer.
//!
//! Invariant: the same function as in the smoke run.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| casus_fuzz::targets::read_beast(bytes));
