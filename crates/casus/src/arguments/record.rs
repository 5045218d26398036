//! What may be asked of a record.
//!
//! Invariant: every command takes the folder of the record first.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The commands.
#[derive(Debug, Subcommand)]
pub enum RecordCommand {
    /// Begin a record: a log that cannot be altered unseen
    Init(Init),
    /// Put an agreement in force in a record, or another wording of it
    Amend(Amend),
    /// Say who may do what in a record, or list who may
    People(People),
    /// Put evidence into a record
    Add(Add),
    /// Say anew what a report of a record says
    Correct(Correct),
    /// Take a report of a record back
    Withdraw(Withdraw),
    /// Say that reports are of one incident
    Merge(Merge),
    /// Take a merge back
    Split(Split),
    /// Grade or confirm a report, or claim, accept or reject an exception
    Review(Review),
    /// Adopt a step or a finding; it counts when two people of a member did
    Adopt(Adopt),
    /// Judge a record, as it was known at any time
    Findings(Findings),
    /// Say what differs between two times, and because of what
    Diff(Diff),
    /// Look through all of a record: is anything altered or missing
    Verify(Verify),
    /// Sign that a record's log only grew since it was last seen
    Witness(Witness),
    /// Prove that a report is in a record, for a stranger
    Proof(Proof),
    /// Write a record into one file, for hand-over
    Archive(Archive),
}

