//! The walk over what rules are made of: conditions, patterns, amounts, moments.
//!
//! Invariant: as for the walk over rules.

use super::*;

impl Walk {
    pub(super) fn groups(&mut self, name: &'static str, groups: &Groups) {
        self.here(name, !groups.is_empty());
        self.here("condition: or", groups.len() > 1);
        groups.iter().flatten().for_each(|one| self.condition(one));
    }

    pub(super) fn condition(&mut self, one: &Condition) {
        self.meet(super::condition(one));
        match one {
            Condition::Fact { negated: _, pattern, same, order } => {
                self.shared(pattern, same);
                self.orders(order);
            }
            Condition::Count { least: _, pattern, same, window } => {
                self.shared(pattern, same);
                self.meet(super::window(window));
                match window {
                    Window::Rolling(span) => self.span(span),
                    Window::Each(period) => self.period(*period),
                    Window::Ever => {}
                }
            }
            Condition::Among { negated: _, least: _, actors: _, pattern, same } => {
                self.shared(pattern, same);
            }
            Condition::Cumulated { pattern, same, compare, ms: _ } => {
                self.shared(pattern, same);
                self.meet(super::compare(compare));
            }
            Condition::Sequence { steps, order } => {
                for Next { pattern, same, within } in steps {
                    self.shared(pattern, same);
                    self.here("then: within", within.is_some());
                    within.iter().for_each(|span| self.span(span));
                }
                self.orders(order);
            }
            Condition::Latest { negated: _, pattern, same, as_of, order } => {
                self.shared(pattern, same);
                self.moments(&[("the latest: as of", as_of)]);
                self.orders(order);
            }
            Condition::Quiet { pattern, same, span } => {
                self.shared(pattern, same);
                self.span(span);
            }
            Condition::Lasting { pattern, same, span, gap }
            | Condition::Seen { pattern, same, span, gap } => {
                self.shared(pattern, same);
                self.span(span);
                self.span(gap);
            }
            Condition::Amount { left, compare, right } => self.amounts(left, *compare, right),
            Condition::State(test) => self.state_test(test),
        }
    }

    pub(super) fn state_test(&mut self, test: &StateTest) {
        let StateTest { negated, state: _, whose } = test;
        self.here("state: not", *negated);
        self.meet(whose_state(whose));
    }

    pub(super) fn shared(&mut self, pattern: &Pattern, same: &[Key]) {
        self.pattern(pattern);
        self.keys(same);
    }

    pub(super) fn keys(&mut self, keys: &[Key]) {
        keys.iter().for_each(|one| self.meet(key(one)));
    }

    pub(super) fn orders(&mut self, orders: &[Order]) {
        for one in orders {
            self.meet(order(one));
            match one {
                Order::AtLeastBefore(span)
                | Order::AtMostBefore(span)
                | Order::AtMostAfter(span)
                | Order::Around(span) => self.span(span),
                Order::Before
                | Order::After
                | Order::Covering
                | Order::About
                | Order::OtherItem => {}
                Order::Near(_) | Order::Far(_) => {}
            }
        }
    }

    pub(super) fn pattern(&mut self, pattern: &Pattern) {
        let Pattern { what, by, object, to, places, tests } = pattern;
        self.what(what);
        self.meet(super::by(by));
        if let Some(ObjectTest { category: _, tests }) = object {
            self.meet("fact: of a kind");
            self.tests(tests);
        }
        self.here("fact: to", !to.is_empty());
        for place in places {
            self.meet(super::place(place));
            let roles = match place {
                PlaceTest::Zone { zones: _, roles, inside: _ } => roles,
                PlaceTest::Line { line: _, own, distance, roles, beyond: _ } => {
                    self.here("place: own line", *own);
                    self.meet(super::distance(distance));
                    roles
                }
                PlaceTest::Across { line: _, own, into, roles } => {
                    self.here("place: own line", *own);
                    self.here("place: across into", into.is_some());
                    roles
                }
            };
            self.here("place: at a role", !roles.is_empty());
        }
        self.here("fact: with", !tests.is_empty());
        tests.iter().for_each(|group| self.tests(group));
    }

