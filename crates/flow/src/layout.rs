//! How many threads and which processes.
//!
//! Invariant: a layout that exists has at least one thread, at most as many workers as a set of
//! them can hold, no address twice, and a process of its own among them.

use crate::{error::Error, workers::Workers};
use std::time::Duration;

/// How long the processes wait for each other, unless asked otherwise.
const WAIT: Duration = Duration::from_secs(60);

/// Threads and processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    threads: usize,
    /// Where each process listens; none where there is but one.
    hosts: Vec<String>,
    process: usize,
    wait: Duration,
}

impl Layout {
    /// So many threads of this process alone.
    ///
    /// # Errors
    /// Where there are none, or too many.
    pub fn threads(threads: usize) -> Result<Layout, Error> {
        Layout { threads, hosts: Vec::new(), process: 0, wait: WAIT }.checked()
    }

    /// Several processes with so many threads each. `hosts` has one `host:port` a line, in the
    /// order of the processes; empty lines and those that begin with `#` are passed over.
    ///
    /// # Errors
    /// Where an address is none or stands twice, the process is not among them, or there would be
    /// too many workers.
    pub fn processes(hosts: &str, process: usize, threads: usize) -> Result<Layout, Error> {
        let mut all: Vec<String> = Vec::new();
        for (at, line) in hosts.lines().enumerate() {
            let address = line.trim();
            if address.is_empty() || address.starts_with('#') {
                continue;
            }
            let port = address.rsplit_once(':').filter(|(host, _)| !host.is_empty());
            let port = port.and_then(|(_, port)| port.parse::<u16>().ok()).filter(|&one| one > 0);
            let told = |message: String| Error::Layout {
                message: format!("line {} of the file of hosts: {message}", at + 1),
                help: "write one `host:port` a line, in the order of the processes",
            };
            if port.is_none() {
                return Err(told(format!("expected `host:port`, got `{address}`")));
            }
            if all.iter().any(|known| known == address) {
                return Err(told(format!("`{address}` stands twice")));
            }
            all.push(address.to_owned());
        }
        if process >= all.len() {
            let message = format!("there is no process {process} among {} hosts", all.len());
            let help = "the first line of the file of hosts is process 0";
            return Err(Error::Layout { message, help });
        }
        Layout { threads, hosts: all, process, wait: WAIT }.checked()
    }

    /// The same, waiting so long for the other processes.
    #[must_use]
    pub fn waiting(self, wait: Duration) -> Layout {
        Layout { wait, ..self }
    }

    fn checked(self) -> Result<Layout, Error> {
        let told = |message: String| {
            Err(Error::Layout {
                message,
                help: "one thread for each free core is as fast as it gets",
            })
        };
        if self.threads == 0 {
            return told("there have to be threads, got 0 of them".to_owned());
        }
        match self.threads.checked_mul(self.count()) {
            Some(workers) if workers <= Workers::MOST => Ok(self),
            _ => {
                let (threads, count) = (self.threads, self.count());
                let most = Workers::MOST;
                told(format!("expected at most {most} workers, got {threads} in each of {count}"))
            }
        }
    }

    /// How many processes there are.
    pub fn count(&self) -> usize {
        self.hosts.len().max(1)
    }

    /// How many workers there are, in all processes.
    pub fn workers(&self) -> usize {
        self.count() * self.threads
    }

    /// How many of them each process has.
    pub fn threads_each(&self) -> usize {
        self.threads
    }

    /// Which of the processes this one is.
    pub fn process(&self) -> usize {
        self.process
    }

    /// Where the processes listen.
    pub(crate) fn hosts(&self) -> &[String] {
        &self.hosts
    }

    pub(crate) fn wait(&self) -> Duration {
        self.wait
    }

    /// Whether a worker belongs to this process.
    pub(crate) fn is_here(&self, worker: usize) -> bool {
        worker / self.threads == self.process
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_hosts_is_read_line_by_line() {
        let layout = Layout::processes("# ours\na:1\n\n  [::1]:2  \n", 1, 3).unwrap();
        assert_eq!((layout.count(), layout.workers(), layout.process()), (2, 6, 1));
        assert_eq!(layout.hosts(), ["a:1", "[::1]:2"]);
        assert!(layout.is_here(3) && !layout.is_here(2));
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_line() {
        let refused = |hosts: &str, process| Layout::processes(hosts, process, 1).unwrap_err();
        assert!(refused("a:1\nb\n", 0).to_string().contains("line 2 of the file of hosts"));
        assert!(refused("a:1\na:1\n", 0).to_string().contains("`a:1` stands twice"));
        assert!(refused("a:0\n", 0).to_string().contains("expected `host:port`"));
        assert!(refused("a:1\n", 1).to_string().contains("no process 1 among 1 hosts"));
        assert!(Layout::threads(0).is_err());
        assert!(Layout::threads(Workers::MOST + 1).is_err());
        assert!(Layout::threads(Workers::MOST).is_ok());
    }
}
