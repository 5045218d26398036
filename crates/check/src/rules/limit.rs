//! Amounts: what there is, and what was done over a time; on both sides of a comparison.
//!
//! Invariant: what there is is read from acts declared with `stock`, what was done from others;
//! both sides of a comparison are of one kind.

use super::{condition::AtHand, moment::Around};
use crate::{
    amount::{self, Value, kind_of},
    checker::Checker,
    registry,
};
use casus_model::{
    Period,
    program::{
        ActId, Amount, Bearers, By, CategoryId, Counted, Keep, Key, Over, Part, Pattern, TableId,
        Term, Unit, What, Whose,
    },
    quantity::Dimension,
};
use casus_syntax::{
    Span,
    ast::{self, Addend, CountUnit, Factor, Spot, Thing},
};
use rust_decimal::Decimal;

/// What an amount is an amount of.
#[derive(Clone, Debug)]
struct Kind {
    dimension: Option<Dimension>,
    unit: String,
    /// The measure, where it is one.
    measure: Option<usize>,
    span: Span,
}

impl Kind {
    fn called(&self) -> String {
        kind_of(self.dimension, &self.unit)
    }
    fn is(&self, other: &Kind) -> bool {
        self.dimension == other.dimension && (self.dimension.is_some() || self.unit == other.unit)
    }
}

/// Where an amount stands: what it can refer to, and the places that the rule names besides.
#[derive(Clone, Copy)]
pub(super) struct Standing<'s> {
    /// In a condition: what is at hand. In a limit: none.
    pub(super) hand: Option<AtHand<'s>>,
    /// Places that every counted fact has to lie in.
    pub(super) spots: &'s [&'s Spot],
}

