//! Places of a rule: zones and lines, at the roles of the act.
//!
//! Invariant: where an act has several places, a rule says which of them it means.

use crate::{checker::Checker, registry, suggest};
use casus_model::{
    Name,
    program::{Distance, LineId, PlaceTest, What},
    quantity::Dimension,
};
use casus_syntax::ast::{self, LineOf, Spot, SpotKind};

impl Checker<'_> {
    pub(super) fn places(&mut self, spots: &[&Spot], what: &What) -> Option<Vec<PlaceTest>> {
        let made: Vec<_> = spots.iter().map(|spot| self.spot(spot, what)).collect();
        made.into_iter().collect()
    }

    fn spot(&mut self, spot: &Spot, what: &What) -> Option<PlaceTest> {
        let roles = self.roles(spot, what);
        match &spot.kind {
            SpotKind::In(names) | SpotKind::Outside(names) => {
                let inside = matches!(spot.kind, SpotKind::In(_));
                let found: Vec<_> = names.iter().map(|name| self.place(name)).collect();
                let zones = found.into_iter().collect::<Option<Vec<_>>>()?;
                Some(PlaceTest::Zone { zones, roles: roles?, inside })
            }
            SpotKind::Beyond(distance, line) => self.near(distance, line, roles, true),
            SpotKind::Within(distance, line) => self.near(distance, line, roles, false),
            SpotKind::Across(of, into) => {
                let line = self.line_of(of)?;
                let into = match into {
                    Some(side) => Some(self.hand(line, side)?),
                    None => None,
                };
                Some(PlaceTest::Across { line, own: of.own, into, roles: roles? })
            }
        }
    }

    fn near(
        &mut self,
        distance: &ast::Distance,
        of: &LineOf,
        roles: Option<Vec<Name>>,
        beyond: bool,
    ) -> Option<PlaceTest> {
        let line = self.line_of(of);
        let distance = match distance {
            ast::Distance::Length(length) => Distance::Metres(self.length(length)?),
            ast::Distance::Table(name) => {
                let table = self.find(|names| &names.tables, name, "a table")?;
                let kind = self.table_kinds.get(table.index()).and_then(Option::as_ref);
                if kind.and_then(|kind| kind.0) != Some(Dimension::Length) {
                    let message = format!("expected a table of lengths, got `{}`", name.text);
                    self.tell(&registry::WRONG_DIMENSION, name.span, message);
                    return None;
                }
                Distance::Table(table)
            }
        };
        let line = line?;
        Some(PlaceTest::Line { line, own: of.own, distance, roles: roles?, beyond })
    }

    /// A line, which everybody has unless the party's own is meant.
    fn line_of(&mut self, of: &LineOf) -> Option<LineId> {
        let line = self.find(|names| &names.lines, &of.line, "a line")?;
        let drawn = self.out.lines.get(line.index()).map(|line| &line.drawn);
        if drawn.is_none_or(|drawn| drawn.paths.is_empty()) && !of.own {
            let message = format!("`{}` has no line for everybody", of.line.text);
            let help =
                format!("write `from own {}`, or declare the line for everybody", of.line.text);
            self.tell_help(&registry::ZONE_BUFFER, of.line.span, message, help);
        }
        Some(line)
    }

    /// The roles that the spot names, each one that the act has.
    fn roles(&mut self, spot: &Spot, what: &What) -> Option<Vec<Name>> {
        let mut has: Vec<Name> = Vec::new();
        let mut several = false;
        let of_act = |id: &casus_model::program::ActId| self.out.acts.get(id.index());
        match what {
            What::Act(list) => {
                for act in list.iter().filter_map(of_act) {
                    several |= act.roles.len() > 1;
                    has.extend(act.roles.iter().cloned());
                }
            }
            _ => has.extend(self.out.acts.iter().flat_map(|act| act.roles.iter().cloned())),
        }
        if spot.roles.is_empty() && several {
            let list: Vec<&str> = has.iter().map(Name::as_str).collect();
            let message = format!("the act has several places: {}", list.join(", "));
            let help = format!(
                "name the roles: `at {}`, or `at any of {}`",
                list.first().copied().unwrap_or(""),
                list.join(", ")
            );
            self.tell_help(&registry::NAME_ROLES, spot.span, message, help);
            return None;
        }
        let mut out = Vec::with_capacity(spot.roles.len());
        for role in &spot.roles {
            match has.iter().find(|name| name.as_str() == role.text) {
                Some(name) => out.push(name.clone()),
                None => {
                    let known = has.iter().map(Name::as_str);
                    let message = format!("the act has no place `{}`", role.text);
                    match suggest::help(&role.text, "place of the act", known) {
                        Some(help) => {
                            self.tell_help(&registry::UNKNOWN_ROLE, role.span, message, help);
                        }
                        None => self.tell(&registry::UNKNOWN_ROLE, role.span, message),
                    }
                    return None;
                }
            }
        }
        Some(out)
    }
}
