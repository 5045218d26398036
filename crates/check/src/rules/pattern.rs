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
        let to = match &deed.to {
            Some(Recipient::Actors(actors)) => Some(self.several(&actors.names)),
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
        let (what, kind) = match &thing.what {
            ast::What::Act { act, kind } => {
                (self.used_act(act).map(|id| What::Act(vec![id])), kind.as_ref())
            }
            ast::What::Breach(label) => (self.breach(label).map(What::Breach), None),
            ast::What::Met(label) => (self.duty(label, true).map(What::Met), None),
            ast::What::Missed(label) => (self.duty(label, false).map(What::Missed), None),
            ast::What::Finding { finding, adopted } => (self.found(finding, *adopted), None),
            ast::What::Begin(state) => (self.state(state).map(What::Begin), None),
            ast::What::End(state) => (self.state(state).map(What::End), None),
        };
        let by = match &thing.by {
            None => By::Anyone,
            Some(ast::By::Actors(actors)) => By::OneOf(self.several(&actors.names)),
            Some(ast::By::OtherParty(_)) => By::Other,
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
        tests: &[Test],
    ) -> Option<(Option<ObjectTest>, Vec<MeasureTest>)> {
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
        let mut of_fact = Vec::new();
        let of_kind = kind.map_or(&[][..], |kind| &kind.tests);
        let asked = [(of_kind, true), (tests, false)];
        for (list, is_kind) in asked {
            let made = self.tests(list)?;
            for ((measure, test), written) in made.into_iter().zip(list) {
                let of = category.or(default);
                match of.filter(|of| self.has_measure(*of, measure)) {
                    Some(of) => {
                        let fresh = ObjectTest { category: of, tests: Vec::new() };
                        object.get_or_insert(fresh).tests.push(test);
                    }
                    None => {
                        if let Some(of) = of.filter(|_| is_kind && self.is_had(measure)) {
                            self.must_have(of, measure, &written.measure);
                        }
                        of_fact.push(test);
                    }
                }
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

    fn found(&mut self, name: &Name, adopted: bool) -> Option<What> {
        let id = self.find(|names| &names.findings, name, "a finding")?;
        if !adopted {
            return Some(What::Found(id));
        }
        if !self.decided.contains(&id) {
            let message = format!("`{}` is never adopted: nobody decides it", name.text);
            let help = "give the finding a `decided by`, or leave out `adopted`";
            self.tell_help(&registry::WRONG_FORM, name.span, message, help);
        }
        Some(What::Adopted(id))
    }

    fn breach(&mut self, label: &Label) -> Option<RuleId> {
        let id = self.labelled(label)?;
        let form = self.forms.get(id.index())?;
        if matches!(form, Form::MustNot(_) | Form::Must(_) | Form::Keep(_)) {
            return Some(id);
        }
        let message = format!("`{}` is a {} and cannot be breached", label.text, form.called());
        let help = "prohibitions, duties and limits can be breached";
        self.tell_help(&registry::WRONG_FORM, label.span, message, help);
        None
    }

    fn duty(&mut self, label: &Label, met: bool) -> Option<RuleId> {
        let id = self.labelled(label)?;
        let form = self.forms.get(id.index())?;
        if matches!(form, Form::Must(_)) || met && matches!(form, Form::Should(_)) {
            return Some(id);
        }
        let verb = if met { "met" } else { "missed" };
        let message = format!("`{}` is a {} and cannot be {verb}", label.text, form.called());
        self.tell_help(&registry::WRONG_FORM, label.span, message, "duties are met and missed");
        None
    }
}
