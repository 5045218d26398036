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
    if let Some(horizon_ms) = p.horizon_ms {
        let _ = write!(out, ", horizon {} h", horizon_ms / 3_600_000);
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
            (
                "joins",
                act.joins.map_or(String::new(), |one| {
                    format!("{} gap {}", acts(p, &[one.of]), span(one.gap))
                }),
            ),
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
        let _ = writeln!(out, "line {}: {} paths, own {own}", line.name, line.drawn.paths.len());
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
        Region::Band { of, width_m, side } => {
            format!("{width_m} m {side:?} of {} paths", of.len())
        }
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
        let _ = writeln!(out, "    while {}", state(p, test));
    }
    if !rule.when.is_empty() {
        let _ = writeln!(out, "    when {}", groups(p, &rule.when));
    }
    if rule.shown {
        let _ = writeln!(out, "    the exception must be shown");
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
            let who = bearers(p, &keep.bearers);
            let (left, right) = (amount(p, &keep.left), amount(p, &keep.right));
            format!("{who} must keep {left} {:?} {right}", keep.compare)
        }
        Body::May(permit) => {
            let (who, what) = (bearers(p, &permit.bearers), patterns(p, &permit.deeds));
            let despite = list(&permit.despite, |id| label(p, *id).to_string());
            format!("{who} may {what} when {} despite {despite}", groups(p, &permit.when))
        }
        Body::Finding(finding) => {
            let (name, keys) = (&finding.name, &finding.keys);
            let decided = decided(p, finding.decided.as_ref());
            let link = finding.link.as_ref().map(|link| format!("\n    {link:?}"));
            let (when, link) = (groups(p, &finding.when), link.unwrap_or_default());
            format!("finding {name} of {keys:?}\n    when {when}{link}{decided}")
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
    if !duty.same.is_empty() {
        let _ = write!(out, "\n    same {:?}", duty.same);
    }
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

fn what(p: &Program, one: &What) -> String {
    match one {
        What::Act(ids) => acts(p, ids),
        What::Breach(id) => format!("breach of {}", label(p, *id)),
        What::Found(id) => format!("found {}", label(p, *id)),
        What::Adopted(id) => format!("adopted {}", label(p, *id)),
        What::Refused(id) => format!("refused {}", label(p, *id)),
        What::AnyOf(all) => all.iter().map(|one| what(p, one)).collect::<Vec<_>>().join(" or "),
        What::Met(id) => format!("met {}", label(p, *id)),
        What::Missed(id) => format!("missed {}", label(p, *id)),
        What::Begin(id) => format!("begin of {}", label(p, *id)),
        What::End(id) => format!("end of {}", label(p, *id)),
    }
}

/// One pattern.
fn pattern(p: &Program, one: &Pattern) -> String {
    let mut out = what(p, &one.what);
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
            PlaceTest::Across { line, own, into, roles } => {
                let own = if *own { "own " } else { "" };
                (format!("across {own}{} {into:?}", line.of(p).unwrap().name), roles)
            }
        };
        let _ = write!(out, " {text}");
        if !roles.is_empty() {
            let _ = write!(out, " at {}", list(roles, |role| role.to_string()));
        }
    }
    if !one.tests.is_empty() {
        let groups = one.tests.iter().map(|group| tests(group)).collect::<Vec<_>>();
        let _ = write!(out, " with{}", groups.join(" or"));
    }
    out
}

