//! Section 13: amounts, worked out anew at every instant at which something changes.
//!
//! Invariant: both ends are integers, in thousandths of the base unit; an end of 10^24 or more is
//! unbounded.

use super::{Asking, Here, Pair, clause::Thing, fact::Fact, reports::Report};
use casus_model::{
    Instant, Name, Period, Spans, Tri,
    geometry::Shape,
    program::{
        ActorId, Amount, Body, By, Compare, Counted, Duty, Key, Over, Part, Pattern, Scope,
        TableId, Unit, What, Whose,
    },
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::{collections::BTreeSet, rc::Rc};

/// From here on an end is unbounded.
const UNBOUNDED: i128 = 10_i128.pow(24);

/// A lowest and a highest value.
pub type Ends = (i128, i128);

/// Whose amount is asked for.
#[derive(Clone, Copy)]
pub enum Asked<'x> {
    /// In a limit: the bearers.
    Limit(&'x [ActorId], Option<ActorId>),
    /// In a condition.
    Condition(&'x Here<'x>),
}

/// How long a fact counts, surely and possibly, and for how much.
#[derive(Clone)]
pub struct Weight {
    pub fact: Rc<Fact>,
    pub lower: Option<(Instant, Instant, i128)>,
    pub upper: Option<(Instant, Instant, i128)>,
    /// It surely counts, whenever that may be.
    pub sure: bool,
    /// It possibly counts.
    pub possible: bool,
}

/// What a counted part is made of.
pub struct Told<'p> {
    pub counted: &'p Counted,
    /// Each fact.
    pub items: Vec<Weight>,
    /// What is added up: the facts, or the different values that they have.
    weights: Vec<Weight>,
    as_of: Option<(Instant, Instant)>,
}

/// An amount with what its counted parts are made of, in the order of the text.
pub struct Sum<'p> {
    amount: &'p Amount,
    pub told: Vec<Told<'p>>,
}

/// A fact that may count.
struct Item {
    fact: Rc<Fact>,
    /// Of a stock: but for its places and `except`.
    answer: Tri,
    whole: Tri,
    low: i128,
    high: i128,
}

impl<'p> Sum<'p> {
    /// The value at an instant.
    pub fn at(&self, at: Instant) -> Ends {
        let mut told = self.told.iter();
        let mut sum = (0, 0);
        for term in &self.amount.terms {
            let mut value = part_at(&term.part, &mut told, at);
            if let Some(whole) = &term.share_of {
                value = share(value, part_at(whole, &mut told, at));
            }
            value = times(value, term.factor);
            if term.minus {
                value = (-value.1, -value.0);
            }
            sum = add(sum, value);
        }
        sum
    }

    /// Every instant at which it may change.
    pub fn changes(&self) -> BTreeSet<Instant> {
        let mut all = BTreeSet::from([Instant::MIN]);
        for part in self.amount.parts() {
            if let Part::Dated(_, later) = part {
                all.extend(later.iter().map(|(at, _)| *at));
            }
        }
        for told in &self.told {
            all.extend(told.changes());
            all.extend(told.as_of.into_iter().flat_map(|(a, b)| [a, b]));
        }
        all
    }
}

fn part_at<'t, 'p: 't>(
    part: &Part,
    told: &mut impl Iterator<Item = &'t Told<'p>>,
    at: Instant,
) -> Ends {
    let value = match part {
        Part::Fixed(value) => *value,
        Part::Dated(first, later) => {
            later.iter().rev().find(|(from, _)| *from <= at).map_or(*first, |(_, value)| *value)
        }
        Part::Counted(_) => return told.next().map_or((0, 0), |told| told.at(at)),
    };
    bounded((thousandths(value, false), thousandths(value, true)))
}

