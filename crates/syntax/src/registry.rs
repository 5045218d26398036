//! Every code that a diagnostic of this crate can have, with its explanation and two examples.
//!
//! Invariant: the first example of a code raises it and the second does not; a test reads both.

/// One code.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// As `S014`.
    pub code: &'static str,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Why it is wrong and what to do.
    pub explanation: &'static str,
    /// A text that raises it: the lines of a block, or a whole file where it holds a fence.
    pub wrong: &'static str,
    /// A text that does not.
    pub right: &'static str,
}

const fn code(
    code: &'static str,
    title: &'static str,
    explanation: &'static str,
    wrong: &'static str,
    right: &'static str,
) -> Code {
    Code { code, title, explanation, wrong, right }
}

/// Every code, in order.
pub const CODES: &[Code] = &[
    code(
        "S000",
        "the file is not UTF-8",
        "A file is read as UTF-8 text. The example stands for a file saved in another encoding.",
        "party Österreich",
        "party Osterreich",
    ),
    code(
        "S001",
        "a sign has no meaning in a rule",
        "Rules are made of words, numbers, commas, colons and quoted text. Comparisons are words, \
         and a sentence ends with its line.",
        "party UA.",
        "party UA",
    ),
    code(
        "S002",
        "a quotation is not closed",
        "Text in quotes ends on the line that it begins on.",
        "party UA \"Ukraine",
        "party UA \"Ukraine\"",
    ),
    code(
        "S003",
        "a character that a reader does not see",
        "Characters without width, marks of direction and separate accents make two texts look \
         alike that are not. They stand in no block.",
        "party U\u{200b}A",
        "party UA",
    ),
    code(
        "S004",
        "a word mixes letters of two scripts",
        "A Cyrillic letter can look like a Latin one. A word is written in one script. A warning.",
        "party Р\u{41e}land",
        "party Poland",
    ),
    code(
        "S005",
        "a limit is exceeded",
        "Files, blocks, lines, items and nested moments have greatest sizes, so that every file \
         is read in little time. The example nests moments.",
        "act fire\n7.1 party may fire\nagreement A version 1\n    in force from earlier of earlier \
         of earlier of earlier of earlier of earlier of earlier of earlier of earlier of fire or \
         fire or fire or fire or fire or fire or fire or fire or fire or fire",
        "act fire\nagreement A version 1\n    in force from earlier of fire or 2026-01-01",
    ),
    code(
        "S006",
        "quotes and lists are nested too deeply",
        "Block quotes and lists stand within each other up to a limit; a file that exceeds it is \
         not read.",
        ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> deep\n\n```casus\nparty UA\n```",
        "> quoted\n\n```casus\nparty UA\n```",
    ),
    code(
        "S007",
        "the tag of a block is almost one that is read",
        "Only blocks tagged `casus` and `casus-test` are read. A warning.",
        "```casos\nparty UA\n```",
        "```casus\nparty UA\n```",
    ),
    code(
        "S008",
        "a block is not closed",
        "A block ends with a line of the fence that it began with. Without it the rest of the \
         file would be rules.",
        "```casus\nparty UA\n",
        "```casus\nparty UA\n```\n",
    ),
    code(
        "S009",
        "the prose holds a character that reorders it",
        "Marks of direction let a reader see another text than the one that is signed. A warning.",
        "Both parties \u{202e}withdraw.\n\n```casus\nparty UA\n```",
        "Both parties withdraw.\n\n```casus\nparty UA\n```",
    ),
    code(
        "S010",
        "a name is declared twice",
        "A name means one thing, and its declaration stands in one place.",
        "party UA\nparty UA",
        "party UA\nparty RU",
    ),
    code(
        "S011",
        "a name is declared as two kinds of thing",
        "Where a name could be read two ways, a sentence could mean two things.",
        "party Guard\nact Guard",
        "party Guard\nact patrol",
    ),
    code(
        "S012",
        "a keyword stands inside a declared name",
        "Words that make a keyword together do not stand together in a name. Keywords are in \
         small letters: a capital makes a word free for names.",
        "party little time",
        "party Little Time",
    ),
    code(
        "S013",
        "a name is too long",
        "A name has at most eight words and 120 bytes.",
        "party one two three four five seven eight nine ten",
        "party one two three",
    ),
    code(
        "S014",
        "a keyword stands where a name is declared",
        "A keyword ends a name, and the sentence cannot go on with it. Keywords are in small \
         letters: a capital makes a word free for names.",
        "party Army and Navy",
        "party Army And Navy",
    ),
    code(
        "S015",
        "two names share a word",
        "The longest name is read first; where another declared name begins inside it and goes \
         on beyond it, the sentence could be read two ways.",
        "category heavy gun\ncategory gun crew\ncategory crew\ncategory all is heavy gun crew\n\
         act fire of heavy gun\nact hit of weapon\ntable T of category\n    heavy gun crew 5 km",
        "category heavy gun\ncategory crew\ntable T of category\n    heavy gun 5 km",
    ),
    code(
        "S020",
        "nothing is declared by this name",
        "Every name that a sentence uses is declared somewhere in the agreement; names are case \
         sensitive, and a plural is another name.",
        "party UA\ngroup Sides is UA, RU",
        "parties UA, RU\ngroup Sides is UA, RU",
    ),
    code(
        "S021",
        "a line ends too early",
        "The sentence needs more words. A comma at the end of a line joins the next line to it.",
        "party UA\ngroup Sides is",
        "party UA\ngroup Sides is UA",
    ),
    code(
        "S022",
        "a word has no place here",
        "The words that could stand here are listed.",
        "party UA\n3.1 UA must not must",
        "party UA\nact fire\n3.1 UA must not fire",
    ),
    code(
        "S023",
        "a name of another kind is expected",
        "The name is declared, but not as what this place needs.",
        "party UA\nact fire\n3.1 fire must not fire",
        "party UA\nact fire\n3.1 UA must not fire",
    ),
    code(
        "S025",
        "a line stands at the wrong edge",
        "An item begins at the left edge of its block and its lines are indented; in a test, \
         `at` and `expect` stand at the left edge and facts are indented between them.",
        "    party UA",
        "party UA",
    ),
    code(
        "S030",
        "there is no such day",
        "A date is year-month-day, and the day exists.",
        "agreement A version 1\n    in force from 2026-02-30",
        "agreement A version 1\n    in force from 2026-02-28",
    ),
    code(
        "S031",
        "there is no such time of day",
        "A time of day is from 00:00 to 23:59:59. The end of a day is 00:00 of the next.",
        "agreement A version 1\n    in force from 2026-02-28 25:00",
        "agreement A version 1\n    in force from 2026-02-28 23:00",
    ),
    code(
        "S032",
        "there is no such point",
        "A latitude goes up to 90 degrees and a longitude up to 180.",
        "```casus\nact fire\n```\n\n```casus-test\nat 2026-01-01 00:00\n    fire on 2026-01-01, at \
         99.5N 37.9E\n```",
        "```casus\nact fire\n```\n\n```casus-test\nat 2026-01-01 00:00\n    fire on 2026-01-01, at \
         49.5N 37.9E\n```",
    ),
];

/// What is known of a code.
pub fn explain(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|known| known.code == code)
}

/// An example as a whole file.
pub fn as_file(example: &str) -> String {
    if example.contains("```") { example.to_owned() } else { format!("```casus\n{example}\n```\n") }
}

/// All codes as a page of the manual.
pub fn page() -> String {
    let mut page = String::from(
        "# Diagnostics of the language\n\nWhat can be wrong with the text of an agreement. Each \
         code has an example that raises it\nand one that does not. This page is generated; \
         tests keep it true.\n",
    );
    for code in CODES {
        page.push_str(&format!("\n## {} {}\n\n{}\n", code.code, code.title, code.explanation));
        for (title, example) in [("Wrong", code.wrong), ("Right", code.right)] {
            let shown: String = example.lines().map(|line| format!("    {line}\n")).collect();
            page.push_str(&format!("\n{title}:\n\n{}", visible(&shown)));
        }
    }
    page
}

/// Characters that a reader does not see, as their code points.
fn visible(text: &str) -> String {
    let show = |c: char| match c {
        c if crate::lexer::invisible(c) => format!("<U+{:04X}>", u32::from(c)),
        c => c.to_string(),
    };
    text.chars().map(show).collect()
}
