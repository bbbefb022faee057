//! The system calls that std does not offer: epoll, source addresses, pinning, limits. All by rustix, none unsafe.

use std::io;
use std::net::{Ipv4Addr, SocketAddrV4, TcpStream};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::net::{AddressFamily, SocketFlags, SocketType, ipproto, sockopt};
use rustix::process::{Resource, Rlimit};
use rustix::thread::CpuSet;

/// An epoll instance with room for the events of one call.
pub struct Poller {
    epoll: OwnedFd,
    events: Vec<epoll::Event>,
}

impl Poller {
    /// An epoll instance that returns at most 1,024 events at a time.
    pub fn new() -> io::Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let none = epoll::Event { flags: EventFlags::empty(), data: EventData::new_u64(0) };
        Ok(Self { epoll, events: vec![none; 1024] })
    }

    /// Watches a file for input (level-triggered) under a token.
    pub fn add(&self, file: &impl AsFd, token: usize) -> io::Result<()> {
        Ok(epoll::add(&self.epoll, file, EventData::new_u64(token as u64), EventFlags::IN)?)
    }

    /// Stops watching a file.
    pub fn remove(&self, file: &impl AsFd) -> io::Result<()> {
        Ok(epoll::delete(&self.epoll, file)?)
    }

    /// Watches for output too, or no more.
    pub fn want_write(&self, file: &impl AsFd, token: usize, on: bool) -> io::Result<()> {
        let flags = if on { EventFlags::IN | EventFlags::OUT } else { EventFlags::IN };
        Ok(epoll::modify(&self.epoll, file, EventData::new_u64(token as u64), flags)?)
    }

    /// Waits for events; returns how many there are. An interrupted wait is none.
    pub fn wait(&mut self, timeout: Option<Duration>) -> io::Result<usize> {
        let timeout = timeout
            .map(|t| Timespec { tv_sec: t.as_secs().cast_signed(), tv_nsec: i64::from(t.subsec_nanos()) });
        match epoll::wait(&self.epoll, &mut self.events[..], timeout.as_ref()) {
            Ok(n) => Ok(n),
            Err(rustix::io::Errno::INTR) => Ok(0),
            Err(e) => Err(e.into()),
        }
    }

    /// The token of the event at `i` of the last wait, and whether output is possible.
    pub fn event(&self, i: usize) -> (usize, bool) {
        let event = self.events[i];
        let flags = event.flags;
        (event.data.u64() as usize, flags.contains(EventFlags::OUT))
    }
}

/// Nanoseconds since the first call in this process.
pub fn now_ns() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

/// Waits until a socket takes output again.
pub fn wait_writable(file: &impl AsFd, timeout: Duration) -> io::Result<bool> {
    let timeout =
        Timespec { tv_sec: timeout.as_secs().cast_signed(), tv_nsec: timeout.subsec_nanos().into() };
    let mut fds = [PollFd::new(file, PollFlags::OUT)];
    Ok(rustix::event::poll(&mut fds, Some(&timeout))? > 0)
}

/// Connects from a given loopback address; one address has only about 28,000 free ports.
pub fn connect_from(
    source: Ipv4Addr,
    to: SocketAddrV4,
    receive_buffer: Option<usize>,
) -> io::Result<TcpStream> {
    let fd = rustix::net::socket_with(
        AddressFamily::INET,
        SocketType::STREAM,
        SocketFlags::CLOEXEC,
        Some(ipproto::TCP),
    )?;
    if let Some(bytes) = receive_buffer {
        sockopt::set_socket_recv_buffer_size(&fd, bytes)?;
    }
    rustix::net::bind(&fd, &SocketAddrV4::new(source, 0))?;
    rustix::net::connect(&fd, &to)?;
    let stream = TcpStream::from(fd);
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Keeps this thread on one core.
pub fn pin(core: usize) -> io::Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    Ok(rustix::thread::sched_setaffinity(None, &set)?)
}

/// Raises the limit on open files as far as the system lets us, and returns what it is then.
pub fn raise_open_files(wanted: u64) -> u64 {
    let have = rustix::process::getrlimit(Resource::Nofile);
    let hard = have.maximum.unwrap_or(u64::MAX);
    let above = Rlimit { current: Some(wanted), maximum: Some(hard.max(wanted)) };
    let within = Rlimit { current: Some(hard.min(wanted)), maximum: have.maximum };
    if have.current.is_some_and(|now| now < wanted)
        && rustix::process::setrlimit(Resource::Nofile, above).is_err()
    {
        // Not root: the hard limit is as far as it goes, and a connection that fails will say so.
        let _ = rustix::process::setrlimit(Resource::Nofile, within);
    }
    rustix::process::getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}
