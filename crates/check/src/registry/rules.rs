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
];

code!(LABEL_TWICE "C050" Error false, "a label used twice",
    "A finding cites a rule by its label; two rules under one label could not be told apart.",
    raises Example::text("party RU\nact fire\n1 RU must not fire\n1 RU may fire\n"),
    passes Example::text("party RU\nact fire\n1 RU must not fire\n2 RU may fire\n"));
code!(LABEL_HEADING "C051" Warning false, "a label under another article's heading",
    "A rule's label is the number of the paragraph it stands beside: 3.1 stands under Article 3.",
    raises Example::text("# Article 4. Fire\n\n```casus\nagreement A version 1\nparty RU\nact fire\n3.1 RU must not fire\n```\n"),
    passes Example::text("# Article 3. Fire\n\n```casus\nagreement A version 1\nparty RU\nact fire\n3.1 RU must not fire\n```\n"));
code!(UNKNOWN_LABEL "C052" Error true, "a label that no rule has",
    "`breach of`, `despite`, `under` and `expect` name a rule of this text by its label.",
    raises Example::text("party RU\nact fire\n1 RU must not fire\n2 finding attack\n    when breach of 3\n"),
    passes Example::text("party RU\nact fire\n1 RU must not fire\n2 finding attack\n    when breach of 1\n"));
code!(CLAUSE_MISFIT "C053" Error false, "a clause that the rule's form does not take",
    "Each form takes its own clauses: a prohibition has no deadline, a limit no defence.",
    raises Example::text("party RU\nact fire\n1 RU must not fire\n    due by 2026-03-01\n"),
    passes Example::text("party RU\nact report\n1 RU must report\n    due by 2026-03-01\n"));
code!(CLAUSE_TWICE "C054" Error false, "a clause that stands twice",
    "A rule has one beginning, one deadline, one trigger. Conditions are joined by `and` and `or`.",
    raises Example::text("party RU\nact fire\n1 RU must not fire\n    until 2026-03-01\n    \
     until 2026-04-01\n"),
    passes Example::text("party RU\nact fire\n1 RU must not fire\n    until 2026-03-01\n"));
code!(FIRST_POSITIVE "C055" Error false, "a rule that begins with what does not happen",
    "The first condition of each group says what happens; conditions that say what does not happen, \
     or which state holds, come after it. Otherwise nothing would set the rule off.",
    raises Example::text("act fire\nact notice\n1 finding surprise\n    when no notice\n    and fire\n"),
    passes Example::text("act fire\nact notice\n1 finding surprise\n    when fire\n    and no notice \
     before it\n"));
code!(ORDER_UNBOUND "C056" Error false, "before or after nothing",
    "`before it` and `after it` need a fact that `it` stands for: the act of the sentence, or the \
     first condition of its group. A state, an end and a condition that opens a group have none.",
    raises Example::text("act fire\nact truce\n1 state peace\n    when truce after it\n    and fire\n"),
    passes Example::text("act fire\nact truce\n1 finding calm\n    when truce\n    and fire before it\n"));
code!(SAME_UNBOUND "C057" Error false, "the same as nothing",
    "`same party` needs a fact or a key to be the same as: `finding … of party`, or a fact that came \
     before it in the sentence.",
    raises Example::text("act fire\n1 finding attack\n    when at least 3 fire by same party within \
     24 hours\n"),
    passes Example::text("act fire\n1 finding attack of party\n    when at least 3 fire by same party \
     within 24 hours\n"));
code!(IT_UNBOUND "C058" Error false, "a clock that hangs on nothing",
    "`it` in a moment is the fact that set the rule off. A duty without `on` has none.",
    raises Example::text("party RU\nact report\n1 RU must report\n    due within 3 days of it\n"),
    passes Example::text("party RU\nact report\nact truce\n1 RU must report\n    on truce\n    \
     due within 3 days of it\n"));
code!(WRONG_FORM "C059" Error false, "a rule that cannot have this said of it",
    "Prohibitions, limits and duties can be breached; duties can be met or missed; `despite` \
     overrides prohibitions.",
    raises Example::text("party RU\nact fire\n1 RU may fire\n2 finding attack\n    when breach of 1\n"),
    passes Example::text("party RU\nact fire\n1 RU must not fire\n2 finding attack\n    when breach of 1\n"));
code!(RULE_CYCLE "C060" Error false, "rules that wait for each other",
    "A rule is judged after every rule that it names. Rules that name each other in a circle could \
     never be judged; the message prints the circle.",
    raises Example::text("act fire\n1 state calm\n    when fire\n    and not tense\n\
     2 state tense\n    when calm\n"),
    passes Example::text("act fire\n1 state calm\n    when no fire for 7 days\n2 state tense\n    \
     when fire\n    and calm\n"));
