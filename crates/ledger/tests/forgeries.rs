//! Forged proofs and checkpoints, one a line: none of them is believed.
//!
//! Invariant: the proof that all are made from is believed.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops where it fails"
)]

mod support;

use casus_ledger::{
    Bundle, Checkpoint, Edge, Hash, Head, Kind, Note, Policy, Signer, Tree, Verified, leaf_hash,
    verify_consistency,
};
use support::{entries, key, key_of, log};

const INDEX: u64 = 41;
const SIZE: u64 = 100;

fn witness() -> Signer {
    Signer::from_seed("witness.example/w", Kind::Cosignature, &[9; 32]).unwrap()
}

fn edge(size: u64) -> Edge {
    let mut edge = Edge::default();
    entries(0, size as usize).iter().for_each(|entry| edge.push(leaf_hash(entry)));
    edge
}

fn checkpoint(origin: &str, head: Head) -> String {
    Checkpoint { origin: origin.to_owned(), head, extensions: Vec::new() }.text()
}

fn signed(text: &str, keys: &[&Signer]) -> Vec<u8> {
    let signatures = keys.iter().map(|key| key.sign(text, 1_700_000_000)).collect();
    Note { text: text.to_owned(), signatures }.encode()
}

/// A proof of entry 41 of 100, signed and cosigned.
fn good() -> Bundle {
    let (edge, witness) = (edge(SIZE), witness());
    let hashes = Tree::new(&edge, SIZE).inclusion(INDEX, SIZE).unwrap();
    let text = checkpoint("casus.example/log", edge.head());
    let checkpoint = signed(&text, &[&key(), &witness]);
    Bundle { extra: None, index: INDEX, hashes, checkpoint }
}

fn believed(file: &[u8], entry: &[u8]) -> Option<Verified> {
    let policy = Policy { log: log(), witnesses: vec![witness().verifier().clone()], quorum: 1 };
    Bundle::parse(file).ok()?.verify(entry, &policy).ok()
}

/// Forgeries by name, each made from the good proof.
#[derive(Default)]
struct Cases(Vec<(String, Bundle)>);

impl Cases {
    fn add(&mut self, name: &str, change: &dyn Fn(&mut Bundle)) {
        let mut bundle = good();
        change(&mut bundle);
        assert_ne!(bundle, good(), "{name} changes nothing");
        self.0.push((name.to_owned(), bundle));
    }
}

/// Changes of the index and the hashes.
fn of_the_proof(cases: &mut Cases) {
    let mut add = |name: &str, change: &dyn Fn(&mut Bundle)| cases.add(name, change);
    for (name, index) in [
        ("0", 0),
        ("the one before", 40),
        ("the one after", 42),
        ("the size", 100),
        ("far", 1 << 40),
    ] {
        add(&format!("the index is {name}"), &|bundle| bundle.index = index);
    }
    for at in 0..good().hashes.len() {
        add(&format!("hash {at} has another bit"), &|bundle| bundle.hashes[at].0[0] ^= 1);
        add(&format!("hash {at} is gone"), &|bundle| {
            bundle.hashes.remove(at);
        });
        add(&format!("hash {at} is there twice"), &|bundle| {
            bundle.hashes.insert(at, bundle.hashes[at]);
        });
    }
    add("no hash", &|bundle| bundle.hashes.clear());
    add("hashes in another order", &|bundle| bundle.hashes.reverse());
    add("a hash more", &|bundle| bundle.hashes.push(Hash([0; 32])));
}

/// Changes of what the log says.
fn of_the_checkpoint(cases: &mut Cases) {
    let mut add = |name: &str, change: &dyn Fn(&mut Bundle)| cases.add(name, change);
    let heads = [
        ("a size more", Head { size: 101, root: edge(SIZE).head().root }),
        ("a size less", Head { size: 99, root: edge(SIZE).head().root }),
        ("size 0", Head { size: 0, root: edge(SIZE).head().root }),
        ("the root of 99", Head { size: 100, root: edge(99).head().root }),
        ("a root of zeros", Head { size: 100, root: Hash([0; 32]) }),
        ("an earlier state", edge(64).head()),
    ];
    for (name, head) in heads {
        let text = checkpoint("casus.example/log", head);
        // A root binds no size: a log that signs 101 for the root of 100 does not lie of this
        // entry.
        if head.size != 101 && head.size != 99 {
            add(&format!("{name}, signed by the log itself"), &|bundle| {
                bundle.checkpoint = signed(&text, &[&key(), &witness()]);
            });
        }
        add(&format!("{name}, under the old signatures"), &|bundle| {
            let signatures = Note::parse(&bundle.checkpoint).unwrap().signatures;
            bundle.checkpoint = Note { text: text.clone(), signatures }.encode();
        });
    }
}

