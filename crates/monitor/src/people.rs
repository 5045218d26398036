//! The people of a record: their keys and what they may do.
//!
//! Invariant: a person is known by a name and a key, and by nothing else.

use serde::{Deserialize, Serialize};

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Takes people in, and puts the agreement in force.
    Keeper,
    /// Puts evidence in, corrects, withdraws and merges.
    Analyst,
    /// Also grades and confirms.
    Reviewer,
    /// Speaks for a party or a member of an office: pleads and adopts.
    Member,
    /// Sees what is restricted.
    Observer,
}

impl Role {
    /// All of them.
    pub const ALL: [(Role, &'static str); 5] = [
        (Role::Keeper, "keeper"),
        (Role::Analyst, "analyst"),
        (Role::Reviewer, "reviewer"),
        (Role::Member, "member"),
        (Role::Observer, "observer"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Role::ALL.iter().find(|(role, _)| *role == self).map_or("", |(_, name)| name)
    }

    /// The role of a name.
    pub fn named(name: &str) -> Option<Role> {
        Role::ALL.iter().find(|(_, one)| *one == name).map(|(role, _)| *role)
    }
}

/// Somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name of the key.
    pub name: String,
    /// The public key, as `name+id+bytes`.
    pub key: String,
    /// What they may do; nothing: they are gone.
    pub roles: Vec<Role>,
    /// For whom they speak, by the names in the agreement.
    pub speaks_for: Vec<String>,
}
