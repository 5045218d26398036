//! What the rows of a profile have in common.
//!
//! Invariant: two rows that agree in the common columns give records that differ in nothing but
//! their id, their thing, their time, when they became known, and where they were.

use super::plan::Plan;

impl Plan {
    /// The slots of the columns that rows are told apart by, but for when, where and which thing;
    /// none where a row says more than that of its own.
    pub fn common_slots(&self) -> Option<Vec<usize>> {
        let time = &self.time;
        let more = time.clock.is_some() || time.end.is_some() || time.precision.is_some();
        let place = match self.places.as_slice() {
            [] => None,
            [one] if one.altitude.is_empty() => Some(one),
            _ => return None,
        };
        if more || self.incident.is_some() {
            return None;
        }
        let mut copy = self.clone();
        copy.id.columns.clear();
        copy.duplicates = None;
        copy.known.column = None;
        if let Some(object) = &mut copy.object {
            object.item = None;
        }
        for place in &mut copy.places {
            (place.lon, place.lat) = (None, None);
        }
        let mut slots = Vec::new();
        let own = place.into_iter().flat_map(|one| [&one.lon, &one.lat]).flatten();
        let own: Vec<usize> = own.chain([&time.column]).map(|column| column.slot).collect();
        let of_time = |slot: usize| slot == time.column.slot;
        let mut times = 0;
        copy.each_column(&mut |column| {
            times += usize::from(of_time(column.slot));
            slots.push(column.slot);
        });
        // The time's column is visited once for itself; whoever else reads it tells rows apart.
        slots.retain(|&slot| times > 1 || !of_time(slot));
        slots.sort_unstable();
        slots.dedup();
        (!slots.iter().any(|slot| own.contains(slot))).then_some(slots)
    }

    /// Whether two positions of one thing at different instants cannot have one id: the id is the
    /// thing and the time, and the time holds nothing that could be part of a name.
    pub fn id_is_thing_and_time(&self) -> bool {
        let item = self.object.as_ref().and_then(|object| object.item.as_ref());
        let slots: Vec<usize> = self.id.columns.iter().map(|column| column.slot).collect();
        let whole = item.is_some_and(|item| slots == [item.slot, self.time.column.slot]);
        let plain = ["epoch s", "epoch ms", "rfc3339"];
        whole && self.time.format.iter().all(|format| plain.contains(&format.as_str()))
    }
}
