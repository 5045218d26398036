//! The connection to another process, which notices when that process is gone.
//!
//! What is sent goes in frames; an empty frame is a beat, and a last frame says that the end is
//! meant. A connection that ends without it, or over which nothing is heard for a while, is lost.
//! Nothing is encrypted and nobody proves who they are: the network has to be trusted.
//!
//! Invariant: a loss is told to `Fatal` by whoever notices it first, and never passed over.

use crate::error::{Error, Fatal};
use std::{
    io::{self, BufReader, Read, Write},
    net::{Shutdown, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    thread,
    time::Duration,
};
use timely::communication::allocator::zero_copy::stream::Stream;

/// How often a process says that it is still there.
const BEAT: Duration = Duration::from_secs(3);
/// How long nothing may be heard of a process.
pub(crate) const SILENCE: Duration = Duration::from_secs(20);
/// The most that one frame holds.
const FRAME: usize = 1 << 16;
/// Stands in the place of a length where the end is meant.
const END: u32 = u32::MAX;

/// A connection; its clones are the same connection.
#[derive(Clone)]
pub(crate) struct Link(Arc<Inner>);

struct Inner {
    peer: usize,
    fatal: Arc<dyn Fatal>,
    reader: Mutex<Incoming>,
    writer: Mutex<Outgoing>,
}

struct Incoming {
    from: BufReader<TcpStream>,
    /// What is left of the frame.
    left: usize,
    is_over: bool,
}

struct Outgoing {
    to: TcpStream,
    is_over: bool,
}

impl Link {
    /// Over a connection on which both sides know each other.
    pub(crate) fn new(stream: TcpStream, peer: usize, fatal: &Arc<dyn Fatal>) -> io::Result<Link> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(SILENCE))?;
        let from = BufReader::with_capacity(FRAME, stream.try_clone()?);
        let inner = Arc::new(Inner {
            peer,
            fatal: fatal.clone(),
            reader: Mutex::new(Incoming { from, left: 0, is_over: false }),
            writer: Mutex::new(Outgoing { to: stream, is_over: false }),
        });
        let beating = Arc::downgrade(&inner);
        thread::Builder::new().name(format!("beat-{peer}")).spawn(move || beat(&beating))?;
        Ok(Link(inner))
    }
}

/// Says from time to time that this process is still there.
fn beat(link: &Weak<Inner>) {
    loop {
        thread::sleep(BEAT);
        let Some(link) = link.upgrade() else { return };
        let sent = {
            let mut writer = held(&link.writer);
            if writer.is_over {
                return;
            }
            writer.to.write_all(&0_u32.to_be_bytes())
        };
        if let Err(error) = sent {
            link.lost(&error);
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    /// Tells that the other process is gone.
    fn lost(&self, error: &io::Error) -> ! {
        let cause = match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                format!("nothing was heard of it for {} seconds", SILENCE.as_secs())
            }
            io::ErrorKind::UnexpectedEof => "it ended before the work was done".to_owned(),
            _ => error.to_string(),
        };
        self.fatal.end(&Error::Lost { process: self.peer, cause })
    }
}

impl Incoming {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left == 0 && !self.is_over {
            let mut length = [0_u8; 4];
            self.from.read_exact(&mut length)?;
            match u32::from_be_bytes(length) {
                END => self.is_over = true,
                length if length as usize <= FRAME => self.left = length as usize,
                length => {
                    let told = format!("it sent a frame of {length} bytes");
                    return Err(io::Error::new(io::ErrorKind::InvalidData, told));
                }
            }
        }
        let room = buffer.len().min(self.left);
        let Some(room) = buffer.get_mut(..room).filter(|room| !room.is_empty()) else {
            return Ok(0);
        };
        match self.from.read(room)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                self.left -= read;
                Ok(read)
            }
        }
    }
}

impl Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (part, _) = bytes.split_at(bytes.len().min(FRAME));
        if part.is_empty() {
            return Ok(0);
        }
        let mut frame = Vec::with_capacity(part.len() + 4);
        frame.extend_from_slice(&(part.len() as u32).to_be_bytes());
        frame.extend_from_slice(part);
        self.to.write_all(&frame)?;
        Ok(part.len())
    }

    fn end(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.is_over, true) {
            self.to.write_all(&END.to_be_bytes())?;
            self.to.shutdown(Shutdown::Write)?;
        }
        Ok(())
    }
}

impl Read for Link {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = held(&self.0.reader).read(buffer);
        read.map_err(|error| self.0.lost(&error))
    }
}

impl Write for Link {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = held(&self.0.writer).write(bytes);
        written.map_err(|error| self.0.lost(&error))
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Stream for Link {
    fn try_clone(&self) -> io::Result<Link> {
        Ok(self.clone())
    }
    fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {
        held(&self.0.writer).to.set_nonblocking(nonblocking)
    }
    fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        let ended = match how {
            Shutdown::Read => Ok(()),
            Shutdown::Write | Shutdown::Both => held(&self.0.writer).end(),
        };
        ended.map_err(|error| self.0.lost(&error))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use std::{net::TcpListener, sync::mpsc};

    struct Telling(Mutex<mpsc::Sender<String>>);

    impl Fatal for Telling {
        fn end(&self, error: &Error) -> ! {
            held(&self.0).send(error.to_string()).unwrap();
            panic!("the end")
        }
    }

    fn pair() -> (Link, TcpStream, mpsc::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let ours = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (theirs, _) = listener.accept().unwrap();
        let (told, lost) = mpsc::channel();
        let fatal: Arc<dyn Fatal> = Arc::new(Telling(Mutex::new(told)));
        (Link::new(ours, 3, &fatal).unwrap(), theirs, lost)
    }

    #[test]
    fn what_is_framed_is_read_as_it_was_and_the_end_is_the_end() {
        let (mut link, mut theirs, lost) = pair();
        for frame in [&[0, 0, 0, 2, 7, 8][..], &[0, 0, 0, 0], &[0, 0, 0, 1, 9], &[255; 4]] {
            theirs.write_all(frame).unwrap();
        }
        let mut all = Vec::new();
        link.read_to_end(&mut all).unwrap();
        assert_eq!(all, [7, 8, 9]);
        assert!(lost.try_recv().is_err());
    }

    #[test]
    fn what_is_written_comes_in_frames() {
        let (mut link, mut theirs, _lost) = pair();
        link.write_all(&[5; 3]).unwrap();
        link.shutdown(Shutdown::Write).unwrap();
        let mut all = Vec::new();
        theirs.read_to_end(&mut all).unwrap();
        assert_eq!(all, [0, 0, 0, 3, 5, 5, 5, 255, 255, 255, 255]);
    }

    #[test]
    fn an_end_that_is_not_meant_is_a_loss() {
        for sent in [&[][..], &[0, 0], &[0, 0, 0, 9, 1], &[0, 9, 9, 9]] {
            let (mut link, mut theirs, lost) = pair();
            theirs.write_all(sent).unwrap();
            drop(theirs);
            let read = thread::spawn(move || link.read_to_end(&mut Vec::new()).map(|_| ()));
            assert!(read.join().is_err());
            assert!(lost.recv().unwrap().starts_with("process 3 was lost: it "));
        }
    }
}
