//! A record from its opening to its hand-over.
//!
//! Invariant: every test says what would be wrong without what it tests.
#![allow(clippy::unwrap_used, clippy::panic)]

use casus_ingest::Limits;
use casus_model::{Grade, Instant, Name, Standing};
use casus_monitor::{Act, Class, Error, Monitor, Person, Receipt, Role, Signer, Source, View};
use std::{collections::BTreeMap, fs, path::Path};
use tempfile::{TempDir, tempdir};

const TEXT: &str = r#"# Truce

```casus
agreement Truce version 1
parties North, South
act shelling
```

```casus
1 each of North, South must not shelling
2 finding often of party
    when at least 2 shelling same party within 24 hours
```
"#;

fn line(id: &str, hour: u32, actor: &str) -> String {
    format!(
        r#"{{"id":"{id}","act":"shelling","actor":{{"name":"{actor}","confidence":"confirmed"}},"time":"2026-03-01T{hour:02}:00:00Z","known":"2026-03-01T{hour:02}:30:00Z","source":"Post 7","grade":"A1"}}"#
    )
}

fn at(hour: u32) -> Instant {
    Instant::parse(&format!("2026-03-02T{hour:02}:00:00Z")).unwrap()
}

struct Case {
    folder: TempDir,
    monitor: Monitor,
    keeper: Signer,
}

impl Case {
    fn new() -> Case {
        let folder = tempdir().unwrap();
        let path = folder.path().join("record");
        let mut monitor = Monitor::create(&path, "truce.example/log", "desk", at(0)).unwrap();
        let keeper = Signer::load(&path.join("keys/desk.key")).unwrap();
        let text = monitor.keep(TEXT.as_bytes()).unwrap();
        let act = Act::Agreement { text, annexes: BTreeMap::new(), casus: "test".to_owned() };
        monitor.act(act, &keeper, at(0)).unwrap();
        Case { folder, monitor, keeper }
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("record")
    }

    fn add(&mut self, lines: &[String], class: Class) -> Receipt {
        let content = lines.join("\n") + "\n";
        let source = Source {
            name: "night.jsonl",
            content: content.as_bytes(),
            profile: None,
            profile_text: (None, None),
            class,
            limits: Limits::default(),
        };
        self.monitor.add(&source, &self.keeper, at(1), &mut |reject| panic!("{reject:?}")).unwrap()
    }

    fn act(&mut self, act: Act, hour: u32) -> Result<u64, Error> {
        self.monitor.act(act, &self.keeper, at(hour))
    }

    fn person(&mut self, name: &str, roles: &[Role], speaks_for: &[&str]) -> Signer {
        let (path, key) = self.monitor.new_key(name).unwrap();
        let person = Person {
            name: name.to_owned(),
            key: key.to_string(),
            roles: roles.to_vec(),
            speaks_for: speaks_for.iter().map(|one| (*one).to_owned()).collect(),
        };
        self.act(Act::Person(person), 1).unwrap();
        Signer::load(&path).unwrap()
    }

    /// The findings of a view, each with its records.
    fn found(&self, view: &View) -> Vec<(String, Vec<Name>)> {
        let judged = self.monitor.judge(view, Some(at(20))).unwrap();
        let told = |one: &&casus_model::Finding| {
            matches!(one.verdict, casus_model::Verdict::Breached | casus_model::Verdict::Found)
        };
        let findings = judged.engine.findings();
        let findings = findings.iter().filter(|one| told(one));
        findings.map(|one| (one.provision.to_string(), one.records.clone())).collect()
    }
}

fn reason() -> String {
    "seen again in the morning".to_owned()
}

#[test]
fn a_file_that_comes_twice_is_there_once() {
    let mut case = Case::new();
    let lines = [line("r1", 1, "North"), line("r2", 2, "North")];
    let first = case.add(&lines, Class::Public);
    let size = case.monitor.size();
    let second = case.add(&lines, Class::Public);
    assert_eq!((first.reports, second.position, second.again), (2, first.position, true));
    assert_eq!(case.monitor.size(), size);
    // Also where another file says the same and more.
    let third = case.add(&[line("r2", 2, "North"), line("r3", 3, "South")], Class::Public);
    assert_eq!((third.reports, third.accounting.duplicate), (1, 1));
    assert!(third.accounting.adds_up());
}

#[test]
fn what_was_acknowledged_is_there_after_opening_anew() {
    let mut case = Case::new();
    case.add(&[line("r1", 1, "North"), line("r2", 2, "North")], Class::Public);
    let found = case.found(&View::default());
    assert_eq!(found.len(), 3, "two breaches and one finding of the count: {found:?}");
    let path = case.path();
    let Case { folder: _folder, monitor, .. } = case;
    drop(monitor);
    let monitor = Monitor::view(&path).unwrap();
    assert_eq!(monitor.state().filed.len(), 2);
    assert!(Monitor::verify(&path, &[]).unwrap().is_sound());
}