/// Changes of who says it.
fn of_the_signatures(cases: &mut Cases) {
    let mut add = |name: &str, change: &dyn Fn(&mut Bundle)| cases.add(name, change);
    let text = checkpoint("casus.example/log", edge(SIZE).head());
    let other = checkpoint("other.example/log", edge(SIZE).head());
    let stranger = Signer::from_seed("witness.example/w", Kind::Cosignature, &[8; 32]).unwrap();
    let plain = Signer::from_seed("witness.example/w", Kind::Note, &[9; 32]).unwrap();
    for (name, note) in [
        ("another log's key", signed(&text, &[&key_of(2), &witness()])),
        ("no key of the log", signed(&text, &[&witness()])),
        ("another origin", signed(&other, &[&key(), &witness()])),
        ("no witness", signed(&text, &[&key()])),
        ("another witness of the name", signed(&text, &[&key(), &stranger])),
        ("the witness's key as a plain one", signed(&text, &[&key(), &plain])),
    ] {
        add(name, &|bundle| bundle.checkpoint = note.clone());
    }
    for (name, which, byte) in
        [("the log's signature", 0, 3), ("the cosignature", 1, 20), ("the time", 1, 7)]
    {
        add(&format!("{name} has another bit"), &|bundle| {
            let mut note = Note::parse(&bundle.checkpoint).unwrap();
            note.signatures[which].bytes[byte] ^= 1;
            bundle.checkpoint = note.encode();
        });
        add(&format!("{name} is cut"), &|bundle| {
            let mut note = Note::parse(&bundle.checkpoint).unwrap();
            note.signatures[which].bytes.pop();
            bundle.checkpoint = note.encode();
        });
        add(&format!("{name} is of another id"), &|bundle| {
            let mut note = Note::parse(&bundle.checkpoint).unwrap();
            note.signatures[which].id ^= 1;
            bundle.checkpoint = note.encode();
        });
    }
}

/// Changes of the text of the file: what is replaced, and by what.
const TEXTS: [(&str, &str); 22] = [
    ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
    ("c2sp.org/tlog-proof@v1\n", ""),
    ("index 41", "index 041"),
    ("index 41", "index +41"),
    ("index 41", "index -41"),
    ("index 41", "index 41 "),
    ("index 41", "index"),
    ("index 41\n", ""),
    ("index 41", "extra !\nindex 41"),
    ("index 41\n", "index 41\nindex 41\n"),
    ("\n100\n", "\n0100\n"),
    ("\n100\n", "\n+100\n"),
    ("\n100\n", "\n\n"),
    ("\n100\n", "\n100\r\n"),
    ("\n100\n", "\n18446744073709551716\n"),
    ("casus.example/log\n100", "Casus.example/log\n100"),
    ("casus.example/log\n100", "\n100"),
    ("\u{2014} casus", "- casus"),
    ("\u{2014} casus", "\u{2014}  casus"),
    ("\u{2014} casus", "\u{2014} +casus"),
    ("\n\n\u{2014}", "\n\u{2014}"),
    ("\n\n\u{2014}", "\nan extension\n\n\u{2014}"),
];

#[test]
fn no_forged_proof_is_believed() {
    let (bundle, entry) = (good(), entries(INDEX as usize, 1).remove(0));
    let file = bundle.encode();
    let verified = believed(&file, &entry).unwrap();
    assert_eq!((verified.index, verified.head.size), (INDEX, SIZE));
    assert_eq!(verified.cosigned[0].at_s, 1_700_000_000);

    let (mut cases, mut parts) = (0, Cases::default());
    of_the_proof(&mut parts);
    of_the_checkpoint(&mut parts);
    of_the_signatures(&mut parts);
    for (name, forged) in parts.0 {
        assert_eq!(believed(&forged.encode(), &entry), None, "{name}");
        cases += 1;
    }
    let text = String::from_utf8(file.clone()).unwrap();
    for (from, to) in TEXTS {
        assert!(text.contains(from), "{from:?}");
        let forged = text.replacen(from, to, 1);
        assert_eq!(believed(forged.as_bytes(), &entry), None, "{from:?} became {to:?}");
        cases += 1;
    }
    for other in [&b""[..], b"entry 41", &entries(40, 1)[0], &[entry.as_slice(), b"\0"].concat()] {
        assert_eq!(believed(&file, other), None);
        cases += 1;
    }
    assert!(cases >= 60, "{cases}");
    println!("{cases} forgeries");
}

/// The hash of a node is not the entry that hashes to it, though both have 64 bytes below them.
#[test]
fn no_node_passes_for_an_entry() {
    let all: Vec<Hash> = entries(0, 2).iter().map(|entry| leaf_hash(entry)).collect();
    let entry = [all[0].0, all[1].0].concat();
    assert_ne!(leaf_hash(&entry), casus_ledger::node_hash(&all[0], &all[1]));
}

#[test]
fn every_wrong_hash_of_a_consistency_proof_is_found() {
    let (edge, mut cases) = (edge(130), 0);
    let (tree, head) = (Tree::new(&edge, 130), edge.head());
    for from in 1..130 {
        let earlier = Head { size: from, root: tree.root(from).unwrap() };
        let proof = tree.consistency(from, 130).unwrap();
        verify_consistency(&earlier, &head, &proof).unwrap();
        for at in 0..proof.len() {
            let mut wrong = proof.clone();
            wrong[at].0[31] ^= 0x80;
            assert!(verify_consistency(&earlier, &head, &wrong).is_err());
            wrong.remove(at);
            assert!(verify_consistency(&earlier, &head, &wrong).is_err());
            cases += 2;
        }
        let longer = [proof.as_slice(), &[head.root]].concat();
        assert!(verify_consistency(&earlier, &head, &longer).is_err());
        let other = Head { size: from - 1, ..earlier };
        assert!(verify_consistency(&other, &head, &proof).is_err());
        assert!(verify_consistency(&head, &earlier, &proof).is_err());
    }
    assert!(cases > 1000);
}
