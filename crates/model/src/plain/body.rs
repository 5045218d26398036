//! What each form of rule says, in plain words.

use super::{
    Plain, joined,
    moment::period,
    pattern::{compare, keys, length},
};
use crate::program::{
    Body, Decision, Determination, Duty, Keep, Link, Opening, Pattern, Permit, Power, Repeat,
    Response, Rule, Scope, Share, State, Verb,
};

impl Plain<'_> {
    /// The form and its own clauses.
    pub(super) fn body(self, rule: &Rule) -> Vec<String> {
        match &rule.body {
            Body::MustNot { bearers, deeds } => {
                let (who, deeds) = (self.bearers(bearers), self.deeds(deeds));
                vec![format!("{who} breaks it by {deeds}.")]
            }
            Body::Must(duty) => self.duty(duty),
            Body::Keep(keep) => vec![self.keep(keep)],
            Body::May(permit) => self.permit(permit),
            Body::Finding(found) => self.finding(found),
            Body::State(state) => self.lasting(state),
            Body::Response(response) => self.response(response),
        }
    }

    fn deeds(self, deeds: &[Pattern]) -> String {
        let deeds: Vec<String> = deeds.iter().map(|deed| self.pattern(deed)).collect();
        joined(&deeds, "or")
    }

    fn duty(self, duty: &Duty) -> Vec<String> {
        let who = self.bearers(&duty.bearers);
        let deeds = self.deeds(&duty.deeds);
        let owes = match (duty.soft, duty.bearers.mode, duty.bearers.actors.len()) {
            (true, ..) => "has as a target",
            (_, Share::Together, 2..) => "owe",
            _ => "owes",
        };
        let mut lines = vec![format!("{who} {owes} {deeds}.")];
        if !duty.same.is_empty() {
            let same = keys(self, &duty.same);
            lines.push(format!("Only what is{same} as what it hangs on counts."));
        }
        if !duty.parts.is_empty() {
            lines.push("Each of those addressed is needed; progress counts.".to_owned());
        }
        lines.push(match &duty.opening {
            Opening::Commencement => "It is owed once the rule applies.".to_owned(),
            Opening::Each(trigger, when) => {
                format!("It is owed once for each {}{}.", self.pattern(trigger), self.also(when))
            }
            Opening::First(trigger, when) => {
                format!("It is owed after the first {}{}.", self.pattern(trigger), self.also(when))
            }
        });
        lines.extend(self.scope(duty.scope));
        lines.extend(duty.repeat.map(|repeat| self.repeat(repeat)));
        if let Some(start) = &duty.start {
            lines.push(format!("It must have begun by {}.", self.moment(start)));
        }
        match &duty.due {
            Some(due) if duty.soft => {
                lines.push(format!("Its date is {}; missing it breaks nothing.", self.moment(due)));
            }
            Some(due) => lines.push(format!(
                "It must be done by {}; after that, undone, it is broken.",
                self.moment(due)
            )),
            None if duty.repeat.is_none() => {
                lines.push("It has no deadline, so it cannot be missed.".to_owned());
            }
            None => {}
        }
        lines
    }

    fn also(self, when: &crate::program::Groups) -> String {
        match when.iter().all(Vec::is_empty) {
            true => String::new(),
            false => format!(", where {}", self.groups(when)),
        }
    }

    fn scope(self, scope: Scope) -> Option<String> {
        let list = |id: crate::program::ListId| {
            id.of(self.program).map_or("the list", |list| &*list.name).to_owned()
        };
        match scope {
            Scope::Once => None,
            Scope::EachOf(id) => Some(format!("Each item of {} is a duty of its own.", list(id))),
            Scope::AllOf(id) => {
                Some(format!("It is done when every item of {} is; progress counts.", list(id)))
            }
        }
    }

    fn repeat(self, repeat: Repeat) -> String {
        match repeat {
            Repeat::Each(every, None) => format!("It comes back every {}.", period(every)),
            Repeat::Each(every, Some(time)) => {
                let clock = time.strftime("%H:%M");
                format!("It comes back every {}, by {clock} of its last day.", period(every))
            }
            Repeat::Gap(span) => {
                format!("From one time to the next no more than {} may pass.", self.span(span))
            }
            Repeat::Least(count, every) => {
                format!("It must be done at least {count} times in every {}.", period(every))
            }
        }
    }

    fn keep(self, keep: &Keep) -> String {
        let who = self.bearers(&keep.bearers);
        let (left, right) = self.sides(&keep.left, &keep.right);
        let keeps = match (keep.bearers.mode, keep.bearers.actors.len()) {
            (Share::Together, 2..) => "keep",
            _ => "keeps",
        };
        format!("{who} {keeps} it while {left} is {} {right}.", compare(keep.compare))
    }

    fn permit(self, permit: &Permit) -> Vec<String> {
        let who = self.bearers(&permit.bearers);
        let mut lines = vec![format!("{who} is free to do this: {}.", self.deeds(&permit.deeds))];
        if !permit.when.is_empty() {
            lines.push(format!("Only where {}.", self.groups(&permit.when)));
        }
        if !permit.despite.is_empty() {
            let labels: Vec<String> = permit.despite.iter().map(|id| self.label(*id)).collect();
            lines.push(format!("Such an act does not break {}.", joined(&labels, "or")));
        }
        lines
    }

    fn finding(self, found: &Determination) -> Vec<String> {
        let of = self.of_keys(&found.keys);
        let mut lines =
            vec![format!("“{}” is found{of} when {}.", found.name, self.groups(&found.when))];
        lines.extend(found.link.as_ref().map(|link| self.link(link)));
        lines.extend(found.decided.as_ref().map(|decided| self.decided(decided)));
        lines.extend(found.failing.map(|adopted| match adopted {
            true => "If nobody decides by then, it counts as adopted.".to_owned(),
            false => "If nobody decides by then, it counts as refused.".to_owned(),
        }));
        lines.extend(found.power.as_ref().map(|power| self.power(power)));
        lines
    }

    fn power(self, power: &Power) -> String {
        let targets: Vec<String> = power.targets.iter().map(|id| self.label(*id)).collect();
        let targets = joined(&targets, "and");
        let does = match power.verb {
            Verb::Suspend => format!("suspends {targets}"),
            Verb::End => format!("ends {targets}"),
            Verb::Withdraw => format!("frees the one who withdraws from {targets}"),
            Verb::Activate => format!("puts {targets} into force"),
            Verb::Change => format!("bears on {targets} as the rules that read it say"),
        };
        let after = match power.notice {
            Some(span) => format!(", {} after it", self.span(span)),
            None => String::new(),
        };
        let until = match power.ends.is_empty() {
            true => String::new(),
            false => format!(", until {}", self.groups(&power.ends)),
        };
        format!("It {does}{after}{until}.")
    }

    fn link(self, link: &Link) -> String {
        let far = match link.metres {
            Some(metres) => format!(" and {}", length(metres)),
            None => String::new(),
        };
        let same = keys(self, &link.same);
        let (within, least) = (self.span(link.within), link.least);
        format!("Such facts{same} at most {within}{far} apart count as one; it takes {least}.")
    }

    fn of_keys(self, keys: &[crate::program::Key]) -> String {
        match keys {
            [] => String::new(),
            keys => {
                let keys: Vec<String> = keys.iter().map(|key| self.key(*key)).collect();
                format!(" for each {}", joined(&keys, "and"))
            }
        }
    }

    fn lasting(self, state: &State) -> Vec<String> {
        let of = self.of_keys(&state.keys);
        let (name, when) = (&state.name, self.groups(&state.when));
        match &state.ends {
            None => vec![format!("“{name}” holds{of} exactly while {when}.")],
            Some(ends) => vec![
                format!("“{name}” begins{of} when {when}."),
                format!("It then lasts until {}.", self.groups(ends)),
            ],
        }
    }

    fn response(self, response: &Response) -> Vec<String> {
        let clock = self.moment(&response.clock);
        let to = self.pattern(&response.to);
        let mut lines = vec![format!("It answers each {to}; its clocks run from {clock}.")];
        for step in &response.steps {
            let all: Vec<String> = step.when.iter().map(|one| self.condition(one)).collect();
            let when = match all.is_empty() {
                true => String::new(),
                false => format!(" if {}", joined(&all, "and")),
            };
            let (who, deeds) = (self.bearers(&step.owners), self.deeds(&step.deeds));
            let (name, due) = (&step.name, self.span(step.due));
            lines.push(format!("Step {name}{when}: {who} owes {deeds}, within {due}."));
        }
        if !response.ends.is_empty() {
            lines.push(format!("It ends when {}.", self.groups(&response.ends)));
        }
        lines.extend(response.decided.as_ref().map(|decided| self.decided(decided)));
        lines
    }

    fn decided(self, decided: &Decision) -> String {
        let office = self.actors(&[decided.office], "and");
        let needed = decided.needed;
        let by = match &decided.due {
            Some(due) => format!(", by {}", self.moment(due)),
            None => String::new(),
        };
        let without = match decided.without_party {
            true => ", without the party that it is about",
            false => "",
        };
        format!("People decide: {needed} of {office}{without} must adopt it{by}.")
    }
}
