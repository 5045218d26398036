//! Limits: what there is, and what was done over a time.
//!
//! Invariant: what there is is read from acts declared with `stock`, what was done from others.

use crate::{amount, checker::Checker, registry};
use casus_model::program::{ActId, Bearers, By, CategoryId, Keep, Over, Pattern, What};
use casus_syntax::ast::{self, Amount, Spot};

impl Checker<'_> {
    pub(super) fn keep(
        &mut self,
        bearers: Option<Bearers>,
        limited: &Amount,
        compare: ast::Compare,
        value: &ast::Value,
        spots: &[&Spot],
    ) -> Option<Keep> {
        let over = match &limited.over {
            None => Some(Over::Stock),
            Some(ast::Over::Within(duration)) => self.stretch(duration).map(Over::Rolling),
            Some(ast::Over::InEach(period)) => Some(Over::Each(amount::period(*period))),
        };
        let measure = match &limited.measure {
            Some(name) => Some(self.find(|names| &names.measures, name, "a measure")?),
            None => None,
        };
        // The built-in measure `number` stands first.
        let value = self.measured(measure.unwrap_or(0), value);
        let what = What::Act(self.counted(limited)?);
        let (object, tests) = self.object(&what, limited.kind.as_ref(), &[])?;
        let all: Vec<&Spot> = limited.spots.iter().chain(spots.iter().copied()).collect();
        let places = self.places(&all, &what)?;
        let pattern = Pattern { what, by: By::Anyone, object, to: Vec::new(), places, tests };
        let name = measure.and_then(|at| self.measure(at)).map(|measure| measure.name.clone());
        Some(Keep {
            bearers: bearers?,
            pattern,
            measure: name,
            over: over?,
            compare: amount::compare(compare),
            value: value?,
        })
    }

    /// The acts whose records are counted.
    fn counted(&mut self, limited: &Amount) -> Option<Vec<ActId>> {
        let stock = limited.over.is_none();
        if let Some(name) = &limited.act {
            let id = self.used_act(name)?;
            let is_stock = self.out.acts.get(id.index()).is_some_and(|act| act.stock);
            if is_stock != stock {
                let (message, help) = match is_stock {
                    true => (
                        format!("`{}` says how much there is, not what was done", name.text),
                        "leave out the time: the limit holds at each instant",
                    ),
                    false => (
                        format!("`{}` is something done, counted over no time", name.text),
                        "add `within DURATION` or `in each PERIOD`, or declare it with `stock`",
                    ),
                };
                self.tell_help(&registry::STOCK_OR_FLOW, name.span, message, help);
                return None;
            }
            return Some(vec![id]);
        }
        let kind = limited.kind.as_ref()?;
        let category = self.find(|names| &names.categories, &kind.category, "a category")?;
        let found = self.stock_acts(category);
        if !stock || found.is_empty() {
            let (message, help) = match stock {
                false => (
                    format!(
                        "`{}` is a thing; over a time, things done are counted",
                        kind.category.text
                    ),
                    "name the act: `number of sortie of aircraft within 24 hours`".to_owned(),
                ),
                true => (
                    format!("no act reports how much there is of `{}`", kind.category.text),
                    format!("declare one, as `act holding of {}, stock`", kind.category.text),
                ),
            };
            self.tell_help(&registry::STOCK_OR_FLOW, kind.span, message, help);
            return None;
        }
        self.used.acts.extend(found.iter().map(|id| id.index()));
        Some(found)
    }

    /// The acts with `stock` whose things may be of the category; not the cases of one of them.
    fn stock_acts(&self, category: CategoryId) -> Vec<ActId> {
        let suits = |at: usize| match self.act_of.get(at).copied().flatten() {
            None => true,
            Some(of) => {
                let of = CategoryId(crate::names::index(of));
                self.is_below(category, of) || self.is_below(of, category)
            }
        };
        let acts = self.out.acts.iter().enumerate();
        let found: Vec<ActId> = acts
            .filter(|(at, act)| act.stock && suits(*at))
            .map(|(at, _)| ActId(crate::names::index(at)))
            .collect();
        let is_case = |id: &ActId| {
            let above = self.out.acts.get(id.index()).map(|act| act.above.as_slice());
            above.unwrap_or_default().iter().any(|other| other != id && found.contains(other))
        };
        found.iter().filter(|id| !is_case(id)).copied().collect()
    }
}
