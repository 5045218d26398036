//! A ceasefire's wording over years of press reports that name no perpetrator.
//!
//! Invariant: such reports never establish a breach, whatever their number.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

mod field;

use casus_model::{Instant, Reason, Tri, Verdict, time::DAY_MS};
use field::{agreement, example, judge, of, records, shared};
use std::{collections::HashMap, fs, path::PathBuf};

/// The agreement in a folder of its own, with real boundaries beside it.
fn folder_with(regions: &PathBuf) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("casus-hindcast-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::copy(example("hindcast").join("agreement.md"), folder.join("agreement.md")).unwrap();
    let unpacked = zstd::decode_all(fs::File::open(regions).unwrap()).unwrap();
    fs::write(folder.join("regions.geojson"), unpacked).unwrap();
    folder
}

#[test]
fn nobody_is_found_in_breach() {
    let Some(reports) = shared("viina/viina_incidents_2023-2025.csv.zst") else { return };
    let regions = shared("zones/geoBoundaries-UKR-ADM1_simplified.geojson.zst");
    let Some(regions) = regions else { return };
    let folder = folder_with(&regions);
    let (program, _) = agreement(&folder);
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(program.families[0].zones.len(), 27);

    let (records, count) = records(&reports, Some("viina"));
    assert_eq!((count.read, count.duplicate, count.rejected), (191_675, 26_962, 0));
    let parts = [count.accepted, count.duplicate, count.unclassified, count.rejected];
    assert_eq!(parts.iter().sum::<u64>(), count.read);

    let times: HashMap<_, _> = records.iter().map(|one| (one.id.clone(), one.time)).collect();
    let mut of_act: HashMap<String, usize> = HashMap::new();
    for record in &records {
        *of_act.entry(record.act.to_string()).or_default() += 1;
    }
    let engine = judge(&program, records, Instant::parse("2025-10-01T00:00:00Z").unwrap());
    let breached = |finding: &&casus_model::Finding| finding.verdict == Verdict::Breached;
    assert_eq!(engine.findings().into_iter().find(breached), None);

    for (label, act) in
        [("2.1", "shelling"), ("2.2", "air strike"), ("2.3", "drone attack"), ("2.4", "explosion")]
    {
        let findings = of(&engine, label);
        let most = of_act[act];
        assert!(findings.len() <= most && findings.len() * 10 > most * 9, "{label}: {most}");
        for finding in &findings {
            let said = (finding.verdict, finding.reason, &finding.party);
            let expected = (Verdict::PossiblyBreached, Reason::AttributionUndetermined, &None);
            assert_eq!(said, expected, "{finding:#?}");
            assert_eq!(
                (finding.questions.act, finding.questions.who),
                (Tri::Unknown, Tri::Unknown)
            );
            assert_eq!(finding.candidates.len(), 2);
            assert_eq!(finding.from, times[&finding.records[0]].start);
        }
        let long = |finding: &&&casus_model::Finding| {
            finding.from.1.0 - finding.from.0.0 > DAY_MS - 7_200_000
        };
        let day_long = findings.iter().filter(long).count();
        eprintln!("{label} {act}: {} possibly breached, {day_long} of them on a day", most);
        assert!(day_long > 0);
    }
    let surges = of(&engine, "3.1");
    assert!(surges.iter().all(|finding| finding.verdict == Verdict::PossiblyFound));
    assert!(surges.len() > 100, "{}", surges.len());
    let quiet = of(&engine, "3.2");
    assert!(quiet.iter().all(|finding| finding.verdict == Verdict::PossiblyFound));
    eprintln!("{} possible surges, {} regions possibly quiet", surges.len(), quiet.len());
}
