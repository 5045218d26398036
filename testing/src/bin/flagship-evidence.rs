//! Writes the evidence of the flagship example.
//!
//! Invariant: writes the one file `examples/guarantee/evidence.jsonl` of this repository.

use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/guarantee");
    fs::write(folder.join("evidence.jsonl"), casus_testing::flagship::evidence())
}