fn amount(p: &Program, amount: &Amount) -> String {
    let part = |part: &Part| match part {
        Part::Fixed(value) => value.to_string(),
        Part::Dated(first, later) => format!("{first} then {later:?}"),
        Part::Counted(one) => {
            let mut out = format!("{:?} of {}", one.unit, pattern(p, &one.pattern));
            let _ = write!(out, " ({:?}", one.whose);
            if !one.same.is_empty() {
                let _ = write!(out, " same {:?}", one.same);
            }
            if let Some(table) = one.weights {
                let _ = write!(out, " weighted by {}", table.of(p).unwrap().name);
            }
            let _ = write!(out, " {:?}", one.over);
            if let Some(moment) = &one.as_of {
                let _ = write!(out, " as of {}", at(p, moment));
            }
            out + ")"
        }
    };
    let term = |term: &Term| {
        let minus = if term.minus { "minus " } else { "" };
        let factor =
            if term.factor == 1.into() { String::new() } else { format!("{} x ", term.factor) };
        let share = term.share_of.as_ref().map(|whole| format!(" share of {}", part(whole)));
        format!("{minus}{factor}{}{}", part(&term.part), share.unwrap_or_default())
    };
    amount.terms.iter().map(term).collect::<Vec<_>>().join(" + ")
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
        Condition::Count { least, pattern, same, window } => {
            let window = match window {
                Window::Rolling(within) => span(*within),
                other => format!("{other:?}"),
            };
            format!(
                "at least {least} {}{} within {window}",
                self::pattern(p, pattern),
                shared(same)
            )
        }
        Condition::Among { negated, least, actors, pattern, same } => format!(
            "{}{}{} by at least {least} of {}",
            not(*negated),
            self::pattern(p, pattern),
            shared(same),
            self::actors(p, actors)
        ),
        Condition::Amount { left, compare, right } => {
            format!("{} {compare:?} {}", amount(p, left), amount(p, right))
        }
        Condition::Cumulated { pattern, same, compare, ms } => {
            let what = self::pattern(p, pattern);
            format!("{what}{} in all {compare:?} {} s", shared(same), ms / 1000)
        }
        Condition::Sequence { steps, order } => {
            let one = |next: &Next| {
                let within = next.within.map(|within| format!("within {} ", span(within)));
                let what = self::pattern(p, &next.pattern);
                format!("{}{what}{}", within.unwrap_or_default(), shared(&next.same))
            };
            format!("{} {order:?}", steps.iter().map(one).collect::<Vec<_>>().join(" then "))
        }
        Condition::Latest { negated, pattern, same, as_of, order } => {
            let as_of = as_of.as_ref().map(|moment| format!(" as of {}", at(p, moment)));
            let (what, as_of) = (self::pattern(p, pattern), as_of.unwrap_or_default());
            format!("{}the latest {what}{}{as_of} {order:?}", not(*negated), shared(same))
        }
        Condition::Quiet { pattern, same, span } => {
            format!("no {}{} for {}", self::pattern(p, pattern), shared(same), self::span(*span))
        }
        Condition::Lasting { pattern, same, span, gap } => {
            format!("{}{} for {}", self::pattern(p, pattern), shared(same), paused(*span, *gap))
        }
        Condition::Seen { pattern, same, span, gap } => {
            let what = self::pattern(p, pattern);
            format!("{what}{} seen for {}", shared(same), paused(*span, *gap))
        }
        Condition::State(test) => state(p, test),
    }
}

fn paused(of: Span, gap: Span) -> String {
    format!("{} gap {}", span(of), span(gap))
}

fn state(p: &Program, test: &StateTest) -> String {
    let whose = match test.whose {
        StateOf::Own => String::new(),
        StateOf::Bearer => " of the bearer".to_owned(),
        StateOf::Anyone => " of anyone".to_owned(),
        StateOf::Other => " of other party".to_owned(),
        StateOf::Of(actor) => format!(" of {}", actor.of(p).unwrap().name),
        StateOf::In(_, zone) => format!(" of {}", zone.of(p).unwrap().name),
    };
    format!("{}{}{whose}", not(test.negated), label(p, test.state))
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
        Moment::Extended { of, by, pattern: on, same, order } => {
            let (of, by, on) = (at(p, of), span(*by), pattern(p, on));
            format!("({of}) extended by {by} on {on} {same:?} {order:?}")
        }
        Moment::Paused { of, test, most } => {
            format!("({}) paused while {test:?} at most {most:?}", at(p, of))
        }
    }
}