impl Told<'_> {
    fn changes(&self) -> BTreeSet<Instant> {
        let stretches = self.weights.iter().flat_map(|one| [one.lower, one.upper]).flatten();
        let stretches = stretches.flat_map(|(from, to, _)| [from, to]);
        // 13.5: from the first fact on somebody has said how much there is.
        let said = self.items.iter().filter(|one| one.possible).map(|one| one.fact.time.start.0);
        stretches.chain(said).collect()
    }

    /// 13.5: as of a moment, the hull of what it may have been then.
    fn at(&self, at: Instant) -> Ends {
        let Some((possible, certain)) = self.as_of else { return self.then(at) };
        let (from, to) = (possible.min(at), certain.min(at));
        let between = self.changes().into_iter().filter(|one| *one > from && *one <= to);
        let values: Vec<Ends> =
            std::iter::once(from).chain(between).map(|one| self.then(one)).collect();
        let lows = values.iter().map(|value| value.0);
        let highs = values.iter().map(|value| value.1);
        (lows.min().unwrap_or(-UNBOUNDED), highs.max().unwrap_or(UNBOUNDED))
    }

    /// 13.5: of a baseline of what there is, nobody has said how much before the first fact.
    fn then(&self, at: Instant) -> Ends {
        let (low, high) = self.counted_at(at);
        let said = self.items.iter().any(|one| one.possible && one.fact.time.start.0 <= at);
        let untold = self.as_of.is_some() && self.counted.over == Over::Stock && !said;
        (low, if untold { UNBOUNDED } else { high })
    }

    fn counted_at(&self, at: Instant) -> Ends {
        let holds = |stretch: &Option<(Instant, Instant, i128)>| {
            stretch.filter(|(from, to, _)| *from <= at && at < *to).map(|(_, _, weight)| weight)
        };
        let lower = || self.weights.iter().filter_map(|one| Some((&one.fact, holds(&one.lower)?)));
        let upper = || self.weights.iter().filter_map(|one| Some((&one.fact, holds(&one.upper)?)));
        bounded((lower().map(|(_, low)| low).sum(), upper().map(|(_, high)| high).sum()))
    }
}

