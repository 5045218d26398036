//! A chart parser that counts derivations, for any grammar written as ours is.
//!
//! Invariant: it knows nothing of the hand-written parser; the grammar file alone drives it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A symbol of a production.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    /// A quoted word.
    Keyword(String),
    /// A word in capitals.
    Terminal(String),
    /// A rule by its number.
    Rule(usize),
}

/// Rules with their alternatives.
pub struct Grammar {
    names: BTreeMap<String, usize>,
    rules: Vec<Vec<Vec<Symbol>>>,
    /// The quoted words, in order.
    pub literals: BTreeSet<String>,
}

impl Grammar {
    /// Reads a grammar file.
    pub fn read(text: &str) -> Grammar {
        let mut grammar =
            Grammar { names: BTreeMap::new(), rules: Vec::new(), literals: BTreeSet::new() };
        let pieces = pieces(text);
        let mut reader = Reader { pieces: &pieces, at: 0, grammar: &mut grammar };
        while reader.at < pieces.len() {
            reader.production();
        }
        grammar.run_of_words();
        for (name, rule) in &grammar.names {
            assert!(!grammar.rules[*rule].is_empty(), "the rule {name} is not defined");
        }
        grammar
    }

    /// `NEW` and `ANY` are a word that opens a name and words that go on with it.
    fn run_of_words(&mut self) {
        let (run, rest) = (self.rule("NEW"), self.rule("NEW rest"));
        let any = self.rule("ANY");
        let terminal = |name: &str| Symbol::Terminal(name.to_owned());
        self.rules[run] = vec![vec![terminal("OPENS"), Symbol::Rule(rest)]];
        self.rules[any] = vec![vec![Symbol::Rule(run)]];
        self.rules[rest] = vec![Vec::new(), vec![terminal("CONTINUES"), Symbol::Rule(rest)]];
    }

    fn rule(&mut self, name: &str) -> usize {
        if let Some(rule) = self.names.get(name) {
            return *rule;
        }
        self.names.insert(name.to_owned(), self.rules.len());
        self.rules.push(Vec::new());
        self.rules.len() - 1
    }

    fn fresh(&mut self) -> usize {
        self.rules.push(Vec::new());
        self.rules.len() - 1
    }

    /// How many derivations the whole input has; 2 stands for two or more.
    pub fn derivations(
        &self,
        start: &str,
        count: usize,
        fits: &dyn Fn(&Symbol, usize) -> bool,
    ) -> u64 {
        let start = self.names[start];
        let chart = self.chart(start, count, fits);
        let mut memo = HashMap::new();
        Counter { grammar: self, chart: &chart, fits }.rule(start, 0, count, &mut memo)
    }

    /// Which rules span from where to where.
    fn chart(&self, start: usize, count: usize, fits: &dyn Fn(&Symbol, usize) -> bool) -> Chart {
        let mut sets: Vec<Vec<Item>> = vec![Vec::new(); count + 1];
        let mut known: Vec<BTreeSet<Item>> = vec![BTreeSet::new(); count + 1];
        let mut chart = Chart { spans: BTreeSet::new(), ends: HashMap::new() };
        self.predict(start, 0, &mut sets[0], &mut known[0]);
        for at in 0..=count {
            let mut next = 0;
            while next < sets[at].len() {
                let item = sets[at][next];
                next += 1;
                let alternative = &self.rules[item.rule][item.alternative];
                match alternative.get(item.dot) {
                    Some(Symbol::Rule(rule)) => {
                        let rule = *rule;
                        let (set, known) = (&mut sets[at], &mut known[at]);
                        self.predict(rule, at, set, known);
                        if chart.spans.contains(&(rule, at, at)) {
                            push(Item { dot: item.dot + 1, ..item }, set, known);
                        }
                    }
                    Some(symbol) => {
                        if at < count && fits(symbol, at) {
                            let item = Item { dot: item.dot + 1, ..item };
                            push(item, &mut sets[at + 1], &mut known[at + 1]);
                        }
                    }
                    None => {
                        if chart.spans.insert((item.rule, item.start, at)) {
                            chart.ends.entry((item.rule, item.start)).or_default().push(at);
                        }
                        let waiting: Vec<Item> = sets[item.start]
                            .iter()
                            .filter(|other| {
                                self.rules[other.rule][other.alternative].get(other.dot)
                                    == Some(&Symbol::Rule(item.rule))
                            })
                            .copied()
                            .collect();
                        for other in waiting {
                            let item = Item { dot: other.dot + 1, ..other };
                            push(item, &mut sets[at], &mut known[at]);
                        }
                    }
                }
            }
        }
        chart
    }

    fn predict(&self, rule: usize, at: usize, set: &mut Vec<Item>, known: &mut BTreeSet<Item>) {
        for alternative in 0..self.rules[rule].len() {
            push(Item { rule, alternative, dot: 0, start: at }, set, known);
        }
    }
}

