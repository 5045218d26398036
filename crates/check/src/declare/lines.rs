//! Lines, and the shapes of annex files that lines and zones are made of.
//!
//! Invariant: a shape with a fault is told and not used; a fault of a feature that nothing uses
//! is not told.

use super::super::names::index;
use crate::{checker::Checker, names::Entry, registry, shapes, shapes::Feature, suggest};
use casus_model::{
    geometry::{Point, Polygon},
    program::{ActorId, Drawn, Line, LineId, Paths},
    side::Hand,
};
use casus_syntax::ast::{FileShape, ItemKind, LineDeclaration, Name, Text};
use std::sync::Arc;

impl Checker<'_> {
    pub(super) fn lines(&mut self) {
        for (_, declared) in self.each(|kind| match kind {
            ItemKind::Line(declared) => Some(declared),
            _ => None,
        }) {
            let of = match &declared.of {
                Some(name) => match self.one_actor(name) {
                    Some(id) => Some(id),
                    None => continue,
                },
                None => None,
            };
            let known = self.names.lines.get(&declared.name.text).map(|entry| entry.id);
            let id = known.unwrap_or(LineId(index(self.out.lines.len())));
            if known.is_none() {
                let name = declared.name.text.clone();
                let drawn = Drawn::once(Vec::new().into());
                let own = Vec::new();
                let line = Line { name: name.as_str().into(), drawn, own, sides: None };
                self.names.lines.insert(name, Entry { id, span: declared.name.span });
                self.out.lines.push(line);
            }
            self.version(id, of, declared);
            self.named_sides(id, declared);
        }
    }

    /// One version of a line: the first, or one from a later date on.
    fn version(&mut self, id: LineId, of: Option<ActorId>, declared: &LineDeclaration) {
        let Some(line) = self.out.lines.get(id.index()) else { return };
        let known = match of {
            None => (!line.drawn.paths.is_empty()).then_some(&line.drawn),
            Some(of) => line.own.iter().find(|(party, _)| *party == of).map(|(_, drawn)| drawn),
        };
        let last = known.map(|drawn| drawn.later.last().map(|(from, _)| *from));
        let from = declared.from.map(|from| {
            let midnight =
                casus_syntax::ast::Time { hour: 0, minute: 0, second: 0, span: from.date.span };
            self.local(from.date, from.time.unwrap_or(midnight))
        });
        match (last, from) {
            (None, Some(_)) => {
                let message = format!("the first version of `{}` has a date", declared.name.text);
                let help = "the line that stands first holds from the beginning: leave `from` out";
                self.tell_help(&registry::LINE_VERSION, declared.name.span, message, help);
                return;
            }
            (Some(_), None) => {
                let first = self.names.lines.get(&declared.name.text).map(|entry| entry.span);
                return self.twice(&declared.name, first.unwrap_or_default());
            }
            (Some(Some(last)), Some(from)) if from <= last => {
                let message = format!("versions of `{}` stand out of order", declared.name.text);
                let help = "the version that holds later stands below the earlier one";
                self.tell_help(&registry::LINE_VERSION, declared.name.span, message, help);
                return;
            }
            _ => {}
        }
        let paths: Paths = self.paths(&declared.shape).unwrap_or_default().into();
        let Some(line) = self.out.lines.get_mut(id.index()) else { return };
        let drawn = match of {
            None => Some(&mut line.drawn),
            Some(of) => line.own.iter_mut().find(|(party, _)| *party == of).map(|(_, one)| one),
        };
        match (drawn, from, of) {
            (Some(drawn), Some(from), _) => drawn.later.push((from, paths)),
            (Some(drawn), None, _) => drawn.paths = paths,
            (None, _, Some(of)) => line.own.push((of, Drawn::once(paths))),
            (None, ..) => {}
        }
    }

    /// The names of a line's sides.
    fn named_sides(&mut self, id: LineId, declared: &LineDeclaration) {
        let Some((left, right)) = &declared.sides else { return };
        let sides: (casus_model::Name, casus_model::Name) =
            (left.text.as_str().into(), right.text.as_str().into());
        let Some(line) = self.out.lines.get_mut(id.index()) else { return };
        let known = line.sides.get_or_insert_with(|| sides.clone());
        if *known != sides || left.text == right.text {
            let message = format!("the sides of `{}` are named otherwise", declared.name.text);
            let help = "a line has two sides, with the same names in all of its versions";
            self.tell_help(&registry::LINE_SIDES, left.span, message, help);
        }
    }

    /// The side of a line that a name means.
    pub(crate) fn hand(&mut self, id: LineId, side: &Name) -> Option<Hand> {
        let line = self.out.lines.get(id.index())?;
        let hand = match &line.sides {
            Some((left, _)) if left.as_str() == side.text => Some(Hand::Left),
            Some((_, right)) if right.as_str() == side.text => Some(Hand::Right),
            _ => None,
        };
        if hand.is_none() {
            let message = format!("`{}` has no side `{}`", line.name, side.text);
            let help = "name them where the line is declared: `line … from FILE, with sides A, B`; \
                        A is on the left of somebody who follows the line as it is drawn";
            self.tell_help(&registry::LINE_SIDES, side.span, message, help);
        }
        hand
    }

    /// The paths of a file or of a feature of it.
    fn paths(&mut self, shape: &FileShape) -> Option<Vec<Vec<Point>>> {
        let features = self.features(&shape.file)?;
        let chosen = self.chosen(shape, &features)?;
        let paths: Vec<_> = chosen.iter().flat_map(|one| one.paths.iter().cloned()).collect();
        self.suits(shape, &chosen, paths.is_empty(), "LineString").then_some(paths)
    }

    /// The polygons of a file or of a feature of it.
    pub(super) fn polygons(&mut self, shape: &FileShape) -> Option<Vec<Polygon>> {
        let features = self.features(&shape.file)?;
        let chosen = self.chosen(shape, &features)?;
        let polygons: Vec<_> = chosen.iter().flat_map(|one| one.polygons.iter().cloned()).collect();
        self.suits(shape, &chosen, polygons.is_empty(), "Polygon").then_some(polygons)
    }

    /// Tells what is wrong with the chosen features, and what of them is left out.
    fn suits(
        &mut self,
        shape: &FileShape,
        chosen: &[&Feature],
        none: bool,
        wanted: &'static str,
    ) -> bool {
        let file = &shape.file;
        let mut good = true;
        for feature in chosen {
            good &= self.faults(file, feature);
        }
        let fits = |kind: &&str| {
            kind.ends_with(wanted) || wanted == "LineString" && kind.ends_with("Point")
        };
        let group = |kind: &&&str| **kind != "GeometryCollection";
        let other: Vec<&str> =
            chosen.iter().flat_map(|one| &one.kinds).filter(group).copied().collect();
        let other: Vec<&str> = other.into_iter().filter(|kind| !fits(kind)).collect();
        if good && none {
            let got = match other.first() {
                Some(kind) => format!("`{kind}`"),
                None => "nothing".to_owned(),
            };
            let message = format!("expected a `{wanted}` in `{}`, got {got}", file.text);
            let help = match wanted {
                "Polygon" => "a zone around a line is written `within 15 km of LINE`",
                _ => "a line is the edge of nothing: draw it as a line of its own",
            };
            self.tell_help(&registry::NO_SHAPE, file.span, message, help);
            return false;
        }
        if let Some(kind) = other.first().filter(|_| good) {
            let count = other.len();
            let message = format!("{count} shapes of `{}` are left out, as a `{kind}`", file.text);
            let help = "say which feature is meant with `feature \"NAME\"`";
            self.tell_help(&registry::SHAPES_LEFT, file.span, message, help);
        }
        good
    }

    /// Tells what is wrong with a feature; whether it can be used.
    pub(super) fn faults(&mut self, file: &Text, feature: &Feature) -> bool {
        let mut good = true;
        for problem in &feature.problems {
            let called = feature.called();
            let message = format!("{called} of `{}`: {}", file.text, problem.message);
            good &= problem.code.severity == casus_syntax::Severity::Warning;
            match &problem.help {
                Some(help) => self.tell_help(problem.code, file.span, message, help.clone()),
                None => self.tell(problem.code, file.span, message),
            }
        }
        good
    }

    /// The features of a file, read once.
    pub(super) fn features(&mut self, file: &Text) -> Option<Arc<Vec<Feature>>> {
        if let Some(known) = self.shapes.get(&file.text) {
            return known.clone();
        }
        let read = self.files.bytes(file, &mut self.sink).map(|bytes| shapes::read(&bytes));
        let features = match read {
            Some(Ok(features)) if features.is_empty() => {
                let message = format!("`{}` has no feature", file.text);
                self.tell(&registry::NO_SHAPE, file.span, message);
                None
            }
            Some(Ok(features)) => Some(Arc::new(features)),
            Some(Err(problem)) => {
                let message = format!("`{}`: {}", file.text, problem.message);
                match problem.help {
                    Some(help) => self.tell_help(problem.code, file.span, message, help),
                    None => self.tell(problem.code, file.span, message),
                }
                None
            }
            None => None,
        };
        self.shapes.insert(file.text.clone(), features.clone());
        features
    }

    /// The features that are meant: all of them, or those called as the text says.
    fn chosen<'f>(&mut self, shape: &FileShape, all: &'f [Feature]) -> Option<Vec<&'f Feature>> {
        let Some(wanted) = &shape.feature else { return Some(all.iter().collect()) };
        let chosen: Vec<_> = all.iter().filter(|one| one.is_called(&wanted.text)).collect();
        if chosen.is_empty() {
            let values = all.iter().flat_map(|one| {
                let values = one.properties.iter().map(|(_, value)| value.as_str());
                values.chain(one.id.as_deref()).filter(|value| value.len() <= 60)
            });
            let values: Vec<&str> = values.take(5_000).collect();
            let message = format!("`{}` has no feature `{}`", shape.file.text, wanted.text);
            match suggest::help(&wanted.text, "name", values.iter().copied()) {
                Some(help) => self.tell_help(&registry::NO_FEATURE, wanted.span, message, help),
                None => self.tell(&registry::NO_FEATURE, wanted.span, message),
            }
            return None;
        }
        Some(chosen)
    }
}
