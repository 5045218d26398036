//! The clauses of a rule: which form takes which, and each at most as often as it makes sense.
//!
//! Invariant: a clause is either told to be out of place or it has its effect on the rule.

use super::{condition::AtHand, moment::Around};
use crate::{checker::Checker, registry};
use casus_model::{
    Grade, Reliability,
    program::{Defence, Groups, Rule, RuleId, Standard, StateTest},
};
use casus_syntax::{
    Span,
    ast::{self, Clause, ClauseKind, Conditions, Deadline, Decided, Label, Name, Question, Spot},
};

/// The forms that take clauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    MustNot,
    Must,
    Should,
    Keep,
    May,
    Power,
    Finding,
    State,
    Instrument,
}

impl Takes {
    fn called(self) -> &'static str {
        match self {
            Takes::MustNot => "must not",
            Takes::Must => "must",
            Takes::Should => "should",
            Takes::Keep => "must keep",
            Takes::May => "may",
            Takes::Power => "may (a power)",
            Takes::Finding => "finding",
            Takes::State => "state",
            Takes::Instrument => "the instrument",
        }
    }
}

/// `[not] STATE [of WHOM]`.
pub(super) type StateLine<'c> = (bool, &'c Name, Option<&'c ast::StateOf>);

/// The clauses of one rule, by kind.
#[derive(Default)]
pub(super) struct Clauses<'c> {
    pub(super) spots: Vec<&'c Spot>,
    pub(super) from: Option<&'c ast::Moment>,
    pub(super) until: Option<&'c ast::Moment>,
    pub(super) during: Vec<StateLine<'c>>,
    pub(super) link: Option<&'c ast::Link>,
    pub(super) shown: bool,
    pub(super) failing: Option<bool>,
    pub(super) failing_at: Span,
    pub(super) effect: Option<&'c ast::Duration>,
    pub(super) suspended: Vec<StateLine<'c>>,
    pub(super) waivable: Vec<&'c Name>,
    pub(super) despite: Vec<&'c Label>,
    pub(super) on: Option<(bool, &'c Conditions)>,
    pub(super) scope: Option<(bool, &'c Name, &'c Name)>,
    pub(super) repeat: Option<(&'c ast::Repeat, Span)>,
    pub(super) start: Option<&'c Deadline>,
    pub(super) due: Option<&'c Deadline>,
    /// What moves the deadline: extensions and pauses.
    pub(super) moved: Vec<&'c Clause>,
    pub(super) when: Option<&'c Conditions>,
    pub(super) except: Vec<&'c Conditions>,
    pub(super) unless: Option<&'c ClauseKind>,
    pub(super) proof: Vec<&'c Question>,
    pub(super) decided: Option<&'c Decided>,
    pub(super) ends: Vec<&'c Conditions>,
}

/// The first word of a clause, and the forms that take it.
fn place_of(kind: &ClauseKind) -> (&'static str, &'static [Takes]) {
    use Takes::{Finding, Instrument, Keep, May, Must, MustNot, Power, Should, State};
    match kind {
        ClauseKind::Spot(_) => ("a place", &[MustNot, Must, Should, Keep, May]),
        ClauseKind::From(_) => {
            ("from", &[MustNot, Must, Should, Keep, May, Power, Finding, State, Instrument])
        }
        ClauseKind::Until(_) => {
            ("until", &[MustNot, Must, Should, Keep, May, Power, Finding, State, Instrument])
        }
        ClauseKind::While { .. } => {
            ("while", &[MustNot, Must, Should, Keep, May, Power, Finding, State, Instrument])
        }
        ClauseKind::Despite(_) => ("despite", &[May]),
        ClauseKind::On { .. } => ("on", &[Must, Should]),
        ClauseKind::For { .. } => ("for", &[Must, Should]),
        ClauseKind::Repeat(_) => ("repeat", &[Must, Should]),
        ClauseKind::Start(_) => ("start", &[Must, Should]),
        ClauseKind::Due(_) => ("due", &[Must, Should]),
        ClauseKind::When(_) => ("when", &[MustNot, Keep, May, Power, Finding, State]),
        ClauseKind::Except { .. } => {
            ("except", &[MustNot, Must, Should, Keep, Power, Finding, State])
        }
        ClauseKind::Unless { .. } => ("unless", &[MustNot, Must]),
        ClauseKind::Proof(_) => ("proof", &[MustNot, Must, Should, Keep, Power, Finding, State]),
        ClauseKind::Decided(_) => ("decided by", &[Finding, Power]),
        ClauseKind::Link(_) => ("link", &[Finding]),
        ClauseKind::Ends(_) => ("ends when", &[State, Power]),
        ClauseKind::Failing(_) => ("failing that", &[Finding, Power]),
        ClauseKind::Effect(_) => ("takes effect", &[Power]),
        ClauseKind::Suspended { .. } => {
            ("suspended while", &[MustNot, Must, Should, Keep, May, Finding, State, Instrument])
        }
        ClauseKind::Waivable(_) => ("waivable by", &[MustNot, Must]),
        ClauseKind::Paused { .. } => ("paused while", &[Must, Should, Finding, Power]),
        ClauseKind::Extended { .. } => ("extended by", &[Must, Should, Finding, Power]),
    }
}

impl Checker<'_> {
    /// Sorts the clauses of a rule of this form; tells which do not fit.
    pub(super) fn sorted<'c>(&mut self, form: Takes, clauses: &'c [Clause]) -> Clauses<'c> {
        let mut out = Clauses::default();
        for clause in clauses {
            let (word, forms) = place_of(&clause.kind);
            if !forms.contains(&form) {
                let message = format!("`{}` does not take `{word}`", form.called());
                let list: Vec<String> =
                    forms.iter().map(|form| format!("`{}`", form.called())).collect();
                let help = format!("`{word}` goes with {}", list.join(", "));
                self.tell_help(&registry::CLAUSE_MISFIT, clause.span, message, help);
            } else if !out.take(clause) {
                let message = format!("`{word}` stands twice in one rule");
                let help = match &clause.kind {
                    ClauseKind::When(_) | ClauseKind::On { .. } => {
                        "join the conditions with `and` or `or`"
                    }
                    _ => "leave one of them out",
                };
                self.tell_help(&registry::CLAUSE_TWICE, clause.span, message, help);
            }
        }
        out
    }

    /// The clauses that every form shares, put into the rule.
    pub(super) fn common(
        &mut self,
        mut rule: Rule,
        clauses: &Clauses<'_>,
        hand: AtHand<'_>,
    ) -> Option<Rule> {
        let from = clauses.from.map(|moment| self.moment(moment, Around::default()));
        let until = clauses.until.map(|moment| self.moment(moment, Around::default()));
        let during = self.state_tests(&clauses.during);
        let suspended = self.state_tests(&clauses.suspended);
        let except = self.any_of(&clauses.except, hand);
        let unless = clauses.unless.map(|kind| self.defence(kind));
        let standard = self.standard(&clauses.proof);
        rule.shown = clauses.shown;
        rule.suspended = suspended?;
        let waivers: Vec<Name> = clauses.waivable.iter().map(|name| (*name).clone()).collect();
        rule.waivable = self.several(&waivers);
        rule.from = flat(from)?;
        rule.until = flat(until)?;
        rule.unless = flat(unless)?;
        (rule.during, rule.except, rule.standard) = (during?, except?, standard?);
        Some(rule)
    }

    /// The states of `while` or `suspended while` lines.
    pub(super) fn state_tests(&mut self, lines: &[StateLine<'_>]) -> Option<Vec<StateTest>> {
        let made: Vec<Option<StateTest>> = lines
            .iter()
            .map(|(negated, state, whose)| self.state_test(*negated, state, *whose))
            .collect();
        made.into_iter().collect()
    }

    /// Any of several lists of groups.
    pub(super) fn any_of(&mut self, lists: &[&Conditions], hand: AtHand<'_>) -> Option<Groups> {
        let made: Vec<_> = lists.iter().map(|list| self.groups(list, hand)).collect();
        let made = made.into_iter().collect::<Option<Vec<_>>>()?;
        Some(made.into_iter().flatten().collect())
    }

    fn defence(&mut self, kind: &ClauseKind) -> Option<Defence> {
        let ClauseKind::Unless { defence, claimed, shown } = kind else { return None };
        let at = self.find(|names| &names.defences, defence, "a defence");
        let within = claimed.as_ref().and_then(|claimed| claimed.within.as_ref());
        let within = within.map(|duration| self.stretch(duration));
        let at = at?;
        self.used.defences.insert(at);
        let name = self.out.defences.get(at)?.clone();
        Some(Defence { name, claimed_within: flat(within)?, shown: *shown })
    }

    fn standard(&mut self, questions: &[&Question]) -> Option<Standard> {
        let mut out = Standard::default();
        for question in questions {
            match question {
                Question::Act(grade) => out.act = self.per_cent(grade)?,
                Question::Attribution(grade) => out.attribution = self.per_cent(grade)?,
                Question::Source(text) => {
                    let grade = Grade::parse(&text.text);
                    let Some(grade) = grade else {
                        let message =
                            format!("expected a grade from `A1` to `F6`, got `{}`", text.text);
                        self.tell(&registry::NUMBER_RANGE, text.span, message);
                        return None;
                    };
                    out.source = Some(grade.reliability)
                        .filter(|reliability| *reliability != Reliability::F);
                }
            }
        }
        Some(out)
    }

    fn per_cent(&mut self, grade: &ast::Standard) -> Option<u8> {
        match grade {
            ast::Standard::Confirmed => Some(95),
            ast::Standard::Probable => Some(55),
            ast::Standard::Possible => Some(20),
            ast::Standard::Percent(number) => {
                self.whole(number, 0, 100).and_then(|value| u8::try_from(value).ok())
            }
        }
    }

    /// The rules of some labels.
    pub(super) fn all_labelled(&mut self, labels: &[&Label]) -> Option<Vec<RuleId>> {
        let mut all = Vec::new();
        for label in labels {
            self.labelled(label)?;
            all.extend(self.wordings(&label.text));
        }
        Some(all)
    }
}