    fn what(&mut self, what: &What) {
        self.meet(super::what(what));
        if let What::Act(acts) = what {
            self.here("fact: leg", acts.iter().any(|act| self.1.contains(act)));
        }
        if let What::AnyOf(all) = what {
            all.iter().for_each(|one| self.what(one));
        }
    }

    fn tests(&mut self, tests: &[MeasureTest]) {
        for MeasureTest { measure: _, compare, value: _ } in tests {
            self.meet(super::compare(compare));
        }
    }

    pub(super) fn amounts(&mut self, left: &Amount, compare: Compare, right: &Amount) {
        self.meet(super::compare(&compare));
        for Term { minus, factor, part, share_of } in left.terms.iter().chain(&right.terms) {
            self.here("amount: minus", *minus);
            self.here("amount: factor", *factor != rust_decimal::Decimal::ONE);
            self.here("amount: as share of", share_of.is_some());
            for part in std::iter::once(part).chain(share_of) {
                self.meet(super::part(part));
                if let Part::Counted(counted) = part {
                    self.counted(counted);
                }
            }
        }
    }

    fn counted(&mut self, counted: &Counted) {
        let Counted { pattern, whose, same, unit, weights, over, as_of } = counted;
        self.shared(pattern, same);
        self.meet(super::whose(whose));
        self.meet(super::unit(unit));
        if let Unit::Different(one) = unit {
            self.meet(key(one));
        }
        self.here("amount: weighted by", weights.is_some());
        self.meet(super::over(over));
        match over {
            Over::Rolling(span) => self.span(span),
            Over::Each(period) => self.period(*period),
            Over::Since(Some(moment)) => self.moment(moment),
            Over::Stock | Over::Since(None) | Over::During => {}
        }
        self.moments(&[("amount: as of", as_of)]);
    }

    pub(super) fn moments(&mut self, all: &[(&'static str, &Option<Moment>)]) {
        for (name, moment) in all {
            self.here(name, moment.is_some());
            moment.iter().for_each(|moment| self.moment(moment));
        }
    }

    pub(super) fn moment(&mut self, moment: &Moment) {
        self.meet(super::moment(moment));
        match moment {
            Moment::At(_) => {}
            Moment::Of(anchor) | Moment::Clock { anchor, days: _, time: _ } => self.anchor(anchor),
            Moment::Deadline(anchor, span)
            | Moment::Lead(anchor, span)
            | Moment::After(anchor, span)
            | Moment::Earlier(anchor, span) => {
                self.anchor(anchor);
                self.span(span);
            }
            Moment::EarliestOf(all) | Moment::LatestOf(all) => {
                all.iter().for_each(|one| self.moment(one));
            }
            Moment::Extended { of, by, pattern, same, order } => {
                self.moment(of);
                self.span(by);
                self.shared(pattern, same);
                self.orders(order);
            }
            Moment::Paused { of, test, most } => {
                self.moment(of);
                self.meet(super::whose_state(&test.whose));
                self.here("moment: paused for at most", most.is_some());
            }
        }
    }

    fn anchor(&mut self, anchor: &Anchor) {
        self.meet(super::anchor(anchor));
        match anchor {
            Anchor::It(edge) => self.meet(super::edge(edge)),
            Anchor::Fact(pattern, edge) => {
                self.pattern(pattern);
                self.meet(super::edge(edge));
            }
            Anchor::Commencement => {}
        }
    }

    pub(super) fn span(&mut self, one: &Span) {
        self.meet(span(one));
    }

    pub(super) fn period(&mut self, one: Period) {
        super::period(one).into_iter().for_each(|name| self.meet(name));
    }
}
