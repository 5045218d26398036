//! What facts amount to over time: counted, weighed, and put together.
//!
//! Invariant: a fact that surely counts possibly counts, and longer.

use crate::{
    curve::{Curve, UNBOUNDED, Weight, scaled, thousandths},
    duty::Bearer,
    fact::{Fact, Kind},
    matching::AtHand,
    spanning::{Both, KeyValue, Relative, at_hand},
    world::World,
};
use casus_model::{
    Instant, Name, Period, Spans, Tri,
    program::{
        Amount, Body, By, Compare, Counted, Key, Over, Part, Pattern, Scope, TableId, Unit, Whose,
        Window,
    },
};
use rust_decimal::Decimal;
use std::{collections::BTreeMap, sync::Arc};

/// So many periods are gone through at most.
pub(crate) const MOST_PERIODS: usize = 100_000;

/// Whose amount is asked for.
#[derive(Clone, Copy)]
pub(crate) enum Asked<'a> {
    /// That of the bearer of a limit, without what the rule excepts.
    Of(&'a Bearer),
    /// In a condition.
    By(Relative<'a>),
}

/// One fact's part in an amount.
#[derive(Clone)]
pub(crate) struct Share {
    pub fact: Arc<Fact>,
    /// Whether it counts.
    pub answer: Tri,
    /// It surely counts, in whichever of the periods.
    pub sure: bool,
    /// Thousandths.
    pub low: i128,
    pub high: i128,
    /// While it surely counts, if it does.
    pub lower: (Instant, Instant),
    /// While it possibly counts.
    pub upper: (Instant, Instant),
}

/// The shares of each counted part of an amount, in the order of the text.
pub(crate) type Tallies<'a> = Vec<(&'a Counted, Vec<Share>)>;

