//! The growth as a drawing: what a record costs over how much there is, both in powers of ten.
//!
//! Invariant: every point was measured in this run, and the drawing says its number in words too.

use crate::measure::Cost;
use std::fmt::Write;

/// What a record cost with so many of something.
#[derive(Debug)]
pub struct Curve {
    /// Of what there is more and more.
    pub what: String,
    /// How many; of how many records; what it cost.
    pub points: Vec<(u64, u64, Cost)>,
}

const WIDE: f64 = 260.0;
const HIGH: f64 = 200.0;
const EDGE: f64 = 50.0;

/// Draws curves side by side.
pub fn figure(curves: &[Curve]) -> String {
    let wide = (WIDE + EDGE) * curves.len() as f64 + 20.0;
    let high = HIGH + 2.0 * EDGE;
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" \
         font-family=\"sans-serif\" font-size=\"11\" role=\"img\">\n\
         <title>Microseconds of processor a record</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
    );
    let costs = || curves.iter().flat_map(|curve| curve.points.iter().map(each_us));
    let (low, top) = decades(costs());
    for (at, curve) in curves.iter().enumerate() {
        let east = EDGE + (WIDE + EDGE) * at as f64;
        let _ = writeln!(text, "<g transform=\"translate({east},{EDGE})\">");
        panel(curve, (low, top), &mut text);
        text.push_str("</g>\n");
    }
    text.push_str("</svg>\n");
    text
}

fn each_us((_, records, cost): &(u64, u64, Cost)) -> f64 {
    (cost.processor_s * 1e6 / (*records).max(1) as f64).max(1e-3)
}

/// The powers of ten around some numbers.
fn decades(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, top) =
        numbers.fold((f64::MAX, f64::MIN), |(low, top), one| (low.min(one), top.max(one)));
    let (low, top) = (low.max(1e-9).log10().floor(), top.max(1e-9).log10().ceil());
    (low, top.max(low + 1.0))
}

fn panel(curve: &Curve, (low, top): (f64, f64), text: &mut String) {
    let (first, last) = decades(curve.points.iter().map(|point| point.0 as f64));
    let up = |cost: f64| HIGH - (cost.log10() - low) / (top - low) * HIGH;
    let along = |many: f64| (many.log10() - first) / (last - first) * WIDE;
    let line = |from: (f64, f64), to: (f64, f64)| {
        let ((a, b), (c, d)) = (from, to);
        format!("<line x1=\"{a:.1}\" y1=\"{b:.1}\" x2=\"{c:.1}\" y2=\"{d:.1}\" stroke=\"#ddd\"/>")
    };
    for power in low as i32..=top as i32 {
        let (mark, y) = (10_f64.powi(power), up(10_f64.powi(power)));
        let _ = writeln!(text, "{}", line((0.0, y), (WIDE, y)));
        let _ = writeln!(text, "<text x=\"-6\" y=\"{y:.1}\" text-anchor=\"end\">{mark}</text>");
    }
    for power in first as i32..=last as i32 {
        let (mark, x) = (10_f64.powi(power), along(10_f64.powi(power)));
        let _ = writeln!(text, "{}", line((x, 0.0), (x, HIGH)));
        let below = HIGH + 16.0;
        let _ = writeln!(
            text,
            "<text x=\"{x:.1}\" y=\"{below}\" text-anchor=\"middle\">{mark:.0e}</text>"
        );
    }
    let spots: Vec<(f64, f64)> =
        curve.points.iter().map(|point| (along(point.0 as f64), up(each_us(point)))).collect();
    let joined: Vec<String> = spots.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let _ = writeln!(
        text,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#246\" stroke-width=\"2\"/>",
        joined.join(" ")
    );
    for ((x, y), point) in spots.iter().zip(&curve.points) {
        let told = format!("{} {}: {:.2} µs", point.0, curve.what, each_us(point));
        let _ = writeln!(
            text,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"#246\"><title>{told}</title>\
             </circle>"
        );
    }
    let (middle, below) = (WIDE / 2.0, HIGH + 34.0);
    let _ = writeln!(
        text,
        "<text x=\"0\" y=\"-12\">µs of processor a record</text>\n\
         <text x=\"{middle}\" y=\"{below}\" text-anchor=\"middle\">{}</text>",
        curve.what
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_drawn_within_the_panel() {
        let cost = |processor_s| Cost { processor_s, ..Cost::default() };
        let points = vec![(1_000, 1_000, cost(0.01)), (100_000, 100_000, cost(2.0))];
        let text = figure(&[Curve { what: "positions".to_owned(), points }]);
        assert!(text.contains("1000 positions: 10.00 µs"), "{text}");
        assert!(text.contains("points=\"0.0,200.0 260.0,"), "{text}");
    }
}
