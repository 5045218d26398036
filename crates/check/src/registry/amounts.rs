//! Diagnostics of numbers, units, times and parameters.
//!
//! Invariant: codes C020 to C029.

use super::{Code, Example, code};

pub(super) const ALL: &[&Code] =
    &[&NUMBER_RANGE, &CALENDAR_FRACTION, &WRONG_DIMENSION, &WRONG_PARAMETER, &NO_SUCH_TIME];

code!(NUMBER_RANGE "C020" Error false, "a number that is out of range",
    "Counts are whole numbers; every number must fit into 28 digits; per cents end at 100.",
    raises Example::text("agreement Ceasefire version 1.5\n"),
    passes Example::text("agreement Ceasefire version 2\n"));
code!(CALENDAR_FRACTION "C021" Error false, "a part of a calendar day",
    "Days, weeks, months and years are counted on the calendar, so they are whole. Where a part \
     of a day is meant, write hours. Where an exact length is needed, write hours too.",
    raises Example::text(
        "party RU\nact report\n1 RU must report\n    due within 1.5 days of begin of peace\n\
         act truce\n2 state peace\n    when truce\n"),
    passes Example::text(
        "party RU\nact report\n1 RU must report\n    due within 36 hours of begin of peace\n\
         act truce\n2 state peace\n    when truce\n"));
code!(WRONG_DIMENSION "C022" Error false, "an amount of another kind than asked for",
    "A distance is a length; a measure is compared with amounts in units of its own kind.",
    raises Example::text("category gun\ngun has calibre in mm\ncategory heavy is gun with calibre \
     at least 100 kg\n"),
    passes Example::text("category gun\ngun has calibre in mm\ncategory heavy is gun with calibre \
     at least 10 cm\n"));
code!(WRONG_PARAMETER "C023" Error false, "a parameter of another kind than asked for",
    "A parameter stands for what it was declared as: a length of time, an amount, a number.",
    raises Example::text("parameter Grace is 3, agreed\nparty RU\nact report\nact truce\n\
     1 RU must report\n    due within Grace of truce\n"),
    passes Example::text("parameter Grace is 3 days, agreed\nparty RU\nact report\nact truce\n\
     1 RU must report\n    due within Grace of truce\n"));
code!(NO_SUCH_TIME "C024" Warning false, "a local time that the clocks skip",
    "When summer time begins, an hour of local time does not exist. The clock is then read as if \
     it had not yet moved.",
    raises Example::text("agreement A version 1\n    calendar Europe/Kyiv\n    in force from \
     2026-03-29 03:30\n"),
    passes Example::text("agreement A version 1\n    calendar Europe/Kyiv\n    in force from \
     2026-03-29 04:30\n"));
