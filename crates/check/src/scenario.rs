//! to come
use crate::checker::Checker;
use casus_model::program::Scenario;
impl Checker<'_> {
    pub(crate) fn scenarios(&mut self) -> Vec<Scenario> {
        Vec::new()
    }
}
