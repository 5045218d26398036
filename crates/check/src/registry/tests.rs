//! Diagnostics of test blocks.
//!
//! Invariant: codes C080 to C089.

use super::{Code, Example, code};

pub(super) const ALL: &[&Code] = &[
    &UNKNOWN_HANDLE,
    &HANDLE_TWICE,
    &ENDS_BEFORE,
    &KNOWN_LATER,
    &NO_ACTOR_TO_JUDGE,
    &LOW_HIGH,
    &UNKNOWN_PLACE,
    &ONE_REPORT,
];

macro_rules! test {
    ($facts:literal) => {
        Example::text(concat!(
            r#"
```casus
agreement A version 1
parties RU, UA
act fire
1 each of RU, UA must not fire
```

```casus-test
at 2026-03-02 00:00"#,
            $facts,
            "```\n"
        ))
    };
}

code!(UNKNOWN_HANDLE "C080" Error false, "a handle that no fact of the test has",
    "`correction of`, `withdrawal of` and `about` name an earlier fact of the same test by its \
     handle.",
    raises test!(r#"
  F1: fire by RU on 2026-02-01 10:00
  withdrawal of F2, known 2026-02-02 00:00
"#),
    passes test!(r#"
  F1: fire by RU on 2026-02-01 10:00
  withdrawal of F1, known 2026-02-02 00:00
"#));
code!(HANDLE_TWICE "C081" Error false, "a handle given twice",
    "A handle names one fact of its test. A later account of it is a `correction of` it.",
    raises test!(r#"
  F1: fire by RU on 2026-02-01 10:00
  F1: fire by RU on 2026-02-02 10:00
"#),
    passes test!(r#"
  F1: fire by RU on 2026-02-01 10:00
  F2: fire by RU on 2026-02-02 10:00
"#));
code!(ENDS_BEFORE "C082" Error false, "a fact that ends before it begins",
    "`until` comes after `on`.",
    raises test!(r#"
  fire by RU on 2026-02-02 10:00 until 2026-02-01 10:00
"#),
    passes test!(r#"
  fire by RU on 2026-02-01 10:00 until 2026-02-02 10:00
"#));
code!(KNOWN_LATER "C083" Warning false, "a fact that becomes known after the test's clock",
    "Without `known` a fact is known when it ends, and a day without a time ends with the day. \
     What is not known at the test's clock does not count in it.",
    raises test!(r#"
  fire by RU on 2026-03-02
"#),
    passes test!(r#"
  fire by RU on 2026-03-01
"#));
code!(NO_ACTOR_TO_JUDGE "C084" Error false, "an attribution to nobody",
    "`attribution` says how sure it is that the one named by `by` did it.",
    raises test!(r#"
  fire on 2026-02-01 10:00, attribution probable
"#),
    passes test!(r#"
  fire by RU on 2026-02-01 10:00, attribution probable
"#));
code!(LOW_HIGH "C085" Error false, "a range that ends before it begins",
    "A range goes from the lowest to the highest estimate.",
    raises test!(r#"
  fire by RU on 2026-02-01 10:00, number 5 to 3
"#),
    passes test!(r#"
  fire by RU on 2026-02-01 10:00, number 3 to 5
"#));
code!(UNKNOWN_PLACE "C086" Warning false, "a place that is almost a zone",
    "A place that no declaration names is allowed: reports do name such places, and the answer \
     is then uncertain. This one looks like a slip.",
    raises Example::with(r#"
```casus
agreement A version 1
party RU
act fire
zone Security from square.geojson
1 RU must not fire
    in Security
```

```casus-test
at 2026-03-02 00:00
  fire by RU in Securty on 2026-02-01 10:00
```
"#, "square.geojson", super::names::SQUARE),
    passes Example::with(r#"
```casus
agreement A version 1
party RU
act fire
zone Security from square.geojson
1 RU must not fire
    in Security
```

```casus-test
at 2026-03-02 00:00
  fire by RU in Security on 2026-02-01 10:00
```
"#, "square.geojson", super::names::SQUARE));
code!(ONE_REPORT "C087" Error false, "a correction that does not fit what it corrects",
    "A fact by several actors is one report each; a correction of it is by some of the same \
     actors. A fact of one report is corrected by one report.",
    raises test!(r#"
  F1: fire by RU on 2026-02-01 10:00
  correction of F1: fire by RU, UA on 2026-02-01 11:00
"#),
    passes test!(r#"
  F1: fire by RU on 2026-02-01 10:00
  correction of F1: fire by UA on 2026-02-01 11:00
"#));
