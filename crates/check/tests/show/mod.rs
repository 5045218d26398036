//! A program as text, short enough to read.
//!
//! Invariant: what two programs differ in shows in their texts, geometry and digests aside.

#![allow(clippy::unwrap_used)]

use casus_model::{Name, Span, program::*};
use std::fmt::Write as _;

/// The whole program.
pub fn program(p: &Program) -> String {
    let mut out = format!("{} {} in {}", p.name, p.version, p.calendar.zone_name());
    if p.lateness_ms > 0 {
        let _ = write!(out, ", late {} h", p.lateness_ms / 3_600_000);
    }
    if let Some(moment) = &p.commencement {
        let _ = write!(out, ", from {}", at(p, moment));
    }
    out.push('\n');
    vocabulary(p, &mut out);
    for rule in &p.rules {
        out.push_str(&self::rule(p, rule));
    }
    let strata: Vec<String> = p
        .strata
        .iter()
        .map(|level| {
            level.iter().map(|id| id.of(p).unwrap().label.to_string()).collect::<Vec<_>>().join(" ")
        })
        .collect();
    let _ = writeln!(out, "strata {}", strata.join(" | "));
    out.lines().map(wrapped).collect()
}

/// A line, broken before it gets too long.
fn wrapped(mut line: &str) -> String {
    let mut out = String::new();
    while line.len() > 96 {
        let Some((at, _)) = line.char_indices().take(96).filter(|(_, c)| *c == ' ').last() else {
            break;
        };
        let (one, rest) = line.split_at(at);
        let _ = write!(out, "{one}\n       ");
        line = rest;
    }
    out + line + "\n"
}

fn list<T>(items: impl IntoIterator<Item = T>, show: impl Fn(T) -> String) -> String {
    items.into_iter().map(show).collect::<Vec<_>>().join(" ")
}

fn actors(p: &Program, ids: &[ActorId]) -> String {
    list(ids, |id| id.of(p).unwrap().name.to_string())
}

fn acts(p: &Program, ids: &[ActId]) -> String {
    list(ids, |id| id.of(p).unwrap().name.to_string())
}

fn vocabulary(p: &Program, out: &mut String) {
    for actor in &p.actors {
        let kind = match &actor.kind {
            ActorKind::Party => "party".to_owned(),
            ActorKind::Force => "force".to_owned(),
            ActorKind::Office { members, quorum } => {
                format!("office of {} quorum {quorum}", actors(p, members))
            }
        };
        let _ = write!(out, "actor {}: {kind}", actor.name);
        for answer in &actor.answered {
            let _ = write!(
                out,
                ", answered by {} under {:?} from {:?} strictly {}",
                answer.by.of(p).unwrap().name,
                answer.under,
                answer.from,
                answer.strictly
            );
        }
        out.push('\n');
    }
    for (name, members) in &p.groups {
        let _ = writeln!(out, "group {name}: {}", actors(p, members));
    }
    for act in &p.acts {
        let _ = write!(out, "act {}: above {}", act.name, acts(p, &act.above));
        for (what, text) in [
            ("places", list(&act.roles, |role| role.to_string())),
            ("hinders", acts(p, &act.hinders)),
            ("watches", acts(p, &act.watches)),
            ("stock", if act.stock { "yes".to_owned() } else { String::new() }),
        ] {
            if !text.is_empty() {
                let _ = write!(out, ", {what} {text}");
            }
        }
        out.push('\n');
    }
    for category in &p.categories {
        let kinds = list(&category.kinds, |(id, with)| {
            format!("[{}{}]", id.of(p).unwrap().name, tests(with))
        });
        let _ = writeln!(out, "category {}: {kinds}", category.name);
    }
    for measure in &p.measures {
        let _ =
            writeln!(out, "measure {}: {:?} {:?}", measure.name, measure.dimension, measure.unit);
    }
    places(p, out);
}