fn push(item: Item, set: &mut Vec<Item>, known: &mut BTreeSet<Item>) {
    if known.insert(item) {
        set.push(item);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    rule: usize,
    alternative: usize,
    dot: usize,
    start: usize,
}

struct Chart {
    spans: BTreeSet<(usize, usize, usize)>,
    ends: HashMap<(usize, usize), Vec<usize>>,
}

struct Counter<'a> {
    grammar: &'a Grammar,
    chart: &'a Chart,
    fits: &'a dyn Fn(&Symbol, usize) -> bool,
}

type Memo = HashMap<(usize, usize, usize), u64>;

impl Counter<'_> {
    fn rule(&self, rule: usize, from: usize, to: usize, memo: &mut Memo) -> u64 {
        if !self.chart.spans.contains(&(rule, from, to)) {
            return 0;
        }
        if let Some(count) = memo.get(&(rule, from, to)) {
            return *count;
        }
        memo.insert((rule, from, to), 0);
        let alternatives = &self.grammar.rules[rule];
        let counts = alternatives.iter().map(|symbols| self.symbols(symbols, from, to, memo));
        let count = counts.fold(0_u64, u64::saturating_add).min(1000);
        memo.insert((rule, from, to), count);
        count
    }

    fn symbols(&self, symbols: &[Symbol], from: usize, to: usize, memo: &mut Memo) -> u64 {
        match symbols {
            [] => u64::from(from == to),
            [Symbol::Rule(rule), rest @ ..] => {
                let none = Vec::new();
                let ends = self.chart.ends.get(&(*rule, from)).unwrap_or(&none).clone();
                let mut count = 0_u64;
                for end in ends.into_iter().filter(|end| *end <= to) {
                    let after = self.symbols(rest, end, to, memo);
                    if after > 0 {
                        let here = self.rule(*rule, from, end, memo);
                        count = count.saturating_add(here.saturating_mul(after));
                    }
                }
                count
            }
            [symbol, rest @ ..] => {
                let fits = from < to && (self.fits)(symbol, from);
                if fits { self.symbols(rest, from + 1, to, memo) } else { 0 }
            }
        }
    }
}

/// The pieces of a grammar file: names, quoted words with their quotes, signs.
fn pieces(text: &str) -> Vec<String> {
    let (mut pieces, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("(*") {
            let end = rest.find("*)").expect("a comment is closed") + 2;
            rest = rest[end..].trim_start();
            continue;
        } else if first == '"' {
            rest[1..].find('"').expect("a quotation is closed") + 2
        } else if first.is_alphabetic() {
            rest.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        pieces.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    pieces
}

struct Reader<'a> {
    pieces: &'a [String],
    at: usize,
    grammar: &'a mut Grammar,
}

impl Reader<'_> {
    fn next(&mut self) -> &str {
        self.at += 1;
        &self.pieces[self.at - 1]
    }

    fn peek(&self) -> &str {
        self.pieces.get(self.at).map_or("", String::as_str)
    }

    fn production(&mut self) {
        let name = self.next().to_owned();
        assert_eq!(self.next(), "=", "after {name}");
        let rule = self.grammar.rule(&name);
        assert!(self.grammar.rules[rule].is_empty(), "{name} is defined twice");
        let alternatives = self.alternatives();
        assert_eq!(self.next(), ";", "after {name}");
        self.grammar.rules[rule] = alternatives;
    }

    fn alternatives(&mut self) -> Vec<Vec<Symbol>> {
        let mut all = vec![self.sequence()];
        while self.peek() == "|" {
            self.at += 1;
            all.push(self.sequence());
        }
        all
    }

    fn sequence(&mut self) -> Vec<Symbol> {
        let mut symbols = Vec::new();
        while !matches!(self.peek(), "|" | ")" | "]" | "}" | ";" | "") {
            let piece = self.next().to_owned();
            match piece.as_str() {
                "(" | "[" | "{" => {
                    let inner = self.alternatives();
                    self.at += 1;
                    let rule = self.grammar.fresh();
                    self.grammar.rules[rule] = group(&piece, rule, inner);
                    symbols.push(Symbol::Rule(rule));
                }
                quoted if quoted.starts_with('"') => {
                    let text = quoted.trim_matches('"').to_owned();
                    symbols.extend(text.split(' ').map(|word| Symbol::Keyword(word.to_owned())));
                    self.grammar.literals.insert(text);
                }
                "NEW" | "ANY" => symbols.push(Symbol::Rule(self.grammar.rule(&piece))),
                capitals if capitals.chars().all(|c| c.is_ascii_uppercase()) => {
                    symbols.push(Symbol::Terminal(piece));
                }
                _ => symbols.push(Symbol::Rule(self.grammar.rule(&piece))),
            }
        }
        symbols
    }
}

fn group(open: &str, rule: usize, inner: Vec<Vec<Symbol>>) -> Vec<Vec<Symbol>> {
    match open {
        "(" => inner,
        "[" => inner.into_iter().chain([Vec::new()]).collect(),
        _ => {
            let again = inner.into_iter().map(|mut symbols| {
                symbols.push(Symbol::Rule(rule));
                symbols
            });
            again.chain([Vec::new()]).collect()
        }
    }
}
