//! Roots, proofs, tiles, checkpoints and keys, against programs that are not ours.
//!
//! Invariant: what another's program makes, ours accepts, and the other way round.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops where it fails"
)]

mod support;

use casus_ledger::{
    Checkpoint, Edge, Hash, Head, Kind, Ledger, Note, Signer, TileId, Tree, Verifier, leaf_hash,
    open_checkpoint, verify_consistency, verify_inclusion,
};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2_next::Sha256;
use signed_note::{StandardSigner, StandardVerifier, VerifierList};
use std::{fs, path::PathBuf};
use support::{entries, key, log, slices};
use tlog_tiles::{Error as TlogError, Tile, TileHashReader, TileReader};

fn bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn proofs_are_those_of_another_implementation(
        from in 1_usize..700, more in 0_usize..300, at in 0_usize..1000,
    ) {
        let (size, index) = (from + more, at % (from + more));
        let all = entries(0, size);
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        all.iter().for_each(|entry| theirs.push(entry.clone()));
        let mut edge = Edge::default();
        all.iter().for_each(|entry| edge.push(leaf_hash(entry)));
        let (head, tree) = (edge.head(), Tree::new(&edge, size as u64));
        let their_root = theirs.root();
        prop_assert_eq!(their_root.as_bytes().as_slice(), &head.root.0);

        let inclusion = tree.inclusion(index as u64, head.size).unwrap();
        let their_inclusion = theirs.prove_inclusion(index);
        prop_assert_eq!(their_inclusion.as_bytes(), bytes(&inclusion));
        let leaf = leaf_hash(&all[index]);
        verify_inclusion(&leaf, index as u64, &head, &inclusion).unwrap();
        prop_assert!(verify_inclusion(&leaf_hash(b"x"), index as u64, &head, &inclusion).is_err());

        let earlier = Head { size: from as u64, root: tree.root(from as u64).unwrap() };
        let consistency = tree.consistency(earlier.size, head.size).unwrap();
        if more > 0 {
            let their_consistency = theirs.prove_consistency(more);
            prop_assert_eq!(their_consistency.as_bytes(), bytes(&consistency));
        }
        verify_consistency(&earlier, &head, &consistency).unwrap();
        let wrong = Head { size: earlier.size, root: leaf };
        prop_assert!(from == 1 && index == 0
            || verify_consistency(&wrong, &head, &consistency).is_err());
    }
}

/// Reads the files of a log as a stranger's program.
struct Files(PathBuf);

impl TileReader for Files {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, TlogError> {
        let path = |tile: &Tile| {
            // Their paths name the height, which tlog-tiles leaves out.
            self.0.join(tile.path().replacen("tile/8/", "tile/", 1))
        };
        Ok(tiles.iter().map(|tile| fs::read(path(tile)).unwrap()).collect())
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

#[test]
fn a_strangers_program_reads_our_directory() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(folder.path(), key()).unwrap();
    let all = entries(0, 66_000);
    for part in all.chunks(1000) {
        ledger.append(&slices(part)).unwrap();
    }
    ledger.publish().unwrap();
    let text = fs::read(folder.path().join("checkpoint")).unwrap();

    let known = StandardVerifier::new(&log().to_string()).unwrap();
    let note = signed_note::Note::from_bytes(&text).unwrap();
    let (verified, _) = note.verify(&VerifierList::new(vec![Box::new(known)])).unwrap();
    assert_eq!(verified.len(), 1);
    let checkpoint = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    assert_eq!((checkpoint.origin(), checkpoint.size()), ("casus.example/log", 66_000));

    let files = Files(folder.path().to_owned());
    let reader = TileHashReader::new(checkpoint.size(), *checkpoint.hash(), &files);
    for index in [0, 255, 256, 65_535, 65_536, 65_999] {
        let proof = tlog_tiles::prove_record(checkpoint.size(), index, &reader).unwrap();
        let ours = ledger.reader().inclusion(index, 66_000).unwrap();
        assert_eq!(proof.iter().map(|hash| Hash(hash.0)).collect::<Vec<_>>(), ours);
        let leaf = tlog_tiles::record_hash(&all[index as usize]);
        tlog_tiles::check_record(&proof, 66_000, *checkpoint.hash(), index, leaf).unwrap();
    }
    for from in [1, 255, 256, 257, 40_000, 65_536, 66_000] {
        let proof = tlog_tiles::prove_tree(66_000, from, &reader).unwrap();
        let ours = ledger.reader().consistency(from).unwrap();
        if from < 66_000 {
            assert_eq!(proof.iter().map(|hash| Hash(hash.0)).collect::<Vec<_>>(), ours);
        }
    }
}

#[test]
fn paths_of_tiles_are_those_of_another_implementation() {
    for (level, index, width) in [(0, 0, 256), (1, 999, 3), (2, 1000, 256), (0, 1_234_067, 255)] {
        let theirs = Tile::new(8, level, index, u32::from(width), false).path();
        let ours = TileId { level, index, width }.path();
        assert_eq!(ours, theirs.replacen("tile/8/", "tile/", 1));
    }
}

#[test]
fn keys_and_notes_go_both_ways() {
    let theirs = StandardSigner::new(&key().encode()).unwrap();
    let head = Head { size: 0, root: casus_ledger::empty_root() };
    let origin = "casus.example/log".to_owned();
    let text = Checkpoint { origin, head, extensions: Vec::new() }.text();
    let mut note = signed_note::Note::new(text.as_bytes(), &[]).unwrap();
    note.add_sigs(&[&theirs]).unwrap();
    let (checkpoint, ours) = open_checkpoint(&note.to_bytes(), &log()).unwrap();
    assert_eq!((checkpoint.head, ours.encode()), (head, note.to_bytes()));
    // Ed25519 signatures are the same whoever makes them.
    assert_eq!(ours.signatures, [key().sign(&text, 0)]);
}

/// The example of C2SP signed-note, and of Go's `sumdb/note`.
#[test]
fn a_note_that_others_signed_is_verified() {
    let known =
        Verifier::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
            .unwrap();
    let text = "If you think cryptography is the answer to your problem,\n\
                then you don't know what your problem is.\n";
    let signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg\
                     KvqfqdngotpRZb6KE6RyyBwJnAM=";
    let note = format!("{text}\n\u{2014} PeterNeumann {signature}\n");
    let note = Note::parse(note.as_bytes()).unwrap();
    assert_eq!(note.signed_by(&known).unwrap(), None);
    let other = Signer::from_seed("PeterNeumann", Kind::Note, &[1; 32]).unwrap();
    assert!(note.signed_by(other.verifier()).is_err());
}
