//! What a declared thing is: members, cases, kinds, sizes, items, values.
//!
//! Invariant: a kind of thing that this file does not know still gets its kind and its name.

use super::escaped;
use crate::store::Reading;
use casus_model::{
    extent::{area_m2, length_m},
    program::{ActId, ActorId, ActorKind, ParameterStanding, Program, ZoneId},
};
use casus_syntax::{
    ast::{Kind, Kinds},
    sentence,
};

/// Names of a list that are shown.
const SHOWN: usize = 12;

/// Lines on a name.
pub fn about(reading: &Reading, name: &str, kinds: Kinds) -> Vec<String> {
    let meant: Vec<Kind> = sentence::kinds().filter(|kind| kinds.has(*kind)).collect();
    let articles: Vec<&str> = meant.iter().map(|kind| sentence::article(*kind)).collect();
    let mut parts = vec![format!("**{}**, {}", escaped(name), articles.join(" and "))];
    if let Some(program) = reading.program.as_deref() {
        for kind in meant {
            let lines: Vec<String> = lines(program, kind, name).into_iter().flatten().collect();
            if !lines.is_empty() {
                parts.push(lines.join("  \n"));
            }
        }
    }
    parts
}

fn lines(program: &Program, kind: Kind, name: &str) -> Vec<Option<String>> {
    match kind {
        Kind::Actor => actor(program, name),
        Kind::Group => group(program, name),
        Kind::Act => act(program, name),
        Kind::Category => category(program, name),
        Kind::Zone => zone(program, name),
        Kind::Family => family(program, name),
        Kind::Line => line(program, name),
        Kind::List => list(program, name),
        Kind::Table => table(program, name),
        Kind::Parameter => parameter(program, name),
        Kind::Measure => measure(program, name),
        Kind::ListItem => item(program, name),
        Kind::Role => role(program, name),
        Kind::Side => side(program, name),
        _ => Vec::new(),
    }
}

fn actor(program: &Program, name: &str) -> Vec<Option<String>> {
    let Some(actor) = program.actor(name).and_then(|id| id.of(program)) else { return Vec::new() };
    let what = match &actor.kind {
        ActorKind::Party => "A party to the agreement.".to_owned(),
        ActorKind::Office { members, quorum } => {
            let members = actors(program, members);
            format!("An office. Its members are {members}; {quorum} of them decide.")
        }
        _ => "A force that is no party.".to_owned(),
    };
    let id = program.actor(name);
    let groups =
        program.groups.iter().filter(|(_, members)| id.is_some_and(|id| members.contains(&id)));
    let groups: Vec<&str> = groups.map(|(name, _)| &**name).collect();
    let answered = actor.answered.iter().map(|answer| {
        let how = if answer.strictly { "strictly" } else { "with diligence" };
        format!("{} answers for it, {how}.", actors(program, &[answer.by]))
    });
    let answers = program
        .actors
        .iter()
        .filter(|other| other.answered.iter().any(|answer| Some(answer.by) == id));
    let answers: Vec<&str> = answers.map(|other| &*other.name).collect();
    let mut lines = vec![actor.title.as_ref().map(|title| escaped(title)), Some(what)];
    lines.push(listed(&groups).map(|groups| format!("In {groups}.")));
    lines.extend(answered.map(Some));
    lines.push(listed(&answers).map(|answers| format!("Answers for {answers}.")));
    lines
}

fn group(program: &Program, name: &str) -> Vec<Option<String>> {
    let found = program.groups.iter().find(|(group, _)| &**group == name);
    vec![found.map(|(_, members)| format!("Its members are {}.", actors(program, members)))]
}

fn act(program: &Program, name: &str) -> Vec<Option<String>> {
    let Some(id) = program.act(name) else { return Vec::new() };
    let Some(act) = id.of(program) else { return Vec::new() };
    let above: Vec<ActId> = act.above.iter().copied().filter(|other| *other != id).collect();
    let cases =
        program.acts.iter().filter(|other| other.above.contains(&id) && &*other.name != name);
    let cases: Vec<&str> = cases.map(|other| &*other.name).collect();
    let roles: Vec<&str> = act.roles.iter().map(|role| &**role).collect();
    vec![
        acts(program, &above).map(|above| format!("A case of {above}.")),
        listed(&cases).map(|cases| format!("Its cases are {cases}.")),
        listed(&roles).map(|roles| format!("It has places: {roles}.")),
        acts(program, &act.watches).map(|acts| format!("It watches {acts}.")),
        acts(program, &act.hinders).map(|acts| format!("It hinders {acts}.")),
        act.joins.and_then(|joins| {
            let of = acts(program, &[joins.of])?;
            Some(format!("It is made of each two successive {of} of one item."))
        }),
        act.stock.then(|| "Its records say how much there is, not what was done.".to_owned()),
    ]
}

