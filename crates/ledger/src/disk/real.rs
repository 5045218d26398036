//! A directory of the file system.
//!
//! Invariant: no path leads out of the directory.

use super::{Disk, File};
use std::{
    fs, io,
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    thread,
};

/// So many files are synced at once: the file system makes them durable in one go.
const AT_ONCE: usize = 64;

/// A directory of the file system.
#[derive(Clone, Debug)]
pub struct RealDisk {
    root: PathBuf,
}

impl RealDisk {
    /// The directory, which is made where it is missing once something is written.
    pub fn new(root: &Path) -> RealDisk {
        RealDisk { root: root.to_owned() }
    }

    fn at(&self, path: &str) -> io::Result<PathBuf> {
        if path.split('/').any(|part| part == "..") || path.starts_with('/') {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Ok(self.root.join(path))
    }

    fn made(&self, path: &str) -> io::Result<PathBuf> {
        let path = self.at(path)?;
        if let Some(parent) = path.parent().filter(|parent| !parent.is_dir()) {
            fs::create_dir_all(parent)?;
        }
        Ok(path)
    }
}

impl Disk for RealDisk {
    fn create(&self, path: &str) -> io::Result<Box<dyn File>> {
        let mut options = fs::OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true);
        Ok(Box::new(RealFile(options.open(self.made(path)?)?)))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn File>> {
        let file = fs::OpenOptions::new().read(true).write(true).open(self.at(path)?)?;
        Ok(Box::new(RealFile(file)))
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        fs::read(self.at(path)?)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.at(from)?, self.made(to)?)
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let path = self.at(path)?;
        if path.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) }
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.at(path)?)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            names.push(if entry.file_type()?.is_dir() { name + "/" } else { name });
        }
        names.sort();
        Ok(names)
    }

    fn sync_directory(&self, path: &str) -> io::Result<()> {
        // Windows keeps names durable by itself and opens no directory.
        if cfg!(windows) {
            return Ok(());
        }
        fs::File::open(self.at(path)?)?.sync_all()
    }

    fn sync_all(&self, files: Vec<Box<dyn File>>) -> io::Result<()> {
        let mut queues: Vec<Vec<Box<dyn File>>> = (0..AT_ONCE).map(|_| Vec::new()).collect();
        for (at, file) in files.into_iter().enumerate() {
            if let Some(queue) = queues.get_mut(at % AT_ONCE) {
                queue.push(file);
            }
        }
        let stopped = || io::Error::other("a thread that synced files stopped");
        thread::scope(|scope| {
            let run = |queue: Vec<Box<dyn File>>| {
                scope.spawn(move || queue.into_iter().try_for_each(|mut file| file.sync()))
            };
            let threads: Vec<_> =
                queues.into_iter().filter(|queue| !queue.is_empty()).map(run).collect();
            let results: Vec<_> = threads.into_iter().map(|thread| thread.join()).collect();
            results.into_iter().try_for_each(|result| result.unwrap_or_else(|_| Err(stopped())))
        })
    }

    fn lock(&self, path: &str) -> io::Result<Box<dyn Send>> {
        let mut options = fs::OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).open(self.made(path)?)?;
        match file.try_lock() {
            Ok(()) => Ok(Box::new(file)),
            Err(fs::TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }
}

struct RealFile(fs::File);

impl File for RealFile {
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.seek(SeekFrom::Start(offset))?;
        self.0.read(buffer)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        self.0.seek(SeekFrom::Start(offset))?;
        self.0.write(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }
}
