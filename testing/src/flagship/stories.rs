//! The planted part: what `examples/guarantee/README.md` lists, story by story.
//!
//! Invariant: each story stands in one function, and its record ids begin with the story's name.

use super::{draft::Draft, march};
use casus_model::{Confidence, Instant};

/// Attribution that suffices for a grave breach.
const SURE: Confidence = Confidence { low: 90, high: 100 };
const PROBABLE: Confidence = Confidence::PROBABLE;

pub(super) fn tell(all: &mut Vec<Draft>) {
    beginning(all);
    units(all);
    withdrawal(all);
    holdings(all);
    inspections(all);
    notices(all);
    corridors(all);
    self_defence(all);
    sources(all);
    corrections(all);
    edges(all);
    ladder_ru(all);
    ladder_ua(all);
    consultations(all);
    support(all);
    people_and_money(all);
}

/// Confirmed fire into the zone that killed nobody; the story says by whom and how sure.
fn fire(id: &str, act: &str, at: Instant, lon: f64, lat: f64) -> Draft {
    struck(id, act, at, lon, lat).counting("killed", 0, "")
}

/// The same, with the dead not yet told.
fn struck(id: &str, act: &str, at: Instant, lon: f64, lat: f64) -> Draft {
    let kind = if act == "strike" { "rocket system" } else { "gun" };
    Draft::new(id, act, at).of(kind).at("target", lon, lat, 150.0).grade("B1").source("Case Desk")
}

/// Signed by both on 28 February; two of three ratify; activated and invited.
fn beginning(all: &mut Vec<Draft>) {
    let say = Draft::on_record;
    all.extend([
        say("sign-UA", "signature", "UA", march(0, 15, 0)),
        say("sign-RU", "signature", "RU", march(0, 16, 0)),
        say("ratify-FR", "ratification", "FR", march(2, 12, 0)),
        say("ratify-GB", "ratification", "GB", march(3, 12, 0)),
        say("activate", "activation request", "UA", march(4, 10, 0)),
        say("invite", "invitation", "UA", march(5, 9, 0)),
    ]);
}

/// An advance party comes before activation and invitation; the ceiling is exceeded for two days;
/// one unit strays out of its hub, another may have; one weekly report is missing.
fn units(all: &mut Vec<Draft>) {
    let unit = |id: &str, act: &str, by: &str, unit: &str, at: Instant| {
        let draft = Draft::on_record(id, act, by, at).of("support unit").item(unit);
        draft.source("Liaison Office").grade("A2")
    };
    let hub = |draft: Draft| draft.at("", 30.1, 49.1, 200.0);
    all.extend([
        unit("deploy-advance", "deployment", "GB", "Unit Beech", march(3, 10, 0)),
        unit("deploy-aspen", "deployment", "FR", "Unit Aspen", march(6, 10, 0)),
        unit("deploy-beech", "deployment", "GB", "Unit Beech", march(7, 8, 0)),
        hub(unit("ceiling-in", "stationing", "GB", "Unit Cedar", march(12, 8, 0))).counting(
            "personnel",
            600,
            "",
        ),
        hub(unit("ceiling-out", "stationing", "GB", "Unit Cedar", march(14, 8, 0))).counting(
            "personnel",
            0,
            "",
        ),
        unit("stray-beech", "stationing", "GB", "Unit Beech", march(15, 9, 0))
            .at("", 30.4, 49.1, 200.0)
            .counting("personnel", 1300, ""),
        unit("stray-aspen", "stationing", "FR", "Unit Aspen", march(16, 9, 0))
            .at("", 32.19, 47.7, 3_000.0)
            .counting("personnel", 1400, ""),
    ]);
    let report = |id: &str, by: &str, day: i64| {
        Draft::on_record(id, "strength report", by, march(day, 12, 0)).source("Liaison Office")
    };
    all.extend([
        report("strength-FR-1", "FR", 7),
        report("strength-GB-1", "GB", 6),
        report("strength-GB-2", "GB", 13),
        report("strength-GB-3", "GB", 20),
        report("strength-FR-3", "FR", 19),
    ]);
}

