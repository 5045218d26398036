//! Several wordings of one paragraph: amendments that follow each other, readings side by side.
//!
//! Invariant: at any instant at most one amended wording is in force; every reading is.

use super::moment::Around;
use crate::{checker::Checker, names::Entry, registry};
use casus_model::{
    Name,
    program::{Anchor, Moment, Rule, RuleId, What},
};
use casus_syntax::ast::{Label, Name as Written, Norm, Wording};

impl<'a> Checker<'a> {
    /// Enters the label of a rule; gives the label that its findings bear.
    pub(super) fn own_label(
        &mut self,
        label: &Label,
        wording: Option<&Wording>,
        id: RuleId,
    ) -> Name {
        let paragraph = label.text.as_str();
        match wording {
            None => {
                self.enter_label(label, id);
                paragraph.into()
            }
            Some(Wording::Amended(_)) => {
                let before = self.wordings(paragraph).len();
                if before == 0 {
                    let message = format!("`{paragraph}` is amended before it is written");
                    let help = "the first wording stands above its amendments";
                    self.tell_help(&registry::NO_WORDING, label.span, message, help);
                    self.names.labels.insert(label.text.clone(), Entry { id, span: label.span });
                }
                format!("{paragraph} v{}", before + 1).into()
            }
            Some(Wording::Reading(name)) => {
                let own: Name = format!("{paragraph} {}", name.text).into();
                if self.labels.contains(&own) {
                    let message = format!("`{paragraph}` has two readings `{}`", name.text);
                    self.tell(&registry::LABEL_TWICE, name.span, message);
                }
                let entry = Entry { id, span: label.span };
                self.names.labels.entry(label.text.clone()).or_insert(entry);
                own
            }
        }
    }

    /// The rules of a paragraph that have their label so far, in the order of the text.
    pub(crate) fn wordings(&self, paragraph: &str) -> Vec<RuleId> {
        let of_it = |own: &Name| {
            let rest = own.strip_prefix(paragraph);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let all = self.labels.iter().zip(0..).filter(|(own, _)| of_it(own));
        all.map(|(_, at)| RuleId(at)).collect()
    }

    /// The label of one reading.
    pub(crate) fn reading(&mut self, label: &Label, name: &Written) -> Option<Name> {
        let own: Name = format!("{} {}", label.text, name.text).into();
        if self.labels.contains(&own) {
            return Some(own);
        }
        let message = format!("`{}` has no reading `{}`", label.text, name.text);
        let help = "the wording that stands first is meant by the label alone";
        self.tell_help(&registry::UNKNOWN, name.span, message, help);
        None
    }

    /// What a rule refers to by labels: all wordings of each.
    pub(super) fn all_of(
        &mut self,
        labels: &[Label],
        mut one: impl FnMut(&mut Self, RuleId, &Label) -> Option<What>,
    ) -> Option<What> {
        let mut all = Vec::new();
        for label in labels {
            self.labelled(label)?;
            for id in self.wordings(&label.text) {
                let what = one(self, id, label)?;
                if !all.contains(&what) {
                    all.push(what);
                }
            }
        }
        match <[What; 1]>::try_from(all) {
            Ok([only]) => Some(only),
            Err(several) => Some(What::AnyOf(several)),
        }
    }

    /// From when on an amended wording is in force.
    pub(super) fn amended_from(&mut self, id: RuleId, norm: &Norm, rule: Rule) -> Option<Rule> {
        let Some(Wording::Amended(moment)) = &norm.wording else { return Some(rule) };
        let from = self.moment(moment, Around::default())?;
        self.amendments.push((id, from.clone()));
        let own = rule.from.clone();
        let own = own.or_else(|| {
            self.out.commencement.is_some().then_some(Moment::Of(Anchor::Commencement))
        });
        let from = match own {
            Some(own) => Moment::LatestOf(vec![own, from]),
            None => from,
        };
        Some(Rule { from: Some(from), ..rule })
    }

    /// Ends each wording where the one that amends it begins.
    pub(super) fn amended(&mut self) {
        for (id, until) in std::mem::take(&mut self.amendments) {
            let Some(paragraph) = self.out.provisions.get(id.index()) else { continue };
            let paragraph = paragraph.label.clone();
            let before = self.wordings(&paragraph).into_iter().take_while(|one| *one != id);
            for earlier in before {
                let Some(Some(rule)) = self.made.get_mut(earlier.index()) else { continue };
                rule.until = Some(match rule.until.take() {
                    Some(own) => Moment::EarliestOf(vec![own, until.clone()]),
                    None => until.clone(),
                });
            }
        }
    }
}
