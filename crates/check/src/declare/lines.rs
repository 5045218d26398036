//! Lines, and the shapes of annex files that lines and zones are made of.
//!
//! Invariant: a shape with a fault is told and not used; a fault of a feature that nothing uses
//! is not told.

use super::super::names::index;
use crate::{checker::Checker, names::Entry, registry, shapes, shapes::Feature, suggest};
use casus_model::{
    geometry::{Point, Polygon},
    program::{Line, LineId},
};
use casus_syntax::ast::{FileShape, ItemKind, Text};
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
                let line =
                    Line { name: name.as_str().into(), paths: Vec::new().into(), own: Vec::new() };
                self.names.lines.insert(name, Entry { id, span: declared.name.span });
                self.out.lines.push(line);
            }
            let again = self.out.lines.get(id.index()).is_some_and(|line| match of {
                Some(of) => line.own.iter().any(|(party, _)| *party == of),
                None => !line.paths.is_empty(),
            });
            if again {
                let first = self.names.lines.get(&declared.name.text).map(|entry| entry.span);
                self.twice(&declared.name, first.unwrap_or_default());
                continue;
            }
            let paths: Arc<[Vec<Point>]> = self.paths(&declared.shape).unwrap_or_default().into();
            if let Some(line) = self.out.lines.get_mut(id.index()) {
                match of {
                    Some(of) => line.own.push((of, paths)),
                    None => line.paths = paths,
                }
            }
        }
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
        let fits = |kind: &&str| kind.ends_with(wanted);
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
