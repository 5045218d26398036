//! A run on real reports, which are never part of this repository.
//!
//! Invariant: every row is accounted for; nobody is found in breach by data that name nobody.
//!
//! The data are looked for in `CASUS_SHARED`, or in `shared` beside the repository. Without them
//! the test says so and passes, unless `CASUS_REQUIRE_DATA` is 1.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

mod common;

use common::{casus, pact};
use std::path::PathBuf;

fn shared(file: &str) -> Option<PathBuf> {
    let beside = || pact().join("../../../../../shared");
    let folder = std::env::var_os("CASUS_SHARED").map_or_else(beside, PathBuf::from);
    let file = folder.join("data").join(file);
    if file.is_file() {
        return Some(file);
    }
    let required = std::env::var("CASUS_REQUIRE_DATA").is_ok_and(|value| value == "1");
    assert!(!required, "{} is not there", file.display());
    eprintln!("SKIPPED: {} is not there", file.display());
    None
}

#[test]
fn three_years_of_reports() {
    let Some(file) = shared("viina/viina_incidents_2023-2025.csv.zst") else { return };
    let evidence = format!("viina={}", file.display());
    let agreement = pact().join("../../../../examples/hindcast/agreement.md");
    let agreement = agreement.to_str().unwrap();
    let run = casus(&["run", agreement, "-e", &evidence, "--json"]);
    assert_eq!(run.exit, 0, "{}", run.err);
    let lines = run.lines();
    let rows = |name: &str| lines[0][name].as_u64().unwrap();
    assert_eq!((rows("read"), rows("duplicate"), rows("rejected")), (191_675, 26_962, 0));
    let sum = rows("accepted") + rows("duplicate") + rows("unclassified") + rows("rejected");
    assert_eq!(sum, rows("read"));
    assert!(lines.len() > 10_000);
    assert!(lines.iter().all(|line| line["verdict"] != "breached"));
    let page = casus(&["run", agreement, "-e", &evidence]);
    assert!(page.out.contains("191,675 read"), "{}", page.out);
    assert!(page.out.lines().count() <= 45);
    assert!(page.out.lines().all(|line| line.chars().count() <= 100));
}
