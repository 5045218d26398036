//! Zones: areas from files, around lines and zones, joined and cut; and families of them.
//!
//! Invariant: a zone's `includes` are itself and zones whose every place lies in it.

use super::super::names::index;
use crate::{checker::Checker, registry};
use casus_model::{
    Instant,
    geometry::{Polygon, Region},
    program::{Family, FamilyId, Zone, ZoneId},
};
use casus_syntax::{
    Span,
    ast::{Area, FamilyDeclaration, FamilyMembers, ItemKind, Length, Name, Text, ZoneDeclaration},
};
use std::{collections::BTreeMap, sync::Arc};

/// Pieces of one zone.
const PIECES: usize = 4096;

/// An area under construction.
struct Built {
    region: Region,
    includes: Vec<ZoneId>,
    heights: Heights,
}

type Heights = (Option<f64>, Option<f64>);

impl Checker<'_> {
    pub(super) fn zones(&mut self) {
        let items = self.each(|kind| match kind {
            ItemKind::Zone(declared) => Some(declared),
            _ => None,
        });
        let declared: Vec<&ZoneDeclaration> = items.map(|(_, declared)| declared).collect();
        let mut made: Vec<&ZoneDeclaration> = Vec::new();
        for one in declared {
            let id = ZoneId(index(self.out.zones.len()));
            if self.enter(|names| &mut names.zones, &one.name, id) {
                self.out.zones.push(empty(&one.name.text, id));
                made.push(one);
            }
        }
        self.families();
        let at = |area: &Area| match area {
            Area::Zone(name) | Area::Around(_, name, _) => self.names.zones.get(&name.text),
            Area::File(_) => None,
        };
        let count = made.len();
        let needs: Vec<Vec<usize>> = made
            .iter()
            .map(|one| {
                let pieces = one.pieces.iter().map(|piece| &piece.area);
                let needed = std::iter::once(&one.area).chain(pieces).filter_map(at);
                needed.map(|entry| entry.id.index()).filter(|at| *at < count).collect()
            })
            .collect();
        let names: Vec<&Name> = made.iter().map(|one| &one.name).collect();
        for node in self.in_order(&names, &needs) {
            let Some(one) = made.get(node) else { continue };
            let zone = self.zone(one, ZoneId(index(node)));
            if let (Some(zone), Some(slot)) = (zone, self.out.zones.get_mut(node)) {
                *slot = zone;
            }
        }
    }

    fn zone(&mut self, one: &ZoneDeclaration, id: ZoneId) -> Option<Zone> {
        let built = self.whole_area(one, Instant::MIN)?;
        let mut later = Vec::new();
        for from in self.changes(one) {
            later.push((from, self.whole_area(one, from)?.region));
        }
        let floor_m = one.above.as_ref().map(|length| self.length(length));
        let ceiling_m = one.below.as_ref().map(|length| self.length(length));
        let mut includes = vec![id];
        includes.extend(built.includes.into_iter().filter(|other| *other != id));
        Some(Zone {
            name: one.name.text.as_str().into(),
            region: built.region,
            later,
            floor_m: floor_m.flatten().or(built.heights.0),
            ceiling_m: ceiling_m.flatten().or(built.heights.1),
            includes,
        })
    }

    /// The instants at which something that the zone is made of becomes another.
    fn changes(&self, one: &ZoneDeclaration) -> Vec<Instant> {
        let of = |area: &Area| -> Vec<Instant> {
            let (Area::Zone(name) | Area::Around(_, name, _)) = area else { return Vec::new() };
            if let Some(entry) = self.names.lines.get(&name.text) {
                let line = self.out.lines.get(entry.id.index());
                let later = line.map_or(&[][..], |line| &line.drawn.later);
                return later.iter().map(|(from, _)| *from).collect();
            }
            let entry = self.names.zones.get(&name.text);
            let zone = entry.and_then(|entry| self.out.zones.get(entry.id.index()));
            let later = zone.map_or(&[][..], |zone| &zone.later);
            later.iter().map(|(from, _)| *from).collect()
        };
        let areas = std::iter::once(&one.area).chain(one.pieces.iter().map(|piece| &piece.area));
        let mut all: Vec<Instant> = areas.flat_map(of).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The area and its pieces, as they are at that instant.
    fn whole_area(&mut self, one: &ZoneDeclaration, at: Instant) -> Option<Built> {
        let mut built = self.area(&one.area, at)?;
        for piece in &one.pieces {
            let next = self.area(&piece.area, at)?;
            if next.heights != built.heights {
                let message = format!("the pieces of `{}` have different heights", one.name.text);
                let help = "declare the joined area without heights, and give it heights then";
                self.tell_help(&registry::ZONE_HEIGHTS, one.name.span, message, help);
                return None;
            }
            built = self.joined(built, next, piece.without, &one.name)?;
        }
        Some(built)
    }

    fn joined(&mut self, one: Built, two: Built, without: bool, name: &Name) -> Option<Built> {
        if pieces(&one.region) + pieces(&two.region) > PIECES {
            let message = format!("`{}` has more than {PIECES} pieces", name.text);
            self.tell(&registry::TOO_DEEP, name.span, message);
            return None;
        }
        if without && depth(&one.region) >= 64 {
            let message = format!("`{}` is cut more than 64 times", name.text);
            self.tell(&registry::TOO_DEEP, name.span, message);
            return None;
        }
        if without {
            let region = Region::Without(Box::new(one.region), Box::new(two.region));
            return Some(Built { region, includes: Vec::new(), heights: one.heights });
        }
        let mut regions = listed(one.region);
        regions.extend(listed(two.region));
        let mut includes = one.includes;
        includes.extend(two.includes);
        includes.sort_unstable();
        includes.dedup();
        Some(Built { region: Region::AnyOf(regions), includes, heights: one.heights })
    }

    fn area(&mut self, area: &Area, at: Instant) -> Option<Built> {
        match area {
            Area::File(shape) => {
                let polygons = self.polygons(shape)?;
                let region = Region::Polygons(polygons.into());
                Some(Built { region, includes: Vec::new(), heights: (None, None) })
            }
            Area::Zone(name) => {
                let id = self.place(name)?;
                let zone = self.out.zones.get(id.index())?;
                Some(Built {
                    region: region_at(zone, at),
                    includes: zone.includes.clone(),
                    heights: (zone.floor_m, zone.ceiling_m),
                })
            }
            Area::Around(length, name, side) => self.around(length, name, side.as_ref(), at),
        }
    }

    fn around(
        &mut self,
        length: &Length,
        name: &Name,
        side: Option<&Name>,
        at: Instant,
    ) -> Option<Built> {
        let distance_m = self.length(length)?;
        if let Some(entry) = self.names.lines.get(&name.text) {
            let line_id = entry.id;
            let line = self.out.lines.get(line_id.index())?;
            let of = line.drawn.at((at, at)).next()?.clone();
            if of.is_empty() {
                let message = format!("`{}` has no line for everybody", name.text);
                let help = format!("declare `line {} from FILE`, without `of PARTY`", name.text);
                self.tell_help(&registry::ZONE_BUFFER, name.span, message, help);
                return None;
            }
            let region = match side {
                None => Region::Within { of, distance_m },
                Some(side) => {
                    Region::Band { of, width_m: distance_m, side: self.hand(line_id, side)? }
                }
            };
            return Some(Built { region, includes: Vec::new(), heights: (None, None) });
        }
        if let Some(side) = side {
            let message = format!("`{}` is a zone, and only lines have sides", name.text);
            let help = "measure from a line, or leave `on` out";
            self.tell_help(&registry::LINE_SIDES, side.span, message, help);
            return None;
        }
        let id = self.place(name)?;
        let zone = self.out.zones.get(id.index())?;
        let (includes, heights) = (zone.includes.clone(), (zone.floor_m, zone.ceiling_m));
        let Some(region) = widened(&region_at(zone, at), distance_m) else {
            let message = format!("`{}` has a piece cut out of it, or one side only", name.text);
            let help = "measure the distance from the whole zone, and cut the piece out then";
            self.tell_help(&registry::ZONE_BUFFER, name.span, message, help);
            return None;
        };
        Some(Built { region, includes, heights })
    }

    /// A declared zone, which is used here.
    pub(crate) fn place(&mut self, name: &Name) -> Option<ZoneId> {
        let id = self.find(|names| &names.zones, name, "a zone")?;
        self.used.zones.insert(id.index());
        Some(id)
    }

    fn families(&mut self) {
        for (_, family) in self.each(|kind| match kind {
            ItemKind::Family(family) => Some(family),
            _ => None,
        }) {
            let id = FamilyId(index(self.out.families.len()));
            if !self.enter(|names| &mut names.families, &family.name, id) {
                continue;
            }
            let zones = match &family.members {
                FamilyMembers::Zones(names) => {
                    let zones = names.iter().filter_map(|name| self.place(name));
                    zones.collect()
                }
                FamilyMembers::File { file, property } => {
                    self.features_as_zones(family, file, property)
                }
            };
            let name = family.name.text.as_str().into();
            self.out.families.push(Family { name, zones });
        }
    }

    /// One zone for each name that the property gives to a feature.
    fn features_as_zones(
        &mut self,
        family: &FamilyDeclaration,
        file: &Text,
        property: &Text,
    ) -> Vec<ZoneId> {
        let Some(features) = self.features(file) else { return Vec::new() };
        let mut by_name: BTreeMap<String, (Vec<Polygon>, Span)> = BTreeMap::new();
        for feature in features.iter() {
            let Some(name) = feature.property(&property.text) else {
                let names = feature.properties.iter().map(|(name, _)| name.as_str());
                let called = feature.called();
                let message = format!("{called} of `{}` has no `{}`", file.text, property.text);
                match crate::suggest::help(&property.text, "property", names) {
                    Some(help) => {
                        self.tell_help(&registry::NO_FEATURE, property.span, message, help);
                    }
                    None => self.tell(&registry::NO_FEATURE, property.span, message),
                }
                return Vec::new();
            };
            if !self.faults(file, feature) {
                continue;
            }
            if feature.polygons.is_empty() {
                let message = format!("{} of `{}` is no area", feature.called(), file.text);
                self.tell(&registry::NO_SHAPE, file.span, message);
                continue;
            }
            let entry = by_name.entry(name.to_owned()).or_insert((Vec::new(), property.span));
            entry.0.extend(feature.polygons.iter().cloned());
        }
        let mut ids = Vec::with_capacity(by_name.len());
        for (text, (polygons, span)) in by_name {
            let id = ZoneId(index(self.out.zones.len()));
            let name = Name { text, span, kinds: family.name.kinds };
            if self.enter(|names| &mut names.zones, &name, id) {
                let region = Region::Polygons(polygons.into());
                self.out.zones.push(Zone { region, ..empty(&name.text, id) });
                self.used.zones.insert(id.index());
                ids.push(id);
            }
        }
        ids
    }
}

