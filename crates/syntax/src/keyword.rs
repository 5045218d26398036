//! The keywords of the language, as the grammar writes them.
//!
//! Invariant: the list is exactly the quoted words of `docs/language/grammar.ebnf`.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Every keyword, in alphabetical order; some are several words.
pub const KEYWORDS: &[&str] = &[
    "about", "above", "above limit", "acceptance of", "accepted", "access denied", "act",
    "act unconfirmed", "adopted", "adoption of", "after", "after it", "agreed", "agreement",
    "all", "anchor corrected", "and", "answers for", "any", "any of", "are", "as", "at",
    "at any of", "at least", "at most", "at risk", "attribution", "attribution undetermined",
    "before", "before it", "before its deadline", "begin of", "below", "below floor", "beyond",
    "billion", "breach of", "breached", "breaches of", "by", "calendar", "category",
    "category unknown", "claim of", "claimed", "clocks from", "confirmed", "conflicting",
    "correction of", "covering it", "day", "days", "deadline missed", "decided by", "defence",
    "despite", "done", "done late", "due", "due within", "each", "each of", "each step",
    "earlier", "end of", "ended", "ends when", "equal to", "error", "established",
    "evidence may arrive", "except", "exception uncertain", "excused", "expect", "feature",
    "finding", "for", "found", "from", "gap at most", "grade", "grounds withdrawn", "group",
    "has", "hinders", "holidays", "hour", "hours", "if", "in", "in each", "in force from",
    "incident", "invented", "is", "it", "item", "judgement awaited", "keep", "known", "lapsed",
    "late", "later", "less than", "line", "list", "little time left", "may", "measure", "met",
    "met late", "million", "minute", "minutes", "missed", "month", "months", "more than", "must",
    "must not", "named by", "never", "no", "no evidence", "not", "not in force", "not yet due",
    "number of", "number uncertain", "of", "of it", "of its category", "office", "on", "once",
    "or", "other party", "outside", "outside application", "own", "parameter", "parties", "party",
    "pending", "place uncertain", "places", "possible", "possibly breached", "possibly found",
    "possibly late", "probable", "proof", "quarter", "quorum", "receipt of", "recipient",
    "rejection of", "repeat", "reported", "response to", "rest days", "same", "second", "seconds",
    "should", "shown by the party", "source", "source at least", "start", "start missed",
    "start of", "state", "state uncertain", "step", "stock", "strictly", "table", "target missed",
    "the day", "the party", "thousand", "time uncertain", "times", "to", "together", "total",
    "twice", "under", "undeterminable", "unknown", "unless", "until", "verb", "version",
    "watched throughout", "watches", "week", "weeks", "when", "while", "with", "with diligence",
    "withdrawal of", "within", "without", "working day", "working days", "year", "years", "zone",
    "zones",
];

static RESERVED: LazyLock<HashSet<&str>> =
    LazyLock::new(|| KEYWORDS.iter().copied().filter(|word| !word.contains(' ')).collect());

static PAIRS: LazyLock<HashSet<(&str, &str)>> = LazyLock::new(|| {
    let words = KEYWORDS.iter().map(|keyword| keyword.split(' '));
    words.flat_map(|words| words.clone().zip(words.skip(1))).collect()
});

/// Whether the word is a keyword by itself, so that no name may hold it.
pub fn reserved(word: &str) -> bool {
    RESERVED.contains(word)
}

/// The keyword that these words of a name would break, where there is one.
pub(crate) fn inside(words: &[&str]) -> Option<String> {
    let single = words.iter().find(|word| reserved(word)).map(|word| (*word).to_owned());
    let pairs = words.iter().zip(words.iter().skip(1));
    let mut pairs = pairs.filter(|(first, second)| PAIRS.contains(&(**first, **second)));
    single.or_else(|| pairs.next().map(|(first, second)| format!("{first} {second}")))
}
