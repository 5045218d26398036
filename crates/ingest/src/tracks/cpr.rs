//! Compact positions of aircraft: a place within a zone, which only another report or a place
//! nearby tells.
//!
//! Invariant: a place that comes out lies on the globe; of two halves that do not belong together
//! none comes out. Source: ICAO Doc 9871, compact position reporting.

/// Longitude and latitude in degrees.
pub(crate) type Degrees = (f64, f64);

/// One half of a pair: where in its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Compact {
    pub odd: bool,
    /// Of 2^17 parts of a zone.
    pub lon: u32,
    pub lat: u32,
}

/// Where the zones of latitude lie in a circle: 60 of an even half, 59 of an odd one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Span {
    /// In the air: of the whole circle.
    Air,
    /// On the ground: of a quarter, four times as fine.
    Ground,
}

impl Span {
    fn degrees(self) -> f64 {
        match self {
            Span::Air => 360.0,
            Span::Ground => 90.0,
        }
    }

    /// Within how many metres a place nearby tells which zone it is: 180 and 45 nautical miles.
    pub fn reach_m(self) -> f64 {
        match self {
            Span::Air => 333_360.0,
            Span::Ground => 83_340.0,
        }
    }
}

impl Compact {
    fn parts(self) -> (f64, f64) {
        const PARTS: f64 = 131_072.0;
        (f64::from(self.lon) / PARTS, f64::from(self.lat) / PARTS)
    }

    fn fewer(self) -> f64 {
        if self.odd { 1.0 } else { 0.0 }
    }

    /// How wide a zone is at this latitude, in degrees of longitude.
    fn width(self, span: Span, lat: f64) -> f64 {
        span.degrees() / (zones(lat) - self.fewer()).max(1.0)
    }
}

/// The place of the later of two halves in the air.
pub(crate) fn of_pair(earlier: Compact, later: Compact) -> Option<Degrees> {
    let (even, odd) = match (earlier.odd, later.odd) {
        (false, true) => (earlier, later),
        (true, false) => (later, earlier),
        _ => return None,
    };
    let ((lon_even, lat_even), (lon_odd, lat_odd)) = (even.parts(), odd.parts());
    let zone = (59.0 * lat_even - 60.0 * lat_odd + 0.5).floor();
    let south = |lat: f64| if lat >= 270.0 { lat - 360.0 } else { lat };
    let even_lat = south(6.0 * (zone.rem_euclid(60.0) + lat_even));
    let odd_lat = south(360.0 / 59.0 * (zone.rem_euclid(59.0) + lat_odd));
    let count = zones(even_lat);
    if count.total_cmp(&zones(odd_lat)).is_ne() {
        return None;
    }
    let (lat, part) = if later.odd { (odd_lat, lon_odd) } else { (even_lat, lon_even) };
    let around = (count - later.fewer()).max(1.0);
    let zone = (lon_even * (count - 1.0) - lon_odd * count + 0.5).floor();
    on_globe(360.0 / around * (zone.rem_euclid(around) + part), lat)
}

/// The place nearest to one that is known.
pub(crate) fn near(compact: Compact, span: Span, (lon, lat): Degrees) -> Option<Degrees> {
    let (lon_part, lat_part) = compact.parts();
    let nearest = |width: f64, known: f64, part: f64| {
        let zone = (known / width).floor() + (0.5 + known.rem_euclid(width) / width - part).floor();
        width * (zone + part)
    };
    let lat = nearest(span.degrees() / (60.0 - compact.fewer()), lat, lat_part);
    let lon = nearest(compact.width(span, lat), lon, lon_part);
    on_globe(lon, lat)
}

fn on_globe(lon: f64, lat: f64) -> Option<Degrees> {
    let lon = (lon + 180.0).rem_euclid(360.0) - 180.0;
    (lat.abs() <= 90.0 && lon.is_finite()).then_some((lon, lat))
}

/// How many even zones of longitude there are at a latitude.
fn zones(lat: f64) -> f64 {
    let passed = EDGES.iter().take_while(|&&edge| lat.abs() >= edge).count();
    59.0 - passed as f64
}

