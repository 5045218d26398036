//! The inputs to begin with.
//!
//! Invariant: they come in the order of their names, so that a seed means the same run everywhere.

use crate::Target;
use std::{fs, io, path::Path};

/// Name and bytes of every input of a target, the committed ones first.
pub fn inputs(workspace: &Path, target: &Target) -> io::Result<Vec<(String, Vec<u8>)>> {
    let own = format!("fuzz/corpus/{}", target.name);
    let mut all = Vec::new();
    gather(workspace, &own, "", &mut all)?;
    for (folder, ending) in target.more {
        if *folder != own && workspace.join(folder).exists() {
            gather(workspace, folder, ending, &mut all)?;
        }
    }
    Ok(all)
}

fn gather(
    workspace: &Path,
    folder: &str,
    ending: &str,
    all: &mut Vec<(String, Vec<u8>)>,
) -> io::Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(workspace.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        names.push((format!("{folder}/{name}"), entry.file_type()?.is_dir()));
    }
    names.sort();
    for (path, is_folder) in names {
        if is_folder {
            gather(workspace, &path, ending, all)?;
        } else if path.ends_with(ending) {
            let bytes = fs::read(workspace.join(&path))?;
            all.push((path, bytes));
        }
    }
    Ok(())
}