impl World<'_> {
    /// What each counted part of an amount is made of.
    pub(crate) fn tallies<'a>(&self, amount: &'a Amount, asked: Asked<'_>) -> Tallies<'a> {
        amount.counted().map(|counted| (counted, self.tally(counted, asked))).collect()
    }

    /// The amount over time, from what its counted parts are made of.
    pub(crate) fn curve(
        &self,
        amount: &Amount,
        tallies: &[(&Counted, Vec<Share>)],
        asked: Asked<'_>,
    ) -> Curve {
        let mut next = tallies.iter();
        let mut part = |part: &Part| match part {
            Part::Fixed(value) => Curve::always(*value),
            Part::Dated(first, later) => Curve::dated(*first, later),
            Part::Counted(counted) => {
                let shares = next.next().map_or(&[][..], |(_, shares)| shares);
                self.counted_curve(counted, shares, asked)
            }
        };
        let mut sum = Curve::always(Decimal::ZERO);
        for term in &amount.terms {
            let mut curve = part(&term.part);
            if let Some(whole) = &term.share_of {
                curve = curve.share_of(&part(whole));
            }
            curve = curve.times(term.factor);
            sum = sum.plus(&if term.minus { curve.negate() } else { curve });
        }
        sum
    }

    /// A comparison as spans: where it surely, and where it possibly holds.
    pub(crate) fn compared(
        &self,
        left: &Amount,
        compare: Compare,
        right: &Amount,
        relative: Relative<'_>,
    ) -> Both {
        let asked = Asked::By(relative);
        let curve = |amount: &Amount| self.curve(amount, &self.tallies(amount, asked), asked);
        curve(left).violations(compare, &curve(right)).negate()
    }

    /// From the first fact on that counts in any of the amounts: surely, and possibly.
    pub(crate) fn since_first(&self, amounts: [&Amount; 2], relative: Relative<'_>) -> Both {
        let tallies = |amount| self.tallies(amount, Asked::By(relative));
        let shares: Vec<Share> =
            amounts.into_iter().flat_map(tallies).flat_map(|(_, shares)| shares).collect();
        let sure = shares.iter().filter(|share| share.sure).map(|one| one.fact.time.start.1);
        let possible = shares.iter().map(|share| share.fact.time.start.0);
        let from = |at: Option<Instant>| Spans::of(at.unwrap_or(Instant::MAX), Instant::MAX);
        Both { lower: from(sure.min()), upper: from(possible.min()) }
    }

    fn counted_curve(&self, counted: &Counted, shares: &[Share], asked: Asked<'_>) -> Curve {
        let curve = match &counted.unit {
            Unit::Different(key) => self.different(*key, shares),
            Unit::Number | Unit::Total(_) => {
                let surely = shares.iter().filter(|share| share.answer.is_yes());
                let low: Vec<Weight> =
                    surely.map(|one| (one.lower.0, one.lower.1, one.low)).collect();
                let high: Vec<Weight> =
                    shares.iter().map(|one| (one.upper.0, one.upper.1, one.high)).collect();
                Curve::of_weights(&low, &high)
            }
        };
        match &counted.as_of {
            Some(moment) => curve
                .unbounded_before(uncounted(counted, shares))
                .as_of(self.moment(moment, hand_of(asked)).bounds()),
            None => curve,
        }
    }

    /// How many different values of a key the facts have.
    fn different(&self, key: Key, shares: &[Share]) -> Curve {
        let mut values: BTreeMap<KeyValue, [Vec<(Instant, Instant)>; 2]> = BTreeMap::new();
        let mut nameless: Vec<Weight> = Vec::new();
        for share in shares {
            let named = self.values_of_key(&share.fact, key);
            if named.is_empty() && matches!(key, Key::Item | Key::Recipient) {
                nameless.push((share.upper.0, share.upper.1, 1000));
            }
            for (value, answer) in named {
                let [lower, upper] = values.entry(value).or_default();
                upper.push(share.upper);
                if share.answer.and(answer).is_yes() {
                    lower.push(share.lower);
                }
            }
        }
        let one = |stretches: &[(Instant, Instant)]| {
            let spans = Spans::union_of(stretches.iter().copied());
            spans.iter().map(|(from, to)| (from, to, 1000)).collect::<Vec<Weight>>()
        };
        let low: Vec<Weight> = values.values().flat_map(|[lower, _]| one(lower)).collect();
        let high = values.values().flat_map(|[_, upper]| one(upper)).chain(nameless);
        Curve::of_weights(&low, &high.collect::<Vec<Weight>>())
    }

    /// The values of a key that the fact may have.
    fn values_of_key(&self, fact: &Fact, key: Key) -> Vec<(KeyValue, Tri)> {
        match key {
            Key::Party | Key::Family(_) => self
                .domain(&[key], &[])
                .into_iter()
                .flatten()
                .map(|value| {
                    let answer = self.has(fact, &value);
                    (value, answer)
                })
                .filter(|(_, answer)| answer.is_possible())
                .collect(),
            Key::Item => {
                fact.item.iter().map(|item| (KeyValue::Item(item.clone()), Tri::Yes)).collect()
            }
            Key::Recipient => fact
                .recipient
                .iter()
                .map(|to| (KeyValue::Recipient(to.clone()), Tri::Yes))
                .collect(),
        }
    }

    /// The facts that count, each with its amount and its stretches.
    pub(crate) fn tally(&self, counted: &Counted, asked: Asked<'_>) -> Vec<Share> {
        let pattern = &counted.pattern;
        let anywhere = Pattern { places: Vec::new(), ..pattern.clone() };
        let is_stock = counted.over == Over::Stock;
        let mut shares = Vec::new();
        let mut holdings: BTreeMap<Name, Vec<(usize, Tri)>> = BTreeMap::new();
        for fact in self.gathered(pattern).iter() {
            let open = if is_stock { &anywhere } else { pattern };
            let answer = self.is_asked(fact, counted, open, asked);
            if answer.is_no() {
                continue;
            }
            let full = if is_stock { self.is_asked(fact, counted, pattern, asked) } else { answer };
            if is_stock {
                holdings.entry(self.holding(fact)).or_default().push((shares.len(), answer));
            }
            let (low, high) = self.worth(fact, counted);
            shares.push(Share {
                fact: Arc::clone(fact),
                answer: full.and(self.not_excepted(fact, asked)),
                sure: false,
                low,
                high,
                lower: (fact.time.start.1, Instant::MAX),
                upper: (fact.time.start.0, Instant::MAX),
            });
        }
        match &counted.over {
            Over::Stock => holdings.values().for_each(|held| limit_tenures(&mut shares, held)),
            Over::Rolling(span) => {
                for share in &mut shares {
                    [share.lower, share.upper] =
                        self.stretches(&share.fact, Window::Rolling(*span));
                }
            }
            Over::Each(period) => shares = self.in_periods(shares, *period),
            Over::Since(moment) => {
                if let Some(moment) = moment {
                    self.since(&mut shares, self.moment(moment, hand_of(asked)).bounds());
                }
            }
            Over::During => {
                for share in &mut shares {
                    share.lower.1 = share.fact.time.end.0;
                    share.upper.1 = share.fact.time.end.1;
                }
            }
        }
        for share in &mut shares {
            share.sure |= share.answer.is_yes();
        }
        shares.retain(|share| share.answer.is_possible());
        shares
    }

    /// Whether the fact is one of those asked for.
    fn is_asked(&self, fact: &Fact, counted: &Counted, open: &Pattern, asked: Asked<'_>) -> Tri {
        match asked {
            Asked::By(relative) => {
                let belongs = self.belongs(fact, &counted.same, relative);
                if belongs.is_no() {
                    return belongs;
                }
                belongs.and(self.matches(fact, open, at_hand(relative)))
            }
            Asked::Of(bearer) => match (counted.whose, &open.by) {
                (Whose::Bearer, _) => bearer.all.iter().fold(Tri::No, |any, &one| {
                    let at = AtHand { bearer: Some(one), ..AtHand::default() };
                    any.or(self.party(fact, one).and(self.matches(fact, open, at)))
                }),
                (Whose::Pattern, By::Other) => {
                    let others = self.parties().filter(|party| !bearer.all.contains(party));
                    let by = others.fold(Tri::No, |any, one| any.or(self.party(fact, one)));
                    let open = Pattern { by: By::Anyone, ..open.clone() };
                    by.and(self.matches(fact, &open, hand_of(asked)))
                }
                (Whose::Pattern, _) => self.matches(fact, open, hand_of(asked)),
            },
        }
    }

    fn not_excepted(&self, fact: &Fact, asked: Asked<'_>) -> Tri {
        match asked {
            Asked::Of(_) => self.excepted(fact, hand_of(asked)).negate(),
            Asked::By(_) => Tri::Yes,
        }
    }

    fn since(&self, shares: &mut [Share], (possible, certain): (Instant, Instant)) {
        for share in shares {
            let (early, late) = share.fact.time.start;
            share.answer = share.answer.and(Tri::from_bounds(early >= certain, late >= possible));
        }
    }

    /// A fact counts in each period that it may lie in.
    fn in_periods(&self, shares: Vec<Share>, period: Period) -> Vec<Share> {
        let calendar = &self.program.calendar;
        let mut all = Vec::new();
        for mut share in shares {
            share.sure = share.answer.is_yes();
            let (early, late) = share.fact.time.start;
            if early == Instant::MIN || late == Instant::MAX {
                share.answer = share.answer.and(Tri::Unknown);
                share.upper.1 = match late {
                    Instant::MIN | Instant::MAX => late,
                    late => calendar.period(late, period).1,
                };
                all.push(share);
                continue;
            }
            let (mut begin, mut end) = calendar.period(early, period);
            for _ in 0..MOST_PERIODS {
                let surely = early >= begin && late < end;
                all.push(Share {
                    answer: if surely { share.answer } else { share.answer.and(Tri::Unknown) },
                    lower: (late, end),
                    upper: (early.max(begin), end),
                    ..share.clone()
                });
                if late < end || end <= begin {
                    break;
                }
                (begin, end) = calendar.period(end, period);
            }
        }
        all
    }

    /// What is counted as one holding over time.
    fn holding(&self, fact: &Fact) -> Name {
        if let Some(item) = &fact.item {
            return Name::from(format!("item {item}"));
        }
        let mut reports = fact.grounds.iter().filter_map(|&at| self.store.report(at));
        let named = reports.find_map(|report| {
            report.record().places.iter().find_map(|place| match &place.shape {
                casus_model::geometry::Shape::Named(name) => Some(name.clone()),
                _ => None,
            })
        });
        match named {
            Some(name) => Name::from(format!("place {name}")),
            None => Name::from(format!("incident {}", fact.id)),
        }
    }

    /// What one fact adds, low and high, in thousandths.
    fn worth(&self, fact: &Fact, counted: &Counted) -> (i128, i128) {
        let (low, high) = match &counted.unit {
            Unit::Number => self.quantity_of(fact, &Name::from("number")).unwrap_or((1000, 1000)),
            Unit::Total(measure) => self
                .quantity_of(fact, measure)
                .or_else(|| self.listed(fact, measure))
                .unwrap_or((0, UNBOUNDED)),
            Unit::Different(_) => (1000, 1000),
        };
        let (low, high) = (low.max(0), high.max(0));
        let Some(table) = counted.weights else { return (low, high) };
        let (least, most) = self.weight(fact, table);
        let high = match high {
            high if most.is_zero() => high.min(0),
            high if high >= UNBOUNDED => high,
            high => scaled(high, most, true),
        };
        (scaled(low, least, false), high)
    }

    /// The fact's amount of a measure, in thousandths of the base unit.
    fn quantity_of(&self, fact: &Fact, measure: &Name) -> Option<(i128, i128)> {
        let reports = fact.grounds.iter().filter_map(|&at| self.store.report(at));
        let ranges: Vec<_> = reports
            .filter_map(|report| {
                let all = &report.record().quantities;
                let found = all.iter().find(|(name, _)| name == measure);
                found.and_then(|(name, quantity)| self.in_base(name, quantity))
            })
            .collect();
        let (low, high) = meet(ranges.iter().map(|range| (range.low, range.high)))?;
        Some((thousandths(low, false), thousandths(high, true)))
    }

    /// What the list of a duty says of the item that a met or missed instance is about.
    fn listed(&self, fact: &Fact, measure: &Name) -> Option<(i128, i128)> {
        let (Kind::Met(rule) | Kind::Missed(rule) | Kind::Breach(rule)) = fact.kind else {
            return None;
        };
        let Body::Must(duty) = &rule.of(self.program)?.body else { return None };
        let Scope::EachOf(list) = duty.scope else { return None };
        let items = &list.of(self.program)?.items;
        let item = items.iter().find(|item| Some(&item.item) == fact.item.as_ref())?;
        let (_, value) = item.measures.iter().find(|(name, _)| name == measure)?;
        Some((thousandths(*value, false), thousandths(*value, true)))
    }

    /// How many times a fact counts: the least and the most that the table may say.
    fn weight(&self, fact: &Fact, table: TableId) -> (Decimal, Decimal) {
        let reports = fact.grounds.iter().filter_map(|&at| self.store.report(at));
        let each: Vec<_> = reports.map(|report| self.weight_in(report, table)).collect();
        let most =
            || table.of(self.program).and_then(|table| table.rows.iter().map(|r| r.value).max());
        meet(each.into_iter()).unwrap_or_else(|| (Decimal::ZERO, most().unwrap_or(Decimal::ZERO)))
    }

    fn weight_in(&self, report: &crate::report::Report, table: TableId) -> (Decimal, Decimal) {
        let Some(table) = table.of(self.program) else { return (Decimal::ZERO, Decimal::ZERO) };
        let answers: Vec<Tri> = table
            .rows
            .iter()
            .map(|row| self.is_thing(report.category, report.record(), &row.of, AtHand::default()))
            .collect();
        let rows = || table.rows.iter().zip(&answers);
        let overridden =
            |at: usize| rows().any(|(row, answer)| answer.is_yes() && row.overrides.contains(&at));
        let left: Vec<_> = rows()
            .enumerate()
            .filter(|(at, (_, answer))| answer.is_possible() && !overridden(*at))
            .map(|(_, (row, answer))| (row.value, *answer))
            .collect();
        let values = || left.iter().map(|(value, _)| *value);
        let least = match left.iter().any(|(_, answer)| answer.is_yes()) {
            true => values().min().unwrap_or(Decimal::ZERO),
            false => Decimal::ZERO,
        };
        (least, values().max().unwrap_or(Decimal::ZERO))
    }
}

