//! Keys in files.
//!
//! Invariant: a secret key is written to a file that only its owner can read, and never over
//! another.

use crate::{
    error::Error,
    keys::{Signer, Verifier},
};
use std::{fs, io::Write as _, path::Path};
use zeroize::Zeroizing;

impl Signer {
    /// Writes the key to a new file with mode 0600, durably. Errors: there is a file already.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let name = path.display().to_string();
        let failed = |cause| Error::disk("writing", &name, cause);
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        file.write_all(self.encode().as_bytes()).map_err(failed)?;
        file.write_all(b"\n").map_err(failed)?;
        file.sync_all().map_err(failed)
    }

    /// Reads the key from a file.
    pub fn load(path: &Path) -> Result<Signer, Error> {
        Signer::parse(&text(path)?)
    }
}

impl Verifier {
    /// Reads a public key from a file.
    pub fn load(path: &Path) -> Result<Verifier, Error> {
        Verifier::parse(&text(path)?)
    }
}

fn text(path: &Path) -> Result<Zeroizing<String>, Error> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|cause| Error::disk("reading", &name, cause))?;
    Ok(Zeroizing::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Kind;

    #[test]
    fn a_secret_key_is_for_its_owner_and_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.key");
        let key = Signer::generate("casus.example/log", Kind::Note).unwrap();
        key.save(&path).unwrap();
        assert_eq!(Signer::load(&path).unwrap().verifier(), key.verifier());
        assert!(key.save(&path).is_err());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