fn category(program: &Program, name: &str) -> Vec<Option<String>> {
    let Some(id) = program.category(name) else { return Vec::new() };
    let named = |id: casus_model::program::CategoryId| {
        id.of(program).map(|category| category.name.to_string())
    };
    let kinds = id.of(program).map_or(&[][..], |category| &category.kinds);
    let kinds: Vec<String> = kinds
        .iter()
        .filter_map(|(kind, tests)| {
            let more = if tests.is_empty() { "" } else { " (some of them)" };
            Some(format!("{}{more}", named(*kind)?))
        })
        .collect();
    let wider =
        program.categories.iter().filter(|other| other.kinds.iter().any(|(kind, _)| *kind == id));
    let wider: Vec<&str> = wider.map(|other| &*other.name).collect();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    vec![
        listed(&kinds).map(|kinds| format!("It is exactly {kinds}.")),
        listed(&wider).map(|wider| format!("It is among {wider}.")),
    ]
}

fn zone(program: &Program, name: &str) -> Vec<Option<String>> {
    let Some(id) = program.zone(name) else { return Vec::new() };
    let Some(zone) = id.of(program) else { return Vec::new() };
    let includes: Vec<ZoneId> = zone.includes.iter().copied().filter(|one| *one != id).collect();
    let families = program.families.iter().filter(|family| family.zones.contains(&id));
    let families: Vec<&str> = families.map(|family| &*family.name).collect();
    vec![
        area_m2(&zone.region)
            .map(|area| format!("About {} km² on the ground.", rounded(area / 1e6))),
        zone.floor_m.map(|floor| format!("From {} m up.", rounded(floor))),
        zone.ceiling_m.map(|ceiling| format!("Below {} m.", rounded(ceiling))),
        zones(program, &includes).map(|zones| format!("It includes {zones}.")),
        listed(&families).map(|families| format!("In the family {families}.")),
    ]
}

fn family(program: &Program, name: &str) -> Vec<Option<String>> {
    let found = program.families.iter().find(|family| &*family.name == name);
    let zones = found.and_then(|family| {
        Some(format!("{} zones: {}.", family.zones.len(), zones(program, &family.zones)?))
    });
    vec![zones]
}

fn line(program: &Program, name: &str) -> Vec<Option<String>> {
    let Some(line) = program.lines.iter().find(|line| &*line.name == name) else {
        return Vec::new();
    };
    let long = |paths: &[Vec<_>]| rounded(length_m(paths) / 1e3);
    let own = line.own.iter().map(|(party, drawn)| {
        Some(format!("{} km for {}.", long(&drawn.paths), actors(program, &[*party])))
    });
    let paths = &line.drawn.paths;
    let plain = (!paths.is_empty()).then(|| format!("{} km long.", long(paths)));
    let later = line.drawn.later.iter().map(|(from, paths)| {
        let from = program.calendar.local(*from).strftime("%Y-%m-%d %H:%M");
        Some(format!("From {from} on another one, {} km long.", long(paths)))
    });
    let sides = line.sides.as_ref().map(|(left, right)| {
        let (left, right) = (escaped(left), escaped(right));
        format!("Along its drawing {left} is on the left, {right} on the right.")
    });
    std::iter::once(plain).chain(own).chain(later).chain([sides]).collect()
}

fn list(program: &Program, name: &str) -> Vec<Option<String>> {
    let Some(list) = program.lists.iter().find(|list| &*list.name == name) else {
        return Vec::new();
    };
    let items: Vec<&str> = list.items.iter().map(|item| &*item.item).collect();
    let count = match items.len() {
        1 => "1 item".to_owned(),
        many => format!("{many} items"),
    };
    let of = program.actors.iter().enumerate().filter_map(|(at, actor)| {
        let owned = list.items.iter().filter(|item| item.party.map(ActorId::index) == Some(at));
        Some(owned.count())
            .filter(|many| *many > 0)
            .map(|many| format!("{} has {many}", actor.name))
    });
    let of: Vec<String> = of.collect();
    vec![
        Some(match listed(&items) {
            Some(items) => format!("{count}: {items}."),
            None => format!("{count}."),
        }),
        (!of.is_empty()).then(|| format!("{}.", of.join(", "))),
    ]
}

