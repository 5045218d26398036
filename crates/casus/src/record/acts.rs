//! What people do to a record.
//!
//! Invariant: every act but one that lists has an author and goes into the log.

use super::act;
use crate::{
    arguments::record::{
        Adopt, Author, Correct, Merge, People, Plead, Review, ReviewWhat, Split, Withdraw,
    },
    exit::{Exit, Failure},
    nearest::nearest,
    run::lines::put,
    terminal::{Terminal, clean},
};
use casus_ingest::parse_record;
use casus_model::{Grade, Name};
use casus_monitor::{Act, Monitor, Person, Plea, Role, State};
use serde::Serialize;
use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
};

#[derive(Serialize)]
struct PersonLine<'p> {
    kind: &'static str,
    #[serde(flatten)]
    person: &'p Person,
}

/// Takes somebody in, or lists everybody.
pub fn people(asked: &People, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Some(name) = &asked.person else {
        let monitor = Monitor::view(&asked.record)?;
        for person in monitor.state().people.values() {
            if asked.author.json {
                put(&PersonLine { kind: "person", person }, &mut terminal.out)?;
                continue;
            }
            let roles: Vec<&str> = person.roles.iter().map(|role| role.name()).collect();
            let roles =
                if roles.is_empty() { "nothing any more".to_owned() } else { roles.join(", ") };
            let mut line = format!("{:<20} {roles}", person.name);
            if !person.speaks_for.is_empty() {
                line += &format!("; speaks for {}", person.speaks_for.join(", "));
            }
            writeln!(terminal.out, "{}", clean(&line))?;
        }
        return Ok(Exit::Fine);
    };
    let roles: Vec<Role> = asked.roles.iter().map(|text| role(text)).collect::<Result<_, _>>()?;
    let mut made = None;
    let exit = act(&asked.record, &asked.author, terminal, |monitor| {
        let known = monitor.state().people.get(name);
        let key = match (&asked.public_key, known) {
            (Some(key), _) => key.clone(),
            (None, Some(known)) => known.key.clone(),
            (None, None) => {
                let (path, key) = monitor.new_key(name)?;
                made = Some(path);
                key.to_string()
            }
        };
        let speaks_for = asked.speaks_for.clone();
        Ok(Act::Person(Person { name: name.clone(), key, roles, speaks_for }))
    })?;
    if let Some(path) = made {
        terminal.say(&format!(
            "a key was made: give `{}` to {name}, and take it out of this folder",
            path.display()
        ))?;
    }
    Ok(exit)
}

fn role(text: &str) -> Result<Role, Failure> {
    Role::named(text).ok_or_else(|| {
        let known = Role::ALL.map(|(_, name)| name);
        let failure = Failure::usage(format!("--role: `{text}` is no role"));
        match nearest(text, known.map(str::to_owned)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help(format!("the roles are {}", known.join(", "))),
        }
    })
}

/// The version of a report that an act is over.
fn version(state: &State, report: &str) -> Result<u32, Failure> {
    let newest = state.versions(report).map(|one| one.record.version).max();
    newest.ok_or_else(|| {
        let known = state.by_report.keys().map(ToString::to_string);
        let failure = Failure::usage(format!("there is no report `{report}` in the record"));
        match nearest(report, known) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`casus findings --json` names the reports behind a finding"),
        }
    })
}

/// Says anew what a report says.
pub fn correct(asked: &Correct, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let text = text(&asked.file)?;
    let told = |error: String| {
        Failure::evidence(format!("`{}`: {error}", asked.file.display()))
            .help("a report is one JSON object; see docs/evidence.md")
    };
    let record = parse_record(text.trim()).map_err(told)?;
    act(&asked.record, &asked.author, terminal, |monitor| {
        let over = version(monitor.state(), &record.id)?;
        Ok(Act::Correct {
            record: casus_ingest::write_record(&record),
            over,
            reason: asked.reason.clone(),
        })
    })
}

fn text(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = match path.as_os_str() == "-" {
        true => io::stdin().lock().read_to_string(&mut text).map(|_| ()),
        false => fs::read_to_string(path).map(|found| text = found),
    };
    read.map_err(|error| crate::agreement::missing("report", path, &error))?;
    Ok(text)
}

/// Takes a report back.
pub fn withdraw(asked: &Withdraw, terminal: &mut Terminal) -> Result<Exit, Failure> {
    act(&asked.record, &asked.author, terminal, |monitor| {
        let over = version(monitor.state(), &asked.report)?;
        let report = Name::from(asked.report.as_str());
        Ok(Act::Withdraw { report, over, reason: asked.reason.clone() })
    })
}