impl Asking<'_> {
    /// An amount, with what it is made of.
    pub fn sum<'p>(&self, amount: &'p Amount, asked: Asked<'_>) -> Sum<'p> {
        let told = amount.counted().map(|counted| self.told(counted, asked)).collect();
        Sum { amount, told }
    }

    /// 13.9: where it surely and where it possibly fails to compare so.
    pub fn failing(&self, left: &Sum<'_>, compare: Compare, right: &Sum<'_>) -> Pair {
        let mut times = left.changes();
        times.extend(right.changes());
        let times: Vec<Instant> = times.into_iter().collect();
        let (mut lower, mut upper) = (Vec::new(), Vec::new());
        for (place, from) in times.iter().enumerate() {
            let to = times.get(place + 1).copied().unwrap_or(Instant::MAX);
            let (sure, possible) = fails(left.at(*from), compare, right.at(*from));
            if sure {
                lower.push((*from, to));
            }
            if possible {
                upper.push((*from, to));
            }
        }
        Pair { lower: Spans::union_of(lower), upper: Spans::union_of(upper) }
    }

    /// 10.2: from the first fact on that counts in either.
    pub fn since_first(&self, left: &Amount, right: &Amount, here: &Here<'_>) -> Pair {
        let mut first = (Instant::MAX, Instant::MAX);
        for amount in [left, right] {
            for told in self.sum(amount, Asked::Condition(here)).told {
                for one in told.items {
                    if one.sure {
                        first.0 = first.0.min(one.fact.time.start.1);
                    }
                    if one.possible {
                        first.1 = first.1.min(one.fact.time.start.0);
                    }
                }
            }
        }
        let from = |at: Instant| Spans::of(at, Instant::MAX);
        Pair { lower: from(first.0), upper: from(first.1) }
    }

    fn told<'p>(&self, counted: &'p Counted, asked: Asked<'_>) -> Told<'p> {
        let items = self.counted_items(counted, asked);
        let here = here_of(asked);
        let weights = match &counted.over {
            Over::Stock => items.iter().map(|item| self.held(item, &items)).collect(),
            Over::Rolling(span) => items
                .iter()
                .map(|item| {
                    let start = item.fact.time.start;
                    item.weigh(
                        (start.1, self.later(start.0, *span)),
                        (start.0, self.later(start.1, *span)),
                        item.whole,
                    )
                })
                .collect(),
            Over::Each(period) => {
                items.iter().flat_map(|item| self.in_periods(item, *period)).collect()
            }
            Over::Since(moment) => {
                let from = moment.as_ref().map(|moment| self.moment(moment, &here).pair());
                items.iter().map(|item| item.since(from)).collect()
            }
            Over::During => items.iter().map(Item::while_it_lasts).collect(),
        };
        let items: Vec<Weight> = weights;
        let weights = match counted.unit {
            Unit::Different(key) => self.different(key, &items),
            Unit::Number | Unit::Total(_) => items.clone(),
        };
        let as_of = counted.as_of.as_ref().map(|moment| self.moment(moment, &here).pair());
        Told { counted, items, weights, as_of }
    }

    /// 13.4: each value counts once while a fact that has it counts.
    fn different(&self, key: Key, weights: &[Weight]) -> Vec<Weight> {
        let mut out = Vec::new();
        let all = |of: fn(&Fact) -> Option<Name>| -> Vec<Name> {
            let names: BTreeSet<Name> = weights.iter().filter_map(|one| of(&one.fact)).collect();
            names.into_iter().collect()
        };
        let values: Vec<super::Value> = match key {
            Key::Party => self.parties().into_iter().map(super::Value::Party).collect(),
            Key::Family(family) => {
                let zones = self.zones(family).into_iter();
                zones.map(|zone| super::Value::Zone(family, zone)).collect()
            }
            Key::Item => all(|f| f.item.clone()).into_iter().map(super::Value::Item).collect(),
            Key::Recipient => {
                all(|f| f.recipient.clone()).into_iter().map(super::Value::Recipient).collect()
            }
        };
        for value in values {
            let union = |upper: bool| {
                let stretches: Vec<(Instant, Instant)> = weights
                    .iter()
                    .filter_map(|one| {
                        let nameless = match key {
                            Key::Item => one.fact.item.is_none(),
                            Key::Recipient => one.fact.recipient.is_none(),
                            Key::Party | Key::Family(_) => false,
                        };
                        let has = self.has(&one.fact, &value);
                        let (stretch, counts) = match upper {
                            true => (one.upper, has.is_possible()),
                            false => (one.lower, has.is_yes()),
                        };
                        stretch.filter(|_| counts && !nameless).map(|(from, to, _)| (from, to))
                    })
                    .collect();
                Spans::union_of(stretches).iter().collect::<Vec<_>>()
            };
            let (lower, upper) = (union(false), union(true));
            let Some(first) = weights.first() else { continue };
            let one = |from, to| Some((from, to, 1000));
            let blank = Weight { lower: None, upper: None, ..first.clone() };
            out.extend(
                lower.into_iter().map(|(a, b)| Weight { lower: one(a, b), ..blank.clone() }),
            );
            out.extend(
                upper.into_iter().map(|(a, b)| Weight { upper: one(a, b), ..blank.clone() }),
            );
        }
        for weight in weights {
            let nameless = match key {
                Key::Item => weight.fact.item.is_none(),
                Key::Recipient => weight.fact.recipient.is_none(),
                Key::Party | Key::Family(_) => false,
            };
            if nameless {
                let upper = weight.upper.map(|(from, to, _)| (from, to, 1000));
                out.push(Weight { lower: None, upper, ..weight.clone() });
            }
        }
        out
    }

    /// 13.1
    fn counted_items(&self, counted: &Counted, asked: Asked<'_>) -> Vec<Item> {
        let stock = counted.over == Over::Stock;
        let mut open = counted.pattern.clone();
        if stock {
            open.places.clear();
        }
        let here = here_of(asked);
        let one = |fact: &Rc<Fact>| {
            let except = match asked {
                Asked::Limit(..) => self.excepted(fact, &here),
                Asked::Condition(_) => Tri::No,
            };
            let whole = self.is_asked(fact, &counted.pattern, counted, asked).and(except.negate());
            // A report of a holding ends the one before it even where it is itself excepted.
            let answer = if stock { self.is_asked(fact, &open, counted, asked) } else { whole };
            let (low, high) = self.worth(fact, counted);
            Item { fact: fact.clone(), answer, whole, low, high }
        };
        self.facts.iter().map(one).filter(|item| item.answer.is_possible()).collect()
    }

    fn is_asked(&self, fact: &Fact, pattern: &Pattern, counted: &Counted, asked: Asked<'_>) -> Tri {
        match (asked, counted.whose, &pattern.by) {
            (Asked::Condition(here), ..) => self.keyed(fact, pattern, &counted.same, here),
            (Asked::Limit(bearers, _), Whose::Bearer, _) => {
                let by = |bearer: &ActorId| {
                    let here = Here { bearer: Some(*bearer), ..Here::default() };
                    self.matches(fact, pattern, &here, None).and(self.party(fact, *bearer))
                };
                bearers.iter().map(by).max().unwrap_or(Tri::No)
            }
            (Asked::Limit(bearers, _), Whose::Pattern, By::Other) => {
                let anybody = Pattern { by: By::Anyone, ..pattern.clone() };
                let mut others = self.parties();
                others.retain(|party| !bearers.contains(party));
                let matched = self.matches(fact, &anybody, &here_of(asked), None);
                matched.and(self.any_party(fact, &others))
            }
            (Asked::Limit(..), Whose::Pattern, _) => {
                self.matches(fact, pattern, &here_of(asked), None)
            }
        }
    }

    /// 13.2: what one fact adds.
    fn worth(&self, fact: &Fact, counted: &Counted) -> Ends {
        let of = |wanted: &str| {
            let told = fact.quantities.iter().find(|(name, _)| &**name == wanted)?.1;
            Some((thousandths(told.0, false), thousandths(told.1, true)))
        };
        let (low, high) = match &counted.unit {
            Unit::Number => of("number").unwrap_or((1000, 1000)),
            Unit::Total(measure) => {
                of(measure).or(self.of_item(fact, measure)).unwrap_or((0, UNBOUNDED))
            }
            Unit::Different(_) => (1000, 1000),
        };
        let value = (low.max(0), high.max(0));
        match counted.weights {
            None => value,
            Some(table) => {
                let (least, most) = self.weight(fact, table);
                let low = times((value.0, value.0), least).0;
                (low, times(value, most).1)
            }
        }
    }

    /// 13.2: what a list says of the item of an instance.
    fn of_item(&self, fact: &Fact, measure: &Name) -> Option<Ends> {
        let program = self.world.program;
        let (What::Met(rule) | What::Missed(rule) | What::Breach(rule)) = fact.derived.as_ref()?
        else {
            return None;
        };
        match &rule.of(program)?.body {
            Body::Must(Duty { scope: Scope::EachOf(list), .. }) => {
                let mut items = list.of(program)?.items.iter();
                let item = items.find(|item| fact.item.as_ref() == Some(&item.item))?;
                let value = item.measures.iter().find(|(name, _)| name == measure)?.1;
                Some((thousandths(value, false), thousandths(value, true)))
            }
            _ => None,
        }
    }

    /// 13.3: joined over the reports.
    fn weight(&self, fact: &Fact, table: TableId) -> (Decimal, Decimal) {
        let Some(rows) = table.of(self.world.program).map(|table| &table.rows) else {
            return (Decimal::ZERO, Decimal::ZERO);
        };
        let each: Vec<(Decimal, Decimal)> =
            fact.grounds.iter().map(|report| self.weight_of(report, rows)).collect();
        let lows = || each.iter().map(|one| one.0);
        let highs = || each.iter().map(|one| one.1);
        match (lows().max(), highs().min()) {
            (Some(low), Some(high)) if low <= high => (low, high),
            (Some(low), Some(high)) => (lows().min().unwrap_or(low), highs().max().unwrap_or(high)),
            _ => (Decimal::ZERO, rows.iter().map(|row| row.value).max().unwrap_or_default()),
        }
    }

    fn weight_of(
        &self,
        report: &Report,
        rows: &[casus_model::program::TableRow],
    ) -> (Decimal, Decimal) {
        let thing = Thing { object: report.content.object.as_ref(), item: None };
        let answers: Vec<Tri> =
            rows.iter().map(|row| thing.is(self.world.program, &row.of)).collect();
        let mut left: Vec<(Decimal, Tri)> = Vec::new();
        for (at, (row, answer)) in rows.iter().zip(&answers).enumerate() {
            let mut others = rows.iter().zip(&answers);
            let overridden =
                others.any(|(other, sure)| sure.is_yes() && other.overrides.contains(&at));
            if answer.is_possible() && !overridden {
                left.push((row.value, *answer));
            }
        }
        if !left.iter().any(|(_, answer)| answer.is_yes()) {
            left.push((Decimal::ZERO, Tri::Unknown));
        }
        let values = left.iter().map(|(value, _)| *value);
        (values.clone().min().unwrap_or_default(), values.max().unwrap_or_default())
    }

    fn in_periods(&self, item: &Item, period: Period) -> Vec<Weight> {
        let start = item.fact.time.start;
        let calendar = &self.world.program.calendar;
        if start.0 == Instant::MIN || start.1 == Instant::MAX {
            let end = match start.1 {
                Instant::MIN | Instant::MAX => start.1,
                late => calendar.period(late, period).1,
            };
            let weight = item.weigh((end, end), (start.0, end), item.whole.and(Tri::Unknown));
            return vec![Weight { sure: item.whole.is_yes(), ..weight }];
        }
        let mut weights = Vec::new();
        let mut at = start.0;
        while at <= start.1 {
            let (begin, end) = calendar.period(at, period);
            let sure = start.0 >= begin && start.1 < end;
            let lower = if sure { (start.1, end) } else { (end, end) };
            weights.push(item.weigh(lower, (start.0.max(begin), end), item.whole));
            if end <= at {
                break;
            }
            at = end;
        }
        weights
    }

    /// 8.2 `Stock`: it holds until the next of the same holding.
    fn held(&self, item: &Item, items: &[Item]) -> Weight {
        let same = |other: &&Item| {
            holding(&other.fact) == holding(&item.fact) && item.fact.order() < other.fact.order()
        };
        let later = items.iter().filter(same);
        let possible = later.clone().map(|other| other.fact.time.start.0);
        let sure = later.filter(|other| other.answer.is_yes()).map(|other| other.fact.time.start.1);
        let start = item.fact.time.start;
        item.weigh(
            (start.1, possible.min().unwrap_or(Instant::MAX)),
            (start.0, sure.min().unwrap_or(Instant::MAX)),
            item.whole,
        )
    }
}