/// What all ranges agree on, or else all that any of them says.
fn meet(ranges: impl Iterator<Item = (Decimal, Decimal)> + Clone) -> Option<(Decimal, Decimal)> {
    let lows = || ranges.clone().map(|range| range.0);
    let highs = || ranges.clone().map(|range| range.1);
    let (low, high) = (lows().max()?, highs().min()?);
    match low <= high {
        true => Some((low, high)),
        false => Some((lows().min()?, highs().max()?)),
    }
}

/// What is at hand where an amount is asked for.
fn hand_of(asked: Asked<'_>) -> AtHand<'_> {
    match asked {
        Asked::Of(bearer) => AtHand { bearer: bearer.party, ..AtHand::default() },
        Asked::By(relative) => at_hand(relative),
    }
}

/// Each report of a holding holds until the next one.
fn limit_tenures(shares: &mut [Share], holding: &[(usize, Tri)]) {
    let starts: Vec<((Instant, Instant), Tri)> = holding
        .iter()
        .filter_map(|&(at, answer)| shares.get(at).map(|one| (one.fact.time.start, answer)))
        .collect();
    for (place, &(at, _)) in holding.iter().enumerate() {
        let later = || starts.iter().skip(place + 1);
        let possible_end = later().map(|(start, _)| start.0).min();
        let sure_end =
            later().filter(|(_, answer)| answer.is_yes()).map(|(start, _)| start.1).min();
        if let Some(share) = shares.get_mut(at) {
            share.lower.1 = possible_end.unwrap_or(Instant::MAX);
            share.upper.1 = sure_end.unwrap_or(Instant::MAX);
        }
    }
}

/// Until when nobody has said how much there is: of a stock, the first fact that may count.
fn uncounted(counted: &Counted, shares: &[Share]) -> Instant {
    if counted.over != Over::Stock {
        return Instant::MIN;
    }
    let possible = shares.iter().filter(|share| share.answer.is_possible());
    possible.map(|share| share.fact.time.start.0).min().unwrap_or(Instant::MAX)
}