fn empty(name: &str, id: ZoneId) -> Zone {
    Zone {
        name: name.into(),
        region: Region::AnyOf(Vec::new()),
        later: Vec::new(),
        floor_m: None,
        ceiling_m: None,
        includes: vec![id],
    }
}

/// The area of a zone at an instant.
fn region_at(zone: &Zone, at: Instant) -> Region {
    zone.regions((at, at)).next().map_or_else(|| zone.region.clone(), |(_, one)| one.clone())
}

/// The regions that a region is the union of.
fn listed(region: Region) -> Vec<Region> {
    match region {
        Region::AnyOf(regions) => regions,
        other => vec![other],
    }
}

fn pieces(region: &Region) -> usize {
    match region {
        Region::Polygons(_) | Region::Within { .. } | Region::Band { .. } => 1,
        Region::AnyOf(regions) => regions.iter().map(pieces).sum::<usize>() + 1,
        Region::Without(one, two) => pieces(one) + pieces(two),
    }
}

fn depth(region: &Region) -> usize {
    match region {
        Region::Polygons(_) | Region::Within { .. } | Region::Band { .. } => 1,
        Region::AnyOf(regions) => regions.iter().map(depth).max().unwrap_or(0) + 1,
        Region::Without(one, two) => depth(one).max(depth(two)) + 1,
    }
}

/// All within so many metres of a region; none where a piece is cut out of it.
fn widened(region: &Region, by_m: f64) -> Option<Region> {
    match region {
        Region::Within { of, distance_m } => {
            Some(Region::Within { of: Arc::clone(of), distance_m: distance_m + by_m })
        }
        Region::AnyOf(regions) => {
            let wide: Option<Vec<Region>> = regions.iter().map(|one| widened(one, by_m)).collect();
            let flat = wide?.into_iter().flat_map(listed).collect();
            Some(Region::AnyOf(flat))
        }
        Region::Polygons(polygons) => {
            let closed = |ring: &Vec<_>| ring.iter().chain(ring.first()).copied().collect();
            let rings = polygons.iter().flat_map(|one| one.0.iter().map(closed));
            let edge = Region::Within { of: rings.collect::<Vec<_>>().into(), distance_m: by_m };
            Some(Region::AnyOf(vec![region.clone(), edge]))
        }
        Region::Band { .. } | Region::Without(..) => None,
    }
}