impl Item {
    fn weigh(&self, lower: (Instant, Instant), upper: (Instant, Instant), answer: Tri) -> Weight {
        Weight {
            fact: self.fact.clone(),
            lower: answer.is_yes().then_some((lower.0, lower.1, self.low)),
            upper: answer.is_possible().then_some((upper.0, upper.1, self.high)),
            sure: answer.is_yes(),
            possible: answer.is_possible(),
        }
    }

    fn since(&self, from: Option<(Instant, Instant)>) -> Weight {
        let start = self.fact.time.start;
        let begun = match from {
            None => Tri::Yes,
            Some((_, certain)) if start.0 >= certain => Tri::Yes,
            Some((possible, _)) if start.1 < possible => Tri::No,
            Some(_) => Tri::Unknown,
        };
        let ever = Instant::MAX;
        self.weigh((start.1, ever), (start.0, ever), self.whole.and(begun))
    }

    fn while_it_lasts(&self) -> Weight {
        let time = self.fact.time;
        self.weigh((time.start.1, time.end.0), (time.start.0, time.end.1), self.whole)
    }
}

/// What is at hand where an amount is asked for.
fn here_of(asked: Asked<'_>) -> Here<'_> {
    match asked {
        Asked::Limit(_, party) => Here { bearer: party, ..Here::default() },
        Asked::Condition(here) => *here,
    }
}

/// 8.2: which holding a report is about.
fn holding(fact: &Fact) -> (u8, Name) {
    if let Some(item) = &fact.item {
        return (0, item.clone());
    }
    let mut places = fact.grounds.iter().flat_map(|report| &report.content.places);
    let name = places.find_map(|place| match &place.shape {
        Shape::Named(name) => Some(name.clone()),
        _ => None,
    });
    name.map_or_else(|| (2, fact.id.clone()), |name| (1, name))
}

/// Whether it surely, and whether it possibly fails to compare so.
pub fn fails(a: Ends, compare: Compare, b: Ends) -> (bool, bool) {
    match compare {
        Compare::AtMost => (a.0 > b.1, a.1 > b.0),
        Compare::LessThan => (a.0 >= b.1, a.1 >= b.0),
        Compare::AtLeast => (a.1 < b.0, a.0 < b.1),
        Compare::MoreThan => (a.1 <= b.0, a.0 <= b.1),
        Compare::Equal => (a.0 > b.1 || a.1 < b.0, a.1 > b.0 || a.0 < b.1),
    }
}

fn bounded((low, high): Ends) -> Ends {
    (low.clamp(-UNBOUNDED, UNBOUNDED), high.clamp(-UNBOUNDED, UNBOUNDED))
}

fn add(a: Ends, b: Ends) -> Ends {
    let endless = (a.0 == -UNBOUNDED || b.0 == -UNBOUNDED, a.1 == UNBOUNDED || b.1 == UNBOUNDED);
    let low = if endless.0 { -UNBOUNDED } else { a.0 + b.0 };
    bounded((low, if endless.1 { UNBOUNDED } else { a.1 + b.1 }))
}

/// 13.6: so many times, low rounded down, high up.
fn times((low, high): Ends, factor: Decimal) -> Ends {
    if factor.is_zero() {
        return (0, 0);
    }
    let divisor = 10_i128.pow(factor.scale());
    let product = |end: i128| end.saturating_mul(factor.mantissa());
    let low = if low == -UNBOUNDED { low } else { floor(product(low), divisor) };
    bounded((low, if high == UNBOUNDED { high } else { -floor(-product(high), divisor) }))
}

/// 13.7: in thousandths of a per cent.
fn share(part: Ends, whole: Ends) -> Ends {
    if whole.0 <= 0 {
        return (-UNBOUNDED, UNBOUNDED);
    }
    let of = |end: i128, whole: i128, up: bool| match (whole == UNBOUNDED, up) {
        (true, _) => 0,
        (false, false) => floor(end * 100_000, whole),
        (false, true) => -floor(-end * 100_000, whole),
    };
    let low = if part.0 == -UNBOUNDED {
        part.0
    } else {
        of(part.0, if part.0 < 0 { whole.0 } else { whole.1 }, false)
    };
    let high = if part.1 == UNBOUNDED {
        part.1
    } else {
        of(part.1, if part.1 < 0 { whole.1 } else { whole.0 }, true)
    };
    bounded((low, high))
}

fn floor(value: i128, divisor: i128) -> i128 {
    value.div_euclid(divisor)
}

/// In thousandths, rounded down or up.
fn thousandths(amount: Decimal, up: bool) -> i128 {
    let scaled = amount.saturating_mul(Decimal::ONE_THOUSAND);
    let whole = if up { scaled.ceil() } else { scaled.floor() };
    whole.to_i128().unwrap_or(UNBOUNDED)
}
