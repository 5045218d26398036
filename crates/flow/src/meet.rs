//! How the processes find each other, and see whether they fit.
//!
//! All come to process 0 first, which looks at what each says of itself and answers all at once;
//! then each connects to those before it.
//!
//! Invariant: no process begins to work with another that holds another agreement, has another
//! version, or counts other processes or threads.

use crate::{
    error::{Error, Fatal},
    layout::Layout,
    link::Link,
};
use casus_model::Program;
use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream, ToSocketAddrs},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

/// Begins every greeting; its number is that of the form of the frames.
const MAGIC: &[u8; 8] = b"casus/1\n";
/// How long a greeting may take once there is a connection.
const GREETING: Duration = Duration::from_secs(5);
/// How long between two looks for a process that is not there yet.
const AGAIN: Duration = Duration::from_millis(50);
/// The longest text in a greeting or an answer.
const TEXT: usize = 500;

/// What a process says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Greeting {
    process: u32,
    processes: u32,
    threads: u32,
    version: String,
    digest: String,
}

/// All processes, connected with each other.
pub struct Meeting {
    pub(crate) layout: Layout,
    pub(crate) program: Arc<Program>,
    pub(crate) fatal: Arc<dyn Fatal>,
    /// By process, none for itself.
    pub(crate) links: Vec<Option<Link>>,
}

/// Waits for all other processes, where there are any, and sees that they fit. From then on the
/// loss of one of them goes to `fatal`, as does all else after which nobody can go on.
///
/// # Errors
/// Where one is not there in time, or does not fit.
pub fn meet(
    layout: Layout,
    program: Arc<Program>,
    fatal: Arc<dyn Fatal>,
) -> Result<Meeting, Error> {
    let links = match layout.count() {
        1 => Vec::new(),
        _ => links(&layout, &program, &fatal)?,
    };
    Ok(Meeting { layout, program, fatal, links })
}

fn links(
    layout: &Layout,
    program: &Program,
    fatal: &Arc<dyn Fatal>,
) -> Result<Vec<Option<Link>>, Error> {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let own = Greeting {
        process: number(layout.process()),
        processes: number(layout.count()),
        threads: number(layout.threads_each()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        digest: program.digest.chars().take(TEXT / 4).collect(),
    };
    let until = Instant::now() + layout.wait();
    let hosts = layout.hosts();
    let address = hosts.get(layout.process()).map_or("", String::as_str);
    let told = |cause| Error::Listen { address: address.to_owned(), cause };
    let listener = TcpListener::bind(address).map_err(told)?;
    listener.set_nonblocking(true).map_err(told)?;
    let mut streams: Vec<Option<TcpStream>> = hosts.iter().map(|_| None).collect();
    for (process, address) in hosts.iter().enumerate().take(layout.process()) {
        let stream = connect(process, address, &own, until)?;
        if let Some(place) = streams.get_mut(process) {
            *place = Some(stream);
        }
    }
    accept(&listener, layout, &own, until, &mut streams)?;
    let links = streams.into_iter().enumerate().map(|(peer, stream)| {
        let link = stream.map(|stream| Link::new(stream, peer, fatal)).transpose();
        link.map_err(|error| Error::Lost { process: peer, cause: error.to_string() })
    });
    links.collect()
}

/// Connects to a process and waits for its answer.
fn connect(
    process: usize,
    address: &str,
    own: &Greeting,
    until: Instant,
) -> Result<TcpStream, Error> {
    let absent = |cause| Error::Absent { process, address: address.to_owned(), cause };
    let mut stream = loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(absent(None));
        }
        match reach(address, left) {
            Ok(stream) => break stream,
            Err(error) if Instant::now() + AGAIN >= until => return Err(absent(Some(error))),
            Err(_) => thread::sleep(AGAIN),
        }
    };
    let answer = || -> io::Result<Option<String>> {
        own.write(&mut stream)?;
        // Process 0 answers when all are there, and each other when it is ready.
        let left = until.saturating_duration_since(Instant::now()).max(GREETING);
        stream.set_read_timeout(Some(left))?;
        let refusal = read_text(&mut stream)?;
        Ok(Some(refusal).filter(|text| !text.is_empty()))
    };
    let answered = { answer }();
    match answered {
        Ok(None) => Ok(stream),
        Ok(Some(message)) => Err(Error::Misfit { message }),
        Err(error) => Err(absent(Some(error))),
    }
}