/// One side starts in time and ends late; the other starts late and leaves one system behind.
fn withdrawal(all: &mut Vec<Draft>) {
    for (id, by, kind, day, hour, lon) in [
        ("UA-G-01", "UA", "gun", 2, 10, 35.55),
        ("UA-G-02", "UA", "gun", 6, 10, 35.55),
        ("UA-T-01", "UA", "tank", 9, 10, 35.70),
        ("UA-R-01", "UA", "short rocket system", 17, 11, 35.40),
        ("RU-G-01", "RU", "gun", 4, 10, 36.45),
        ("RU-G-02", "RU", "gun", 7, 9, 36.45),
        ("RU-T-01", "RU", "tank", 10, 9, 36.30),
        ("RU-L-01", "RU", "long rocket system", 11, 9, 36.40),
    ] {
        let name = format!("withdraw-{id}");
        let draft = Draft::on_record(name, "withdrawal", by, march(day, hour, 0)).of(kind).item(id);
        all.push(draft.at("", lon, 48.0, 100.0).grade("A2").source("Verification Team"));
    }
}

/// A heavy gun and a gun of unknown calibre in the zone after the withdrawal was due; a second
/// tank company inside the band for two days.
fn holdings(all: &mut Vec<Draft>) {
    let seen = |id: &str, by: &str, kind: &str, at: Instant, lon: f64, lat: f64| {
        let draft = Draft::new(id, "presence", at).by(by, PROBABLE).of(kind);
        draft.at("", lon, lat, 200.0).grade("B2").source("Aerial Team")
    };
    all.extend([
        seen("hold-UA", "UA", "gun", march(18, 10, 0), 35.9, 47.75).calibre_mm(122),
        seen("hold-RU", "RU", "gun", march(19, 11, 0), 36.1, 48.05),
        seen("tanks-UA", "UA", "tank", march(2, 10, 0), 35.92, 48.0)
            .item("5th company")
            .counting("number", 5, ""),
        seen("tanks-RU-1", "RU", "tank", march(2, 11, 0), 36.08, 48.0)
            .item("1st company")
            .counting("number", 4, ""),
        seen("tanks-RU-2-in", "RU", "tank", march(9, 10, 0), 36.08, 48.1)
            .item("2nd company")
            .counting("number", 3, ""),
        seen("tanks-RU-2-out", "RU", "tank", march(11, 10, 0), 36.40, 48.1)
            .item("2nd company")
            .counting("number", 3, ""),
    ]);
}

/// Requests admitted in time, late and never; a denial; an inspection that comes too late; a
/// request that is taken back.
fn inspections(all: &mut Vec<Draft>) {
    let body = "Special Commission";
    let ask = |id: &str, to: &str, site: &str, at: Instant| {
        Draft::on_record(id, "inspection request", body, at).of("site").item(site).to(to).known(at)
    };
    let answer = |id: &str, by: &str, site: &str, about: &str, at: Instant| {
        Draft::on_record(id, "admission", by, at).of("site").item(site).about(about)
    };
    let inspect = |id: &str, site: &str, at: Instant| {
        Draft::on_record(id, "inspection", body, at).of("site").item(site).source("Inspectors")
    };
    let dropped = ask("request-dropped", "UA", "Depot Maple", march(10, 8, 0));
    all.extend([
        ask("request-hazel", "UA", "Depot Hazel", march(8, 8, 0)),
        answer("admit-hazel", "UA", "Depot Hazel", "request-hazel", march(8, 10, 30)),
        inspect("inspect-hazel", "Depot Hazel", march(8, 12, 0)),
        ask("request-rowan", "RU", "Depot Rowan", march(5, 8, 0)),
        answer("admit-rowan", "RU", "Depot Rowan", "request-rowan", march(5, 12, 0)),
        inspect("inspect-rowan-1", "Depot Rowan", march(5, 13, 0)),
        inspect("inspect-rowan-2", "Depot Rowan", march(18, 13, 0)),
        ask("request-larch", "RU", "Depot Larch", march(13, 8, 0)),
        Draft::on_record("deny-larch", "denial", "RU", march(13, 9, 0))
            .of("site")
            .item("Depot Larch")
            .to(body)
            .source("Inspectors")
            .text("Gate closed; no reason given."),
        ask("request-maple", "UA", "Depot Maple", march(18, 6, 0)),
        answer("admit-maple", "UA", "Depot Maple", "request-maple", march(18, 15, 0)),
        inspect("inspect-maple", "Depot Maple", march(18, 16, 0)),
        dropped.withdrawn(march(10, 16, 0)),
        dropped,
    ]);
}

