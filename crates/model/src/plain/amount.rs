//! Amounts in plain words.

use super::{Plain, joined, moment::period, pattern::keys};
use crate::{
    name::Name,
    program::{Amount, Counted, Over, Part, Term, Unit},
};
use rust_decimal::Decimal;

impl Plain<'_> {
    /// Both sides of a comparison.
    pub(super) fn sides(self, left: &Amount, right: &Amount) -> (String, String) {
        let both = || left.counted().chain(right.counted());
        let measure = both().find_map(|one| match &one.unit {
            Unit::Total(name) => Some(name),
            Unit::Number | Unit::Different(_) => None,
        });
        let terms = || left.terms.iter().chain(&right.terms);
        let of_shares = terms().any(|term| term.share_of.is_some());
        let side = |amount| self.amount(amount, measure, of_shares);
        (side(left), side(right))
    }

    fn amount(self, amount: &Amount, measure: Option<&Name>, of_shares: bool) -> String {
        let mut words = String::new();
        for (at, term) in amount.terms.iter().enumerate() {
            match (at, term.minus) {
                (0, false) => {}
                (0, true) => words.push_str("minus "),
                (_, false) => words.push_str(" plus "),
                (_, true) => words.push_str(" minus "),
            }
            words.push_str(&self.term(term, measure, of_shares));
        }
        words
    }

    fn term(self, term: &Term, measure: Option<&Name>, of_shares: bool) -> String {
        let factor = match term.factor {
            one if one == Decimal::ONE => String::new(),
            many => format!("{} times ", many.normalize()),
        };
        match &term.share_of {
            None if of_shares => match &term.part {
                Part::Fixed(value) => format!("{factor}{} %", value.normalize()),
                part => format!("{factor}{}", self.part(part, measure)),
            },
            None => format!("{factor}{}", self.part(&term.part, measure)),
            Some(whole) => format!(
                "{factor}{}, as a share of {} in per cent,",
                self.part(&term.part, measure),
                self.part(whole, measure)
            ),
        }
    }

    fn part(self, part: &Part, measure: Option<&Name>) -> String {
        match part {
            Part::Fixed(value) => self.value(measure, *value),
            Part::Dated(first, later) => {
                let later: Vec<String> = later
                    .iter()
                    .map(|(at, value)| {
                        format!("{} from {}", self.value(measure, *value), self.instant(*at))
                    })
                    .collect();
                format!("{} (then {})", self.value(measure, *first), joined(&later, "and"))
            }
            Part::Counted(counted) => self.counted(counted),
        }
    }

    /// What is counted, without the time over which it is.
    pub(super) fn counted(self, counted: &Counted) -> String {
        let what = self.pattern(&counted.pattern);
        let mut words = match &counted.unit {
            Unit::Number => format!("the number of {what}"),
            Unit::Total(measure) => format!("the total {measure} of {what}"),
            Unit::Different(key) => {
                format!("the number of different values of {} of {what}", self.key(*key))
            }
        };
        words.push_str(&keys(self, &counted.same));
        if let Some(table) = counted.weights.and_then(|table| table.of(self.program)) {
            words.push_str(&format!(", each weighed by “{}”,", table.name));
        }
        words.push_str(&self.over(&counted.over));
        if let Some(moment) = &counted.as_of {
            words.push_str(&format!(" as it stood at {}", self.moment(moment)));
        }
        words
    }

    fn over(self, over: &Over) -> String {
        match over {
            Over::Stock => " at every instant".to_owned(),
            Over::Rolling(span) => format!(" within any {}", self.span(*span)),
            Over::Each(every) => format!(" in each {}", period(*every)),
            Over::Since(None) => " so far".to_owned(),
            Over::Since(Some(moment)) => format!(" since {}", self.moment(moment)),
            Over::During => " while it lasts".to_owned(),
        }
    }
}