fn reach(address: &str, left: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for one in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&one, left.min(GREETING)) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Waits for all processes after this one, then answers each of them.
fn accept(
    listener: &TcpListener,
    layout: &Layout,
    own: &Greeting,
    until: Instant,
    streams: &mut [Option<TcpStream>],
) -> Result<(), Error> {
    let first = layout.process() + 1;
    let mut misfit = None;
    while misfit.is_none() {
        let missing = |streams: &[Option<TcpStream>]| {
            streams.iter().skip(first).position(Option::is_none).map(|at| at + first)
        };
        let Some(process) = missing(streams) else { break };
        let (mut stream, _) = match listener.accept() {
            Ok(accepted) => accepted,
            Err(_) if Instant::now() >= until => {
                let address = layout.hosts().get(process).cloned().unwrap_or_default();
                return Err(Error::Absent { process, address, cause: None });
            }
            // Who gave up between knocking and entering is no reason to stop.
            Err(_) => {
                thread::sleep(AGAIN);
                continue;
            }
        };
        let greeting = stream
            .set_nonblocking(false)
            .and_then(|()| stream.set_read_timeout(Some(GREETING)))
            .and_then(|()| Greeting::read(&mut stream));
        // A stranger is let go; whoever says that it is one of us has to fit.
        let Ok(greeting) = greeting else { continue };
        let place = streams.get_mut(greeting.process as usize);
        match (own.differs(&greeting), place) {
            (None, Some(place @ None)) if greeting.process as usize >= first => {
                *place = Some(stream);
            }
            (None, _) => {
                let process = greeting.process;
                misfit = Some(format!("two processes say that they are process {process}"));
                refuse(&mut stream, misfit.as_deref());
            }
            (Some(message), _) => {
                refuse(&mut stream, Some(&message));
                misfit = Some(message);
            }
        }
    }
    for (process, stream) in streams.iter_mut().enumerate().skip(first) {
        let Some(stream) = stream else { continue };
        let cause = match &misfit {
            Some(_) => {
                refuse(stream, misfit.as_deref());
                continue;
            }
            None => write_text(stream, "").err(),
        };
        if let Some(cause) = cause {
            return Err(Error::Lost { process, cause: cause.to_string() });
        }
    }
    misfit.map_or(Ok(()), |message| Err(Error::Misfit { message }))
}

/// Tells a process why it is not wanted; it may have gone already.
fn refuse(stream: &mut TcpStream, message: Option<&str>) {
    let _ = write_text(stream, message.unwrap_or_default());
}

impl Greeting {
    /// In what the other does not fit this one.
    fn differs(&self, other: &Greeting) -> Option<String> {
        let (ours, theirs) = (self.process, other.process);
        let numbers = [
            ("processes", self.processes, other.processes),
            ("threads", self.threads, other.threads),
        ];
        let texts = [
            ("version", "casus", &self.version, &other.version),
            ("digest", "the agreement", &self.digest, &other.digest),
        ];
        let text = texts.into_iter().find(|(_, _, own, other)| own != other);
        if let Some((what, of, own, other)) = text {
            let short = |text: &str| text.chars().take(12).collect::<String>();
            let (own, other) = (short(own), short(other));
            return Some(format!(
                "{of} of process {theirs} has the {what} `{other}`, that of process {ours} `{own}`"
            ));
        }
        let (what, own, other) = numbers.into_iter().find(|(_, own, other)| own != other)?;
        Some(format!("process {theirs} counts {other} {what}, process {ours} counts {own}"))
    }

    fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let mut bytes = MAGIC.to_vec();
        for number in [self.process, self.processes, self.threads] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        write_text(&mut bytes, &self.version)?;
        write_text(&mut bytes, &self.digest)?;
        to.write_all(&bytes)
    }

    fn read(from: &mut impl Read) -> io::Result<Greeting> {
        let mut magic = [0; MAGIC.len()];
        from.read_exact(&mut magic)?;
        if magic != *MAGIC {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut number = || -> io::Result<u32> {
            let mut bytes = [0; 4];
            from.read_exact(&mut bytes)?;
            Ok(u32::from_be_bytes(bytes))
        };
        let (process, processes, threads) = (number()?, number()?, number()?);
        let (version, digest) = (read_text(from)?, read_text(from)?);
        Ok(Greeting { process, processes, threads, version, digest })
    }
}

fn write_text(to: &mut impl Write, text: &str) -> io::Result<()> {
    let text: String = text.chars().take(TEXT / 4).collect();
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    let mut bytes = length.to_be_bytes().to_vec();
    bytes.extend_from_slice(text.as_bytes());
    to.write_all(&bytes)
}

fn read_text(from: &mut impl Read) -> io::Result<String> {
    let mut length = [0; 2];
    from.read_exact(&mut length)?;
    let length = usize::from(u16::from_be_bytes(length));
    if length > TEXT {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData.into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn greeting() -> Greeting {
        let (version, digest) = ("1".to_owned(), "abc".to_owned());
        Greeting { process: 0, processes: 2, threads: 1, version, digest }
    }

    #[test]
    fn a_greeting_reads_back_and_nothing_else_does() {
        let mut bytes = Vec::new();
        greeting().write(&mut bytes).unwrap();
        assert_eq!(Greeting::read(&mut &bytes[..]).unwrap(), greeting());
        for at in 0..bytes.len() {
            assert!(Greeting::read(&mut &bytes[..at]).is_err());
        }
        assert!(Greeting::read(&mut &b"GET / HTTP/1.1\r\n\r\n"[..]).is_err());
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let own = greeting();
        let differs = |other: Greeting| own.differs(&Greeting { process: 1, ..other }).unwrap();
        let other = Greeting { digest: "abd".to_owned(), ..greeting() };
        let told = "the agreement of process 1 has the digest `abd`, that of process 0 `abc`";
        assert_eq!(differs(other), told);
        let other = Greeting { threads: 3, ..greeting() };
        assert_eq!(differs(other), "process 1 counts 3 threads, process 0 counts 1");
        assert_eq!(own.differs(&greeting()), None);
    }
}
