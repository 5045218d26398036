//! Mapping profiles: what they make of rows, and what is said of a faulty one.
//!
//! Invariant: every fixture here is invented.
#![allow(clippy::unwrap_used)]

mod common;

use casus_ingest::{Intake, Limits, Profile, RejectWriter, write_record};
use common::{take_text, take_with};

fn lines(taken: &common::Taken) -> Vec<String> {
    taken.records.iter().map(write_record).collect()
}

#[test]
fn every_built_in_profile_loads_and_names_its_acts() {
    for name in Profile::names() {
        let profile = Profile::builtin(name).unwrap();
        assert_eq!(profile.name(), name);
        assert!(!profile.title().is_empty());
    }
    let said = Profile::builtin("vina").unwrap_err().to_string();
    let expected = "profile `vina`: not built in; built in are `acled`, `ais`, `beast`, \
                    `casus-csv`, `firms`, `marinecadastre`, `opensky`, `opensky-states`, \
                    `readsb`, `sbs`, `traffic`, `ucdp-ged`, `viina`; did you mean `viina`?";
    assert_eq!(said, expected);
}

#[test]
fn viina_rows() {
    let text = "\u{feff}\"datetime\",\"lon\",\"lat\",\"place_name\",\"event_type\",\"headline\"\r\n\
                \"2024-07-01 14:05:00\",\"30.5\",\"50.4\",\"A\",\
                \"civcas|artillery|loc\",\"x\r\ny\"\r\n\
                \"2024-07-01 00:00:00\",\"30.5\",\"50.4\",\"A\",\"airalerb\",\"z\"\r\n\
                \"2024-07-01 00:00:00\",\"30.5\",\"50.4\",\"A\",\"loc\",\"z\"\r\n\
                \"2024-07-01 00:00:00\",\"30.5\",\"50.4\",\"A\",\"loc\",\"z\"\r\n";
    let taken = take_text(text, Some("viina"));
    assert_eq!(taken.said(), "4 read = 2 accepted + 1 duplicate + 1 unclassified + 0 rejected");
    let tail = r#""source":"VIINA","grade":"F6""#;
    let at = r#""places":[{"point":[30.5,50.4],"error_m":2000.0}]"#;
    let expected = [
        format!(
            r#""act":"shelling",{at},"time":{{"from":"2024-07-01T11:05:00Z","to":"2024-07-01T11:05:59.999Z"}},"known":"2024-07-01T11:05:59.999Z",{tail},"text":"x\r\ny"}}"#
        ),
        format!(
            r#""act":"air alert",{at},"time":{{"from":"2024-06-30T21:00:00Z","to":"2024-07-01T20:59:59.999Z"}},"known":"2024-07-01T20:59:59.999Z",{tail},"text":"z"}}"#
        ),
    ];
    for (line, expected) in lines(&taken).iter().zip(expected) {
        let (id, rest) = line.split_once(',').unwrap();
        assert!(id.starts_with("{\"id\":\"viina-") && id.len() == 46, "{id}");
        assert_eq!(rest, expected);
    }
}

const ACLED: &str = "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,\
                     actor2,latitude,longitude,geo_precision,source,notes,fatalities,timestamp\n";

#[test]
fn acled_rows() {
    let text = format!(
        "{ACLED}\
         XXX1,2024-05-10,1,Explosions/Remote violence,Shelling/artillery/missile attack,Force A,\
         Force B,50.5,30.5,2,Invented Daily,Shells fell.,3,1716000000\n\
         XXX2,11 May 2024,3,Strategic developments,Other,Force A,,50.5,30.5,1,x,y,0,1716000000\n\
         XXX3,2024-05-12,2,Battles,Armed clash,Force A,,50.5,30.5,4,x,y,0,1716000000\n\
         XXX4,2024-05-12,1,Battles,Armed clash,Force A,,50.5,30.5,3,x,y,-1,1716000000\n"
    );
    let profile = Profile::builtin("acled").unwrap().with_zone("Europe/Kyiv").unwrap();
    let taken = take_with(text.as_bytes(), "x.csv", Some(&profile), &Limits::default());
    let expected = r#"{"id":"acled-XXX1","version":1716000000,"act":"shelling","places":[{"point":[30.5,50.5],"error_m":50000.0}],"time":{"from":"2024-05-09T21:00:00Z","to":"2024-05-10T20:59:59.999Z"},"known":"2024-05-18T02:40:00.999Z","quantities":{"killed":3},"source":{"name":"ACLED","origin":"Invented Daily"},"grade":"F6","text":"Shells fell."}"#;
    assert_eq!(lines(&taken), [expected]);
    assert_eq!(
        taken.reasons(),
        "3 geo_precision: expected one of `1`, `2`, `3`, got `4`\n\
         4 fatalities: expected a number of at least 0, got `-1`"
    );
    let count = taken.outcome.unwrap();
    assert_eq!(count.unclassified_values["sub_event_type: Other"], 1);
}