fn places(p: &Program, out: &mut String) {
    for line in &p.lines {
        let own = list(&line.own, |(id, _)| id.of(p).unwrap().name.to_string());
        let _ = writeln!(out, "line {}: {} paths, own {own}", line.name, line.paths.len());
    }
    for zone in &p.zones {
        let includes = list(&zone.includes, |id| id.of(p).unwrap().name.to_string());
        let _ = writeln!(
            out,
            "zone {}: {} height {:?} {:?} includes {includes}",
            zone.name,
            region(&zone.region),
            zone.floor_m,
            zone.ceiling_m
        );
    }
    for family in &p.families {
        let zones = list(&family.zones, |id| id.of(p).unwrap().name.to_string());
        let _ = writeln!(out, "family {}: {zones}", family.name);
    }
    for inventory in &p.lists {
        let items = list(&inventory.items, |item| {
            let party = item.party.map_or("-".into(), |id| id.of(p).unwrap().name.clone());
            let kind = item.category.map_or("-".into(), |id| id.of(p).unwrap().name.clone());
            format!("[{} {kind} {party} {:?}]", item.item, item.measures)
        });
        let _ = writeln!(out, "list {}: {items}", inventory.name);
    }
    for table in &p.tables {
        let rows = list(&table.rows, |row| {
            format!("[{} {} over {:?}]", object(p, &row.of), row.value, row.overrides)
        });
        let _ = writeln!(out, "table {}: {rows}", table.name);
    }
    for parameter in &p.parameters {
        let _ = writeln!(out, "parameter {parameter:?}");
    }
}

fn region(region: &casus_model::geometry::Region) -> String {
    use casus_model::geometry::Region;
    match region {
        Region::Polygons(list) => format!("{} polygons", list.len()),
        Region::Within { of, distance_m } => format!("{distance_m} m of {} paths", of.len()),
        Region::AnyOf(regions) => format!("({})", list(regions, self::region)),
        Region::Without(one, two) => {
            format!("{} without {}", self::region(one), self::region(two))
        }
    }
}

fn tests(tests: &[MeasureTest]) -> String {
    let show = |test: &MeasureTest| format!(" {} {:?} {}", test.measure, test.compare, test.value);
    tests.iter().map(show).collect()
}

fn object(p: &Program, of: &ObjectTest) -> String {
    format!("{}{}", of.category.of(p).unwrap().name, tests(&of.tests))
}

fn label(p: &Program, id: RuleId) -> &Name {
    &id.of(p).unwrap().label
}

/// One rule.
pub fn rule(p: &Program, rule: &Rule) -> String {
    let mut out = format!("{}: {}\n", rule.label, body(p, &rule.body));
    let standard = rule.standard;
    if standard != Standard::default() {
        let _ = writeln!(
            out,
            "    proof {} {} {:?}",
            standard.act, standard.attribution, standard.source
        );
    }
    for (word, moment) in [("from", &rule.from), ("until", &rule.until)] {
        if let Some(moment) = moment {
            let _ = writeln!(out, "    {word} {}", at(p, moment));
        }
    }
    for test in &rule.during {
        let _ = writeln!(out, "    while {}{}", not(test.negated), label(p, test.state));
    }
    if !rule.except.is_empty() {
        let _ = writeln!(out, "    except {}", groups(p, &rule.except));
    }
    if let Some(unless) = &rule.unless {
        let _ = writeln!(out, "    unless {unless:?}");
    }
    out
}

fn not(negated: bool) -> &'static str {
    if negated { "not " } else { "" }
}

fn bearers(p: &Program, bearers: &Bearers) -> String {
    format!("{:?} {}", bearers.mode, actors(p, &bearers.actors))
}