/// Says that reports are of one incident.
pub fn merge(asked: &Merge, terminal: &mut Terminal) -> Result<Exit, Failure> {
    act(&asked.record, &asked.author, terminal, |monitor| {
        for report in &asked.reports {
            version(monitor.state(), report)?;
        }
        let reports = asked.reports.iter().map(|one| Name::from(one.as_str())).collect();
        Ok(Act::Merge { reports, reason: asked.reason.clone() })
    })
}

/// Takes a merge back.
pub fn split(asked: &Split, terminal: &mut Terminal) -> Result<Exit, Failure> {
    act(&asked.record, &asked.author, terminal, |monitor| {
        let mut acts = monitor.state().acts.iter();
        let is_merge = acts.any(|(position, signed)| {
            *position == asked.merge && matches!(signed.act, Act::Merge { .. })
        });
        if !is_merge {
            return Err(Failure::usage(format!("entry {} is no merge", asked.merge))
                .help("`casus merge` tells where it stands"));
        }
        Ok(Act::Split { merge: asked.merge, reason: asked.reason.clone() })
    })
}

/// Grades, confirms, claims, accepts or rejects.
pub fn review(asked: &Review, terminal: &mut Terminal) -> Result<Exit, Failure> {
    match &asked.what {
        ReviewWhat::Grade { report, grade, reason, author } => {
            let found = Grade::parse(grade).ok_or_else(|| {
                Failure::usage(format!("`{grade}` is no grade"))
                    .help("a letter for the source and a digit for the content, as B2")
            })?;
            act(&asked.record, author, terminal, |monitor| {
                version(monitor.state(), report)?;
                let report = Name::from(report.as_str());
                Ok(Act::Grade { report, grade: found, reason: reason.clone() })
            })
        }
        ReviewWhat::Confirm { report, reason, author } => {
            act(&asked.record, author, terminal, |monitor| {
                version(monitor.state(), report)?;
                let report = Name::from(report.as_str());
                Ok(Act::Confirm { report, reason: reason.clone() })
            })
        }
        ReviewWhat::Claim(one) => plead(&asked.record, Plea::Claim, one, terminal),
        ReviewWhat::Accept(one) => plead(&asked.record, Plea::Acceptance, one, terminal),
        ReviewWhat::Reject(one) => plead(&asked.record, Plea::Rejection, one, terminal),
    }
}

fn plead(
    record: &Path,
    plea: Plea,
    asked: &Plead,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    act(record, &asked.author, terminal, |_| {
        Ok(Act::Plead {
            plea,
            defence: asked.exception.as_str().into(),
            about: asked.about.as_str().into(),
            on_behalf_of: asked.on_behalf_of.as_str().into(),
            reason: asked.reason.clone(),
        })
    })
}

/// Adopts a step or a finding.
pub fn adopt(asked: &Adopt, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Adopt { record, author, .. } = asked;
    let exit = act(record, author, terminal, |_| {
        Ok(Act::Adopt {
            provision: asked.provision.as_str().into(),
            about: asked.about.iter().map(|one| one.as_str().into()).collect(),
            on_behalf_of: asked.on_behalf_of.as_str().into(),
            reason: asked.reason.clone(),
        })
    })?;
    say_whether_it_counts(record, asked, author, terminal)?;
    Ok(exit)
}

/// Of an adoption it matters whether it is the first or the second.
fn say_whether_it_counts(
    record: &Path,
    asked: &Adopt,
    _: &Author,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let monitor = Monitor::view(record)?;
    let same = |act: &Act| {
        matches!(act, Act::Adopt { provision, on_behalf_of, about, .. }
            if **provision == *asked.provision
                && **on_behalf_of == *asked.on_behalf_of
                && about.len() == asked.about.len()
                && about.iter().zip(&asked.about).all(|(a, b)| **a == **b))
    };
    let acts = monitor.state().acts.iter().filter(|(_, signed)| same(&signed.act));
    let people: std::collections::BTreeSet<&str> =
        acts.map(|(_, signed)| signed.by.as_str()).collect();
    let needed = casus_monitor::ADOPTERS;
    let told = match people.len() >= needed {
        true => format!("it counts: {} people of {} did", people.len(), asked.on_behalf_of),
        false => format!(
            "it does not count yet: {} of {needed} people of {} did",
            people.len(),
            asked.on_behalf_of
        ),
    };
    terminal.say(&clean(&told))?;
    Ok(())
}