code!(SEVERAL_HEADS "C061" Error false, "a duty with two triggers",
    "A duty comes into being on one kind of fact. Where either of two may call for it, make a \
     `finding` of them and let the duty hang on that.",
    raises Example::text("party RU\nact fire\nact raid\nact report\n1 RU must report\n    on each fire\n    \
     or raid\n    due within 3 hours of it\n"),
    passes Example::text("party RU\nact fire\nact raid\nact report\n1 finding attack\n    when fire\n    \
     or raid\n2 RU must report\n    on each attack\n    due within 3 hours of it\n"));
code!(NO_DUE "C062" Warning false, "a duty without a deadline",
    "A duty that is never due is never missed. Give it `due`, or `repeat`.",
    raises Example::text("party RU\nact report\n1 RU must report\n"),
    passes Example::text("party RU\nact report\n1 RU must report\n    due by 2026-03-01\n"));
code!(NO_END "C063" Warning false, "a response that never ends",
    "A response without `ends when` goes on for ever: its steps stay owed whatever happens.",
    raises Example::text("party RU\noffice Court of RU\nact fire\nact warning\n\
     1 response to fire, clocks from it\n    step first: Court must warning, due within 24 hours\n"),
    passes Example::text("party RU\noffice Court of RU\nact fire\nact warning\n\
     1 response to fire, clocks from it\n    step first: Court must warning, due within 24 hours\n    \
     ends when no fire for 7 days\n"));
code!(OVERDUE_AT_ONCE "C064" Warning false, "a step that could be overdue when it is first owed",
    "`start of it` is the first fact behind a finding; the finding itself comes later, by as much as \
     its window. A step that is due sooner could be overdue before anybody knows of it.",
    raises Example::text("party RU\noffice Court of RU\nact fire\nact warning\n\
     1 finding attack\n    when at least 3 fire within 3 days\n\
     2 response to attack, clocks from start of it\n    \
     step first: Court must warning, due within 24 hours\n    ends when no fire for 7 days\n"),
    passes Example::text("party RU\noffice Court of RU\nact fire\nact warning\n\
     1 finding attack\n    when at least 3 fire within 3 days\n\
     2 response to attack, clocks from it\n    \
     step first: Court must warning, due within 24 hours\n    ends when no fire for 7 days\n"));
code!(STOCK_OR_FLOW "C065" Error false, "a limit that mixes what there is and what was done",
    "`number of tank` limits what there is at each instant; it is read from acts declared with \
     `stock`. What was done is limited over a time: `within 24 hours`, `in each month`.",
    raises Example::text("party RU\ncategory tank\nact sortie of tank\n\
     1 RU must keep number of sortie at most 5\n"),
    passes Example::text("party RU\ncategory tank\nact sortie of tank\n\
     1 RU must keep number of sortie in each day at most 5\n"));
code!(REPEAT_AND "C066" Error false, "a duty that both repeats and is called for",
    "`repeat` makes one duty for each period, due at its end; `on` makes one for each fact, due when \
     `due` says. A duty does one or the other.",
    raises Example::text("party RU\nact report\nact truce\n1 RU must report\n    on each truce\n    \
     repeat each month\n"),
    passes Example::text("party RU\nact report\n1 RU must report\n    repeat each month\n"));
code!(WHICH_PARTY "C067" Warning false, "the party could be one of several",
    "`to the party` is whoever the rule answers. Where that may be one of several, what is done to any \
     of them counts.",
    raises Example::text("parties RU, UA\nact fire\nact warning\noffice Court of RU\n\
     1 each of RU, UA must not fire\n2 response to breach of 1, clocks from it\n    step first: Court must \
     warning to the party, due within 24 hours\n    ends when no fire for 7 days\n"),
    passes Example::text("parties RU, UA\nact fire\nact warning\noffice Court of RU\n\
     1 each of RU, UA must not fire\n2 response to breach of 1 by RU, clocks from it\n    step first: Court \
     must warning to the party, due within 24 hours\n    ends when no fire for 7 days\n"));
code!(NO_STEP_DEADLINE "C068" Error false, "before a deadline that is not there",
    "`before its deadline` is the deadline of a step. A finding has none: write `due within …`.",
    raises Example::text("party RU\noffice Court of RU\nact fire\n1 finding attack\n    when fire\n    \
     decided by Court, before its deadline\n"),
    passes Example::text("party RU\noffice Court of RU\nact fire\n1 finding attack\n    when fire\n    \
     decided by Court, due within 14 days of it\n"));
code!(NO_WHEN "C069" Error false, "a finding or a state without its condition",
    "A finding and a state say `when`.",
    raises Example::text("act fire\n1 finding attack\n    until 2026-03-01\n"),
    passes Example::text("act fire\n1 finding attack\n    when fire\n    until 2026-03-01\n"));
code!(NO_STEPS "C070" Error false, "a response without steps",
    "A response says what is done: `step NAME: WHO must ACT, due within DURATION`.",
    raises Example::text("act fire\n1 response to fire, clocks from it\n    ends when no fire for 7 days\n"),
    passes Example::text("party RU\noffice Court of RU\nact fire\nact warning\n\
     1 response to fire, clocks from it\n    step first: Court must warning, due within 24 hours\n    \
     ends when no fire for 7 days\n"));
