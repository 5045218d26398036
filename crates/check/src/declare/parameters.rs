//! Parameters: named values that stand in the rules, each with where it comes from.
//!
//! Invariant: a parameter is never another parameter.

use crate::{amount::Value, checker::Checker};
use casus_model::program::{Parameter, ParameterStanding};
use casus_syntax::ast::{Duration, ItemKind, ParameterValue, Quantity, Standing, Unit};

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