/// The latitudes at which there is one zone of longitude fewer.
const EDGES: [f64; 58] = [
    10.470_471_30,
    14.828_174_37,
    18.186_263_57,
    21.029_394_93,
    23.545_044_87,
    25.829_247_07,
    27.938_987_10,
    29.911_356_86,
    31.772_097_08,
    33.539_934_36,
    35.228_995_98,
    36.850_251_08,
    38.412_418_92,
    39.922_566_84,
    41.386_518_32,
    42.809_140_12,
    44.194_549_51,
    45.546_267_23,
    46.867_332_52,
    48.160_391_28,
    49.427_764_39,
    50.671_501_66,
    51.893_424_69,
    53.095_161_53,
    54.278_174_72,
    55.443_784_44,
    56.593_187_56,
    57.727_473_54,
    58.847_637_76,
    59.954_592_77,
    61.049_177_74,
    62.132_166_59,
    63.204_274_79,
    64.266_165_23,
    65.318_453_10,
    66.361_710_08,
    67.396_467_74,
    68.423_220_22,
    69.442_426_31,
    70.454_510_75,
    71.459_864_73,
    72.458_845_45,
    73.451_774_42,
    74.438_934_16,
    75.420_562_57,
    76.396_843_91,
    77.367_894_61,
    78.333_740_83,
    79.294_282_25,
    80.249_232_13,
    81.198_013_49,
    82.139_569_81,
    83.071_994_45,
    83.991_735_63,
    84.891_661_91,
    85.755_416_21,
    86.535_369_98,
    87.000_000_00,
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The two numbers that stand for a place, by the rule in the standard.
    fn compact(odd: bool, span: Span, (lon, lat): Degrees) -> Compact {
        let part = |degrees: f64, width: f64| {
            let parts = (131_072.0 * degrees.rem_euclid(width) / width + 0.5).floor();
            (parts as u32) % 131_072
        };
        let mut made = Compact { odd, lon: 0, lat: 0 };
        let tall = span.degrees() / (60.0 - made.fewer());
        made.lat = part(lat, tall);
        // The width is that at the latitude that will be read.
        let read = tall * (f64::from(made.lat) / 131_072.0 + (lat / tall).floor());
        made.lon = part(lon, made.width(span, read));
        made
    }

    fn degrees_apart(a: Degrees, b: Degrees) -> f64 {
        let turn = (a.0 - b.0).abs();
        turn.min(360.0 - turn).max((a.1 - b.1).abs())
    }

    #[test]
    fn the_edges_are_those_of_the_formula() {
        for (at, edge) in EDGES.iter().enumerate() {
            let zones = 59.0 - at as f64;
            let turn = (std::f64::consts::TAU / zones).cos();
            let ratio = (1.0 - (std::f64::consts::PI / 30.0).cos()) / (1.0 - turn);
            let formula = ratio.sqrt().acos().to_degrees();
            assert!((edge - formula).abs() < 1e-8, "{edge} {formula}");
        }
        assert_eq!([zones(0.0), zones(-52.0), zones(89.0)], [59.0, 36.0, 1.0]);
    }

    #[test]
    fn halves_of_one_parity_make_no_pair() {
        let half = compact(true, Span::Air, (30.5, 50.5));
        assert_eq!(of_pair(half, half), None);
    }

    proptest! {
        #[test]
        fn a_pair_gives_the_place_that_made_it(lon in -180.0..180.0, lat in -86.9..86.9) {
            let at = (lon, lat);
            let [even, odd] = [false, true].map(|odd| compact(odd, Span::Air, at));
            for (earlier, later) in [(even, odd), (odd, even)] {
                // On the edge of a zone the halves may lie on both sides of it.
                let near_edge = EDGES.iter().any(|edge| (lat.abs() - edge).abs() < 1e-4);
                match of_pair(earlier, later) {
                    Some(found) => prop_assert!(degrees_apart(found, at) < 2e-3, "{found:?}"),
                    None => prop_assert!(near_edge),
                }
            }
        }

        #[test]
        fn a_place_nearby_gives_the_place_that_made_it(
            lon in -180.0..180.0, lat in -80.0..80.0, east in -0.74..0.74, north in -0.7..0.7,
            odd in any::<bool>(), ground in any::<bool>(),
        ) {
            let span = if ground { Span::Ground } else { Span::Air };
            let known = (lon + east, lat + north);
            let found = near(compact(odd, span, (lon, lat)), span, known);
            prop_assert!(degrees_apart(found.unwrap(), (lon, lat)) < 2e-3, "{found:?}");
        }

        #[test]
        fn whatever_comes_out_is_on_the_globe(
            a in (any::<bool>(), 0..131_072_u32, 0..131_072_u32),
            b in (any::<bool>(), 0..131_072_u32, 0..131_072_u32),
            known in (-180.0..=180.0, -90.0..=90.0), ground in any::<bool>(),
        ) {
            let [a, b] = [a, b].map(|(odd, lon, lat)| Compact { odd, lon, lat });
            let span = if ground { Span::Ground } else { Span::Air };
            for (lon, lat) in of_pair(a, b).into_iter().chain(near(a, span, known)) {
                prop_assert!((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat));
            }
        }
    }
}
