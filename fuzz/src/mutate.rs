//! Changed copies of inputs, made from a seed.
//!
//! Invariant: the same seed and the same inputs give the same copies, on every machine.

use crate::gentle;

/// Bytes of a copy at most.
const MOST_BYTES: usize = 1 << 16;

/// Pieces that readers stumble over.
const PIECES: [&[u8]; 25] = [
    b"\0",
    b"\xff",
    b"\x1a",
    b"\xef\xbb\xbf",
    "\u{202e}".as_bytes(),
    "ü".as_bytes(),
    b"\r\n",
    b"\n",
    b"\t",
    b"\"",
    b"```casus\n",
    b"```",
    b"> ",
    b"{",
    b"[[[[",
    b"]",
    b",",
    b"--",
    b"0",
    b"-1",
    b"99999999999999999999",
    b"1e308",
    b"NaN",
    b"9999-12-31T23:59:59Z",
    b"-0.0",
];

/// A source of numbers that is the same everywhere (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Begins at a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }
    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
    /// A number below `end`; 0 where that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = end as u64;
        if end == 0 { 0 } else { usize::try_from(self.number() % end).unwrap_or(0) }
    }
    /// One of these.
    pub fn one<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        list.get(self.below(list.len()))
    }
}

/// A changed copy of one of the inputs.
pub fn copy(random: &mut Random, inputs: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = random.one(inputs).cloned().unwrap_or_default();
    let gently = random.below(2) == 0;
    for _ in 0..=random.below(if gently { 3 } else { 6 }) {
        match gently {
            true => gentle::change(random, &mut bytes, inputs),
            false => change(random, &mut bytes, inputs),
        }
    }
    bytes.truncate(MOST_BYTES);
    bytes
}

fn change(random: &mut Random, bytes: &mut Vec<u8>, inputs: &[Vec<u8>]) {
    let at = random.below(bytes.len() + 1);
    let part = at..(at + 1 + random.below(32)).min(bytes.len());
    match random.below(9) {
        0 => {
            let bit = 1_u8 << random.below(8);
            bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= bit);
        }
        1 => {
            let value = random.number().to_le_bytes()[0];
            bytes.get_mut(at).into_iter().for_each(|byte| *byte = value);
        }
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(part.start.min(part.end)..part.end)),
        4 => {
            let piece = random.one(&PIECES).copied().unwrap_or_default();
            bytes.splice(at..at, piece.iter().copied());
        }
        5 => {
            let many = bytes.get(part).unwrap_or_default().repeat(1 + random.below(200));
            bytes.splice(at..at, many);
        }
        6 => {
            let word = random.one(inputs).and_then(|other| word(random, other)).unwrap_or_default();
            bytes.splice(at..at, word);
        }
        7 => {
            let line = random.one(inputs).and_then(|other| line(random, other)).unwrap_or_default();
            let start = bytes.iter().take(at).rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
            bytes.splice(start..start, line);
        }
        _ => {
            let other = random.one(inputs).map(Vec::as_slice).unwrap_or_default();
            let from = random.below(other.len() + 1);
            bytes.truncate(at);
            bytes.extend_from_slice(other.get(from..).unwrap_or_default());
        }
    }
}

fn word(random: &mut Random, other: &[u8]) -> Option<Vec<u8>> {
    let words: Vec<&[u8]> = other.split(u8::is_ascii_whitespace).collect();
    random.one(&words).map(|word| [b" ", *word, b" "].concat())
}

fn line(random: &mut Random, other: &[u8]) -> Option<Vec<u8>> {
    let lines: Vec<&[u8]> = other.split_inclusive(|&b| b == b'\n').collect();
    random.one(&lines).map(|line| line.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_means_the_same_copies() {
        let inputs = [b"party UA\n".to_vec(), b"1.1 UA must fire\n".to_vec()];
        let all = |seed| {
            let mut random = Random::new(seed);
            (0..500).map(|_| copy(&mut random, &inputs)).collect::<Vec<_>>()
        };
        assert_eq!(all(7), all(7));
        assert_ne!(all(7), all(8));
        assert!(all(7).iter().all(|copy| copy.len() <= MOST_BYTES));
    }
}
