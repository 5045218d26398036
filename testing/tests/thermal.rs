//! Heat seen from space beside press reports: near in place and day, and proof of nothing.
//!
//! Invariant: a thermal detection never makes a report surer, not even one that somebody has put
//! into the report's incident.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

mod field;

use casus_model::{
    Finding, Instant, Record, Tri, Verdict,
    geometry::{Point, Shape, distance_m},
    time::DAY_MS,
};
use field::{example, judge, of, program_with, records, shared};
use std::{
    collections::{HashMap, HashSet},
    fs,
};

const NEAR_M: f64 = 5_000.0;
const ATTACKS: [&str; 4] = ["shelling", "air strike", "drone attack", "explosion"];

/// Press reports of attacks and thermal detections of 2023; of the press the months April and July
/// to October, so that a shift by two weeks stays within the year.
fn data() -> Option<(Vec<Record>, Vec<Record>)> {
    let reports = shared("viina/viina_incidents_2023-2025.csv.zst")?;
    let heat = shared("firms/ukr_fire_data_2023.csv.zst")?;
    let until = Instant::parse("2023-12-01T00:00:00Z").unwrap();
    let (mut reports, _) = records(&reports, Some("viina"));
    reports.retain(|one| one.time.end.1 < until && ATTACKS.contains(&one.act.as_str()));
    let (heat, count) = records(&heat, Some("firms"));
    assert_eq!((count.read, count.rejected), (98_287, 0));
    Some((reports, heat))
}

fn point(record: &Record) -> Option<Point> {
    match record.places.first()?.shape {
        Shape::Point(at) => Some(at),
        _ => None,
    }
}

/// The day in the middle of the time that is known.
fn day(record: &Record) -> i64 {
    i64::midpoint(record.time.start.0.0, record.time.end.1.0).div_euclid(DAY_MS)
}

/// Detections by day and by cell of a tenth of a degree, each with its position in the list.
struct Heat(HashMap<(i64, i32, i32), Vec<(Point, usize)>>);

fn cell(at: Point) -> (i32, i32) {
    ((at.lon * 10.0).floor() as i32, (at.lat * 10.0).floor() as i32)
}

impl Heat {
    fn new(heat: &[Record]) -> Heat {
        let mut all: HashMap<_, Vec<_>> = HashMap::new();
        for (at, record) in heat.iter().enumerate() {
            if let Some(point) = point(record) {
                let (x, y) = cell(point);
                all.entry((day(record), x, y)).or_default().push((point, at));
            }
        }
        Heat(all)
    }
    fn near(&self, at: Point, day: i64) -> Option<usize> {
        let (x, y) = cell(at);
        let cells = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (day, x, y)));
        let mut near = cells.filter_map(|cell| self.0.get(&cell)).flatten();
        near.find(|(point, _)| distance_m(*point, at) <= NEAR_M).map(|(_, at)| *at)
    }
}

#[test]
fn heat_makes_no_report_surer() {
    let Some((reports, heat)) = data() else { return };
    let folder = example("hindcast");
    let text = fs::read_to_string(folder.join("agreement.md")).unwrap();
    let text = format!(
        "{text}\n## Article 4. Heat\n\n1. Heat is noted.\n\n```casus\nact thermal anomaly\n\n4.1 \
         finding heat of region\n    when at least 100 thermal anomaly in same region within 24 \
         hours\n```\n"
    );
    let annex = fs::read_to_string(folder.join("regions.geojson")).unwrap();
    let program = program_with(&text, &annex);
    let clock = Instant::parse("2024-06-01T00:00:00Z").unwrap();
    let rules = ["2.1", "2.2", "2.3", "2.4", "3.1", "3.2"];

    let without = judge(&program, reports.clone(), clock);
    let both: Vec<Record> = reports.iter().chain(&heat).cloned().collect();
    let with = judge(&program, both, clock);
    for rule in rules {
        let findings = of(&without, rule);
        assert_eq!(of(&with, rule), findings, "{rule}");
        eprintln!("{rule}: {} findings, with and without heat", findings.len());
    }
    assert_eq!((of(&without, "4.1").len(), of(&with, "4.1").is_empty()), (0, false));

    // Somebody joins each report with the heat nearby.
    let (by_place, mut taken) = (Heat::new(&heat), HashSet::new());
    let mut joined = heat.clone();
    for report in &reports {
        let near = point(report).and_then(|at| by_place.near(at, day(report)));
        if let Some(at) = near.filter(|at| taken.insert(*at)) {
            joined[at].incident = Some(report.incident().clone());
        }
    }
    eprintln!("{} detections joined with a report", taken.len());
    assert!(taken.len() > 100);
    let both: Vec<Record> = reports.iter().chain(&joined).cloned().collect();
    let with = judge(&program, both, clock);
    let surer = |one: &&Finding| {
        one.verdict == Verdict::Breached
            || [one.questions.act, one.questions.who].contains(&Tri::Yes)
    };
    for rule in rules.iter().take(4) {
        assert_eq!(of(&with, rule).iter().find(|one| surer(one)), None);
        assert_eq!(of(&with, rule).len(), of(&without, rule).len());
    }
}

/// Why nothing may follow from nearness: with the dates shifted by up to two weeks, when no fire
/// can have anything to do with the report, as many reports have heat nearby.
#[test]
fn heat_is_near_on_the_wrong_days_as_well() {
    let Some((reports, heat)) = data() else { return };
    let heat = Heat::new(&heat);
    let mut places: Vec<(Point, i64)> = Vec::new();
    let mut seen = HashSet::new();
    for report in &reports {
        if let Some(at) = point(report)
            .filter(|at| seen.insert((at.lon.to_bits(), at.lat.to_bits(), day(report))))
        {
            places.push((at, day(report)));
        }
    }
    let near = |shift: i64| {
        places.iter().filter(|(at, day)| heat.near(*at, day + shift).is_some()).count()
    };
    let share = |count: usize| 100.0 * count as f64 / places.len() as f64;
    let truly = near(0);
    eprintln!("{} places and days of reported attacks", places.len());
    eprintln!("shift   0 days: {truly} with heat within 5 km ({:.1} %)", share(truly));
    let mut shifted = Vec::new();
    for shift in (-14..=14).filter(|shift| *shift != 0) {
        let count = near(shift);
        eprintln!("shift {shift:3} days: {count} ({:.1} %)", share(count));
        shifted.push(count);
    }
    let mean = shifted.iter().sum::<usize>() as f64 / shifted.len() as f64;
    eprintln!("mean of the shifted: {mean:.0} ({:.0} % of the true)", 100.0 * mean / truly as f64);
    assert!(truly > 100);
    assert!(shifted.iter().all(|count| count * 2 > truly && *count < truly * 2));
}
