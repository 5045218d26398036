//! Diagnostics of rules: labels, clauses, conditions, moments, and what hangs on what.
//!
//! Invariant: codes C050 to C079.

use super::{Code, Example, code};

pub(super) const ALL: &[&Code] = &[
    &LABEL_TWICE,
    &LABEL_HEADING,
    &UNKNOWN_LABEL,
    &CLAUSE_MISFIT,
    &CLAUSE_TWICE,
    &FIRST_POSITIVE,
    &ORDER_UNBOUND,
    &SAME_UNBOUND,
    &IT_UNBOUND,
    &WRONG_FORM,
    &RULE_CYCLE,
    &SEVERAL_HEADS,
    &NO_DUE,
    &NO_END,
    &OVERDUE_AT_ONCE,
    &STOCK_OR_FLOW,
    &REPEAT_AND,
    &WHICH_PARTY,
    &NO_STEP_DEADLINE,
    &NO_WHEN,
    &NO_STEPS,
    &LIST_CATEGORY,
    &NO_WORDING,
    &SEVERAL_ACTORS,
    &OR_OF_KINDS,
    &NO_SILENCE,
    &ALL_OF_SOME,
    &NO_DEADLINE,
];

code!(LABEL_TWICE "C050" Error false, "a label used twice",
    "A finding cites a rule by its label; two rules under one label could not be told apart.",
    raises Example::text(r#"
party RU
act fire
1 RU must not fire
1 RU may fire
"#),
    passes Example::text(r#"
party RU
act fire
1 RU must not fire
2 RU may fire
"#));
code!(LABEL_HEADING "C051" Warning false, "a label under another article's heading",
    "A rule's label is the number of the paragraph it stands beside: 3.1 stands under Article \
     3.",
    raises Example::text(r#"
# Article 4. Fire

```casus
agreement A version 1
party RU
act fire
3.1 RU must not fire
```
"#),
    passes Example::text(r#"
# Article 3. Fire

```casus
agreement A version 1
party RU
act fire
3.1 RU must not fire
```
"#));
code!(UNKNOWN_LABEL "C052" Error true, "a label that no rule has",
    "`breach of`, `despite`, `under` and `expect` name a rule of this text by its label.",
    raises Example::text(r#"
party RU
act fire
1 RU must not fire
2 finding attack
    when breach of 3
"#),
    passes Example::text(r#"
party RU
act fire
1 RU must not fire
2 finding attack
    when breach of 1
"#));
code!(CLAUSE_MISFIT "C053" Error false, "a clause that the rule's form does not take",
    "Each form takes its own clauses: a prohibition has no deadline, a limit no defence.",
    raises Example::text(r#"
party RU
act fire
1 RU must not fire
    due by 2026-03-01
"#),
    passes Example::text(r#"
party RU
act report
1 RU must report
    due by 2026-03-01
"#));
code!(CLAUSE_TWICE "C054" Error false, "a clause that stands twice",
    "A rule has one beginning, one deadline, one trigger. Conditions are joined by `and` and \
     `or`.",
    raises Example::text(r#"
party RU
act fire
1 RU must not fire
    until 2026-03-01
    until 2026-04-01
"#),
    passes Example::text(r#"
party RU
act fire
1 RU must not fire
    until 2026-03-01
"#));
code!(FIRST_POSITIVE "C055" Error false, "a rule that begins with what does not happen",
    "The first condition of each group says what happens; conditions that say what does not \
     happen, or which state holds, come after it. Otherwise nothing would set the rule off.",
    raises Example::text(r#"
act fire
act notice
1 finding surprise
    when no notice
    and fire
"#),
    passes Example::text(r#"
act fire
act notice
1 finding surprise
    when fire
    and no notice before it
"#));
code!(ORDER_UNBOUND "C056" Error false, "before or after nothing",
    "`before it` and `after it` need a fact that `it` stands for: the act of the sentence, or \
     the first condition of its group. A state, an end and a condition that opens a group have \
     none.",
    raises Example::text(r#"
act fire
act truce
1 state peace
    when truce after it
    and fire
"#),
    passes Example::text(r#"
act fire
act truce
1 finding calm
    when truce
    and fire before it
"#));
code!(SAME_UNBOUND "C057" Error false, "the same as nothing",
    "`same party` needs a fact or a key to be the same as: `finding … of party`, or a fact that \
     came before it in the sentence.",
    raises Example::text(r#"
act fire
1 finding attack
    when at least 3 fire by same party within 24 hours
"#),
    passes Example::text(r#"
act fire
1 finding attack of party
    when at least 3 fire by same party within 24 hours
"#));
code!(IT_UNBOUND "C058" Error false, "a clock that hangs on nothing",
    "`it` in a moment is the fact that set the rule off. A duty without `on` has none.",
    raises Example::text(r#"
party RU
act report
1 RU must report
    due within 3 days of it
"#),
    passes Example::text(r#"
party RU
act report
act truce
1 RU must report
    on truce
    due within 3 days of it
"#));
code!(WRONG_FORM "C059" Error false, "a rule that cannot have this said of it",
    "Prohibitions, limits and duties can be breached; duties, and decisions that a body owes, can \
     be met or missed; `despite` overrides prohibitions.",
    raises Example::text(r#"
party RU
act fire
1 RU may fire
2 finding attack
    when breach of 1
"#),
    passes Example::text(r#"
party RU
act fire
1 RU must not fire
2 finding attack
    when breach of 1
"#));
code!(RULE_CYCLE "C060" Error false, "rules that wait for each other",
    "A rule is judged after every rule that it names. Rules that name each other in a circle \
     could never be judged; the message prints the circle.",
    raises Example::text(r#"
act fire
1 state calm
    when fire
    and not tense
2 state tense
    when calm
"#),
    passes Example::text(r#"
act fire
1 state calm
    when no fire for 7 days
2 state tense
    when fire
    and calm
"#));
code!(SEVERAL_HEADS "C061" Error false, "a duty with two triggers",
    "A duty comes into being on one kind of fact. Where either of two may call for it, make a \
     `finding` of them and let the duty hang on that.",
    raises Example::text(r#"
party RU
act fire
act raid
act report
1 RU must report
    on each fire
    or raid
    due within 3 hours of it
"#),
    passes Example::text(r#"
party RU
act fire
act raid
act report
1 finding attack
    when fire
    or raid
2 RU must report
    on each attack
    due within 3 hours of it
"#));
code!(NO_DUE "C062" Warning false, "a duty without a deadline",
    "A duty that is never due is never missed. Give it `due`, or `repeat`.",
    raises Example::text(r#"
party RU
act report
1 RU must report
"#),
    passes Example::text(r#"
party RU
act report
1 RU must report
    due by 2026-03-01
"#));
code!(NO_END "C063" Warning false, "a response that never ends",
    "A response without `ends when` goes on for ever: its steps stay owed whatever happens.",
    raises Example::text(r#"
party RU
office Court of RU
act fire
act warning
1 response to fire, clocks from it
    step first: Court must warning, due within 24 hours
"#),
    passes Example::text(r#"
party RU
office Court of RU
act fire
act warning
1 response to fire, clocks from it
    step first: Court must warning, due within 24 hours
    ends when no fire for 7 days
"#));
code!(OVERDUE_AT_ONCE "C064" Warning false, "a step that could be overdue when it is first owed",
    "`start of it` is the first fact behind a finding; the finding itself comes later, by as \
     much as its window. A step that is due sooner could be overdue before anybody knows of it.",
    raises Example::text(r#"
party RU
office Court of RU
act fire
act warning
1 finding attack
    when at least 3 fire within 3 days
2 response to attack, clocks from start of it
    step first: Court must warning, due within 24 hours
    ends when no fire for 7 days
"#),
    passes Example::text(r#"
party RU
office Court of RU
act fire
act warning
1 finding attack
    when at least 3 fire within 3 days
2 response to attack, clocks from it
    step first: Court must warning, due within 24 hours
    ends when no fire for 7 days
"#));
code!(STOCK_OR_FLOW "C065" Error false, "a limit that mixes what there is and what was done",
    "`number of tank` limits what there is at each instant; it is read from acts declared with \
     `stock`. What was done is limited over a time: `within 24 hours`, `in each month`.",
    raises Example::text(r#"
party RU
category tank
act sortie of tank
1 RU must keep number of sortie at most 5
"#),
    passes Example::text(r#"
party RU
category tank
act sortie of tank
1 RU must keep number of sortie in each day at most 5
"#));
code!(REPEAT_AND "C066" Error false, "a duty that both repeats and is called for",
    "`repeat` makes one duty for each period, due at its end; `on` makes one for each fact, due \
     when `due` says. A duty does one or the other.",
    raises Example::text(r#"
party RU
act report
act truce
1 RU must report
    on each truce
    repeat each month
"#),
    passes Example::text(r#"
party RU
act report
1 RU must report
    repeat each month
"#));
code!(WHICH_PARTY "C067" Warning false, "the party could be one of several",
    "`to the party` is whoever the rule answers. Where that may be one of several, what is done \
     to any of them counts.",
    raises Example::text(r#"
parties RU, UA
act fire
act warning
office Court of RU
1 each of RU, UA must not fire
2 response to breach of 1, clocks from it
    step first: Court must warning to the party, due within 24 hours
    ends when no fire for 7 days
"#),
    passes Example::text(r#"
parties RU, UA
act fire
act warning
office Court of RU
1 each of RU, UA must not fire
2 response to breach of 1 by RU, clocks from it
    step first: Court must warning to the party, due within 24 hours
    ends when no fire for 7 days
"#));
code!(NO_STEP_DEADLINE "C068" Error false, "before a deadline that is not there",
    "`before its deadline` is the deadline of a step. A finding has none: write `due within …`.",
    raises Example::text(r#"
party RU
office Court of RU
act fire
1 finding attack
    when fire
    decided by Court, before its deadline
"#),
    passes Example::text(r#"
party RU
office Court of RU
act fire
1 finding attack
    when fire
    decided by Court, due within 14 days of it
"#));
code!(NO_WHEN "C069" Error false, "a finding or a state without its condition",
    "A finding and a state say `when`.",
    raises Example::text(r#"
act fire
1 finding attack
    until 2026-03-01
"#),
    passes Example::text(r#"
act fire
1 finding attack
    when fire
    until 2026-03-01
"#));
code!(NO_STEPS "C070" Error false, "a response without steps",
    "A response says what is done: `step NAME: WHO must ACT, due within DURATION`.",
    raises Example::text(r#"
act fire
1 response to fire, clocks from it
    ends when no fire for 7 days
"#),
    passes Example::text(r#"
party RU
office Court of RU
act fire
act warning
1 response to fire, clocks from it
    step first: Court must warning, due within 24 hours
    ends when no fire for 7 days
"#));
code!(LIST_CATEGORY "C071" Error false, "a list of other things",
    "`for each` goes through every item of a list, so it names what the list is of. For some of \
     the items only, declare a list of their own.",
    raises Example::text(r#"
party RU
category site
category depot
list Sites of site is Alpha, Beta
act inspection
1 RU must inspection
    for each depot of Sites
    due by 2026-03-01
"#),
    passes Example::text(r#"
party RU
category site
list Sites of site is Alpha, Beta
act inspection
1 RU must inspection
    for each site of Sites
    due by 2026-03-01
"#));
code!(NO_WORDING "C072" Error false, "an amendment of nothing",
    "`amend` puts a whole rule in the place of an earlier wording of the same paragraph, which \
     stands above it.",
    raises Example::text(r#"
party RU
act fire
amend 1 from 2026-05-01
    RU must not fire
"#),
    passes Example::text(r#"
party RU
act fire
act raid
1 RU must not fire
amend 1 from 2026-05-01
    RU must not fire or raid
"#));
code!(SEVERAL_ACTORS "C073" Error false, "acts of several actors where one fact is meant",
    "`by at least 2 of …` is a condition on several facts, one of each actor. A trigger, an anchor \
     and a deed are one fact.",
    raises Example::text(r#"
parties FR, GB, US
act ratification
act report
1 FR must report
    on ratification by at least 2 of GB, US
    due within 3 days of it
"#),
    passes Example::text(r#"
parties FR, GB, US
act ratification
act report
1 state bound
    when ratification by at least 2 of GB, US
2 FR must report
    on begin of bound
    due within 3 days of it
"#));
code!(OR_OF_KINDS "C074" Error false, "measures of a thing joined by `or`",
    "`or` joins amounts of the fact itself. What a thing measures says which kind of thing it is: \
     two kinds are two categories.",
    raises Example::text(r#"
party RU
category gun
gun has calibre in mm
gun has weight in t
act fire of gun
1 RU must not fire with calibre at least 100 mm or weight at least 2 t
"#),
    passes Example::text(r#"
party RU
category gun
gun has calibre in mm
gun has weight in t
category heavy gun is gun with calibre at least 100 mm, gun with weight at least 2 t
act fire of gun
1 RU must not fire any heavy gun
"#));
code!(NO_SILENCE "C075" Error false, "silence without a deadline",
    "`failing that` says what it means that nobody has decided in time. Without a time there is no \
     silence.",
    raises Example::text(r#"
party RU
office Court of RU
act fire
1 finding attack
    when fire
    decided by Court
    failing that adopted
"#),
    passes Example::text(r#"
party RU
office Court of RU
act fire
1 finding attack
    when fire
    decided by Court, due within 14 days of it
    failing that adopted
"#));
code!(ALL_OF_SOME "C076" Error false, "all addressees of one deed, any of another",
    "`to all of` makes a duty that is done when every addressee is reached. Where one of several \
     deeds says so, it is not clear what reaching all of them takes.",
    raises Example::text(r#"
parties RU, UA
office Court of RU
act report
act notice
1 RU must report to all of UA, Court or notice to UA
    due by 2026-03-01
"#),
    passes Example::text(r#"
parties RU, UA
office Court of RU
act report
1 RU must report to all of UA, Court
    due by 2026-03-01
"#));
code!(NO_DEADLINE "C078" Error false, "a pause or an extension of nothing",
    "`paused while` and `extended by` move one deadline. A duty without `due`, a duty that \
     repeats, and a finding that nobody decides by a date have none.",
    raises Example::text(r#"
party RU
act report
act storm
1 RU must report
    repeat each week
    extended by 2 days on storm
"#),
    passes Example::text(r#"
party RU
act report
act storm
1 RU must report
    due by 2026-03-01
    extended by 2 days on storm
"#));
