//! Measures: what can be measured, in which unit, and of what.
//!
//! Invariant: a measure has one dimension, however often it is declared.

use crate::{amount::kind_of, checker::Checker, names::Entry, registry};
use casus_model::{
    program::{Measure, MeasureTest},
    quantity::unit,
};
use casus_syntax::{
    Span,
    ast::{ItemKind, Name, Test},
    vocabulary::NUMBER,
};

impl Checker<'_> {
    pub(super) fn measures(&mut self) {
        let built_in = Name {
            text: NUMBER.to_owned(),
            span: Span::new(0, 0),
            kinds: casus_syntax::ast::Kinds::NONE,
        };
        self.new_measure(&built_in, "");
        for item in self.items() {
            match &item.kind {
                ItemKind::Measure(declared) => {
                    let unit = declared.unit.as_ref().map_or("", |unit| unit.text.as_str());
                    for name in &declared.names {
                        self.new_measure(name, unit);
                    }
                }
                ItemKind::Has(has) => {
                    self.new_measure(&has.measure, &has.unit.text);
                }
                _ => {}
            }
        }
    }

    fn new_measure(&mut self, name: &Name, symbol: &str) {
        let dimension = unit(symbol).map(|(dimension, _)| dimension);
        let known = self.names.measures.get(&name.text).map(|entry| entry.id);
        let Some(known) = known.and_then(|at| self.measure(at)) else {
            let entry = Entry { id: self.out.measures.len(), span: name.span };
            self.names.measures.insert(name.text.clone(), entry);
            let name = name.text.as_str().into();
            self.out.measures.push(Measure { name, dimension, unit: symbol.into() });
            return;
        };
        let agrees =
            known.dimension == dimension && (dimension.is_some() || *known.unit == *symbol);
        if !agrees {
            let before = kind_of(known.dimension, &known.unit);
            let now = kind_of(dimension, symbol);
            let message = format!("`{}` is {before} elsewhere and {now} here", name.text);
            self.tell(&registry::MEASURE_UNITS, name.span, message);
        }
    }

    /// Tests of measures, each with the index of its measure.
    pub(crate) fn tests(&mut self, tests: &[Test]) -> Option<Vec<(usize, MeasureTest)>> {
        let made: Vec<_> = tests.iter().map(|test| self.test(test)).collect();
        made.into_iter().collect()
    }

    fn test(&mut self, test: &Test) -> Option<(usize, MeasureTest)> {
        let at = self.find(|names| &names.measures, &test.measure, "a measure")?;
        let value = self.measured(at, &test.value)?;
        let measure = self.measure(at)?.name.clone();
        let compare = crate::amount::compare(test.compare);
        Some((at, MeasureTest { measure, compare, value }))
    }
}
