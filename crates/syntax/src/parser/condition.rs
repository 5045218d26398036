//! Reads conditions, the facts that they mean, and places.
//!
//! Invariant: one or two words ahead decide which rule of the grammar is meant.

use super::{Parser, Read, Stop, amount::Whose};
use crate::ast::{
    ActorList, Answer, By, Compare, Condition, ConditionKind, Conditions, Distance, Key, Kind,
    Kinded, Kinds, Least, LineOf, Name, Order, Same, Spot, SpotKind, StateOf, Test, Then, Thing,
    What, Window,
};
use crate::lexeme::{ACT, ACTOR, Class, Terminal};
use crate::sentence::ReadAs;

const PARAMETER: Kinds = Kinds::of(&[Kind::Parameter]);

impl Parser<'_> {
    pub(super) fn actors(&mut self) -> Read<ActorList> {
        Ok(ActorList { names: self.names(ACTOR)? })
    }

    pub(super) fn conditions(&mut self) -> Read<Conditions> {
        let mut groups = vec![vec![self.condition()?]];
        while self.word(0).is_some_and(|word| word.class == Class::NewLine) {
            let (and, or) = (self.ahead(1, "and"), self.ahead(1, "or"));
            if !and && !or {
                break;
            }
            self.advance(1);
            self.mark(1, ReadAs::Keyword);
            self.advance(1);
            let condition = self.condition()?;
            match groups.last_mut().filter(|_| and) {
                Some(group) => group.push(condition),
                None => groups.push(vec![condition]),
            }
        }
        Ok(Conditions { groups })
    }

    pub(super) fn condition(&mut self) -> Read<Condition> {
        let start = self.here();
        let kind = if self.eat("no") {
            if self.eat("the latest") {
                self.latest(true)?
            } else {
                let thing = self.thing()?;
                if self.eat("for") {
                    ConditionKind::Quiet { thing, span: self.duration()? }
                } else {
                    ConditionKind::Fact { negated: true, thing, order: self.orders()? }
                }
            }
        } else if self.eat("not") {
            self.state(true)?
        } else if self.sees_terminal(Terminal::Named(Kinds::of(&[Kind::State]))) {
            self.state(false)?
        } else if self.eat("at least") {
            self.count()?
        } else if self.sees_measured() {
            self.compared()?
        } else if self.eat("the latest") {
            self.latest(false)?
        } else {
            self.happening()?
        };
        Ok(Condition { kind, span: self.since(start) })
    }

    /// A fact, and what may follow it.
    fn happening(&mut self) -> Read<ConditionKind> {
        let thing = self.thing()?;
        if self.eat("for") {
            let span = self.duration()?;
            self.need(",")?;
            self.need("gap at most")?;
            return Ok(ConditionKind::Lasting { thing, span, gap: self.duration()? });
        }
        if self.eat("seen for") {
            let span = self.duration()?;
            self.need(",")?;
            self.need("gap at most")?;
            return Ok(ConditionKind::Seen { thing, span, gap: self.duration()? });
        }
        if self.eat("in all") {
            let compare = self.compare()?;
            return Ok(ConditionKind::Cumulated { thing, compare, span: self.duration()? });
        }
        let mut then = Vec::new();
        while self.eat_then() {
            let within = if self.eat("within") { Some(self.duration()?) } else { None };
            then.push(Then { within, thing: self.thing()? });
        }
        let order = self.orders()?;
        Ok(match then.is_empty() {
            true => ConditionKind::Fact { negated: false, thing, order },
            false => ConditionKind::Sequence { first: thing, then, order },
        })
    }

    /// `then`, on the same line or at the head of the next one.
    fn eat_then(&mut self) -> bool {
        if self.word(0).is_some_and(|word| word.class == Class::NewLine) && self.ahead(1, "then") {
            self.advance(1);
        }
        self.eat("then")
    }

    fn latest(&mut self, negated: bool) -> Read<ConditionKind> {
        let thing = self.thing()?;
        let as_of = if self.eat("as of") { Some(self.moment()?) } else { None };
        Ok(ConditionKind::Latest { negated, thing, as_of, order: self.orders()? })
    }

    fn state(&mut self, negated: bool) -> Read<ConditionKind> {
        let (state, whose) = self.state_of()?;
        Ok(ConditionKind::State { negated, state, whose })
    }

    /// A state, and whose it is.
    pub(super) fn state_of(&mut self) -> Read<(Name, Option<StateOf>)> {
        let state = self.name_of(Kind::State)?;
        let whose = if !self.eat("of") {
            None
        } else if self.eat("other party") {
            Some(StateOf::Other)
        } else if self.sees_terminal(Terminal::Named(ACTOR)) {
            Some(StateOf::Of(self.name(ACTOR)?))
        } else {
            Some(StateOf::In(self.name_of(Kind::Zone)?))
        };
        Ok((state, whose))
    }

    fn count(&mut self) -> Read<ConditionKind> {
        let least = if self.sees_terminal(Terminal::Named(PARAMETER)) {
            Least::Parameter(self.name(PARAMETER)?)
        } else {
            Least::Number(self.number()?)
        };
        let thing = self.thing()?;
        let window = if self.eat("in the same") {
            Window::Same(self.period()?)
        } else if self.eat("so far") {
            Window::SoFar
        } else {
            self.need("within")?;
            Window::Within(self.duration()?)
        };
        Ok(ConditionKind::Count { least, thing, window })
    }

    pub(super) fn orders(&mut self) -> Read<Vec<Order>> {
        let mut orders = Vec::new();
        if self.eat("other item") {
            orders.push(Order::OtherItem);
        }
        let starts =
            ["before it", "after it", "at least", "within", "covering it", "about it", "beyond"];
        if !starts.into_iter().any(|start| self.sees(start)) {
            return Ok(orders);
        }
        orders.push(self.order()?);
        while self.eat("and") {
            orders.push(self.order()?);
        }
        Ok(orders)
    }

    fn order(&mut self) -> Read<Order> {
        let plain = [
            ("before it", Order::Before),
            ("after it", Order::After),
            ("covering it", Order::Covering),
            ("about it", Order::About),
        ];
        if let Some(order) = self.choose(&plain) {
            return Ok(order);
        }
        if self.eat("at least") {
            let duration = self.duration()?;
            self.need("before it")?;
            return Ok(Order::AtLeastBefore(duration));
        }
        if self.eat("beyond") {
            let far = self.value()?;
            self.need("from it")?;
            return Ok(Order::Far(far));
        }
        self.need("within")?;
        if self.could_be(0, Terminal::Number) && !self.unit_ahead(1) {
            let near = self.quantity()?;
            self.need("of it")?;
            return Ok(Order::Near(near));
        }
        let duration = self.duration()?;
        if self.eat("before it") {
            return Ok(Order::WithinBefore(duration));
        }
        if self.eat("of it") {
            return Ok(Order::WithinOf(duration));
        }
        self.need("after it")?;
        Ok(Order::WithinAfter(duration))
    }

    pub(super) fn thing(&mut self) -> Read<Thing> {
        let start = self.here();
        let what = self.what()?;
        let of_kind = matches!(&what, What::Act { kind: Some(_), .. });
        let Whose { by, to, spots, tests, same } = self.whose(of_kind)?;
        Ok(Thing { what, by, to, spots, tests, same, span: self.since(start) })
    }

    /// What stands behind the kind of a thing; `with` directly behind a category is the category's.
    pub(super) fn whose(&mut self, of_kind: bool) -> Read<Whose> {
        let by = if !self.ahead(1, "same") && self.eat("by") { Some(self.by()?) } else { None };
        let to = if !self.ahead(1, "same") && self.eat("to") {
            self.actors()?.names
        } else {
            Vec::new()
        };
        let spots = self.spots()?;
        let placed = by.is_some() || !to.is_empty() || !spots.is_empty();
        let tests =
            if (placed || !of_kind) && self.eat("with") { self.any_tests()? } else { Vec::new() };
        Ok(Whose { by, to, spots, tests, same: self.alike()? })
    }

    pub(super) fn what(&mut self) -> Read<What> {
        if self.sees_terminal(Terminal::Named(ACT)) {
            let act = self.name(ACT)?;
            let kind = if self.eat("of") { Some(self.kind()?) } else { None };
            return Ok(What::Act { act, kind });
        }
        if self.sees_terminal(Terminal::Named(Kinds::of(&[Kind::Finding]))) {
            let finding = self.name_of(Kind::Finding)?;
            let answers = [("adopted", Answer::Adopted), ("refused", Answer::Refused)];
            return Ok(What::Finding { finding, answer: self.choose(&answers) });
        }
        if self.eat("breach of") || self.eat("breaches of") {
            return self.labels().map(What::Breach);
        }
        if self.eat("met") {
            return self.labels().map(What::Met);
        }
        if self.eat("missed") {
            return self.labels().map(What::Missed);
        }
        if self.eat("exercise of") {
            return self.label().map(What::Exercise);
        }
        if self.eat("begin of") {
            return self.name_of(Kind::State).map(What::Begin);
        }
        self.need("end of")?;
        self.name_of(Kind::State).map(What::End)
    }

    fn by(&mut self) -> Read<By> {
        let start = self.here();
        if self.eat("other party") {
            return Ok(By::OtherParty(self.since(start)));
        }
        if self.eat("at least") {
            let number = self.number()?;
            self.need("of")?;
            return Ok(By::AtLeast(number, self.actors()?));
        }
        self.actors().map(By::Actors)
    }

    pub(super) fn alike(&mut self) -> Read<Vec<Same>> {
        if !self.sees_same(0) {
            self.expect("`same`");
            return Ok(Vec::new());
        }
        self.list(|parser| parser.sees_same(1), Self::same)
    }

    pub(super) fn sees_same(&self, ahead: usize) -> bool {
        let led = ["by", "in", "to"].into_iter().any(|word| self.ahead(ahead, word));
        self.ahead(ahead + usize::from(led), "same")
    }

    fn same(&mut self) -> Read<Same> {
        let start = self.here();
        let led = ["by", "in", "to"].into_iter().find(|word| self.eat(word));
        self.need("same")?;
        let family = Kinds::of(&[Kind::Family]);
        let fits = match led {
            Some("by") => self.sees("party"),
            Some("in") => self.sees_terminal(Terminal::Named(family)),
            Some(_) => self.sees("recipient"),
            None => true,
        };
        if !fits {
            return Err(Stop);
        }
        let key = self.key()?;
        Ok(Same { key, span: self.since(start) })
    }

    pub(super) fn key(&mut self) -> Read<Key> {
        let start = self.here();
        if self.eat("party") {
            return Ok(Key::Party(self.since(start)));
        }
        if self.eat("item") {
            return Ok(Key::Item(self.since(start)));
        }
        if self.eat("recipient") {
            return Ok(Key::Recipient(self.since(start)));
        }
        self.name_of(Kind::Family).map(Key::Family)
    }

    pub(super) fn kind(&mut self) -> Read<Kinded> {
        let start = self.here();
        let category = self.name_of(Kind::Category)?;
        let tests = if self.eat("with") { self.tests()? } else { Vec::new() };
        Ok(Kinded { category, tests, span: self.since(start) })
    }

    /// Tests of a fact: groups joined by `or`.
    pub(super) fn any_tests(&mut self) -> Read<Vec<Vec<Test>>> {
        let measure = Kinds::of(&[Kind::Measure]);
        let mut groups = vec![self.tests()?];
        while self.named(1, measure) && self.eat("or") {
            groups.push(self.tests()?);
        }
        Ok(groups)
    }

    pub(super) fn tests(&mut self) -> Read<Vec<Test>> {
        let measure = Kinds::of(&[Kind::Measure]);
        let mut tests = vec![self.test()?];
        while self.named(1, measure) && self.eat("and") {
            tests.push(self.test()?);
        }
        Ok(tests)
    }

    fn test(&mut self) -> Read<Test> {
        let measure = self.name_of(Kind::Measure)?;
        let compare = self.compare()?;
        Ok(Test { measure, compare, value: self.value()? })
    }

    pub(super) fn compare(&mut self) -> Read<Compare> {
        self.choose(&[
            ("at least", Compare::AtLeast),
            ("at most", Compare::AtMost),
            ("more than", Compare::MoreThan),
            ("less than", Compare::LessThan),
            ("equal to", Compare::EqualTo),
        ])
        .ok_or(Stop)
    }

    pub(super) fn spots(&mut self) -> Read<Vec<Spot>> {
        let mut spots = Vec::new();
        while self.sees_spot() {
            spots.push(self.spot()?);
        }
        Ok(spots)
    }

    /// Whether a place stands here, and neither `in same KEY`, nor `in each PERIOD`, nor a window.
    fn sees_spot(&mut self) -> bool {
        if self.sees("in") {
            let others = ["same", "each", "all", "the same"];
            return !others.into_iter().any(|word| self.ahead(1, word));
        }
        if self.sees("within") {
            return self.within_place() && !self.of_length("of it");
        }
        self.sees("outside")
            || self.sees("across")
            || self.sees("beyond") && !self.of_length("from it")
    }

    /// Whether these words follow the length behind the word at hand.
    fn of_length(&self, words: &str) -> bool {
        let number = self.could_be(1, Terminal::Number);
        number && (2..=4).any(|at| self.ahead(at, words))
            || self.named(1, PARAMETER) && self.ahead(2, words)
    }

    /// Whether `within` speaks of a distance, not of time.
    pub(super) fn within_place(&self) -> bool {
        if self.could_be(1, Terminal::Number) {
            return !self.unit_ahead(2);
        }
        let parameter = self.named(1, PARAMETER) && self.ahead(2, "from");
        parameter || self.named(1, Kinds::of(&[Kind::Table]))
    }

    pub(super) fn spot(&mut self) -> Read<Spot> {
        let start = self.here();
        let zones = Kinds::of(&[Kind::Zone]);
        let kind = if self.eat("in") {
            SpotKind::In(self.names(zones)?)
        } else if self.eat("outside") {
            SpotKind::Outside(self.names(zones)?)
        } else if self.eat("beyond") {
            SpotKind::Beyond(self.distance()?, self.line_of()?)
        } else if self.eat("across") {
            let own = self.eat("own");
            let line = LineOf { own, line: self.name_of(Kind::Line)? };
            let into = if self.eat("into") { Some(self.name_of(Kind::Side)?) } else { None };
            SpotKind::Across(line, into)
        } else {
            self.need("within")?;
            SpotKind::Within(self.distance()?, self.line_of()?)
        };
        let roles = self.roles()?;
        Ok(Spot { kind, roles, span: self.since(start) })
    }

    fn distance(&mut self) -> Read<Distance> {
        if self.sees_terminal(Terminal::Named(Kinds::of(&[Kind::Table]))) {
            let table = self.name_of(Kind::Table)?;
            self.need("of its category")?;
            return Ok(Distance::Table(table));
        }
        self.value().map(Distance::Length)
    }

    fn line_of(&mut self) -> Read<LineOf> {
        self.need("from")?;
        let own = self.eat("own");
        Ok(LineOf { own, line: self.name_of(Kind::Line)? })
    }

    fn roles(&mut self) -> Read<Vec<Name>> {
        let role = Kinds::of(&[Kind::Role]);
        if self.eat("at any of") {
            return self.names(role);
        }
        if self.ahead(1, "least") || self.ahead(1, "most") || !self.eat("at") {
            return Ok(Vec::new());
        }
        Ok(vec![self.name(role)?])
    }
}
