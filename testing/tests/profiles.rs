//! What the built-in profiles name, an agreement can declare.
//!
//! Invariant: every act of every built-in profile is a name that the language accepts.

use casus_check::{NoAnnexes, check};
use casus_ingest::Profile;

#[test]
fn every_act_of_a_profile_can_be_declared() {
    let mut refused = Vec::new();
    for name in Profile::names() {
        let profile = Profile::builtin(name).expect("a built-in profile loads");
        for act in profile.acts() {
            let text = format!(
                "# Trial\n\n```casus\nagreement Trial version 1\nparty North\n\nact {act}\n```\n\n\
                 ## Article 1. Peace\n\n1. Nothing of the kind.\n\n\
                 ```casus\n1.1 North must not {act}\n```\n"
            );
            let document = casus_syntax::parse(&text);
            let checked = check(&document, &NoAnnexes);
            if !document.diagnostics.is_empty() || checked.program.is_none() {
                let told = document.diagnostics.iter().chain(&checked.diagnostics);
                refused.extend(told.map(|one| format!("`{act}` of `{name}`: {}", one.message)));
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
