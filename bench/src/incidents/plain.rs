//! When there were too many reports, computed plainly and exactly.
//!
//! Invariant: whole numbers only; nothing is shared with Casus but the question.

use super::{DAY_S, Report, Rule, Unrest, Where, actor};
use crate::shapes::{Index, Zone};
use std::collections::HashMap;

/// Reports of one actor in one zone: when, and of what kind.
type Group = Vec<(i64, usize)>;

/// The stretches as rows `rule,party,zone,from,to`, sorted.
pub fn spates(unrest: &Unrest, reports: impl Iterator<Item = Report>) -> Vec<String> {
    let (sectors, districts) = (&unrest.sectors, &unrest.districts);
    let (near, wide) = (Index::new(sectors), Index::new(districts));
    let mut by_sector: HashMap<(usize, usize), Group> = HashMap::new();
    let mut by_district: HashMap<(usize, usize), Group> = HashMap::new();
    for Report { at_s, kind, actor, at, .. } in reports {
        for sector in near.holding(sectors, at) {
            by_sector.entry((actor, sector)).or_default().push((at_s, kind));
        }
        for district in wide.holding(districts, at) {
            by_district.entry((actor, district)).or_default().push((at_s, kind));
        }
    }
    for group in by_sector.values_mut().chain(by_district.values_mut()) {
        group.sort_unstable();
    }
    let mut rows = Vec::new();
    for (label, rule) in (1..).zip(&unrest.rules) {
        let (groups, zones) = match rule.place {
            Where::Districts => (&by_district, districts),
            Where::Sectors | Where::Sector(_) => (&by_sector, sectors),
        };
        for ((who, zone), group) in groups {
            if counts(rule, *who, *zone) {
                let shown = name(rule, zones, *zone);
                for (from, to) in stretches(&rule.kinds, rule.least, group) {
                    rows.push(format!("{label},{},{shown},{from},{to}", actor(*who)));
                }
            }
        }
    }
    rows.sort_unstable();
    rows
}

fn counts(rule: &Rule, who: usize, zone: usize) -> bool {
    let here = !matches!(rule.place, Where::Sector(sector) if sector != zone);
    here && (rule.actors.is_empty() || rule.actors.contains(&who))
}

/// A rule about one zone alone has no zone in its key.
fn name<'z>(rule: &Rule, zones: &'z [Zone], zone: usize) -> &'z str {
    match rule.place {
        Where::Sector(_) => "",
        _ => zones.get(zone).map_or("", |zone| &zone.name),
    }
}

/// The greatest stretches with enough reports: each counts from its time until a day later,
/// which is no longer in it; stretches that touch are one.
pub fn stretches(kinds: &[usize], least: usize, group: &[(i64, usize)]) -> Vec<(i64, i64)> {
    let mut recent = std::collections::VecDeque::with_capacity(least);
    let mut found: Vec<(i64, i64)> = Vec::new();
    for (at, kind) in group {
        if !kinds.contains(kind) {
            continue;
        }
        recent.push_back(*at);
        if recent.len() > least {
            recent.pop_front();
        }
        let Some(oldest) = recent.front().filter(|_| recent.len() == least) else { continue };
        let end = oldest + DAY_S;
        if end <= *at {
            continue;
        }
        match found.last_mut() {
            Some(last) if *at <= last.1 => last.1 = last.1.max(end),
            _ => found.push((*at, end)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(least: usize, hours: &[i64]) -> Vec<(i64, i64)> {
        let group: Group = hours.iter().map(|hour| (hour * 3600, 0)).collect();
        stretches(&[0], least, &group).iter().map(|(a, b)| (a / 3600, b / 3600)).collect()
    }

    #[test]
    fn a_report_counts_for_a_day_and_not_a_moment_longer() {
        assert_eq!(of(2, &[0, 23]), [(23, 24)]);
        assert_eq!(of(2, &[0, 24]), []);
        assert_eq!(of(2, &[5, 5]), [(5, 29)]);
        assert_eq!(of(3, &[0, 5, 10, 24, 40]), [(10, 29)]);
    }

    #[test]
    fn stretches_that_touch_are_one() {
        assert_eq!(of(2, &[0, 10, 24, 40]), [(10, 34), (40, 48)]);
        assert_eq!(of(2, &[0, 10, 35, 40]), [(10, 24), (40, 59)]);
    }
}
