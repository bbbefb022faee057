//! A TLS session shared by a connection's reader and its flusher: plain bytes on one side, TLS records
//! on the other. Knows nothing of sockets; it is given a function that sends.

use std::io::{self, Read, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustls::ServerConnection;

pub(crate) struct Session(Mutex<State>);

struct State {
    tls: ServerConnection,
    /// Records that rustls does not take before its plain bytes are read.
    waiting: Vec<u8>,
}

impl Session {
    /// Of a connection whose handshake is done.
    pub(crate) fn new(tls: ServerConnection) -> Session {
        Session(Mutex::new(State { tls, waiting: Vec::new() }))
    }

    /// Plain bytes that are there; `None` if more records are needed, zero at the end of the stream.
    pub(crate) fn read_plain(&self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let mut state = self.lock();
        loop {
            match state.tls.reader().read(buffer) {
                Ok(length) => return Ok(Some(length)),
                // The other side ended without saying so; the length of every message is known anyway.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(Some(0)),
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
                Err(_) if state.waiting.is_empty() => return Ok(None),
                Err(_) => state.process()?,
            }
        }
    }

    /// Takes records from the network; none means that it ended.
    pub(crate) fn feed_cipher(&self, cipher: &[u8]) -> io::Result<()> {
        let mut state = self.lock();
        if cipher.is_empty() {
            state.tls.read_tls(&mut io::empty())?;
            return Ok(());
        }
        state.waiting.extend_from_slice(cipher);
        state.process()
    }

    /// Encrypts what there is room for and sends what the kernel takes. Returns the plain bytes taken;
    /// `WouldBlock` means none.
    pub(crate) fn write(&self, plain: &[u8], send: impl Fn(&[u8]) -> io::Result<usize>) -> io::Result<usize> {
        let mut state = self.lock();
        flush(&mut state.tls, &send)?;
        if state.tls.wants_write() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let taken = state.tls.writer().write(plain)?;
        flush(&mut state.tls, &send)?;
        Ok(taken)
    }

    /// Whether records wait that the kernel did not take.
    pub(crate) fn wants_write(&self) -> bool {
        self.lock().tls.wants_write()
    }

    /// Says that nothing more will be written.
    pub(crate) fn close(&self, send: impl Fn(&[u8]) -> io::Result<usize>) {
        let mut state = self.lock();
        state.tls.send_close_notify();
        let _ = flush(&mut state.tls, &send);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Gives rustls as many of the waiting records as it takes.
    fn process(&mut self) -> io::Result<()> {
        let mut used = 0;
        while used < self.waiting.len() && self.tls.wants_read() {
            used += self.tls.read_tls(&mut &self.waiting[used..])?;
            self.tls
                .process_new_packets()
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        }
        self.waiting.drain(..used);
        if self.waiting.is_empty() {
            self.waiting = Vec::new();
        }
        Ok(())
    }
}

fn flush(tls: &mut ServerConnection, send: &impl Fn(&[u8]) -> io::Result<usize>) -> io::Result<()> {
    while tls.wants_write() {
        match tls.write_tls(&mut Sender(send)) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

struct Sender<'a, F>(&'a F);

impl<F: Fn(&[u8]) -> io::Result<usize>> Write for Sender<'_, F> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        (self.0)(buffer)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
