//! Diagnostics of numbers, units, times and parameters.
//!
//! Invariant: codes C020 to C029.

use super::{Code, Example, code};

pub(super) const ALL: &[&Code] = &[
    &NUMBER_RANGE,
    &CALENDAR_FRACTION,
    &WRONG_DIMENSION,
    &WRONG_PARAMETER,
    &NO_SUCH_TIME,
    &MIXED_PERIODS,
    &KEY_NOT_COUNTED,
    &PARAMETER_DATES,
];

code!(NUMBER_RANGE "C020" Error false, "a number that is out of range",
    "Counts are whole numbers; every number must fit into 28 digits; per cents end at 100.",
    raises Example::text(r#"
agreement Ceasefire version 1.5
"#),
    passes Example::text(r#"
agreement Ceasefire version 2
"#));
code!(CALENDAR_FRACTION "C021" Error false, "a part of a calendar day",
    "Days, weeks, months and years are counted on the calendar, so they are whole. Where a part \
     of a day is meant, write hours. Where an exact length is needed, write hours too.",
    raises Example::text(r#"
party RU
act report
1 RU must report
    due within 1.5 days of begin of peace
act truce
2 state peace
    when truce
"#),
    passes Example::text(r#"
party RU
act report
1 RU must report
    due within 36 hours of begin of peace
act truce
2 state peace
    when truce
"#));
code!(WRONG_DIMENSION "C022" Error false, "an amount of another kind than asked for",
    "A distance is a length; a measure is compared with amounts in units of its own kind.",
    raises Example::text(r#"
category gun
gun has calibre in mm
category heavy is gun with calibre at least 100 kg
"#),
    passes Example::text(r#"
category gun
gun has calibre in mm
category heavy is gun with calibre at least 10 cm
"#));
code!(WRONG_PARAMETER "C023" Error false, "a parameter of another kind than asked for",
    "A parameter stands for what it was declared as: a length of time, an amount, a number.",
    raises Example::text(r#"
parameter Grace is 3, agreed
party RU
act report
act truce
1 RU must report
    due within Grace of truce
"#),
    passes Example::text(r#"
parameter Grace is 3 days, agreed
party RU
act report
act truce
1 RU must report
    due within Grace of truce
"#));
code!(NO_SUCH_TIME "C024" Warning false, "a local time that the clocks skip",
    "When summer time begins, an hour of local time does not exist. The clock is then read as \
     if it had not yet moved.",
    raises Example::text(r#"
agreement A version 1
    calendar Europe/Kyiv
    in force from 2026-03-29 03:30
"#),
    passes Example::text(r#"
agreement A version 1
    calendar Europe/Kyiv
    in force from 2026-03-29 04:30
"#));
code!(MIXED_PERIODS "C025" Error false, "amounts over different periods",
    "Amounts taken `in each` period are compared when the period has ended, so all of them are \
     taken over one and the same period. Over another time, write `within DURATION`.",
    raises Example::text(r#"
party RU
act flight
act repair
1 RU must keep number of flight in each week at most 3 times number of repair in each month
"#),
    passes Example::text(r#"
party RU
act flight
act repair
1 RU must keep number of flight in each month at most 3 times number of repair in each month
"#));
code!(KEY_NOT_COUNTED "C026" Error false, "a key that no amount is counted by",
    "What is found for each party, zone or item is counted for each of them: the amount says \
     `by same party`, `in same sector`, `same item`. An amount that does not say so is the same \
     for all of them.",
    raises Example::text(r#"
parties RU, UA
act attack
1 finding surge of party
    when number of attack within 24 hours at least 5
"#),
    passes Example::text(r#"
parties RU, UA
act attack
1 finding surge of party
    when number of attack by same party within 24 hours at least 5
"#));
code!(PARAMETER_DATES "C027" Error false, "dates of a parameter out of order",
    "A parameter may be another amount from later dates on; the dates stand in order. A length of \
     time does not change.",
    raises Example::text(r#"
party UA
act delivery
parameter Need is 400, agreed
    from 2026-03-01 600
    from 2026-02-01 500
1 UA must keep number of delivery in each day at least Need
"#),
    passes Example::text(r#"
party UA
act delivery
parameter Need is 400, agreed
    from 2026-02-01 500
    from 2026-03-01 600
1 UA must keep number of delivery in each day at least Need
"#));
