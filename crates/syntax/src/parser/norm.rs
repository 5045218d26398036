//! Reads norms, findings, states and responses.
//!
//! Invariant: a line that cannot be read costs that line only.

use super::{Parser, Read, Stop};
use crate::ast::{
    Amount, Claimed, Clause, ClauseKind, Decided, DecisionDue, Deed, Finding, ItemKind, Key, Kind,
    Kinded, Kinds, Label, Modal, Norm, Over, Question, Recipient, Repeat, Response, Share,
    Standard, StateRule, Step, Who,
};
use crate::lexeme::{ACT, ACTOR, Terminal};

const CATEGORY: Kinds = Kinds::of(&[Kind::Category]);

impl Parser<'_> {
    pub(super) fn labelled(&mut self) -> Read<ItemKind> {
        let label = self.label()?;
        if self.eat("finding") {
            let name = self.run()?;
            let keys = self.keys()?;
            let mut clauses = Vec::new();
            self.lines(|parser| {
                let line = parser.clause(Self::decided_clause)?;
                clauses.push(line);
                Ok(())
            });
            return Ok(ItemKind::Finding(Finding { label, name, keys, clauses }));
        }
        if self.eat("state") {
            let name = self.run()?;
            let keys = self.keys()?;
            let mut clauses = Vec::new();
            self.lines(|parser| {
                clauses.push(parser.clause(Self::ends_clause)?);
                Ok(())
            });
            return Ok(ItemKind::State(StateRule { label, name, keys, clauses }));
        }
        if self.eat("response to") {
            return self.response(label).map(ItemKind::Response);
        }
        let who = self.who()?;
        let modal = self.modal()?;
        let mut clauses = Vec::new();
        self.lines(|parser| {
            clauses.push(parser.clause(|_| Ok(None))?);
            Ok(())
        });
        Ok(ItemKind::Norm(Norm { label, who, modal, clauses }))
    }

    fn keys(&mut self) -> Read<Vec<Key>> {
        if !self.eat("of") {
            return Ok(Vec::new());
        }
        let family = Kinds::of(&[Kind::Family]);
        let follows = |parser: &Self| {
            let words = ["party", "item", "recipient"];
            parser.named(1, family) || words.into_iter().any(|word| parser.ahead(1, word))
        };
        self.list(follows, Self::key)
    }

    fn who(&mut self) -> Read<Who> {
        let shares =
            [("each of", Share::Each), ("any of", Share::Any), ("together", Share::Together)];
        if let Some(share) = self.choose(&shares) {
            return Ok(Who { share, actors: self.actors()? });
        }
        let names = vec![self.name(ACTOR)?];
        Ok(Who { share: Share::Alone, actors: crate::ast::ActorList { names } })
    }

    fn modal(&mut self) -> Read<Modal> {
        if self.eat("must not") {
            return self.deeds().map(Modal::MustNot);
        }
        if self.eat("should") {
            return self.deeds().map(Modal::Should);
        }
        if self.eat("may") {
            return self.deeds().map(Modal::May);
        }
        self.need("must")?;
        if self.eat("keep") {
            let amount = Box::new(self.amount()?);
            let compare = self.compare()?;
            return Ok(Modal::Keep { amount, compare, value: self.value()? });
        }
        self.deeds().map(Modal::Must)
    }

    fn deeds(&mut self) -> Read<Vec<Deed>> {
        let mut deeds = vec![self.deed()?];
        while self.eat("or") {
            deeds.push(self.deed()?);
        }
        Ok(deeds)
    }

    fn deed(&mut self) -> Read<Deed> {
        let start = self.here();
        let act = self.name(ACT)?;
        let kind = self.deed_kind()?;
        let to = if self.eat("to") { Some(self.recipient()?) } else { None };
        let spots = self.spots()?;
        let own = kind.is_none() || to.is_some() || !spots.is_empty();
        let tests = if own && self.eat("with") { self.tests()? } else { Vec::new() };
        Ok(Deed { act, kind, to, spots, tests, span: self.since(start) })
    }

    fn deed_kind(&mut self) -> Read<Option<Kinded>> {
        if self.eat("any") || self.sees_terminal(Terminal::Named(CATEGORY)) {
            return self.kind().map(Some);
        }
        Ok(None)
    }

    fn recipient(&mut self) -> Read<Recipient> {
        let start = self.here();
        if self.eat("the party") {
            return Ok(Recipient::TheParty(self.since(start)));
        }
        self.actors().map(Recipient::Actors)
    }

    fn amount(&mut self) -> Read<Amount> {
        let start = self.here();
        let measure = if self.eat("number of") {
            None
        } else {
            self.need("total")?;
            let measure = self.name_of(Kind::Measure)?;
            self.need("of")?;
            Some(measure)
        };
        let (act, kind) = self.counted()?;
        let spots = self.spots()?;
        let over = if self.eat("in each") {
            Some(Over::InEach(self.period()?))
        } else if self.eat("within") {
            Some(Over::Within(self.duration()?))
        } else {
            None
        };
        Ok(Amount { measure, act, kind, spots, over, span: self.since(start) })
    }

    fn counted(&mut self) -> Read<(Option<crate::ast::Name>, Option<Kinded>)> {
        if !self.sees_terminal(Terminal::Named(ACT)) {
            return Ok((None, Some(self.kind()?)));
        }
        let act = self.name(ACT)?;
        let kind = if self.eat("of") { Some(self.kind()?) } else { None };
        Ok((Some(act), kind))
    }

    /// A clause, or one that only this kind of item has.
    fn clause(&mut self, other: impl Fn(&mut Self) -> Read<Option<ClauseKind>>) -> Read<Clause> {
        let start = self.here();
        let kind = match self.common_clause()? {
            Some(kind) => kind,
            None => other(self)?.ok_or(Stop)?,
        };
        Ok(Clause { kind, span: self.since(start) })
    }

    fn decided_clause(&mut self) -> Read<Option<ClauseKind>> {
        self.decided().map(|decided| Some(ClauseKind::Decided(decided)))
    }

    fn ends_clause(&mut self) -> Read<Option<ClauseKind>> {
        self.need("ends when")?;
        self.conditions().map(|ends| Some(ClauseKind::Ends(ends)))
    }

    fn common_clause(&mut self) -> Read<Option<ClauseKind>> {
        let places = ["in", "outside", "beyond", "within"];
        let kind = if places.into_iter().any(|word| self.sees(word)) {
            ClauseKind::Spot(self.spot()?)
        } else if self.eat("from") {
            ClauseKind::From(self.moment()?)
        } else if self.eat("until") {
            ClauseKind::Until(self.moment()?)
        } else if self.eat("while") {
            let negated = self.eat("not");
            ClauseKind::While { negated, state: self.name_of(Kind::State)? }
        } else if self.eat("despite") {
            ClauseKind::Despite(self.labels()?)
        } else if self.eat("on") {
            let each = self.eat("each");
            ClauseKind::On { each, conditions: self.conditions()? }
        } else if self.eat("for") {
            self.for_clause()?
        } else if self.eat("repeat") {
            ClauseKind::Repeat(self.repeat()?)
        } else if self.eat("start") {
            ClauseKind::Start(self.deadline()?)
        } else if self.eat("due") {
            ClauseKind::Due(self.deadline()?)
        } else if self.eat("when") {
            ClauseKind::When(self.conditions()?)
        } else if self.eat("except") {
            ClauseKind::Except(self.conditions()?)
        } else if self.eat("unless") {
            self.unless()?
        } else if self.eat("proof") {
            let follows = |parser: &Self| {
                let words = ["act", "attribution", "source at least"];
                words.into_iter().any(|word| parser.ahead(1, word))
            };
            ClauseKind::Proof(self.list(follows, Self::question)?)
        } else {
            return Ok(None);
        };
        Ok(Some(kind))
    }

    fn for_clause(&mut self) -> Read<ClauseKind> {
        let all = self.choose(&[("each", false), ("all", true)]).ok_or(Stop)?;
        let category = self.name(CATEGORY)?;
        self.need("of")?;
        Ok(ClauseKind::For { all, category, list: self.name_of(Kind::List)? })
    }

    fn repeat(&mut self) -> Read<Repeat> {
        if self.eat("each") {
            let period = self.period()?;
            let by = if self.eat("by") { Some(self.time()?) } else { None };
            return Ok(Repeat::Each(period, by));
        }
        if self.eat("gap at most") {
            return self.duration().map(Repeat::Gap);
        }
        self.need("at least")?;
        let number = self.number()?;
        self.need("in each")?;
        Ok(Repeat::Least(number, self.period()?))
    }

    fn unless(&mut self) -> Read<ClauseKind> {
        let defence = self.name_of(Kind::Defence)?;
        let mut claimed = None;
        if self.ahead(1, "claimed") && self.eat(",") {
            self.need("claimed")?;
            let mut within = None;
            if self.eat("within") {
                within = Some(self.duration()?);
                self.need("of it")?;
            }
            claimed = Some(Claimed { within });
        }
        let shown = self.eat(",");
        if shown {
            if claimed.is_none() {
                self.expect("`claimed`");
            }
            self.need("shown by the party")?;
        }
        Ok(ClauseKind::Unless { defence, claimed, shown })
    }

    fn question(&mut self) -> Read<Question> {
        if self.eat("act") {
            return self.standard().map(Question::Act);
        }
        if self.eat("attribution") {
            return self.standard().map(Question::Attribution);
        }
        self.need("source at least")?;
        self.text_of(Terminal::Grade).map(Question::Source)
    }

    fn standard(&mut self) -> Read<Standard> {
        if self.eat("confirmed") {
            return Ok(Standard::Confirmed);
        }
        self.need("at least")?;
        let words = [("probable", Standard::Probable), ("possible", Standard::Possible)];
        if let Some(standard) = self.choose(&words) {
            return Ok(standard);
        }
        let number = self.number()?;
        self.need("%")?;
        Ok(Standard::Percent(number))
    }

    fn response(&mut self, label: Label) -> Read<Response> {
        let to = self.thing()?;
        self.need(",")?;
        self.need("clocks from")?;
        let clocks = self.moment()?;
        let (steps, ends, decided) = (Vec::new(), Vec::new(), Vec::new());
        let mut response = Response { label, to, clocks, steps, ends, decided };
        self.lines(|parser| {
            if parser.eat("ends when") {
                response.ends.push(parser.conditions()?);
            } else if parser.eat("each step") {
                response.decided.push(parser.decided()?);
            } else {
                response.steps.push(parser.step()?);
            }
            Ok(())
        });
        Ok(response)
    }

    fn step(&mut self) -> Read<Step> {
        let start = self.here();
        self.need("step")?;
        let name = self.run()?;
        let when = if self.eat("if") { Some(self.condition()?) } else { None };
        self.need(":")?;
        let who = self.who()?;
        self.need("must")?;
        let deeds = self.deeds()?;
        self.need(",")?;
        self.need("due within")?;
        let due = self.duration()?;
        Ok(Step { name, when, who, deeds, due, span: self.since(start) })
    }

    fn decided(&mut self) -> Read<Decided> {
        let start = self.here();
        self.need("decided by")?;
        let counted = self.sees_terminal(Terminal::Number);
        let number = if counted { Some(self.number()?) } else { None };
        if counted {
            self.need("of")?;
        }
        let office = self.name(ACTOR)?;
        let mut due = None;
        if self.eat(",") {
            due = Some(if self.eat("before its deadline") {
                DecisionDue::BeforeItsDeadline
            } else {
                self.need("due")?;
                DecisionDue::Due(self.deadline()?)
            });
        }
        Ok(Decided { number, office, due, span: self.since(start) })
    }
}