/// Notice of a flight 47 hours and 48 hours before it; notice of an exercise in time and late.
fn notices(all: &mut Vec<Draft>) {
    let notice = |id: &str, by: &str, item: &str, at: Instant| {
        Draft::on_record(id, "flight notice", by, at).of("military aircraft").item(item)
    };
    all.extend([
        notice("notice-UA-1", "UA", "flight UA-1", march(5, 11, 0)),
        flight("flight-UA-1", "UA", "flight UA-1", march(7, 10, 0)).altitude_m(900.0, 1_100.0),
        notice("notice-RU-1", "RU", "flight RU-1", march(4, 10, 0)),
        flight("flight-RU-1", "RU", "flight RU-1", march(6, 10, 0)).altitude_m(900.0, 1_100.0),
        Draft::on_record("exercise-RU", "exercise", "RU", march(20, 8, 0)).until(march(20, 18, 0)),
        Draft::on_record("exercise-notice-RU", "exercise notice", "RU", march(5, 12, 0))
            .about("exercise-RU"),
        Draft::on_record("exercise-UA", "exercise", "UA", march(20, 9, 0)).until(march(20, 17, 0)),
        Draft::on_record("exercise-notice-UA", "exercise notice", "UA", march(11, 12, 0))
            .about("exercise-UA"),
    ]);
}

fn flight(id: &str, by: &str, item: &str, at: Instant) -> Draft {
    let draft = Draft::new(id, "overflight", at).by(by, Confidence::CONFIRMED);
    let draft = draft.of("military aircraft").item(item).at("", 33.25, 48.2, 300.0);
    draft.grade("A2").source("Radar Birch")
}

/// A flight of unknown height, a medical flight, one at the ceiling; a ship turned back, another
/// boarded at the corridor's edge; patrols at sea, one too few; sensors that went dark.
fn corridors(all: &mut Vec<Draft>) {
    let ship = |id: &str, act: &str, by: &str, at: Instant, lat: f64, error_m: f64| {
        let draft = Draft::new(id, act, at).by(by, PROBABLE).of("vessel");
        draft.at("", 32.0, lat, error_m).grade("B2").source("Harbour Post")
    };
    let sensor = |id: &str, at: Instant, lat: f64| {
        let draft = Draft::new(id, "disabling", at).of("sensor").at("", 36.02, lat, 100.0);
        draft.grade("B2").source("Operations Room")
    };
    all.extend([
        flight("flight-RU-2", "RU", "flight RU-2", march(11, 14, 0)),
        flight("medical-UA", "UA", "flight UA-2", march(15, 3, 10)).altitude_m(300.0, 500.0),
        claim("medical-claim-UA", "medical emergency", "UA", "medical-UA", march(15, 3, 50)),
        flight("flight-RU-3", "RU", "flight RU-3", march(16, 12, 0)).altitude_m(3_000.0, 3_200.0),
        ship("turned-UA", "turning back", "UA", march(9, 15, 0), 45.7, 500.0),
        ship("boarded-RU", "boarding", "RU", march(13, 7, 0), 45.79, 5_000.0),
        sensor("dark-north", march(11, 2, 0), 48.3),
        sensor("dark-south", march(19, 4, 0), 47.7).by("UA", PROBABLE),
    ]);
    for day in [3, 6, 10, 17, 20] {
        let id = format!("sea-patrol-{day:02}");
        let patrol = Draft::on_record(id, "sea patrol", "GB", march(day, 6, 0));
        all.push(patrol.within("Sea Corridor").until(march(day, 14, 0)).source("Harbour Post"));
    }
}

fn claim(id: &str, defence: &str, by: &str, about: &str, at: Instant) -> Draft {
    Draft::on_record(id, "claim", by, at).of(defence).about(about).source("Liaison Office")
}

/// Return fire: accepted, rejected, and claimed too late.
fn self_defence(all: &mut Vec<Draft>) {
    let decide = |id: &str, act: &str, about: &str, at: Instant| {
        let draft = Draft::on_record(id, act, "Special Commission", at).of("self-defence");
        draft.about(about).source("Special Commission")
    };
    let own = "self-defence";
    all.extend([
        fire("defence-UA", "shelling", march(4, 4, 10), 36.05, 48.30).by("UA", PROBABLE),
        claim("defence-UA-claim", own, "UA", "defence-UA", march(4, 5, 20)),
        decide("defence-UA-accepted", "acceptance", "defence-UA", march(6, 11, 0)),
        fire("defence-RU", "shelling", march(7, 4, 0), 35.95, 48.30).by("RU", PROBABLE),
        claim("defence-RU-claim", own, "RU", "defence-RU", march(7, 5, 0)),
        decide("defence-RU-rejected", "rejection", "defence-RU", march(9, 11, 0)),
        fire("defence-late", "shelling", march(8, 13, 0), 35.95, 47.75).by("RU", PROBABLE),
        claim("defence-late-claim", own, "RU", "defence-late", march(8, 16, 30)),
    ]);
}

