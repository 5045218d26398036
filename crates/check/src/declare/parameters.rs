//! Parameters: named values that stand in the rules, each with where it comes from.
//!
//! Invariant: a parameter is never another parameter.

use crate::{
    amount::{Amount, Value},
    checker::Checker,
    registry,
};
use casus_model::{
    Instant,
    program::{Parameter, ParameterStanding},
};
use casus_syntax::Span;
use casus_syntax::ast::{DateTime, Duration, ItemKind, ParameterValue, Quantity, Standing, Unit};

impl Checker<'_> {
    pub(super) fn parameters(&mut self) {
        for (_, declared) in self.each(|kind| match kind {
            ItemKind::Parameter(declared) => Some(declared),
            _ => None,
        }) {
            let at = self.values.len();
            if !self.enter(|names| &mut names.parameters, &declared.name, at) {
                continue;
            }
            let (value, written) = match &declared.value {
                ParameterValue::Quantity(quantity) => {
                    let value = self.amount(quantity).map_or(Value::Broken, Value::Amount);
                    (value, as_written(quantity))
                }
                ParameterValue::Duration(duration) => {
                    let value = match duration {
                        Duration::Exact(..) => self.stretch(duration).map(Value::Time),
                        Duration::Parameter(_) => None,
                    };
                    (value.unwrap_or(Value::Broken), time_as_written(duration))
                }
            };
            let (value, written) = self.changing(value, written, &declared.later);
            self.values.push(value);
            self.out.parameters.push(Parameter {
                name: declared.name.text.as_str().into(),
                value: written.into(),
                standing: match declared.standing {
                    Standing::Reported => ParameterStanding::Reported,
                    Standing::Invented => ParameterStanding::Invented,
                    Standing::Agreed => ParameterStanding::Agreed,
                },
            });
        }
    }
}

impl Checker<'_> {
    /// A value that is another from later dates on.
    fn changing(
        &mut self,
        value: Value,
        mut written: String,
        later: &[(DateTime, Quantity)],
    ) -> (Value, String) {
        if later.is_empty() {
            return (value, written);
        }
        let Value::Amount(first) = value else {
            if matches!(value, Value::Time(_)) {
                let span = later.first().map_or(Span::default(), |(_, quantity)| quantity.span);
                let message = "a length of time does not change with the date";
                self.tell(&registry::PARAMETER_DATES, span, message);
            }
            return (Value::Broken, written);
        };
        let mut values: Vec<(Instant, Amount)> = Vec::with_capacity(later.len());
        for (when, quantity) in later {
            let at = self.day_or_time(*when).0;
            let Some(amount) = self.amount(quantity) else { return (Value::Broken, written) };
            let same = amount.dimension == first.dimension
                && (first.dimension.is_some() || amount.unit == first.unit);
            if !same {
                let message = format!("expected {} as above, got {}", first.kind(), amount.kind());
                self.tell(&registry::WRONG_DIMENSION, quantity.span, message);
                return (Value::Broken, written);
            }
            if values.last().is_some_and(|(before, _)| *before >= at) {
                let message = "this date is not after the one above";
                self.tell(&registry::PARAMETER_DATES, when.date.span, message);
                return (Value::Broken, written);
            }
            let date = crate::amount::date(when.date);
            written.push_str(&format!(", then {} from {date}", as_written(quantity)));
            values.push((at, amount));
        }
        (Value::Dated(first, values), written)
    }
}

fn as_written(quantity: &Quantity) -> String {
    use casus_syntax::ast::Scale;
    let scale = quantity.scale.map(|scale| match scale {
        Scale::Thousand => "thousand",
        Scale::Million => "million",
        Scale::Billion => "billion",
    });
    let unit = quantity.unit.as_ref().map(|unit| unit.text.as_str());
    let words = [Some(quantity.number.text.as_str()), scale, unit];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn time_as_written(duration: &Duration) -> String {
    match duration {
        Duration::Parameter(name) => name.text.clone(),
        Duration::Exact(number, unit) => {
            let unit = match unit {
                Unit::Second => "second",
                Unit::Minute => "minute",
                Unit::Hour => "hour",
                Unit::Day => "day",
                Unit::WorkingDay => "working day",
                Unit::Week => "week",
                Unit::Month => "month",
                Unit::Year => "year",
            };
            let plural = if number.text == "1" { "" } else { "s" };
            format!("{} {unit}{plural}", number.text)
        }
    }
}
