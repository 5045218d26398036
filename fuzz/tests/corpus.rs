//! Every input that was ever worth keeping goes through its target.
//!
//! Invariant: each target has inputs of its own.
#![allow(clippy::unwrap_used)]

use casus_fuzz::{TARGETS, corpus};
use std::path::Path;

#[test]
fn no_input_of_the_corpus_breaks_its_reader() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for target in &TARGETS {
        let inputs = corpus::inputs(&workspace, target).unwrap();
        let own = format!("fuzz/corpus/{}/", target.name);
        assert!(inputs.iter().any(|(path, _)| path.starts_with(&own)), "{}", target.name);
        for (_, bytes) in &inputs {
            (target.run)(bytes);
        }
    }
}
