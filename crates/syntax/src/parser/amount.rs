//! Reads amounts: what is counted, and sums, shares and multiples of it.
//!
//! Invariant: an amount that is compared begins with what is counted.

use super::{Parser, Read};
use crate::ast::{
    Addend, Amount, ConditionKind, CountUnit, Counted, Factor, Kind, Kinds, Modal, Name, Over,
    Part, Same, Spot, Test, What,
};
use crate::lexeme::{Class, Terminal};

const COMPARES: [&str; 5] = ["at least", "at most", "more than", "less than", "equal to"];
const STARTS: [&str; 2] = ["number of", "total"];

/// What may stand behind the kind of a thing.
pub(super) struct Whose {
    pub by: Option<crate::ast::By>,
    pub to: Vec<Name>,
    pub spots: Vec<Spot>,
    pub tests: Vec<Vec<Test>>,
    pub same: Vec<Same>,
}

impl Parser<'_> {
    /// `AMOUNT COMPARE AMOUNT [, adjusted by THING]`.
    pub(super) fn keep(&mut self) -> Read<Modal> {
        let left = self.measured()?;
        self.next_line_opens(&COMPARES);
        let compare = self.compare()?;
        let right = self.amount()?;
        let mut adjusted = None;
        if self.eat(",") {
            self.need("adjusted by")?;
            adjusted = Some(Box::new(self.thing()?));
        }
        Ok(Modal::Keep { left, compare, right, adjusted })
    }

    /// Goes on with the next line, where it opens with one of these.
    fn next_line_opens(&mut self, keywords: &[&str]) {
        let ends = self.word(0).is_some_and(|word| word.class == Class::NewLine);
        if ends && keywords.iter().any(|keyword| self.ahead(1, keyword)) {
            self.advance(1);
        }
    }

    /// Whether a condition on an amount stands here.
    pub(super) fn sees_measured(&mut self) -> bool {
        STARTS.into_iter().any(|start| self.sees(start)) || self.sees_factor()
    }

    /// `AMOUNT COMPARE AMOUNT`.
    pub(super) fn compared(&mut self) -> Read<ConditionKind> {
        let left = self.measured()?;
        self.next_line_opens(&COMPARES);
        let compare = self.compare()?;
        Ok(ConditionKind::Amount { left, compare, right: self.amount()? })
    }

    /// An amount that begins with what is counted.
    fn measured(&mut self) -> Read<Amount> {
        self.sum(true)
    }

    fn amount(&mut self) -> Read<Amount> {
        self.sum(false)
    }

    fn sum(&mut self, counted: bool) -> Read<Amount> {
        let start = self.here();
        let mut terms = vec![self.addend(false, counted)?];
        loop {
            self.next_line_opens(&["plus", "minus"]);
            let Some(minus) = self.choose(&[("plus", false), ("minus", true)]) else { break };
            terms.push(self.addend(minus, false)?);
        }
        Ok(Amount { terms, span: self.since(start) })
    }

    fn addend(&mut self, minus: bool, counted: bool) -> Read<Addend> {
        let start = self.here();
        let factor = self.factor()?;
        let part = match counted {
            true => Part::Counted(Box::new(self.counted()?)),
            false => self.part()?,
        };
        let share_of = if self.eat("as share of") { Some(self.part()?) } else { None };
        Ok(Addend { minus, factor, part, share_of, span: self.since(start) })
    }

    fn sees_factor(&mut self) -> bool {
        let percent = self.ahead(1, "%") && self.ahead(2, "of");
        self.sees_terminal(Terminal::Number) && (percent || self.ahead(1, "times"))
    }

    fn factor(&mut self) -> Read<Option<Factor>> {
        if !self.sees_factor() {
            return Ok(None);
        }
        let number = self.number()?;
        if self.eat("times") {
            return Ok(Some(Factor::Times(number)));
        }
        self.need("%")?;
        self.need("of")?;
        Ok(Some(Factor::Percent(number)))
    }

    fn part(&mut self) -> Read<Part> {
        if STARTS.into_iter().any(|start| self.sees(start)) {
            return Ok(Part::Counted(Box::new(self.counted()?)));
        }
        self.value().map(Part::Value)
    }

    fn counted(&mut self) -> Read<Counted> {
        let start = self.here();
        let unit = self.count_unit()?;
        let kind = if self.sees_terminal(Terminal::Named(Kinds::of(&[Kind::Category])))
            && !self.named(0, crate::lexeme::ACT)
        {
            Some(self.kind()?)
        } else {
            None
        };
        let what = if kind.is_none() { Some(self.what()?) } else { None };
        let of_kind = kind.is_some() || matches!(&what, Some(What::Act { kind: Some(_), .. }));
        let whose = self.whose(of_kind)?;
        let weighted = self.eat("weighted by");
        let weights = if weighted { Some(self.name_of(Kind::Table)?) } else { None };
        let over = self.over()?;
        let as_of = if self.eat("as of") { Some(self.moment()?) } else { None };
        let Whose { by, to, spots, tests, same } = whose;
        let span = self.since(start);
        Ok(Counted { unit, what, kind, by, to, spots, tests, same, weights, over, as_of, span })
    }

    fn count_unit(&mut self) -> Read<CountUnit> {
        if self.eat("number of different") {
            let key = self.key()?;
            self.need("of")?;
            return Ok(CountUnit::Different(key));
        }
        if self.eat("number of") {
            return Ok(CountUnit::Number);
        }
        self.need("total")?;
        let measure = self.name_of(Kind::Measure)?;
        self.need("of")?;
        Ok(CountUnit::Total(measure))
    }

    fn over(&mut self) -> Read<Option<Over>> {
        Ok(if self.eat("in each") {
            Some(Over::InEach(self.period()?))
        } else if self.eat("within") {
            Some(Over::Within(self.duration()?))
        } else if self.eat("so far") {
            Some(Over::SoFar)
        } else if self.eat("since") {
            Some(Over::Since(Box::new(self.moment()?)))
        } else {
            None
        })
    }
}
