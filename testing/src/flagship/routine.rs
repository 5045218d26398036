//! The ordinary part: watching, patrols, units at their places, and fire that nobody could pin
//! down.
//!
//! Invariant: nothing here is established beyond doubt about anybody; what is, stands in the
//! stories.

use super::{Dice, draft::Draft, march};
use casus_model::Confidence;

const SECTORS: [&str; 3] = ["Sector North", "Sector Centre", "Sector South"];
const DAYS: std::ops::RangeInclusive<i64> = 1..=21;

pub(super) fn tell(all: &mut Vec<Draft>, dice: &mut Dice) {
    watching(all);
    patrols(all, dice);
    daily_reports(all);
    units(all);
    fire(all, dice);
    elsewhere(all, dice);
}

/// Cameras in each sector, flights over all three, and liaison officers everywhere. Fog grounds the
/// flights on the 9th and 10th, and for eight hours of it the cameras of one sector are down too.
fn watching(all: &mut Vec<Draft>) {
    for day in DAYS {
        for hour in [0, 8, 16] {
            let (from, to) = (march(day, hour, 0), march(day, hour + 8, 0));
            for sector in SECTORS {
                let down = (day, hour, sector) == (9, 16, "Sector South");
                if !down {
                    let letter = sector.chars().nth(7).unwrap_or('X');
                    let id = format!("cam-{letter}-{day:02}-{hour:02}");
                    let watch = Draft::on_record(id, "camera watch", "Special Commission", from);
                    let source = format!("Camera Mast {letter}");
                    all.push(watch.within(sector).until(to).source(&source));
                }
            }
            let fog = (day == 9 && hour >= 8) || (day == 10 && hour < 8);
            if !fog {
                let id = format!("air-{day:02}-{hour:02}");
                let watch = Draft::on_record(id, "aerial watch", "Special Commission", from);
                all.push(watch.within("Security").until(to).source("Aerial Team"));
            }
        }
    }
    for day in 0..=21 {
        let id = format!("liaison-{day:02}");
        let watch = Draft::on_record(id, "liaison watch", "Special Commission", march(day, 0, 0));
        all.push(watch.until(march(day + 1, 0, 0)).source("Liaison Office"));
    }
}

fn patrols(all: &mut Vec<Draft>, dice: &mut Dice) {
    const SEEN: [&str; 4] = [
        "Nothing seen or heard.",
        "Heard two bursts at an unknown distance; direction not determined.",
        "Road passable; spoke with residents; no incident.",
        "Turned back early because of mud.",
    ];
    for day in DAYS {
        for team in 1..=2 {
            let (hour, sector) = (7 + dice.below(8), dice.one(&SECTORS, SECTORS[0]));
            let (from, to) = (march(day, hour, 0), march(day, hour + 3, 0));
            let id = format!("patrol-{day:02}-{team}");
            let patrol = Draft::on_record(id, "ground patrol", "Special Commission", from);
            let patrol = patrol.within(sector).until(to).source(&format!("Patrol Team {team}"));
            all.push(patrol.text(dice.one(&SEEN, SEEN[0])));
        }
    }
}

/// One a day by half past seven; none on the 8th, a late one on the 13th.
fn daily_reports(all: &mut Vec<Draft>) {
    for day in DAYS.filter(|day| *day != 8) {
        let at = if day == 13 { march(day, 21, 30) } else { march(day, 19, 30) };
        let id = format!("daily-{day:02}");
        let report = Draft::on_record(id, "daily report", "Special Commission", at);
        all.push(report.source("Special Commission"));
    }
}

/// Where the units of the Coalition stand, told every third day.
fn units(all: &mut Vec<Draft>) {
    for day in DAYS.skip(7).step_by(3) {
        for (by, unit, personnel, lon, lat) in
            [("FR", "Unit Aspen", 1400, 32.1, 47.7), ("GB", "Unit Beech", 1300, 30.1, 49.1)]
        {
            let id = format!("unit-{by}-{day:02}");
            let unit = Draft::on_record(id, "stationing", by, march(day, 12, 0))
                .of("support unit")
                .item(unit)
                .at("", lon, lat, 200.0)
                .counting("personnel", personnel, "");
            all.push(unit.source("Liaison Office").grade("A2"));
        }
    }
}

