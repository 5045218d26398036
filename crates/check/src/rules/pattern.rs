//! Deeds and things into patterns of facts.
//!
//! Invariant: a pattern of a deed leaves open who does it; the bearers say who.

use crate::{checker::Checker, program::Form, registry};
use casus_model::program::{By, CategoryId, Key, MeasureTest, ObjectTest, Pattern, RuleId, What};
use casus_syntax::ast::{self, Deed, Kinded, Label, Name, Recipient, Spot, Test, Thing};

impl Checker<'_> {
    /// A deed, with the places that the rule names for all of its deeds.
    pub(super) fn deed(
        &mut self,
        deed: &Deed,
        spots: &[&Spot],
        answered: Option<&Pattern>,
    ) -> Option<Pattern> {
        let act = self.used_act(&deed.act);
        if let Some(family) = deed.same.as_ref().filter(|_| answered.is_none()) {
            self.no_same(family, false);
        }
        let to = match &deed.to {
            Some(Recipient::Actors(actors) | Recipient::All(actors)) => {
                Some(self.several(&actors.names))
            }
            Some(Recipient::TheParty(span)) => self.the_party(*span, answered),
            None => Some(Vec::new()),
        };
        let what = What::Act(vec![act?]);
        let (object, tests) = self.object(&what, deed.kind.as_ref(), &deed.tests)?;
        let all: Vec<&Spot> = deed.spots.iter().chain(spots.iter().copied()).collect();
        let places = self.places(&all, &what)?;
        Some(Pattern { what, by: By::Anyone, object, to: to?, places, tests })
    }

    /// All deeds of a rule.
    pub(super) fn deeds(
        &mut self,
        deeds: &[Deed],
        spots: &[&Spot],
        answered: Option<&Pattern>,
    ) -> Option<Vec<Pattern>> {
        let made: Vec<_> = deeds.iter().map(|deed| self.deed(deed, spots, answered)).collect();
        made.into_iter().collect()
    }

    /// A thing: its pattern, and the keys that it shares.
    pub(super) fn thing(&mut self, thing: &Thing) -> Option<(Pattern, Vec<Key>)> {
        let kind = match &thing.what {
            ast::What::Act { kind, .. } => kind.as_ref(),
            _ => None,
        };
        let what = self.what(&thing.what);
        let by = match &thing.by {
            None => By::Anyone,
            Some(ast::By::Actors(actors)) => By::OneOf(self.several(&actors.names)),
            Some(ast::By::OtherParty(_)) => By::Other,
            Some(ast::By::AtLeast(..)) => return self.several_actors(thing.span),
        };
        let to = self.several(&thing.to);
        let mut same: Vec<Key> = thing.same.iter().filter_map(|one| self.key(&one.key)).collect();
        same.sort_unstable();
        same.dedup();
        let what = what?;
        let (object, tests) = self.object(&what, kind, &thing.tests)?;
        let spots: Vec<&Spot> = thing.spots.iter().collect();
        let places = self.places(&spots, &what)?;
        Some((Pattern { what, by, object, to, places, tests }, same))
    }

    /// A kind of fact.
    pub(super) fn what(&mut self, what: &ast::What) -> Option<What> {
        match what {
            ast::What::Act { act, .. } => self.used_act(act).map(|id| What::Act(vec![id])),
            ast::What::Breach(labels) => self.all_of(labels, Self::breach),
            ast::What::Met(labels) => self.all_of(labels, Self::met),
            ast::What::Missed(labels) => self.all_of(labels, Self::missed),
            ast::What::Finding { finding, answer } => self.found(finding, *answer),
            ast::What::Exercise(label) => self.exercised(label),
            ast::What::Begin(state) => self.state(state).map(What::Begin),
            ast::What::End(state) => self.state(state).map(What::End),
        }
    }

    /// An act that a rule names.
    pub(crate) fn used_act(&mut self, name: &Name) -> Option<casus_model::program::ActId> {
        let id = self.act(name)?;
        self.used.acts.insert(id.index());
        Some(id)
    }

    /// What is asked of the object, and what of the fact itself: a measure that things of the
    /// category have is the object's, every other the fact's.
    pub(super) fn object(
        &mut self,
        what: &What,
        kind: Option<&Kinded>,
        tests: &[Vec<Test>],
    ) -> Option<(Option<ObjectTest>, Vec<Vec<MeasureTest>>)> {
        let category = match kind {
            Some(kind) => {
                Some(self.find(|names| &names.categories, &kind.category, "a category")?)
            }
            None => None,
        };
        let default = match what {
            What::Act(list) => list.first().and_then(|act| self.act_of.get(act.index()).copied()),
            _ => None,
        };
        let default = default.flatten().map(|at| CategoryId(crate::names::index(at)));
        let mut object = category.map(|category| ObjectTest { category, tests: Vec::new() });
        let mut of_fact: Vec<Vec<MeasureTest>> = Vec::new();
        let of_kind = kind.map(|kind| kind.tests.clone()).into_iter();
        let asked = of_kind.map(|list| (list, true));
        let groups = tests.iter().map(|list| (list.clone(), false));
        for (list, is_kind) in asked.chain(groups) {
            let made = self.tests(&list)?;
            let mut group = Vec::new();
            for ((measure, test), written) in made.into_iter().zip(&list) {
                let of = category.or(default);
                match of.filter(|of| self.has_measure(*of, measure)) {
                    Some(_) if tests.len() > 1 && !is_kind => {
                        let message = "what a thing measures is not joined by `or`";
                        let help = "declare a category for each of the two kinds of things";
                        self.tell_help(&registry::OR_OF_KINDS, written.measure.span, message, help);
                        return None;
                    }
                    Some(of) => {
                        let fresh = ObjectTest { category: of, tests: Vec::new() };
                        object.get_or_insert(fresh).tests.push(test);
                    }
                    None => {
                        if let Some(of) = of.filter(|_| is_kind && self.is_had(measure)) {
                            self.must_have(of, measure, &written.measure);
                        }
                        group.push(test);
                    }
                }
            }
            if !group.is_empty() {
                of_fact.push(group);
            }
        }
        if kind.is_some_and(|kind| !kind.tests.is_empty()) && of_fact.len() > tests.len() {
            // What stands behind the kind and is no measure of it holds for every group.
            let first = of_fact.remove(0);
            match of_fact.is_empty() {
                true => of_fact.push(first),
                false => of_fact.iter_mut().for_each(|group| group.extend(first.iter().cloned())),
            }
        }
        Some((object, of_fact))
    }

    fn is_had(&self, measure: usize) -> bool {
        self.had_by.contains_key(&measure)
    }

    /// What facts are grouped by.
    pub(super) fn key(&mut self, key: &ast::Key) -> Option<Key> {
        match key {
            ast::Key::Party(_) => Some(Key::Party),
            ast::Key::Item(_) => Some(Key::Item),
            ast::Key::Recipient(_) => Some(Key::Recipient),
            ast::Key::Family(name) => {
                let id = self.find(|names| &names.families, name, "a family of zones")?;
                Some(Key::Family(id))
            }
        }
    }

    pub(super) fn state(&mut self, name: &Name) -> Option<RuleId> {
        self.find(|names| &names.states, name, "a state")
    }

    fn found(&mut self, name: &Name, answer: Option<ast::Answer>) -> Option<What> {
        let id = self.find(|names| &names.findings, name, "a finding")?;
        let (what, word) = match answer {
            None => return Some(What::Found(id)),
            Some(ast::Answer::Adopted) => (What::Adopted(id), "adopted"),
            Some(ast::Answer::Refused) => (What::Refused(id), "refused"),
        };
        if !self.decided.contains(&id) {
            let message = format!("`{}` is never {word}: nobody decides it", name.text);
            let help = format!("give the finding a `decided by`, or leave out `{word}`");
            self.tell_help(&registry::WRONG_FORM, name.span, message, help);
        }
        Some(what)
    }

    fn breach(&mut self, id: RuleId, label: &Label) -> Option<What> {
        let form = self.forms.get(id.index())?;
        if matches!(form, Form::MustNot(_) | Form::Must(_) | Form::Keep(_)) {
            return Some(What::Breach(id));
        }
        let message = format!("`{}` is a {} and cannot be breached", label.text, form.called());
        let help = "prohibitions, duties and limits can be breached";
        self.tell_help(&registry::WRONG_FORM, label.span, message, help);
        None
    }

    fn met(&mut self, id: RuleId, label: &Label) -> Option<What> {
        let form = self.forms.get(id.index())?;
        if matches!(form, Form::Must(_) | Form::Should(_)) || self.owed.contains(&id) {
            return Some(What::Met(id));
        }
        self.no_duty(id, label, "met")
    }

    fn missed(&mut self, id: RuleId, label: &Label) -> Option<What> {
        if matches!(self.forms.get(id.index())?, Form::Must(_)) || self.owed.contains(&id) {
            return Some(What::Missed(id));
        }
        self.no_duty(id, label, "missed")
    }

    fn no_duty(&mut self, id: RuleId, label: &Label, verb: &str) -> Option<What> {
        let form = self.forms.get(id.index())?;
        let message = format!("`{}` is a {} and cannot be {verb}", label.text, form.called());
        let help = "duties are met and missed, and findings with `decided by …, due …` where \
                    silence decides nothing";
        self.tell_help(&registry::WRONG_FORM, label.span, message, help);
        None
    }
}
