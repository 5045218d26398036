//! Every input that was ever worth keeping goes through its target.
//!
//! Invariant: each target has inputs of its own.
#![allow(clippy::unwrap_used)]

use casus_fuzz::{
    TARGETS, corpus,
    targets::{JUDGED, judge_agreement},
};
use std::{path::Path, sync::atomic::Ordering};

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

#[test]
fn every_small_agreement_of_the_corpus_is_judged() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = TARGETS.iter().find(|target| target.name == "judge_agreement").unwrap();
    let inputs = corpus::inputs(&workspace, target).unwrap();
    let own = inputs.iter().filter(|(path, _)| path.starts_with("fuzz/corpus/judge_agreement/"));
    assert!(own.clone().count() >= 10);
    for (path, bytes) in own {
        // The other test may judge meanwhile; it only makes the number greater.
        let before = JUDGED.load(Ordering::Relaxed);
        judge_agreement(bytes);
        assert!(JUDGED.load(Ordering::Relaxed) > before, "{path} is not judged");
    }
}