/// Who acts, and when.
#[derive(Debug, Args)]
pub struct Author {
    /// Who acts: somebody whose key lies in the record's folder of keys [default: who opened it]
    #[arg(long = "as", value_name = "NAME")]
    pub name: Option<String>,
    /// The secret key of who acts, where it lies elsewhere
    #[arg(long, value_name = "FILE", conflicts_with = "name")]
    pub key: Option<PathBuf>,
    /// When it was done, in RFC 3339 [default: now]
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `casus init`.
#[derive(Debug, Args)]
pub struct Init {
    /// A folder that is not there yet
    pub record: PathBuf,
    /// The agreement that is watched
    #[arg(long, value_name = "FILE")]
    pub agreement: Option<PathBuf>,
    /// What the log is called, as `mission.example/log` [default: the name of the folder]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Who keeps it: a key is made for this name
    #[arg(long, value_name = "NAME", default_value = "keeper")]
    pub keeper: String,
    /// When it was opened, in RFC 3339 [default: now]
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `casus amend`.
#[derive(Debug, Args)]
pub struct Amend {
    /// The record
    pub record: PathBuf,
    /// The agreement
    pub agreement: PathBuf,
    /// Who.
    #[command(flatten)]
    pub author: Author,
}

/// `casus people`.
#[derive(Debug, Args)]
pub struct People {
    /// The record
    pub record: PathBuf,
    /// Take somebody in, or say anew what they may do
    pub person: Option<String>,
    /// keeper, analyst, reviewer, member, observer; none: they may do nothing any more
    #[arg(long = "role", value_name = "ROLE", value_delimiter = ',', requires = "person")]
    pub roles: Vec<String>,
    /// For which parties or members of offices they speak
    #[arg(long, value_name = "NAME", requires = "person")]
    pub speaks_for: Vec<String>,
    /// Their public key [default: the known one, or a new one is made in the folder of keys]
    #[arg(long, value_name = "KEY", requires = "person")]
    pub public_key: Option<String>,
    /// Who.
    #[command(flatten)]
    pub author: Author,
}

/// Who may see something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClassName {
    /// Everybody.
    Public,
    /// The parties and offices.
    Parties,
    /// Those who keep the record.
    Restricted,
}

/// `casus add`.
#[derive(Debug, Args)]
pub struct Add {
    /// The record
    pub record: PathBuf,
    /// Evidence; PROFILE is a built-in name or a .toml file, `-` is standard input
    #[arg(required = true, value_name = "[PROFILE=]FILE")]
    pub files: Vec<String>,
    /// Who may see it; what is not public is sealed, and the log only commits to it
    #[arg(long, value_name = "CLASS", default_value = "public")]
    pub release: ClassName,
    /// Put nothing in if any row is rejected
    #[arg(long)]
    pub strict: bool,
    /// Limits of the intake, as `rows=1000,row_bytes=65536`
    #[arg(long, value_name = "NAME=NUMBER", value_delimiter = ',')]
    pub limits: Vec<String>,
    /// Who.
    #[command(flatten)]
    pub author: Author,
}

/// `casus correct`.
#[derive(Debug, Args)]
pub struct Correct {
    /// The record
    pub record: PathBuf,
    /// The report as it should be, one JSON object; `-` is standard input
    pub file: PathBuf,
    /// Why
    #[arg(long)]
    pub reason: String,
    /// Who.
    #[command(flatten)]
    pub author: Author,
}

/// `casus withdraw`.
#[derive(Debug, Args)]
pub struct Withdraw {
    /// The record
    pub record: PathBuf,
    /// The report
    pub report: String,
    /// Why
    #[arg(long)]
    pub reason: String,
    /// Who.
    #[command(flatten)]
    pub author: Author,
}

/// `casus merge`.
#[derive(Debug, Args)]
pub struct Merge {
    /// The record
    pub record: PathBuf,
    /// The reports; the others go into the incident of the first
    #[arg(required = true, num_args = 2..)]
    pub reports: Vec<String>,
    /// Why
    #[arg(long)]
    pub reason: String,
    /// Who.
    #[command(flatten)]
    pub author: Author,
}

/// `casus split`.
#[derive(Debug, Args)]
pub struct Split {
    /// The record
    pub record: PathBuf,
    /// The place of the merge in the log, as `casus merge` told it
    pub merge: u64,
    /// Why
    #[arg(long)]
    pub reason: String,
    /// Who.
    #[command(flatten)]
    pub author: Author,
}

/// `casus review`.
#[derive(Debug, Args)]
pub struct Review {
    /// The record
    pub record: PathBuf,
    /// What is said.
    #[command(subcommand)]
    pub what: ReviewWhat,
}

/// What a review says.
#[derive(Debug, Subcommand)]
pub enum ReviewWhat {
    /// How good a report is, as B2
    Grade {
        /// The report
        report: String,
        /// Source and content, A1 to F6
        grade: String,
        /// Why
        #[arg(long)]
        reason: String,
        /// Who.
        #[command(flatten)]
        author: Author,
    },
    /// That somebody looked at a report and has nothing against it
    Confirm {
        /// The report
        report: String,
        /// Why
        #[arg(long)]
        reason: String,
        /// Who.
        #[command(flatten)]
        author: Author,
    },
    /// That an exception is claimed
    Claim(Plead),
    /// That a claimed exception is accepted
    Accept(Plead),
    /// That a claimed exception is rejected
    Reject(Plead),
}

/// What is said of an exception.
#[derive(Debug, Args)]
pub struct Plead {
    /// The exception, by its name in the agreement
    pub exception: String,
    /// The report or incident that it is for
    pub about: String,
    /// For which party or office
    #[arg(long = "for", value_name = "NAME")]
    pub on_behalf_of: String,
    /// Why
    #[arg(long)]
    pub reason: String,
    /// Who.
    #[command(flatten)]
    pub author: Author,
}

/// `casus adopt`.
#[derive(Debug, Args)]
pub struct Adopt {
    /// The record
    pub record: PathBuf,
    /// The provision; of a step, with its name behind it, as `\"20 warn\"`
    pub provision: String,
    /// Only for this finding, report or incident
    #[arg(long, value_name = "ID")]
    pub about: Vec<String>,
    /// For which member of the body
    #[arg(long = "for", value_name = "NAME")]
    pub on_behalf_of: String,
    /// Why
    #[arg(long)]
    pub reason: String,
    /// Who.
    #[command(flatten)]
    pub author: Author,
}

/// `casus findings`.
#[derive(Debug, Args)]
pub struct Findings {
    /// The record
    pub record: PathBuf,
    /// The clock [default: `--as-of`, or when the newest of the reports became known]
    #[arg(long, value_name = "INSTANT")]
    pub now: Option<String>,
    /// Leave out what became known only after this instant
    #[arg(long, value_name = "INSTANT")]
    pub as_of: Option<String>,
    /// Look at the first so many entries of the log alone
    #[arg(long, value_name = "NUMBER")]
    pub size: Option<u64>,
    /// Whose eyes: what only others may see is left out
    #[arg(long, value_name = "CLASS", default_value = "public")]
    pub release: ClassName,
    /// Explain one finding: its id, or the beginning of it
    #[arg(long, value_name = "FINDING")]
    pub explain: Option<String>,
    /// Keep what is found in the log, signed
    #[arg(long, conflicts_with = "explain")]
    pub keep: bool,
    /// Who.
    #[command(flatten)]
    pub author: Author,
}

/// `casus diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// The record
    pub record: PathBuf,
    /// An instant, or the number of entries that the log had, as `#120`
    pub from: String,
    /// The same, later
    pub to: String,
    /// Whose eyes: what only others may see is left out
    #[arg(long, value_name = "CLASS", default_value = "public")]
    pub release: ClassName,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `casus verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The record, or what an archive unpacks to
    pub record: PathBuf,
    /// The public key of a witness whose signature is looked for
    #[arg(long, value_name = "KEY")]
    pub witness: Vec<String>,
    /// A checkpoint that somebody saw before: the log has to begin with it
    #[arg(long, value_name = "FILE")]
    pub since: Option<PathBuf>,
    /// A proof, instead of all of the record
    #[arg(long, value_name = "FILE", conflicts_with = "since")]
    pub proof: Option<PathBuf>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `casus witness`.
#[derive(Debug, Args)]
pub struct Witness {
    /// The record of somebody else
    pub record: PathBuf,
    /// The folder in which the witness remembers what it saw; made where it is not there
    #[arg(long, value_name = "DIR")]
    pub memory: PathBuf,
    /// What the witness is called, where its key is made now
    #[arg(long, value_name = "NAME", default_value = "witness")]
    pub name: String,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `casus proof`.
#[derive(Debug, Args)]
pub struct Proof {
    /// The record
    pub record: PathBuf,
    /// A report, or the place of an entry, as `#120`
    pub report: String,
    /// Where it goes [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `casus archive`.
#[derive(Debug, Args)]
pub struct Archive {
    /// The record
    pub record: PathBuf,
    /// The file, a tar
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}
