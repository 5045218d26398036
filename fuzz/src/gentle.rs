//! Changes that leave a text mostly what it was: a word for another of its shape, a line more or
//! less. A text changed so still reads and checks often enough to be judged.
//!
//! Invariant: the same seed and the same inputs give the same changes, on every machine.

use crate::mutate::Random;
use std::ops::Range;

/// Numbers that counts, spans and dates stumble over.
const NUMBERS: [&[u8]; 12] = [
    b"0",
    b"1",
    b"2",
    b"3",
    b"7",
    b"28",
    b"31",
    b"60",
    b"365",
    b"9999",
    b"4294967295",
    b"9223372036854775807",
];

/// Changes one word or one line.
pub fn change(random: &mut Random, bytes: &mut Vec<u8>, inputs: &[Vec<u8>]) {
    match random.below(8) {
        0..=3 => same_shape(random, bytes, inputs),
        4 => number(random, bytes),
        5 => {
            let line = indented(random, bytes);
            bytes.drain(line);
        }
        6 => {
            let line = indented(random, bytes);
            let again = bytes.get(line.clone()).unwrap_or_default().to_vec();
            bytes.splice(line.start..line.start, again);
        }
        _ => {
            let other = random.one(inputs).map(Vec::as_slice).unwrap_or_default();
            let line = indented(random, other);
            let line = other.get(line).unwrap_or_default().to_vec();
            let at = indented(random, bytes).start;
            bytes.splice(at..at, line);
        }
    }
}

/// A word becomes another of the same shape, of this or another input.
fn same_shape(random: &mut Random, bytes: &mut Vec<u8>, inputs: &[Vec<u8>]) {
    let all = words(bytes);
    let Some(place) = random.one(&all).cloned() else { return };
    let wanted = shape(bytes.get(place.clone()).unwrap_or_default());
    let other = match random.below(3) {
        0 => random.one(inputs).cloned().unwrap_or_default(),
        _ => bytes.clone(),
    };
    let fits = |word: &Range<usize>| shape(other.get(word.clone()).unwrap_or_default()) == wanted;
    let fitting: Vec<Range<usize>> = words(&other).into_iter().filter(fits).collect();
    if let Some(word) = random.one(&fitting) {
        let word = other.get(word.clone()).unwrap_or_default().to_vec();
        bytes.splice(place, word);
    }
}

/// A run of digits becomes another number.
fn number(random: &mut Random, bytes: &mut Vec<u8>) {
    let all = stretches(bytes, u8::is_ascii_digit);
    let Some(place) = random.one(&all).cloned() else { return };
    let number = random.one(&NUMBERS).copied().unwrap_or_default();
    bytes.splice(place, number.iter().copied());
}

/// Digits, small letters and capitals as one sign for each run of them; all else as it is.
fn shape(word: &[u8]) -> Vec<u8> {
    let sign = |byte: &u8| match byte {
        b'0'..=b'9' => b'0',
        b'a'..=b'z' => b'a',
        b'A'..=b'Z' => b'A',
        other => *other,
    };
    let mut signs: Vec<u8> = word.iter().map(sign).collect();
    signs.dedup();
    signs
}

fn words(bytes: &[u8]) -> Vec<Range<usize>> {
    stretches(bytes, |byte| !byte.is_ascii_whitespace())
}

/// The longest stretches of bytes that are such ones.
fn stretches(bytes: &[u8], is: impl Fn(&u8) -> bool) -> Vec<Range<usize>> {
    let (mut all, mut start) = (Vec::new(), None);
    for (at, byte) in bytes.iter().enumerate() {
        match (is(byte), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                all.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    all.extend(start.map(|from| from..bytes.len()));
    all
}

/// One of the lines that begin with a blank; an empty range where there is none.
fn indented(random: &mut Random, bytes: &[u8]) -> Range<usize> {
    let mut start = 0;
    let mut all = Vec::new();
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        if line.starts_with(b" ") {
            all.push(start..start + line.len());
        }
        start += line.len();
    }
    random.one(&all).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_its_shape() {
        assert_eq!(shape(b"2026-03-05"), b"0-0-0");
        assert_eq!(shape(b"Sides,"), b"Aa,");
        let inputs = [b"1 A must not fire\n    from 2026-03-01\n".to_vec()];
        for seed in 0..200 {
            let mut bytes = inputs[0].clone();
            same_shape(&mut Random::new(seed), &mut bytes, &inputs);
            let shapes = |bytes: &[u8]| -> Vec<Vec<u8>> {
                words(bytes).into_iter().map(|word| shape(&bytes[word])).collect()
            };
            assert_eq!(shapes(&bytes), shapes(&inputs[0]));
        }
    }

    #[test]
    fn nothing_is_changed_where_nothing_is() {
        for seed in 0..100 {
            let mut bytes = Vec::new();
            change(&mut Random::new(seed), &mut bytes, &[]);
            assert_eq!(bytes, b"");
        }
    }
}
