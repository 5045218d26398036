//! What the log asks of a disk, so that another can stand in its place.
//!
//! Paths are relative to the directory of the log, with `/` between their parts. A write may be
//! short; a name is durable only after its directory was synced, bytes only after their file was.
//!
//! Invariant: everything that the log reads or writes goes through here.

mod real;
pub mod simulated;

pub use real::RealDisk;

use std::io;

/// A directory with files in it.
pub trait Disk {
    /// Makes a file, or empties the one that is there. Its directory is made where it is missing.
    fn create(&self, path: &str) -> io::Result<Box<dyn File>>;
    /// Opens a file that is there, for reading and writing.
    fn open(&self, path: &str) -> io::Result<Box<dyn File>>;
    /// All bytes of a file.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;
    /// Gives a file another name; what had that name is gone.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Takes a file or an empty directory away.
    fn remove(&self, path: &str) -> io::Result<()>;
    /// The names in a directory, those of directories with `/` behind them; sorted. The directory
    /// of the log is the empty path.
    fn list(&self, path: &str) -> io::Result<Vec<String>>;
    /// Makes the names in a directory durable.
    fn sync_directory(&self, path: &str) -> io::Result<()>;
    /// Makes the bytes of several files durable. All of them, or an error.
    fn sync_all(&self, files: Vec<Box<dyn File>>) -> io::Result<()> {
        files.into_iter().try_for_each(|mut file| file.sync())
    }
    /// Takes the one lock of a file, which is made where it is missing. It is held until the value
    /// is dropped. Errors: `WouldBlock` if somebody else holds it.
    fn lock(&self, path: &str) -> io::Result<Box<dyn Send>>;
}

/// An open file.
pub trait File: Send {
    /// As many bytes as are there from an offset on, at most as many as the buffer takes.
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
    /// Writes some of the bytes at an offset, and says how many.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<usize>;
    /// Makes its bytes durable. After an error nobody knows which of them are.
    fn sync(&mut self) -> io::Result<()>;
}

/// Writes all the bytes at an offset.
pub(crate) fn write_all(file: &mut dyn File, mut offset: u64, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = file.write_at(offset, bytes)?;
        bytes = match bytes.get(written..) {
            Some(rest) if written > 0 => rest,
            _ => return Err(io::ErrorKind::WriteZero.into()),
        };
        offset += written as u64;
    }
    Ok(())
}

/// Reads exactly so many bytes at an offset.
pub(crate) fn read_exact(file: &mut dyn File, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    let mut done = 0;
    while let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match file.read_at(offset + done as u64, rest)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            some => done += some,
        }
    }
    Ok(bytes)
}

/// The directory that a path lies in; that of the log is empty.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}