/// One source told by two outlets, which confirms nothing; two sources that are independent.
fn sources(all: &mut Vec<Draft>) {
    let heard = |id: &str, at: Instant, by: &str, source: &str| {
        let draft = fire(id, "shelling", at, 35.93, 48.05).by(by, PROBABLE).grade("B2");
        draft.source(source).give_or_take(10)
    };
    let echo = |id, outlet| {
        heard(id, march(3, 21, 0), "RU", outlet).incident("echo").repeating("Meadow Wire")
    };
    let pair = |id, source| heard(id, march(4, 22, 0), "UA", source).incident("pair");
    all.extend([
        echo("echo-1", "Steppe Courier"),
        echo("echo-2", "Harbour Post"),
        pair("pair-1", "Patrol Team 4"),
        pair("pair-2", "Camera Mast C"),
    ]);
}

/// A place that was wrong, an attribution that did not hold, and a report that was taken back.
fn corrections(all: &mut Vec<Draft>) {
    let place = fire("moved", "shelling", march(6, 18, 0), 35.9, 47.8).by("UA", PROBABLE);
    let named = fire("unnamed", "shelling", march(5, 12, 0), 35.9, 48.1).by("RU", PROBABLE);
    let taken = fire("taken-back", "strike", march(7, 20, 0), 36.1, 48.1).by("UA", PROBABLE);
    all.extend([
        place
            .corrected(march(8, 9, 0))
            .nowhere()
            .at("origin", 35.1, 47.8, 300.0)
            .at("path", 35.2, 47.8, 300.0)
            .at("target", 35.3, 47.8, 300.0),
        place,
        named.corrected(march(8, 9, 30)).nobody(),
        named,
        taken.withdrawn(march(9, 10, 0)),
        taken,
    ]);
}

/// A disk that touches the zone's edge, and fire by those somebody answers for.
fn edges(all: &mut Vec<Draft>) {
    all.extend([
        fire("edge", "shelling", march(11, 23, 0), 36.205, 48.10)
            .by("RU", PROBABLE)
            .nowhere()
            .at("target", 36.205, 48.10, 800.0),
        fire("volunteers", "shelling", march(5, 17, 0), 36.04, 47.70)
            .by("Border Volunteers", PROBABLE),
    ]);
}

/// Five confirmed breaches in the north within twelve hours, four more elsewhere; then, two days
/// later, word of an earlier one, which moves every clock of the ladder back by two and a half
/// hours. The warning, in time until then, becomes late; one member assists, the other does not;
/// nobody adopts the last step.
fn ladder_ru(all: &mut Vec<Draft>) {
    let body = "Special Commission";
    let about = "ladder-1";
    let step = |id: &str, step: &str, by: &str, at: Instant| {
        Draft::on_record(id, "adoption", by, at).of(step).about(about).source(body)
    };
    for (id, by, hour, minute, lon, lat) in [
        ("ladder-1", "RU", 6, 0, 35.92, 48.30),
        ("ladder-2", "Northern Militia", 8, 0, 35.92, 48.32),
        ("ladder-3", "RU", 9, 30, 35.94, 48.34),
        ("ladder-4", "RU", 11, 0, 35.94, 48.36),
        ("ladder-5", "RU", 13, 0, 35.92, 48.38),
        ("ladder-6", "RU", 15, 0, 35.92, 47.70),
        ("ladder-7", "RU", 16, 0, 35.92, 47.72),
        ("ladder-8", "RU", 17, 0, 35.92, 48.02),
        ("ladder-9", "RU", 18, 0, 35.92, 48.04),
    ] {
        all.push(fire(id, "shelling", march(10, hour, minute), lon, lat).by(by, SURE));
    }
    all.extend([
        fire("ladder-0-late", "shelling", march(10, 3, 30), 35.94, 48.28)
            .by("RU", SURE)
            .known(march(12, 9, 0)),
        step("ladder-adopt-warning-FR", "8.5 warning", "FR", march(10, 19, 0)),
        step("ladder-adopt-warning-GB", "8.5 warning", "GB", march(10, 21, 0)),
        Draft::on_record("ladder-warning", "warning", body, march(11, 5, 0))
            .to("RU")
            .about(about)
            .source(body),
        step("ladder-adopt-coalition-FR", "8.5 coalition", "FR", march(11, 10, 0)),
        step("ladder-adopt-coalition-US", "8.5 coalition", "US", march(11, 12, 0)),
        Draft::on_record("ladder-assist-FR", "intelligence sharing", "FR", march(11, 18, 0))
            .to("UA")
            .about(about),
    ]);
}

