//! to come
use crate::{arguments::Explain, exit::{Exit, Failure}, terminal::Terminal};
pub fn explain(_: &Explain, _: &mut Terminal) -> Result<Exit, Failure> { Ok(Exit::Fine) }