#[test]
fn a_file_that_was_cut_short_is_completed() {
    let mut case = Case::new();
    let lines: Vec<String> = (0..5).map(|n| line(&format!("r{n}"), n + 1, "North")).collect();
    case.add(&lines, Class::Public);
    let path = case.path();
    let (size, keeper) = (case.monitor.size(), case.keeper);
    drop(case.monitor);
    // The log as a kill between two groups would have left it: all but the last two entries.
    let log = path.join("log");
    let key = Signer::load(&path.join("keys/log.key")).unwrap();
    let entries = {
        let monitor = Monitor::view(&path).unwrap();
        (0..size - 2).map(|at| monitor.prove(at).unwrap().0).collect::<Vec<_>>()
    };
    let attachments = log.join("attachments");
    let aside = case.folder.path().join("aside");
    fs::rename(&attachments, &aside).unwrap();
    fs::remove_dir_all(&log).unwrap();
    fs::create_dir(&log).unwrap();
    let mut ledger = casus_ledger::Ledger::create(&log, key).unwrap();
    let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    ledger.append(&entries).unwrap();
    drop(ledger);
    fs::rename(&aside, &attachments).unwrap();
    assert!(!Monitor::verify(&path, &[]).unwrap().faults.is_empty());
    let monitor = Monitor::open(&path).unwrap();
    let mut case = Case { folder: case.folder, monitor, keeper };
    let receipt = case.add(&lines, Class::Public);
    assert_eq!((receipt.reports, receipt.again), (5, false));
    assert_eq!(case.monitor.size(), size);
    assert!(Monitor::verify(&path, &[]).unwrap().is_sound());
}

#[test]
fn people_stand_over_what_sources_say_and_can_take_it_back() {
    let mut case = Case::new();
    case.add(&[line("r1", 1, "North"), line("r2", 2, "North")], Class::Public);
    assert_eq!(case.found(&View::default()).len(), 3);
    let reports = vec![Name::from("r1"), Name::from("r2")];
    let merge = case.act(Act::Merge { reports, reason: reason() }, 3).unwrap();
    // One incident, told twice: one breach, and too few for the count.
    let found = case.found(&View::default());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].1, ["r1", "r2"].map(Name::from));
    // As it was known before the merge.
    let earlier = View { as_of: Some(at(2)), ..View::default() };
    assert_eq!(case.found(&earlier).len(), 3);
    case.act(Act::Split { merge, reason: reason() }, 4).unwrap();
    assert_eq!(case.found(&View::default()).len(), 3);
    case.act(Act::Withdraw { report: "r2".into(), over: 1, reason: reason() }, 5).unwrap();
    assert_eq!(case.found(&View::default()).len(), 1);
    // What the source itself says stays in the log as it was.
    let standing = |one: &casus_monitor::Filed| one.record.standing;
    assert!(case.monitor.state().filed.iter().all(|one| standing(one) == Standing::Asserted));
    // A place of the log knows nothing of what came after it.
    let size = Some(merge);
    assert_eq!(case.found(&View { size, ..View::default() }).len(), 3);
}

