//! The files that an agreement names: the one door to the outside.
//!
//! Invariant: only names within the agreement's own folder pass the door, and each file passes
//! it once.

use crate::{Annexes, registry, sink::Sink};
use casus_syntax::ast::Text;
use std::{collections::BTreeMap, sync::Arc};

/// Bytes of one annex file.
pub(crate) const FILE_BYTES: usize = 64 << 20;

/// The files read so far.
pub(crate) struct Files<'a> {
    door: &'a dyn Annexes,
    read: BTreeMap<String, Option<Arc<[u8]>>>,
}

impl<'a> Files<'a> {
    /// No file is read yet.
    pub(crate) fn new(door: &'a dyn Annexes) -> Files<'a> {
        Files { door, read: BTreeMap::new() }
    }

    /// The bytes of a file; none where it cannot be had, which is told once.
    pub(crate) fn bytes(&mut self, file: &Text, sink: &mut Sink) -> Option<Arc<[u8]>> {
        if let Some(known) = self.read.get(&file.text) {
            return known.clone();
        }
        let bytes = self.fetch(file, sink);
        self.read.insert(file.text.clone(), bytes.clone());
        bytes
    }

    fn fetch(&self, file: &Text, sink: &mut Sink) -> Option<Arc<[u8]>> {
        let name = &file.text;
        if !is_inside(name) {
            sink.tell_help(
                &registry::FILE_UNREADABLE,
                file.span,
                format!("`{name}` is not a file of the agreement's folder"),
                "name a file beside the agreement, as `annex-a.geojson`",
            );
            return None;
        }
        match self.door.read(name) {
            Ok(bytes) if bytes.len() > FILE_BYTES => {
                let size = bytes.len() >> 20;
                let message = format!("`{name}` has {size} MiB, more than {}", FILE_BYTES >> 20);
                sink.tell(&registry::TOO_BIG, file.span, message);
                None
            }
            Ok(bytes) => Some(bytes.into()),
            Err(why) => {
                let message = format!("`{name}` cannot be read: {why}");
                sink.tell(&registry::FILE_UNREADABLE, file.span, message);
                None
            }
        }
    }

    /// The files that could be read, by name.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.read.iter().filter_map(|(name, bytes)| Some((name.as_str(), bytes.as_deref()?)))
    }
}

/// Whether a name stays within the folder.
fn is_inside(name: &str) -> bool {
    let plain = !name.is_empty() && !name.contains(['\\', ':', '\0']) && !name.starts_with('/');
    plain && name.split('/').all(|part| !part.is_empty() && part != ".." && part != ".")
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn only_names_within_the_folder_pass() {
        for name in ["a.csv", "maps/a.geojson", "..a"] {
            assert!(is_inside(name), "{name}");
        }
        for name in ["", "/etc/passwd", "../a", "a/../../b", "a//b", "c:a", "a\\b", "a/."] {
            assert!(!is_inside(name), "{name}");
        }
    }
}
