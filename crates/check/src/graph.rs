//! What depends on what: levels, and the cycle where there is one.
//!
//! Invariant: a node stands in a later level than everything that it depends on.

/// The levels of a graph, and a cycle of it.
pub(crate) struct Levels {
    /// Nodes by level, each in ascending order; nodes on or behind a cycle are in none.
    pub(crate) levels: Vec<Vec<usize>>,
    /// The nodes of one cycle, the first repeated at the end.
    pub(crate) cycle: Option<Vec<usize>>,
}

/// Sorts the nodes `0..needs.len()`, where `needs[n]` are those that `n` depends on.
pub(crate) fn levels(needs: &[Vec<usize>]) -> Levels {
    let count = needs.len();
    let mut waiting: Vec<usize> = vec![0; count];
    let mut wanted_by: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (node, list) in needs.iter().enumerate() {
        let mut list: Vec<usize> = list.iter().copied().filter(|need| *need < count).collect();
        list.sort_unstable();
        list.dedup();
        if let Some(slot) = waiting.get_mut(node) {
            *slot = list.len();
        }
        for need in list {
            if let Some(slot) = wanted_by.get_mut(need) {
                slot.push(node);
            }
        }
    }
    let mut out = Vec::new();
    let ready = waiting.iter().enumerate().filter(|(_, left)| **left == 0);
    let mut level: Vec<usize> = ready.map(|(node, _)| node).collect();
    while !level.is_empty() {
        let mut next = Vec::new();
        for node in level.iter().filter_map(|node| wanted_by.get(*node)).flatten() {
            if let Some(left) = waiting.get_mut(*node) {
                *left -= 1;
                if *left == 0 {
                    next.push(*node);
                }
            }
        }
        next.sort_unstable();
        out.push(std::mem::replace(&mut level, next));
    }
    Levels { levels: out, cycle: cycle(needs, &waiting) }
}

/// A cycle among the nodes that still wait for another one.
fn cycle(needs: &[Vec<usize>], waiting: &[usize]) -> Option<Vec<usize>> {
    let waits = |node: &usize| waiting.get(*node).is_some_and(|left| *left > 0);
    let mut node = (0..waiting.len()).find(|node| waits(node))?;
    let mut seen_at: Vec<Option<usize>> = vec![None; waiting.len()];
    let mut path = Vec::new();
    loop {
        if let Some(first) = seen_at.get(node).copied().flatten() {
            let mut cycle: Vec<usize> = path.get(first..)?.to_vec();
            cycle.push(node);
            return Some(cycle);
        }
        *seen_at.get_mut(node)? = Some(path.len());
        path.push(node);
        node = needs.get(node)?.iter().copied().find(waits)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_follow_what_they_need() {
        let found = levels(&[vec![1, 2], vec![2], vec![], vec![0]]);
        assert_eq!(found.levels, vec![vec![2], vec![1], vec![0], vec![3]]);
        assert_eq!(found.cycle, None);
    }

    #[test]
    fn a_cycle_is_shown_whole() {
        let found = levels(&[vec![1], vec![2], vec![1], vec![]]);
        assert_eq!(found.levels, vec![vec![3]]);
        assert_eq!(found.cycle, Some(vec![1, 2, 1]));
    }

    #[test]
    fn a_node_may_need_itself() {
        assert_eq!(levels(&[vec![0]]).cycle, Some(vec![0, 0]));
    }
}