#[test]
fn a_later_version_of_a_source_is_not_hidden_by_what_was_said_of_the_earlier() {
    let mut case = Case::new();
    case.add(&[line("r1", 1, "North")], Class::Public);
    case.act(Act::Withdraw { report: "r1".into(), over: 1, reason: reason() }, 2).unwrap();
    assert!(case.found(&View::default()).is_empty());
    let again = line("r1", 1, "South").replace(r#""act""#, r#""version":2,"act""#);
    case.add(&[again], Class::Public);
    assert_eq!(case.found(&View::default()).len(), 1);
}

#[test]
fn a_bad_grade_makes_a_breach_possible_only() {
    let mut case = Case::new();
    case.add(&[line("r1", 1, "North")], Class::Public);
    let grade = Grade::parse("E5").unwrap();
    case.act(Act::Grade { report: "r1".into(), grade, reason: reason() }, 2).unwrap();
    assert!(case.found(&View::default()).is_empty());
}

#[test]
fn nobody_does_what_is_not_theirs() {
    let mut case = Case::new();
    case.add(&[line("r1", 1, "North")], Class::Public);
    let anna = case.person("anna", &[Role::Member], &["North"]);
    let withdraw = || Act::Withdraw { report: "r1".into(), over: 1, reason: reason() };
    let size = case.monitor.size();
    let refused = case.monitor.act(withdraw(), &anna, at(2)).unwrap_err().to_string();
    assert!(refused.contains("analyst"), "{refused}");
    let adopt = |member: &str| Act::Adopt {
        provision: "2".into(),
        about: Vec::new(),
        on_behalf_of: member.into(),
        reason: reason(),
    };
    let refused = case.monitor.act(adopt("South"), &anna, at(2)).unwrap_err().to_string();
    assert!(refused.contains("South"), "{refused}");
    let stranger = Signer::generate("desk", casus_ledger::Kind::Note).unwrap();
    assert!(case.monitor.act(withdraw(), &stranger, at(2)).is_err());
    assert_eq!(case.monitor.size(), size);
    assert!(case.monitor.act(adopt("North"), &anna, at(2)).is_ok());
}

#[test]
fn two_people_adopt_and_not_one_twice() {
    let mut case = Case::new();
    let anna = case.person("anna", &[Role::Member], &["North"]);
    let ben = case.person("ben", &[Role::Member], &["North"]);
    let adopt = || Act::Adopt {
        provision: "2".into(),
        about: Vec::new(),
        on_behalf_of: "North".into(),
        reason: reason(),
    };
    let adoptions = |case: &Case| {
        let records = case.monitor.state().records(&View::default());
        records
            .iter()
            .filter(|one| &*one.act == "adoption")
            .map(|one| one.known)
            .collect::<Vec<_>>()
    };
    case.monitor.act(adopt(), &anna, at(2)).unwrap();
    case.monitor.act(adopt(), &anna, at(3)).unwrap();
    assert!(adoptions(&case).is_empty());
    case.monitor.act(adopt(), &ben, at(4)).unwrap();
    assert_eq!(adoptions(&case), [at(4)]);
}

#[test]
fn what_is_restricted_leaves_no_trace_in_what_is_public() {
    let mut case = Case::new();
    case.add(&[line("r1", 1, "North")], Class::Public);
    case.add(&[line("agent", 2, "North"), line("other", 3, "North")], Class::Restricted);
    let restricted = View { class: Class::Restricted, ..View::default() };
    assert_eq!(case.found(&restricted).len(), 4);
    assert_eq!(case.found(&View::default()).len(), 1);
    let mut tar = Vec::new();
    casus_monitor::archive(&case.monitor, &[], &mut tar).unwrap();
    // The name of a file stands in the log once: for the one that is public.
    for (hidden, times) in [("agent", 0), ("night.jsonl", 1)] {
        let count = tar.windows(hidden.len()).filter(|part| *part == hidden.as_bytes()).count();
        assert_eq!(count, times, "{hidden}");
    }
    // The keeper opens the record anew and has all of it.
    let path = case.path();
    drop(case.monitor);
    let monitor = Monitor::view(&path).unwrap();
    assert_eq!(monitor.state().filed.len(), 3);
    // Who has the public part judges the same of it, and says how much is withheld.
    let elsewhere = case.folder.path().join("elsewhere");
    tar::Archive::new(tar.as_slice()).unpack(&elsewhere).unwrap();
    let other = Monitor::view(&elsewhere).unwrap();
    assert_eq!((other.state().filed.len(), other.state().withheld), (1, 2));
    assert!(Monitor::verify(&elsewhere, &[]).unwrap().is_sound());
    let public = |monitor: &Monitor| {
        let judged = monitor.judge(&View::default(), Some(at(20))).unwrap();
        let all: Vec<_> = judged.engine.findings().into_iter().cloned().collect();
        (all, judged.accounting)
    };
    assert_eq!(public(&other), public(&monitor));
}

#[test]
fn a_difference_names_the_report_that_made_it() {
    let mut case = Case::new();
    case.add(&[line("r1", 1, "North")], Class::Public);
    let before = View { size: Some(case.monitor.size()), ..View::default() };
    let receipt = case.add(&[line("r2", 2, "North")], Class::Public);
    let clock = at(20);
    let changed = case.monitor.difference((&before, clock), (&View::default(), clock)).unwrap();
    assert_eq!(changed.len(), 2, "{changed:?}");
    for one in changed {
        assert!(one.before.is_none());
        assert_eq!(one.position, Some(receipt.position + 1));
    }
}

#[test]
fn another_wording_judges_what_comes_after_it_and_not_what_was_found_before() {
    let mut case = Case::new();
    case.add(&[line("r1", 1, "North"), line("r2", 2, "North")], Class::Public);
    let before = View { size: Some(case.monitor.size()), ..View::default() };
    let other = TEXT.replace("at least 2", "at least 3").replace("version 1", "version 2");
    let text = case.monitor.keep(other.as_bytes()).unwrap();
    let act = Act::Agreement { text, annexes: BTreeMap::new(), casus: "test".to_owned() };
    case.act(act, 5).unwrap();
    assert_eq!(case.found(&View::default()).len(), 2);
    assert_eq!(case.found(&before).len(), 3);
}

#[test]
fn what_lies_beside_the_log_cannot_be_altered_unseen() {
    let mut case = Case::new();
    case.add(&[line("r1", 1, "North")], Class::Public);
    let path = case.path();
    drop(case.monitor);
    let mut files = Vec::new();
    walk(&path.join("log/attachments"), &mut files);
    assert_eq!(files.len(), 2);
    for file in files {
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, [&bytes[..], b" "].concat()).unwrap();
        assert!(!Monitor::verify(&path, &[]).unwrap().is_sound(), "{}", file.display());
        fs::remove_file(&file).unwrap();
        assert!(!Monitor::verify(&path, &[]).unwrap().is_sound(), "{}", file.display());
        fs::write(&file, bytes).unwrap();
        assert!(Monitor::verify(&path, &[]).unwrap().is_sound());
    }
}

fn walk(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}