fn body(p: &Program, body: &Body) -> String {
    match body {
        Body::MustNot { bearers, deeds } => {
            format!("{} must not {}", self::bearers(p, bearers), patterns(p, deeds))
        }
        Body::Must(duty) => self::duty(p, duty),
        Body::Keep(keep) => {
            let (who, of) = (bearers(p, &keep.bearers), pattern(p, &keep.pattern));
            let limit = format!("{:?} {:?} {}", keep.over, keep.compare, keep.value);
            format!("{who} must keep {:?} of {of} {limit}", keep.measure)
        }
        Body::May(permit) => {
            let (who, what) = (bearers(p, &permit.bearers), patterns(p, &permit.deeds));
            let despite = list(&permit.despite, |id| label(p, *id).to_string());
            format!("{who} may {what} when {} despite {despite}", groups(p, &permit.when))
        }
        Body::Finding(finding) => {
            let (name, keys) = (&finding.name, &finding.keys);
            let decided = decided(p, finding.decided.as_ref());
            format!("finding {name} of {keys:?}\n    when {}{decided}", groups(p, &finding.when))
        }
        Body::State(state) => {
            let ends = state.ends.as_ref().map(|ends| format!("\n    ends {}", groups(p, ends)));
            let (name, keys, ends) = (&state.name, &state.keys, ends.unwrap_or_default());
            format!("state {name} of {keys:?}\n    when {}{ends}", groups(p, &state.when))
        }
        Body::Response(response) => self::response(p, response),
    }
}

fn duty(p: &Program, duty: &Duty) -> String {
    let modal = if duty.soft { "should" } else { "must" };
    let mut out = format!("{} {modal} {}", bearers(p, &duty.bearers), patterns(p, &duty.deeds));
    match &duty.opening {
        Opening::Commencement => {}
        Opening::Each(one, more) => {
            let _ = write!(out, "\n    on each {} {}", pattern(p, one), groups(p, more));
        }
        Opening::First(one, more) => {
            let _ = write!(out, "\n    on {} {}", pattern(p, one), groups(p, more));
        }
    }
    if duty.scope != Scope::Once {
        let _ = write!(out, "\n    {:?}", duty.scope);
    }
    for (word, moment) in [("start", &duty.start), ("due", &duty.due)] {
        if let Some(moment) = moment {
            let _ = write!(out, "\n    {word} {}", at(p, moment));
        }
    }
    if let Some(repeat) = duty.repeat {
        let _ = write!(out, "\n    repeat {repeat:?}");
    }
    out
}

fn response(p: &Program, response: &Response) -> String {
    let (to, clock) = (pattern(p, &response.to), at(p, &response.clock));
    let mut out = format!("response to {to}, clocks {clock}");
    for step in &response.steps {
        let when = groups(p, std::slice::from_ref(&step.when));
        let (who, what) = (bearers(p, &step.owners), patterns(p, &step.deeds));
        let due = span(step.due);
        let _ = write!(out, "\n    step {} if {when}: {who} {what} due {due}", step.name);
    }
    let decided = decided(p, response.decided.as_ref());
    let _ = write!(out, "\n    ends {}{decided}", groups(p, &response.ends));
    out
}

fn decided(p: &Program, decision: Option<&Decision>) -> String {
    decision.map_or(String::new(), |one| {
        let due = one.due.as_ref().map(|due| format!(" due {}", at(p, due)));
        format!(
            "\n    decided by {} of {}{}",
            one.needed,
            one.office.of(p).unwrap().name,
            due.unwrap_or_default()
        )
    })
}

fn patterns(p: &Program, patterns: &[Pattern]) -> String {
    patterns.iter().map(|one| pattern(p, one)).collect::<Vec<_>>().join(" or ")
}