impl Checker<'_> {
    pub(super) fn keep(
        &mut self,
        bearers: Option<Bearers>,
        modal: (&ast::Amount, ast::Compare, &ast::Amount),
        adjusted: Option<&Thing>,
        spots: &[&Spot],
    ) -> Option<Keep> {
        let (left, compare, right) = modal;
        let standing = Standing { hand: None, spots };
        let sides = self.sides(left, right, standing);
        let adjusted = adjusted.map(|thing| self.thing_adjusting(thing, left));
        let (left, mut right) = sides?;
        if let Some(adjusted) = adjusted {
            right.terms.extend(Amount::of(Part::Counted(Box::new(adjusted?))).terms);
        }
        Some(Keep { bearers: bearers?, left, compare: amount::compare(compare), right })
    }

    /// Two amounts that are compared.
    pub(super) fn sides(
        &mut self,
        left: &ast::Amount,
        right: &ast::Amount,
        standing: Standing<'_>,
    ) -> Option<(Amount, Amount)> {
        let mut kinds: Vec<Kind> = Vec::new();
        let left = self.terms(left, standing, &mut kinds);
        let right = self.terms(right, standing, &mut kinds);
        let (left, right) = (left?, right?);
        let first_kind = kinds.first().cloned()?;
        let mut good = true;
        for kind in kinds.iter().skip(1) {
            good &= self.one_kind(&first_kind, kind);
        }
        let counted = left.counted().chain(right.counted());
        let mut periods = counted.filter_map(period_of).collect::<Vec<_>>().into_iter();
        if let Some(first) = periods.next()
            && periods.any(|period| period != first)
        {
            let message = "the amounts are taken in each of different periods";
            let help = "write all of them `in each` of one period";
            let span = kinds.last().map_or(first_kind.span, |last| last.span);
            self.tell_help(&registry::MIXED_PERIODS, span, message, help);
            good = false;
        }
        good.then_some((left, right))
    }

    /// Whether an amount is of the kind of the first one; tells where it is not.
    fn one_kind(&mut self, first: &Kind, kind: &Kind) -> bool {
        if let (Some(measure), None) = (first.measure, kind.measure) {
            let Some(measure) = self.measure(measure).cloned() else { return false };
            let unit = kind.unit.clone();
            let amount = amount::Amount { value: Decimal::ZERO, dimension: kind.dimension, unit };
            return self.fits(&measure, &amount, kind.span);
        }
        if first.is(kind) {
            return true;
        }
        let message = format!("expected {}, got {}", first.called(), kind.called());
        let help = "both sides and all terms of a comparison are of one kind";
        self.tell_help(&registry::WRONG_DIMENSION, kind.span, message, help);
        false
    }

    fn terms(
        &mut self,
        amount: &ast::Amount,
        standing: Standing<'_>,
        kinds: &mut Vec<Kind>,
    ) -> Option<Amount> {
        let made: Vec<_> = amount.terms.iter().map(|addend| self.term(addend, standing)).collect();
        let mut terms = Vec::with_capacity(made.len());
        for one in made {
            let (term, kind) = one?;
            kinds.push(kind);
            terms.push(term);
        }
        Some(Amount { terms })
    }

    fn term(&mut self, addend: &Addend, standing: Standing<'_>) -> Option<(Term, Kind)> {
        let factor = match &addend.factor {
            None => Some(Decimal::ONE),
            Some(Factor::Times(number)) => self.number(number),
            Some(Factor::Percent(number)) => {
                self.number(number).and_then(|number| number.checked_div(Decimal::ONE_HUNDRED))
            }
        };
        let part = self.part(&addend.part, standing);
        let whole = addend.share_of.as_ref().map(|whole| self.part(whole, standing));
        let (part, kind) = part?;
        let (share_of, kind) = match whole {
            None => (None, kind),
            Some(whole) => {
                let (whole, of) = whole?;
                if !self.one_kind(&kind, &of) {
                    return None;
                }
                let (dimension, unit) = (Some(Dimension::Share), "%".to_owned());
                (Some(whole), Kind { dimension, unit, measure: None, span: addend.span })
            }
        };
        Some((Term { minus: addend.minus, factor: factor?, part, share_of }, kind))
    }

    fn part(&mut self, part: &ast::Part, standing: Standing<'_>) -> Option<(Part, Kind)> {
        match part {
            ast::Part::Value(ast::Value::Parameter(name))
                if matches!(self.parameter_at(name), Some(Value::Dated(..))) =>
            {
                let Some(Value::Dated(first, later)) = self.parameter(name) else { return None };
                let unit = first.unit.clone();
                let kind =
                    Kind { dimension: first.dimension, unit, measure: None, span: name.span };
                let later = later.into_iter().map(|(at, amount)| (at, amount.value)).collect();
                Some((Part::Dated(first.value, later), kind))
            }
            ast::Part::Value(value) => {
                let (amount, span) = self.value(value)?;
                let unit = amount.unit.clone();
                let kind = Kind { dimension: amount.dimension, unit, measure: None, span };
                Some((Part::Fixed(amount.value), kind))
            }
            ast::Part::Counted(counted) => {
                let (made, kind) = self.counted(counted, standing)?;
                Some((Part::Counted(Box::new(made)), kind))
            }
        }
    }

    fn counted(
        &mut self,
        counted: &ast::Counted,
        standing: Standing<'_>,
    ) -> Option<(Counted, Kind)> {
        let over = self.over(counted.over.as_ref());
        let unit = self.unit(&counted.unit);
        let weights = match &counted.weights {
            Some(name) => Some(self.find(|names| &names.tables, name, "a table")?),
            None => None,
        };
        let what = self.counted_what(counted);
        let as_of = match &counted.as_of {
            Some(moment) => Some(self.moment(moment, Around::it(false))?),
            None => None,
        };
        let by = match &counted.by {
            None => By::Anyone,
            Some(ast::By::Actors(actors)) => By::OneOf(self.several(&actors.names)),
            Some(ast::By::OtherParty(_)) => By::Other,
            Some(ast::By::AtLeast(..)) => return self.several_actors(counted.span),
        };
        let to = self.several(&counted.to);
        let what = what?;
        let kind_of_thing = match &counted.what {
            Some(ast::What::Act { kind, .. }) => kind.as_ref(),
            Some(_) => None,
            None => counted.kind.as_ref(),
        };
        let (object, tests) = self.object(&what, kind_of_thing, &counted.tests)?;
        let spots: Vec<&Spot> =
            counted.spots.iter().chain(standing.spots.iter().copied()).collect();
        let places = self.places(&spots, &what)?;
        let mut same: Vec<Key> = counted.same.iter().filter_map(|one| self.key(&one.key)).collect();
        same.sort_unstable();
        same.dedup();
        let pattern = Pattern { what, by, object, to, places, tests };
        let whose = self.whose(&pattern, &same, counted, standing)?;
        if standing.hand.is_none() {
            same.clear();
        }
        let (unit, measure) = unit?;
        let kind = self.kind(measure, weights, counted)?;
        let over = over?;
        Some((Counted { pattern, whose, same, unit, weights, over, as_of }, kind))
    }

    /// Whose facts are counted; tells of what has nothing to be the same as.
    fn whose(
        &mut self,
        pattern: &Pattern,
        same: &[Key],
        counted: &ast::Counted,
        standing: Standing<'_>,
    ) -> Option<Whose> {
        let bound = match standing.hand {
            None => {
                let by_said = pattern.by != By::Anyone && !same.is_empty();
                !by_said && same.iter().all(|key| *key == Key::Party)
            }
            Some(hand) => match hand {
                AtHand::Fact | AtHand::Around => true,
                AtHand::Keys(keys) => {
                    let other = pattern.by == By::Other && !keys.contains(&Key::Party);
                    !other && same.iter().all(|key| keys.contains(key))
                }
                AtHand::Nothing => same.is_empty() && pattern.by != By::Other,
            },
        };
        if !bound {
            let words = self.text(counted.span);
            let message = format!("`{words}` has nothing here to be the same as");
            let help = "in a limit the party is the bearer; in a condition it is a key of the \
                        rule, or that of the fact that comes before it";
            self.tell_help(&registry::SAME_UNBOUND, counted.span, message, help);
            return None;
        }
        let own = standing.hand.is_none() && pattern.by == By::Anyone;
        Some(if own { Whose::Bearer } else { Whose::Pattern })
    }

    fn over(&mut self, over: Option<&ast::Over>) -> Option<Over> {
        match over {
            None => Some(Over::Stock),
            Some(ast::Over::Within(duration)) => self.stretch(duration).map(Over::Rolling),
            Some(ast::Over::InEach(period)) => Some(Over::Each(amount::period(*period))),
            Some(ast::Over::SoFar) => Some(Over::Since(None)),
            Some(ast::Over::Since(moment)) => {
                let moment = self.moment(moment, Around::it(false))?;
                Some(Over::Since(Some(Box::new(moment))))
            }
        }
    }

    /// What is counted, and the measure that it is.
    fn unit(&mut self, unit: &CountUnit) -> Option<(Unit, usize)> {
        match unit {
            // The built-in measure `number` stands first.
            CountUnit::Number => Some((Unit::Number, 0)),
            CountUnit::Different(key) => Some((Unit::Different(self.key(key)?), 0)),
            CountUnit::Total(name) => {
                let at = self.find(|names| &names.measures, name, "a measure")?;
                Some((Unit::Total(self.measure(at)?.name.clone()), at))
            }
        }
    }

    fn kind(
        &mut self,
        measure: usize,
        weights: Option<TableId>,
        counted: &ast::Counted,
    ) -> Option<Kind> {
        let span = counted.span;
        let declared = self.measure(measure)?.clone();
        let (dimension, unit) = (declared.dimension, declared.unit.to_string());
        let plain = Kind { dimension, unit, measure: Some(measure), span };
        let Some(table) = weights else { return Some(plain) };
        let (dimension, unit) = self.table_kinds.get(table.index()).cloned().flatten()?;
        let weight = Kind { dimension, unit, measure: None, span };
        match (&counted.unit, &counted.weights) {
            (CountUnit::Number, _) => Some(weight),
            (CountUnit::Total(_), _) if weight.dimension == Some(Dimension::Count) => Some(plain),
            (_, name) => {
                let called = name.as_ref().map_or("", |name| &name.text);
                let message = format!("`{called}` cannot weigh this amount");
                let help = "a measure is weighed by a table of plain numbers; different values \
                            are not weighed";
                self.tell_help(&registry::WRONG_DIMENSION, span, message, help);
                None
            }
        }
    }

    /// `adjusted by THING`: the amount of each such fact, while it lasts.
    fn thing_adjusting(&mut self, thing: &Thing, left: &ast::Amount) -> Option<Counted> {
        let unit = left.terms.iter().find_map(|addend| match &addend.part {
            ast::Part::Counted(counted) => Some(&counted.unit),
            ast::Part::Value(_) => None,
        });
        let unit = match unit {
            Some(unit @ CountUnit::Total(_)) => self.unit(unit)?.0,
            _ => Unit::Number,
        };
        let (pattern, same) = self.thing(thing)?;
        let party = same.iter().all(|key| *key == Key::Party);
        if !party || !same.is_empty() && pattern.by != By::Anyone || pattern.by == By::Other {
            let words = self.text(thing.span);
            let message = format!("`{words}` has nothing here to be the same as");
            let help = "what adjusts a limit may be `by same party`: by the bearer";
            self.tell_help(&registry::SAME_UNBOUND, thing.span, message, help);
            return None;
        }
        let whose = if same.is_empty() { Whose::Pattern } else { Whose::Bearer };
        let (over, weights, as_of) = (Over::During, None, None);
        Some(Counted { pattern, whose, same: Vec::new(), unit, weights, over, as_of })
    }

    /// The facts that are counted: those of an act, or those of all acts that report a stock.
    fn counted_what(&mut self, counted: &ast::Counted) -> Option<What> {
        let stock = counted.over.is_none();
        match &counted.what {
            Some(ast::What::Act { act: name, .. }) => {
                let id = self.used_act(name)?;
                let is_stock = self.out.acts.get(id.index()).is_some_and(|act| act.stock);
                if is_stock == stock {
                    return Some(What::Act(vec![id]));
                }
                let (message, help) = match is_stock {
                    true => (
                        format!("`{}` says how much there is, not what was done", name.text),
                        "leave out the time: the limit holds at each instant",
                    ),
                    false => (
                        format!("`{}` is something done, counted over no time", name.text),
                        "add `within DURATION`, `in each PERIOD` or `so far`, or declare it with \
                         `stock`",
                    ),
                };
                self.tell_help(&registry::STOCK_OR_FLOW, name.span, message, help);
                None
            }
            Some(what) => {
                let what = self.what(what)?;
                if stock {
                    let words = self.text(counted.span);
                    let message = format!("`{words}` is counted over no time");
                    let help = "add `within DURATION`, `in each PERIOD` or `so far`";
                    self.tell_help(&registry::STOCK_OR_FLOW, counted.span, message, help);
                    return None;
                }
                Some(what)
            }
            None => self.counted_stock(counted.kind.as_ref()?, stock).map(What::Act),
        }
    }

    fn counted_stock(&mut self, kind: &ast::Kinded, stock: bool) -> Option<Vec<ActId>> {
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

fn period_of(counted: &Counted) -> Option<Period> {
    match (&counted.over, &counted.as_of) {
        (Over::Each(period), None) => Some(*period),
        _ => None,
    }
}