/// What is absent stays absent; what failed fails.
pub(super) fn flat<T>(made: Option<Option<T>>) -> Option<Option<T>> {
    match made {
        Some(None) => None,
        Some(some) => Some(some),
        None => Some(None),
    }
}

impl<'c> Clauses<'c> {
    /// Takes a clause; not where its kind stands already and can stand only once.
    fn take(&mut self, clause: &'c Clause) -> bool {
        match &clause.kind {
            ClauseKind::Spot(spot) => self.spots.push(spot),
            ClauseKind::While { negated, state, whose } => {
                self.during.push((*negated, state, whose.as_ref()));
            }
            ClauseKind::Despite(labels) => self.despite.extend(labels),
            ClauseKind::Except { conditions, shown } => {
                self.except.push(conditions);
                self.shown |= shown;
            }
            ClauseKind::Proof(questions) => self.proof.extend(questions),
            ClauseKind::Ends(conditions) => self.ends.push(conditions),
            ClauseKind::From(moment) => return once(&mut self.from, moment),
            ClauseKind::Until(moment) => return once(&mut self.until, moment),
            ClauseKind::On { each, conditions } => {
                return once(&mut self.on, (*each, conditions));
            }
            ClauseKind::For { all, category, list } => {
                return once(&mut self.scope, (*all, category, list));
            }
            ClauseKind::Repeat(repeat) => return once(&mut self.repeat, (repeat, clause.span)),
            ClauseKind::Start(deadline) => return once(&mut self.start, deadline),
            ClauseKind::Due(deadline) => return once(&mut self.due, deadline),
            ClauseKind::When(conditions) => return once(&mut self.when, conditions),
            ClauseKind::Unless { .. } => return once(&mut self.unless, &clause.kind),
            ClauseKind::Decided(decided) => return once(&mut self.decided, decided),
            ClauseKind::Link(link) => return once(&mut self.link, link),
            ClauseKind::Failing(adopted) => {
                self.failing_at = clause.span;
                return once(&mut self.failing, *adopted);
            }
            ClauseKind::Effect(after) => return once(&mut self.effect, after),
            ClauseKind::Suspended { negated, state, whose } => {
                self.suspended.push((*negated, state, whose.as_ref()));
            }
            ClauseKind::Waivable(actors) => self.waivable.extend(&actors.names),
            ClauseKind::Paused { .. } | ClauseKind::Extended { .. } => self.moved.push(clause),
        }
        true
    }
}

fn once<T>(slot: &mut Option<T>, value: T) -> bool {
    slot.replace(value).is_none()
}
