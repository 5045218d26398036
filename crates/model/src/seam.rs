//! Areas that meet at an edge: what lies near the edge that they share lies in neither for certain,
//! and surely in both together.
//!
//! Invariant: an edge is a seam only where two polygons have it, corner for corner, and lie on
//! opposite sides of it.

use crate::geometry::{Point, Polygon, ring_edges, segment_distance_m};
use std::collections::HashMap;

/// An edge without direction, bit for bit.
type Key = [(u64, u64); 2];

fn key(a: Point, b: Point) -> Key {
    let bits = |p: Point| (p.lon.to_bits(), p.lat.to_bits());
    let (a, b) = (bits(a), bits(b));
    if a <= b { [a, b] } else { [b, a] }
}

/// The boundary of several polygons together: their edges without the seams between them. None
/// where no two share an edge, so that nothing is to be gained.
pub fn outline<'p>(polygons: impl Iterator<Item = &'p Polygon>) -> Option<Vec<(Point, Point)>> {
    let mut seen: HashMap<Key, Vec<(Point, Point)>> = HashMap::new();
    let mut count = 0;
    for polygon in polygons {
        count += 1;
        for (at, ring) in polygon.0.iter().enumerate() {
            // As if outer rings ran to the left of what they hold, and holes to the right.
            let turned = (area(ring) < 0.0) != (at > 0);
            for (a, b) in ring_edges(ring).filter(|(a, b)| a != b) {
                seen.entry(key(a, b)).or_default().push(if turned { (b, a) } else { (a, b) });
            }
        }
    }
    let is_seam = |edges: &[(Point, Point)]| match edges {
        [one, two] => one.0 == two.1 && one.1 == two.0,
        _ => false,
    };
    if count < 2 || !seen.values().any(|edges| is_seam(edges)) {
        return None;
    }
    let kept = seen.into_values().filter(|edges| !is_seam(edges));
    Some(kept.flatten().collect())
}

/// Distance in metres to the nearest of some edges; infinite where there are none.
pub fn edges_distance_m(p: Point, edges: &[(Point, Point)]) -> f64 {
    edges.iter().map(|(a, b)| segment_distance_m(p, *a, *b)).fold(f64::INFINITY, f64::min)
}

/// Twice the area of a ring in square degrees, positive where it runs to the left.
fn area(ring: &[Point]) -> f64 {
    ring_edges(ring).map(|(a, b)| a.lon * b.lat - b.lon * a.lat).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tri, geometry::Region};

    fn square(west: f64, turned: bool) -> Polygon {
        let at = |lon: f64, lat: f64| Point::new(lon, lat).unwrap();
        let east = west + 1.0;
        let mut ring = vec![at(west, 47.0), at(east, 47.0), at(east, 48.0), at(west, 48.0)];
        if turned {
            ring.reverse();
        }
        Polygon(vec![ring])
    }
    fn two(turned: bool) -> Region {
        let one = |polygon| Region::Polygons(vec![polygon].into());
        Region::AnyOf(vec![one(square(9.0, false)), one(square(10.0, turned))])
    }
    fn holds(region: &Region, lon: f64, lat: f64, error_m: f64) -> Tri {
        region.holds_disk(Point::new(lon, lat).unwrap(), error_m)
    }

    #[test]
    fn a_place_at_the_seam_lies_in_the_union() {
        for turned in [false, true] {
            let whole = two(turned);
            assert_eq!(holds(&whole, 10.0001, 47.5, 1_000.0), Tri::Yes, "turned {turned}");
            assert_eq!(holds(&whole, 10.0, 47.5, 1_000.0), Tri::Yes);
            assert_eq!(holds(&whole, 10.0, 47.001, 1_000.0), Tri::Unknown, "at its end");
            assert_eq!(holds(&whole, 10.999, 47.5, 1_000.0), Tri::Unknown, "at the outer edge");
            assert_eq!(holds(&whole, 11.5, 47.5, 1_000.0), Tri::No);
        }
    }

    #[test]
    fn polygons_of_one_area_are_joined_alike() {
        let both = Region::Polygons(vec![square(9.0, false), square(10.0, true)].into());
        assert_eq!(holds(&both, 10.0001, 47.5, 1_000.0), Tri::Yes);
        let apart = Region::Polygons(vec![square(9.0, false), square(11.0, false)].into());
        assert_eq!(holds(&apart, 10.0001, 47.5, 1_000.0), Tri::Unknown);
    }

    #[test]
    fn an_edge_that_two_have_on_the_same_side_is_no_seam() {
        let twice = [square(9.0, false), square(9.0, true)];
        assert_eq!(outline(twice.iter()), None);
    }
}
