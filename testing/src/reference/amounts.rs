//! Sections 2.6 and 3.4: amounts in base units, and tests of them.
//!
//! Invariant: an amount that cannot be read is unknown, never zero.

use super::reports::Report;
use casus_model::{
    Name, Program, Quantity, Tri,
    program::{Compare, MeasureTest},
    quantity::{Dimension, unit},
};
use rust_decimal::Decimal;
use std::rc::Rc;

/// Lowest and highest, in base units.
pub type Bounds = (Decimal, Decimal);

/// An amount in the base unit of the measure; none for a unit of another dimension.
pub fn base(program: &Program, measure: &Name, quantity: &Quantity) -> Option<Bounds> {
    let declared = program.measures.iter().find(|one| one.name == *measure);
    let dimension = declared.map_or(Some(Dimension::Count), |one| one.dimension);
    let factor = match dimension {
        Some(dimension) => unit(&quantity.unit).filter(|one| one.0 == dimension)?.1,
        None if declared.is_some_and(|one| one.unit == quantity.unit) => Decimal::ONE,
        None => return None,
    };
    let range = quantity.range.scaled(factor)?;
    Some((range.low, range.high))
}

/// The first amount of this measure in a list.
pub fn find(program: &Program, list: &[(Name, Quantity)], measure: &Name) -> Option<Bounds> {
    let quantity = list.iter().find(|(name, _)| name == measure).map(|(_, quantity)| quantity)?;
    base(program, measure, quantity)
}

/// 2.6: greatest low to least high, or the hull where that is empty.
pub fn joint(program: &Program, grounds: &[Rc<Report>]) -> Vec<(Name, Bounds)> {
    let all = grounds.iter().flat_map(|report| &report.content.quantities);
    let mut names: Vec<Name> = all.map(|(name, _)| name.clone()).collect();
    names.sort_unstable();
    names.dedup();
    let joined = |name: Name| {
        let each: Vec<Bounds> = grounds
            .iter()
            .filter_map(|report| find(program, &report.content.quantities, &name))
            .collect();
        let low = each.iter().map(|one| one.0);
        let high = each.iter().map(|one| one.1);
        let meet = (low.clone().max()?, high.clone().min()?);
        let bounds = if meet.0 <= meet.1 { meet } else { (low.min()?, high.max()?) };
        Some((name, bounds))
    };
    names.into_iter().filter_map(joined).collect()
}

/// 3.4
pub fn compare(bounds: Option<Bounds>, test: &MeasureTest) -> Tri {
    let Some((low, high)) = bounds else { return Tri::Unknown };
    let value = test.value;
    let (yes, no) = match test.compare {
        Compare::AtLeast => (low >= value, high < value),
        Compare::AtMost => (high <= value, low > value),
        Compare::MoreThan => (low > value, high <= value),
        Compare::LessThan => (high < value, low >= value),
        Compare::Equal => (low == value && high == value, high < value || low > value),
    };
    Tri::from_bounds(yes, !no)
}