#[test]
fn firms_clock_times() {
    let text = "latitude,longitude,acq_date,acq_time,frp\n48,37,2025-08-11,45,1.5\n";
    let taken = take_text(text, Some("firms"));
    let line = &lines(&taken)[0];
    assert!(line.contains(r#""from":"2025-08-11T00:45:00Z","to":"2025-08-11T00:45:59.999Z""#));
    assert!(line.contains(r#""fire radiative power":{"best":1.5,"unit":"MW"}"#), "{line}");
}

#[test]
fn one_intake_knows_a_report_from_another_file() {
    let text = "latitude,longitude,acq_date\n48,37,2025-08-11\n";
    let profile = Profile::builtin("firms").unwrap();
    let mut intake = Intake::new(Limits::default());
    let mut records = 0;
    for name in ["a.csv", "b.csv"] {
        let taken = &mut |_| records += 1;
        intake.read(text.as_bytes(), name, Some(&profile), taken, &mut |_| {}).unwrap();
    }
    let said = "2 read = 1 accepted + 1 duplicate + 0 unclassified + 0 rejected";
    assert_eq!((intake.total().to_string().as_str(), records), (said, 1));
}

const OWN: &str = r#"
name = "own"
version = "rev?"
delimiter = ";"

[id]
columns = ["no"]

[duplicates]
columns = ["no", "rev"]

[[act]]
column = "what"
values = [["fire", "shelling"]]
otherwise = "incident"

[actor]
name = { column = "who", values = [["a", "A Force"]] }
confidence = { fixed = "possible" }

[[place]]
role = "target"
named = "site"

[time]
column = "day"
format = ["%d.%m.%Y"]
zone = "Europe/Kyiv"
end = "until"
reading = "lasting"

[known]
fixed = "2026-01-01T00:00:00Z"

[source]
name = { fixed = "desk" }

[grade]
column = "rating"
values = [["good", "B2"]]
"#;

#[test]
fn a_profile_of_ones_own() {
    let profile = Profile::parse("own.toml", OWN).unwrap();
    assert_eq!(profile.acts(), ["shelling", "incident"]);
    let text = "no;rev;what;who;site;day;until;rating\n\
                1;2;fire;a;Depot;01.03.2025;02.03.2025;good\n\
                1;2;fire;a;Depot;01.03.2025;02.03.2025;bad\n\
                2;;other;;;01.03.2025;;\n\
                3;;fire;b;;01.03.2025;;\n\
                4;;fire;a;;02.03.2025;01.03.2025;\n";
    let taken = take_with(text.as_bytes(), "x", Some(&profile), &Limits::default());
    let expected = [
        r#"{"id":"1","version":2,"act":"shelling","actor":{"name":"A Force","confidence":"possible"},"places":[{"role":"target","named":"Depot"}],"time":{"began":["2025-02-28T22:00:00Z","2025-03-01T21:59:59.999Z"],"ended":["2025-03-01T22:00:00Z","2025-03-02T21:59:59.999Z"]},"known":"2026-01-01T00:00:00Z","source":"desk","grade":"B2"}"#,
        r#"{"id":"2","act":"incident","time":{"from":"2025-02-28T22:00:00Z","to":"2025-03-01T21:59:59.999Z"},"known":"2026-01-01T00:00:00Z","source":"desk","grade":"F6"}"#,
    ];
    assert_eq!(lines(&taken), expected);
    assert_eq!(taken.said(), "5 read = 2 accepted + 1 duplicate + 1 unclassified + 1 rejected");
    assert_eq!(
        taken.reasons(),
        "5 until: expected an end not before `02.03.2025`, got `01.03.2025`"
    );
}

#[test]
fn faults_of_a_profile_are_named() {
    let cases = [
        (
            "zone = \"Europe/Kyiv\"",
            "zone = \"Europe/Kiew\"",
            "`time.zone`: expected an IANA time zone or `any`, got `Europe/Kiew`",
        ),
        ("reading = ", "readign = ", "did you mean `reading`?"),
        ("format = [\"%d.%m.%Y\"]", "format = [\"%d.%m\"]", "`time.format`: expected a format as"),
        ("\"possible\"", "\"perhaps\"", "`actor.confidence`: expected a confidence as"),
        (
            "[\"good\", \"B2\"]",
            "[\"good\", \"G2\"]",
            "`grade`: expected a grade from `A1` to `F6`, got `G2`",
        ),
        (
            "fixed = \"2026-01-01T00:00:00Z\"",
            "",
            "`known`: expected one of `rule`, `fixed`, `column`",
        ),
        ("named = \"site\"", "lon = \"x\"", "`place`: expected `lon` and `lat` together"),
    ];
    for (from, to, expected) in cases {
        assert!(OWN.contains(from), "{from}");
        let said = Profile::parse("own.toml", &OWN.replace(from, to)).unwrap_err().to_string();
        assert!(said.starts_with("profile `own.toml`: ") && said.contains(expected), "{said}");
    }
}

#[test]
fn rejects_are_written_as_a_table_that_runs_nothing() {
    let text = "latitude,longitude,acq_date\n=1+1,37,2025-08-11\n";
    let taken = take_text(text, Some("firms"));
    let mut bytes = Vec::new();
    let mut writer = RejectWriter::for_name("rejects.CSV", &mut bytes).unwrap();
    writer.write(&taken.rejects[0]).unwrap();
    writer.flush().unwrap();
    drop(writer);
    let expected = "file,row,line,column,reason,text\n\
                    test,1,2,latitude,\"expected a number, got `=1+1`\",'=1+1\n";
    assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    let mut bytes = Vec::new();
    RejectWriter::json_lines(&mut bytes).write(&taken.rejects[0]).unwrap();
    assert!(String::from_utf8(bytes).unwrap().ends_with("\"text\":\"=1+1\"}\n"));
}
