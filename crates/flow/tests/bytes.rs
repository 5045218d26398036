//! Records and differences as bytes.
//!
//! Invariant: what is encoded decodes to an equal value, and no bytes make the reader panic.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use casus_engine::{Change, Difference, Engine};
use casus_flow::{decode, encode};
use casus_model::Record;
use casus_testing::arbitrary;
use common::hold;
use proptest::{collection::vec, prelude::*, sample::Index};
use std::sync::Arc;

#[test]
fn what_is_sent_is_what_arrives() {
    hold(300, &arbitrary::case(5, 20), |case| {
        prop_assert_eq!(
            decode::<Vec<Record>>(&encode(&case.records)).unwrap(),
            case.records.clone()
        );
        let mut engine = Engine::new(Arc::clone(&case.program));
        let mut told = engine.apply(Change::Clock(case.now));
        told.extend(engine.apply(Change::Records(case.records)));
        prop_assert_eq!(decode::<Vec<Difference>>(&encode(&told)).unwrap(), told);
        Ok(())
    });
}

#[test]
fn bytes_that_are_cut_or_changed_do_no_harm() {
    let changed = vec((any::<Index>(), any::<u8>()), 1..=4);
    hold(500, &(arbitrary::records(6), changed, any::<Index>()), |(records, changed, cut)| {
        let whole = encode(&records);
        prop_assert!(decode::<Vec<Record>>(&whole[..cut.index(whole.len())]).is_err());
        let mut bytes = whole.clone();
        for (at, byte) in &changed {
            let place = at.index(bytes.len());
            bytes[place] = *byte;
        }
        if let Ok(read) = decode::<Vec<Record>>(&bytes) {
            prop_assert_eq!(encode(&read), bytes);
        }
        Ok(())
    });
}

#[test]
fn any_bytes_are_read_or_refused() {
    hold(2_000, &vec(any::<u8>(), 0..200), |bytes| {
        let _ = decode::<Vec<Record>>(&bytes);
        let _ = decode::<Vec<Difference>>(&bytes);
        Ok(())
    });
    // A length that promises more than there is takes no memory.
    assert!(decode::<Vec<u64>>(&[255; 40]).is_err());
}
