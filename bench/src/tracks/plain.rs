//! Who stayed inside which fence, computed plainly and exactly.
//!
//! Invariant: whole numbers only; nothing is shared with Casus but the question.

use super::{GAP_S, LEAST_S, Position};
use crate::shapes::{Index, Zone};
use std::collections::HashMap;

/// The stays as rows `item,fence,first,last`, sorted.
pub fn stays(fences: &[Zone], positions: impl Iterator<Item = Position>) -> Vec<String> {
    let index = Index::new(fences);
    let mut open: HashMap<(usize, usize), (i64, i64)> = HashMap::new();
    let mut rows = Vec::new();
    let mut close = |(mover, fence): (usize, usize), (first, last): (i64, i64)| {
        if last - first >= LEAST_S {
            let fence = fences.get(fence).map_or("", |fence| &fence.name);
            rows.push(format!("{},{fence},{first},{last}", item(mover)));
        }
    };
    for Position { mover, at_s, at } in positions {
        for fence in index.holding(fences, at) {
            let stay = open.entry((mover, fence)).or_insert((at_s, at_s));
            if at_s - stay.1 > GAP_S {
                close((mover, fence), *stay);
                stay.0 = at_s;
            }
            stay.1 = at_s;
        }
    }
    for (of, stay) in open {
        close(of, stay);
    }
    rows.sort_unstable();
    rows
}

/// The name of a thing that moves.
pub fn item(mover: usize) -> String {
    format!("m{mover:06}")
}