fn item(program: &Program, name: &str) -> Vec<Option<String>> {
    let lists =
        program.lists.iter().filter(|list| list.items.iter().any(|item| &*item.item == name));
    let lists: Vec<&str> = lists.map(|list| &*list.name).collect();
    vec![listed(&lists).map(|lists| format!("On the list {lists}."))]
}

fn table(program: &Program, name: &str) -> Vec<Option<String>> {
    let found = program.tables.iter().find(|table| &*table.name == name);
    vec![found.map(|table| {
        let many = table.rows.len();
        format!("{many} rows; the row of the narrowest kind that fits counts.")
    })]
}

fn parameter(program: &Program, name: &str) -> Vec<Option<String>> {
    let found = program.parameters.iter().find(|parameter| &*parameter.name == name);
    vec![found.map(|parameter| {
        let from = match parameter.standing {
            ParameterStanding::Reported => "publicly reported",
            ParameterStanding::Invented => "invented for the example",
            _ => "agreed between the parties",
        };
        format!("It is **{}**, {from}.", escaped(&parameter.value))
    })]
}

fn measure(program: &Program, name: &str) -> Vec<Option<String>> {
    let found = program.measures.iter().find(|measure| &*measure.name == name);
    let unit = found.map(|measure| &*measure.unit).filter(|unit| !unit.is_empty());
    vec![unit.map(|unit| format!("In {}.", escaped(unit)))]
}

fn role(program: &Program, name: &str) -> Vec<Option<String>> {
    let acts = program.acts.iter().filter(|act| act.roles.iter().any(|role| &**role == name));
    let acts: Vec<&str> = acts.map(|act| &*act.name).collect();
    vec![listed(&acts).map(|acts| format!("A place of {acts}."))]
}

fn side(program: &Program, name: &str) -> Vec<Option<String>> {
    let told = program.lines.iter().filter_map(|line| {
        let (left, right) = line.sides.as_ref()?;
        let hand = match name {
            _ if **left == *name => "left",
            _ if **right == *name => "right",
            _ => return None,
        };
        Some(Some(format!("On the {hand} of {}, as it is drawn.", escaped(&line.name))))
    });
    told.collect()
}

fn actors(program: &Program, ids: &[ActorId]) -> String {
    let names: Vec<&str> =
        ids.iter().filter_map(|id| id.of(program)).map(|actor| &*actor.name).collect();
    listed(&names).unwrap_or_default()
}

fn acts(program: &Program, ids: &[ActId]) -> Option<String> {
    let names: Vec<&str> =
        ids.iter().filter_map(|id| id.of(program)).map(|act| &*act.name).collect();
    listed(&names)
}

fn zones(program: &Program, ids: &[ZoneId]) -> Option<String> {
    let names: Vec<&str> =
        ids.iter().filter_map(|id| id.of(program)).map(|zone| &*zone.name).collect();
    listed(&names)
}

/// Names with commas; none where there are none.
fn listed(names: &[&str]) -> Option<String> {
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| escaped(name)).collect();
    let more = names.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| format!("{}{more}", shown.join(", ")))
}

/// Four figures, and thousands apart.
fn rounded(number: f64) -> String {
    if number.abs() < 1_000.0 {
        let digits = if number.abs() < 10.0 { 2 } else { 1 };
        let text = format!("{number:.digits$}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let step = 10_f64.powf(number.abs().log10().floor() - 3.0);
    let whole = format!("{:.0}", (number / step).round() * step);
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn numbers_have_four_figures() {
        let all = [0.0, 0.126, 3.0, 99.96, 314.16, 1234.4, 123_456.0, 9_999.9, 1e6 + 499.0];
        let told = ["0", "0.13", "3", "100", "314.2", "1 234", "123 500", "10 000", "1 000 000"];
        assert_eq!(all.map(rounded), told);
    }
}