/// One pattern.
fn pattern(p: &Program, one: &Pattern) -> String {
    let mut out = match &one.what {
        What::Act(ids) => acts(p, ids),
        What::Breach(id) => format!("breach of {}", label(p, *id)),
        What::Found(id) => format!("found {}", label(p, *id)),
        What::Adopted(id) => format!("adopted {}", label(p, *id)),
        What::Met(id) => format!("met {}", label(p, *id)),
        What::Missed(id) => format!("missed {}", label(p, *id)),
        What::Begin(id) => format!("begin of {}", label(p, *id)),
        What::End(id) => format!("end of {}", label(p, *id)),
    };
    if let Some(of) = &one.object {
        let _ = write!(out, " of {}", object(p, of));
    }
    match &one.by {
        By::Anyone => {}
        By::OneOf(ids) => {
            let _ = write!(out, " by {}", actors(p, ids));
        }
        other => {
            let _ = write!(out, " by {other:?}");
        }
    }
    if !one.to.is_empty() {
        let _ = write!(out, " to {}", actors(p, &one.to));
    }
    for place in &one.places {
        let (text, roles) = match place {
            PlaceTest::Zone { zones, roles, inside } => {
                let names = list(zones, |id| id.of(p).unwrap().name.to_string());
                (format!("{} {names}", if *inside { "in" } else { "outside" }), roles)
            }
            PlaceTest::Line { line, own, distance, roles, beyond } => (
                format!(
                    "{} {distance:?} from {}{}",
                    if *beyond { "beyond" } else { "within" },
                    if *own { "own " } else { "" },
                    line.of(p).unwrap().name
                ),
                roles,
            ),
        };
        let _ = write!(out, " {text}");
        if !roles.is_empty() {
            let _ = write!(out, " at {}", list(roles, |role| role.to_string()));
        }
    }
    if !one.tests.is_empty() {
        let _ = write!(out, " with{}", tests(&one.tests));
    }
    out
}

fn groups(p: &Program, groups: &[Vec<Condition>]) -> String {
    let group = |group: &Vec<Condition>| {
        group.iter().map(|one| condition(p, one)).collect::<Vec<_>>().join(" and ")
    };
    format!("[{}]", groups.iter().map(group).collect::<Vec<_>>().join(" | "))
}

fn condition(p: &Program, one: &Condition) -> String {
    let shared = |same: &Vec<Key>| {
        if same.is_empty() { String::new() } else { format!(" same {same:?}") }
    };
    match one {
        Condition::Fact { negated, pattern, same, order } => {
            let order = if order.is_empty() { String::new() } else { format!(" {order:?}") };
            format!(
                "{}{}{}{order}",
                if *negated { "no " } else { "" },
                self::pattern(p, pattern),
                shared(same)
            )
        }
        Condition::Count { least, pattern, same, window } => format!(
            "at least {least} {}{} within {}",
            self::pattern(p, pattern),
            shared(same),
            span(*window)
        ),
        Condition::Quiet { pattern, same, span } => {
            format!("no {}{} for {}", self::pattern(p, pattern), shared(same), self::span(*span))
        }
        Condition::Lasting { pattern, same, span, gap } => format!(
            "{}{} for {} gap {}",
            self::pattern(p, pattern),
            shared(same),
            self::span(*span),
            self::span(*gap)
        ),
        Condition::State(test) => format!("{}{}", not(test.negated), label(p, test.state)),
    }
}

fn span(span: Span) -> String {
    match span {
        Span::Exact(ms) => format!("{} s", ms / 1000),
        other => format!("{other:?}"),
    }
}

/// One moment.
fn at(p: &Program, moment: &Moment) -> String {
    let anchor = |anchor: &Anchor| match anchor {
        Anchor::It(edge) => format!("{edge:?} of it"),
        Anchor::Fact(one, edge) => format!("{edge:?} of {}", pattern(p, one)),
        Anchor::Commencement => "commencement".to_owned(),
    };
    match moment {
        Moment::At(instant) => instant.to_string(),
        Moment::Of(one) => anchor(one),
        Moment::Deadline(one, by) => format!("within {} of {}", span(*by), anchor(one)),
        Moment::Lead(one, by) => format!("at least {} before {}", span(*by), anchor(one)),
        Moment::After(one, by) => format!("{} after {}", span(*by), anchor(one)),
        Moment::Earlier(one, by) => format!("{} before {}", span(*by), anchor(one)),
        Moment::Clock { anchor: one, days, time } => {
            format!("{time} {days:+} days {}", anchor(one))
        }
        Moment::EarliestOf(list) => {
            format!("earliest of {}", self::list(list, |one| format!("({})", at(p, one))))
        }
        Moment::LatestOf(list) => {
            format!("latest of {}", self::list(list, |one| format!("({})", at(p, one))))
        }
    }
}
