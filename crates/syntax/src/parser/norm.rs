//! Reads norms, findings, states and responses.
//!
//! Invariant: a line that cannot be read costs that line only.

use super::{Parser, Read, Stop};
use crate::ast::{
    Claimed, Clause, ClauseKind, Decided, DecisionDue, Deed, Finding, ItemKind, Key, Kind, Kinded,
    Kinds, Label, Link, Modal, Norm, Question, Recipient, Repeat, Response, Share, Standard,
    StateRule, Step, Verb, Who, Wording,
};
use crate::lexeme::{ACT, ACTOR, Terminal};

/// What a power may do.
const POWERS: [(&str, Verb); 10] = [
    ("may activate", Verb::Activate),
    ("may adjust", Verb::Adjust),
    ("may amend", Verb::Amend),
    ("may end", Verb::End),
    ("may extend", Verb::Extend),
    ("may join", Verb::Join),
    ("may replace", Verb::Replace),
    ("may suspend", Verb::Suspend),
    ("may waive", Verb::Waive),
    ("may withdraw from", Verb::Withdraw),
];

const CATEGORY: Kinds = Kinds::of(&[Kind::Category]);

impl Parser<'_> {
    pub(super) fn labelled(&mut self) -> Read<ItemKind> {
        let label = self.label()?;
        if self.eat("finding") {
            let name = self.run()?;
            let keys = self.keys()?;
            let clauses = self.clauses();
            return Ok(ItemKind::Finding(Finding { label, name, keys, clauses }));
        }
        if self.eat("state") {
            let name = self.run()?;
            let keys = self.keys()?;
            let clauses = self.clauses();
            return Ok(ItemKind::State(StateRule { label, name, keys, clauses }));
        }
        if self.eat("response to") {
            return self.response(label).map(ItemKind::Response);
        }
        self.norm(label, None)
    }

    /// `amend 3.1 from MOMENT`, `reading strict of 3.1`, and the norm on the lines below.
    pub(super) fn worded(&mut self) -> Read<ItemKind> {
        if self.eat("amend") {
            let label = self.label()?;
            self.need("from")?;
            let from = self.moment()?;
            self.line_begins()?;
            return self.norm(label, Some(Wording::Amended(from)));
        }
        self.need("reading")?;
        let name = self.run()?;
        self.need("of")?;
        let label = self.label()?;
        self.line_begins()?;
        self.norm(label, Some(Wording::Reading(name)))
    }

    fn line_begins(&mut self) -> Read<()> {
        if self.next_line() {
            return Ok(());
        }
        self.expect("a line with the norm");
        Err(Stop)
    }

    fn norm(&mut self, label: Label, wording: Option<Wording>) -> Read<ItemKind> {
        let who = self.who()?;
        let modal = self.modal()?;
        let clauses = self.clauses();
        Ok(ItemKind::Norm(Norm { label, wording, who, modal, clauses }))
    }

    pub(super) fn clauses(&mut self) -> Vec<Clause> {
        let mut clauses = Vec::new();
        self.lines(|parser| {
            clauses.push(parser.clause()?);
            Ok(())
        });
        clauses
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
        if let Some(verb) = self.power_ahead() {
            self.eat(verb.0);
            return self.labels().map(|targets| Modal::Power(verb.1, targets));
        }
        if self.eat("may") {
            return self.deeds().map(Modal::May);
        }
        self.need("must")?;
        if self.eat("make an effort to") {
            return self.deeds().map(Modal::Effort);
        }
        if self.eat("keep") {
            return self.keep();
        }
        self.deeds().map(Modal::Must)
    }

    /// The verb of a power: labels stand behind it.
    fn power_ahead(&mut self) -> Option<(&'static str, Verb)> {
        POWERS.into_iter().find(|(words, _)| {
            let behind = words.split(' ').count();
            self.sees(words) && self.could_be(behind, Terminal::Label)
        })
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
        let tests = if own && self.eat("with") { self.any_tests()? } else { Vec::new() };
        let mut same = None;
        if self.ahead(1, "same") && self.eat("in") {
            self.need("same")?;
            same = Some(self.name_of(Kind::Family)?);
        }
        Ok(Deed { act, kind, to, spots, tests, same, span: self.since(start) })
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
        if self.eat("all of") {
            return self.actors().map(Recipient::All);
        }
        self.actors().map(Recipient::Actors)
    }

    fn clause(&mut self) -> Read<Clause> {
        let start = self.here();
        let kind = match self.common_clause()? {
            Some(kind) => kind,
            None => self.further_clause()?,
        };
        Ok(Clause { kind, span: self.since(start) })
    }

    /// Clauses of findings, states and powers.
    fn further_clause(&mut self) -> Read<ClauseKind> {
        if self.eat("link") {
            return self.link().map(ClauseKind::Link);
        }
        if self.eat("ends when") {
            return self.conditions().map(ClauseKind::Ends);
        }
        if self.eat("failing that") {
            let adopted = !self.eat("not");
            self.need("adopted")?;
            return Ok(ClauseKind::Failing(adopted));
        }
        if self.eat("takes effect") {
            let after = self.duration()?;
            self.need("after it")?;
            return Ok(ClauseKind::Effect(after));
        }
        if self.eat("suspended while") {
            let negated = self.eat("not");
            let (state, whose) = self.state_of()?;
            return Ok(ClauseKind::Suspended { negated, state, whose });
        }
        if self.eat("paused while") {
            let negated = self.eat("not");
            let (state, whose) = self.state_of()?;
            let mut most = None;
            if self.eat(",") {
                self.need("for at most")?;
                most = Some(self.duration()?);
            }
            return Ok(ClauseKind::Paused { negated, state, whose, most });
        }
        if self.eat("extended by") {
            let by = self.duration()?;
            self.need("on")?;
            let thing = Box::new(self.thing()?);
            return Ok(ClauseKind::Extended { by, thing, order: self.orders()? });
        }
        if self.eat("waivable by") {
            return self.actors().map(ClauseKind::Waivable);
        }
        self.decided().map(ClauseKind::Decided)
    }

    fn link(&mut self) -> Read<Link> {
        let same = if self.sees_same(0) { self.alike()? } else { Vec::new() };
        if !same.is_empty() {
            self.need(",")?;
        }
        self.need("within")?;
        let within = self.duration()?;
        let far = if self.eat("and") { Some(self.quantity()?) } else { None };
        let mut least = None;
        if self.eat(",") {
            self.need("at least")?;
            least = Some(self.number()?);
        }
        Ok(Link { same, within, far, least })
    }

    fn common_clause(&mut self) -> Read<Option<ClauseKind>> {
        let places = ["in", "outside", "beyond", "within", "across"];
        let kind = if places.into_iter().any(|word| self.sees(word)) {
            ClauseKind::Spot(self.spot()?)
        } else if self.eat("from") {
            ClauseKind::From(self.moment()?)
        } else if self.eat("until") {
            ClauseKind::Until(self.moment()?)
        } else if self.eat("while") {
            let negated = self.eat("not");
            let (state, whose) = self.state_of()?;
            ClauseKind::While { negated, state, whose }
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
            let conditions = self.conditions()?;
            let shown = self.ahead(1, "shown by the party") && self.eat(",");
            if shown {
                self.need("shown by the party")?;
            }
            ClauseKind::Except { conditions, shown }
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
        let without_party = self.eat("without the party");
        let mut due = None;
        if self.eat(",") {
            due = Some(if self.eat("before its deadline") {
                DecisionDue::BeforeItsDeadline
            } else {
                self.need("due")?;
                DecisionDue::Due(self.deadline()?)
            });
        }
        Ok(Decided { number, office, without_party, due, span: self.since(start) })
    }
}