/// Fire in and near the zone until the 12th: nothing of it is confirmed, much of it is nobody's,
/// and now and then nobody says how many it killed.
fn fire(all: &mut Vec<Draft>, dice: &mut Dice) {
    const ACTS: [&str; 4] = ["shelling", "shelling", "sniping", "drone strike"];
    const GRADES: [&str; 7] = ["B2", "C2", "C3", "B3", "D4", "F6", "E5"];
    const OUTLETS: [&str; 4] = ["Steppe Courier", "Harbour Post", "Meadow Wire", "Patrol Team 3"];
    const ACTORS: [&str; 4] = ["UA", "RU", "Northern Militia", "Border Volunteers"];
    const SURE: [Confidence; 3] = [Confidence::UNKNOWN, Confidence::POSSIBLE, Confidence::PROBABLE];
    for number in 1..=64 {
        let at = march(1 + dice.below(12), dice.below(24), dice.below(60));
        let act = dice.one(&ACTS, ACTS[0]);
        let kind = if act == "sniping" { "small arm" } else { "gun" };
        let id = format!("fire-{number:03}");
        let mut report = Draft::new(id.as_str(), act, at)
            .of(kind)
            .at(
                "target",
                dice.degrees(35_700, 36_300),
                dice.degrees(47_620, 48_480),
                dice.one(&[150.0, 500.0, 1_500.0, 4_000.0], 500.0),
            )
            .source(dice.one(&OUTLETS, OUTLETS[0]))
            .grade(dice.one(&GRADES, GRADES[0]))
            .give_or_take(dice.one(&[0, 5, 30, 90], 5))
            .known(at.plus_ms((100 + dice.below(900)) * 60_000));
        if dice.below(20) > 0 {
            report = report.counting("killed", 0, "");
        }
        if dice.below(2) == 0 {
            let sure = dice.one(&SURE, SURE[0]);
            report = report.by(dice.one(&ACTORS, ACTORS[0]), sure);
        }
        if number % 8 == 0 {
            let again = report.clone().source("Village Radio").grade("D3");
            let again = again.incident(&id).record();
            all.push(Draft::again(again, &format!("{id}-b")));
        }
        all.push(report);
    }
}

/// What is reported and concerns no rule: fire far from the zone, flights above the ceiling, and
/// acts that the agreement does not know.
fn elsewhere(all: &mut Vec<Draft>, dice: &mut Dice) {
    for number in 1..=12 {
        let at = march(1 + dice.below(20), dice.below(24), dice.below(60));
        let (lon, lat) = (dice.degrees(36_600, 37_200), dice.degrees(47_700, 48_400));
        let far = Draft::new(format!("far-{number:02}"), "shelling", at).of("gun");
        let far = far.at("origin", lon, lat, 300.0).at("target", lon + 0.05, lat, 300.0);
        let far = far.at("path", lon + 0.02, lat, 300.0).grade("B2").source("Meadow Wire");
        all.push(far);
    }
    for number in 1..=10 {
        let day = 1 + dice.below(20);
        let at = march(day, 6 + dice.below(12), dice.below(60));
        let (by, lat) = (dice.one(&["UA", "RU"], "UA"), dice.degrees(47_600, 48_900));
        let high = Draft::new(format!("high-{number:02}"), "overflight", at)
            .by(by, Confidence::CONFIRMED)
            .of("military aircraft")
            .at("", 33.25, lat, 200.0)
            .altitude_m(3_400.0, 9_000.0);
        all.push(high.grade("A2").source("Radar Birch"));
    }
    for (number, act) in [(1, "drone sighting"), (2, "road closure"), (3, "drone sighting")] {
        let at = march(4 * number, 9, 15);
        let unknown = Draft::new(format!("other-{number}"), act, at).at("", 36.05, 48.1, 500.0);
        all.push(unknown.grade("C2").source("Village Radio"));
    }
}