/// One strike that kills six: a grave breach by the other side, claimed as self-defence and not
/// decided; both steps are adopted and taken in time.
fn ladder_ua(all: &mut Vec<Draft>) {
    let body = "Special Commission";
    let about = "strike-UA";
    let step = |id: &str, step: &str, by: &str, at: Instant| {
        Draft::on_record(id, "adoption", by, at).of(step).about(about).source(body)
    };
    all.extend([
        struck(about, "strike", march(17, 2, 0), 36.08, 47.72)
            .by("UA", SURE)
            .between("killed", 5, 6, 7),
        claim("strike-UA-claim", "self-defence", "UA", about, march(17, 3, 30)),
        step("strike-UA-adopt-1", "8.6 warning", "FR", march(17, 9, 0)),
        step("strike-UA-adopt-2", "8.6 warning", "US", march(17, 10, 0)),
        Draft::on_record("strike-UA-warning", "warning", body, march(17, 16, 0))
            .to("UA")
            .about(about)
            .source(body),
        step("strike-UA-adopt-3", "8.6 consultation", "FR", march(17, 12, 0)),
        step("strike-UA-adopt-4", "8.6 consultation", "GB", march(17, 13, 0)),
        Draft::on_record("strike-UA-consult-FR", "consultation", "FR", march(18, 9, 0))
            .to("UA")
            .about(about),
        Draft::on_record("strike-UA-consult-GB", "consultation", "GB", march(18, 20, 0))
            .to("UA")
            .about(about),
    ]);
}

/// Two calls, each answered late by one guarantor, and one that was taken back.
fn consultations(all: &mut Vec<Draft>) {
    let call = |id: &str, by: &str, at: Instant| {
        Draft::on_record(id, "consultation call", by, at).known(at).source("Liaison Office")
    };
    let answer = |id: &str, by: &str, about: &str, at: Instant| {
        Draft::on_record(id, "consultation", by, at).about(about).source("Liaison Office")
    };
    let dropped = call("call-dropped", "RU", march(14, 10, 0));
    all.extend([
        call("call-UA", "UA", march(10, 20, 0)),
        answer("call-UA-FR", "FR", "call-UA", march(11, 6, 0)),
        answer("call-UA-GB", "GB", "call-UA", march(11, 10, 0)),
        answer("call-UA-US", "US", "call-UA", march(12, 2, 0)),
        call("call-RU", "RU", march(18, 10, 0)),
        answer("call-RU-US", "US", "call-RU", march(18, 16, 0)),
        answer("call-RU-GB", "GB", "call-RU", march(19, 8, 0)),
        answer("call-RU-FR", "FR", "call-RU", march(19, 12, 0)),
        dropped.withdrawn(march(14, 15, 0)),
        dropped,
    ]);
}

/// Lots in time, late and missing; a receipt that never came; weeks of training above and below
/// the floor.
fn support(all: &mut Vec<Draft>) {
    let lot = |id: &str, by: &str, lot: &str, at: Instant| {
        Draft::on_record(id, "delivery", by, at).of("lot").item(lot).to("UA").source("Depot Desk")
    };
    all.extend([
        lot("lot-1", "GB", "Lot 1", march(8, 10, 0)),
        lot("lot-2", "US", "Lot 2", march(12, 10, 0)),
        Draft::on_record("receipt-1", "delivery receipt", "UA", march(11, 9, 0)).about("lot-1"),
    ]);
    for (day, trainees) in [(4, 130), (6, 120), (11, 110), (17, 140), (19, 110)] {
        let id = format!("training-{day:02}");
        let course = Draft::on_record(id, "training", "GB", march(day, 9, 0));
        all.push(course.counting("trainees", trainees, "").source("Training Desk"));
    }
}

/// Captives released by both sides, instalments in time and late, a first account of the fund.
fn people_and_money(all: &mut Vec<Draft>) {
    let say = Draft::on_record;
    let pay = |id: &str, by: &str, at: Instant| {
        Draft::on_record(id, "payment", by, at).to("UA").counting("sum", 250_000_000, "USD")
    };
    all.extend([
        say("release-UA", "captive release", "UA", march(15, 11, 0)),
        say("release-RU", "captive release", "RU", march(19, 11, 0)),
        pay("pay-FR", "FR", march(12, 10, 0)),
        pay("pay-GB", "GB", march(18, 10, 0)),
        say("account-1", "account", "Prosperity Fund", march(20, 10, 0)).counting(
            "mobilised",
            95_000_000_000,
            "USD",
        ),
    ]);
}
