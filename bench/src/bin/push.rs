//! What a push costs: thousands of plain TCP sockets listen to one room of ChatBackend, and each message goes to all.
//!
//! `push [--conns 5000] [--rounds 10] [--seconds 1] [--bytes 128]`; `parlor` is the one beside this program. In turns with
//! it runs the floor, this program itself as `push --floor PORT`: one thread that sends each line with one `send()` to
//! every connection. One message at a time: the next is said when everybody has the last.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use parlor_bench::args::Args;
use parlor_bench::child::{Server, free_port};
use parlor_bench::proc::{self, Cpu};
use parlor_bench::report::{self, table};
use parlor_bench::rest::Rest;
use parlor_bench::sys::{self, Poller};
use serde_json::{Value, json};

/// How long all may take to get one message.
const PATIENCE: Duration = Duration::from_secs(20);
const LISTENER: usize = usize::MAX;

fn main() -> ExitCode {
    let args = Args::from_env();
    sys::raise_open_files(65_536);
    let done = match args.text("floor") {
        Some(port) => port.parse().map_err(|e| format!("{port}: {e}")).and_then(floor),
        None => work(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("push: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Something that pushes, who listens to it, and how a message is said.
struct Subject {
    name: &'static str,
    server: Server,
    poller: Poller,
    listeners: Vec<TcpStream>,
    say: Box<dyn FnMut() -> Result<(), String>>,
    /// Per turn.
    costs: Vec<f64>,
    users: Vec<f64>,
    rates: Vec<f64>,
}

fn work(args: &Args) -> Result<(), String> {
    let conns = args.value("conns", 5_000usize)?;
    let (rounds, seconds) = (args.value("rounds", 10usize)?, args.value("seconds", 1.0)?);
    let text = "x".repeat(args.value("bytes", 128usize)?);
    let folder = std::env::temp_dir().join(format!("parlor-push-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let measured = measure(&folder, conns, rounds, Duration::from_secs_f64(seconds), &text);
    std::fs::remove_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let measured = measured?;
    println!("{}; {conns} sockets in one room, texts of {} bytes,", report::machine(), text.len());
    println!("{rounds} turns of {seconds} s each, medians.\n");
    println!(
        "{}",
        table(&["what", "CPU µs per delivery", "user share", "deliveries/s", "memory MiB"], &measured)
    );
    Ok(())
}

fn measure(
    folder: &Path,
    conns: usize,
    rounds: usize,
    turn: Duration,
    text: &str,
) -> Result<Vec<Vec<String>>, String> {
    let mut parlor = parlor(folder, conns, text)?;
    // The floor sends as many bytes as Parlor does.
    let line = parlor.first_line()?;
    let mut floor = floor_of(folder, conns, &line)?;
    floor.turn(turn / 2)?;
    for subject in [&mut parlor, &mut floor] {
        subject.forget();
    }
    let mut ratios = Vec::new();
    for _ in 0..rounds {
        ratios.push(parlor.turn(turn)? / floor.turn(turn)?);
    }
    let mut rows = vec![parlor.row(), floor.row()];
    let ratio = format!("{:.2}", report::median(&ratios));
    rows.push(["Parlor ÷ floor", &ratio, "", "", ""].map(str::to_owned).to_vec());
    Ok(rows)
}

impl Subject {
    fn new(
        name: &'static str,
        server: Server,
        push: SocketAddrV4,
        (conns, greeting): (usize, &str),
        say: Box<dyn FnMut() -> Result<(), String>>,
    ) -> Result<Self, String> {
        let poller = Poller::new().map_err(|e| e.to_string())?;
        let mut listeners = Vec::with_capacity(conns);
        for token in 0..conns {
            let mut stream = TcpStream::connect(push).map_err(|e| format!("socket {token}: {e}"))?;
            stream.write_all(greeting.as_bytes()).map_err(|e| e.to_string())?;
            stream.set_nonblocking(true).map_err(|e| e.to_string())?;
            poller.add(&stream, token).map_err(|e| e.to_string())?;
            listeners.push(stream);
        }
        let (costs, users, rates) = (Vec::new(), Vec::new(), Vec::new());
        let mut subject = Self { name, server, poller, listeners, say, costs, users, rates };
        subject.wait_for_all()?;
        Ok(subject)
    }

    /// Nothing tells that one is in but what comes: says something until all have it.
    fn wait_for_all(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + PATIENCE * 3;
        while Instant::now() < deadline {
            (self.say)()?;
            if self.take(self.listeners.len(), Duration::from_secs(1))? == self.listeners.len() {
                return Ok(());
            }
            // The rest of a message that not all of them heard.
            while self.take(usize::MAX, Duration::from_millis(200))? > 0 {}
        }
        Err(format!("{}: not everybody came in", self.name))
    }

    /// One line as it is pushed.
    fn first_line(&mut self) -> Result<String, String> {
        let told = |e: std::io::Error| e.to_string();
        self.poller.remove(&self.listeners[0]).map_err(told)?;
        (self.say)()?;
        let mut line = String::new();
        self.listeners[0].set_nonblocking(false).map_err(told)?;
        BufReader::new(&self.listeners[0]).read_line(&mut line).map_err(told)?;
        self.listeners[0].set_nonblocking(true).map_err(told)?;
        self.take(self.listeners.len() - 1, PATIENCE)?;
        self.poller.add(&self.listeners[0], 0).map_err(told)?;
        Ok(line)
    }

    /// Says one message after another; what a delivery cost.
    fn turn(&mut self, turn: Duration) -> Result<f64, String> {
        let (before, began) = (Cpu::read(self.server.pid()), Instant::now());
        let mut delivered = 0;
        while began.elapsed() < turn {
            (self.say)()?;
            let got = self.take(self.listeners.len(), PATIENCE)?;
            if got < self.listeners.len() {
                return Err(format!("{}: {got} of {} got a message", self.name, self.listeners.len()));
            }
            delivered += got;
        }
        let spent = Cpu::read(self.server.pid()).since(&before);
        let cost = spent.us / delivered as f64;
        self.rates.push(delivered as f64 / began.elapsed().as_secs_f64());
        self.costs.push(cost);
        self.users.push(spent.user_share);
        Ok(cost)
    }

    /// Reads until so many lines came; how many did.
    fn take(&mut self, wanted: usize, patience: Duration) -> Result<usize, String> {
        let (deadline, mut lines, mut buffer) = (Instant::now() + patience, 0, [0; 16 * 1024]);
        while lines < wanted {
            let left = deadline.saturating_duration_since(Instant::now());
            let ready = self.poller.wait(Some(left)).map_err(|e| e.to_string())?;
            if ready == 0 && left.is_zero() {
                break;
            }
            for at in 0..ready {
                let (token, _) = self.poller.event(at);
                match self.listeners[token].read(&mut buffer) {
                    Ok(0) => return Err(format!("{}: a socket was closed", self.name)),
                    Ok(count) => lines += buffer[..count].iter().filter(|byte| **byte == b'\n').count(),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Err(error) => return Err(error.to_string()),
                }
            }
        }
        Ok(lines)
    }

    fn forget(&mut self) {
        for figures in [&mut self.costs, &mut self.users, &mut self.rates] {
            figures.clear();
        }
    }

    fn row(&self) -> Vec<String> {
        let memory = proc::resident_kib(self.server.pid()) as f64 / 1024.0;
        let user = format!("{:.0} %", report::median(&self.users) * 100.0);
        let figure = |figures: &[f64]| report::figure(report::median(figures));
        vec![self.name.to_owned(), figure(&self.costs), user, figure(&self.rates), report::figure(memory)]
    }
}

/// Parlor with one who speaks and `conns` sockets of one who listens.
fn parlor(folder: &Path, conns: usize, text: &str) -> Result<Subject, String> {
    let (port, push) = (free_port()?, free_port()?);
    let binary = std::env::current_exe().map_err(|e| e.to_string())?.with_file_name("parlor");
    let environment = [
        ("PARLOR_BIND", format!("127.0.0.1:{port}")),
        ("PARLOR_TCP_BIND", format!("127.0.0.1:{push}")),
        ("PARLOR_DATA", folder.join("data").display().to_string()),
        ("PARLOR_RATE_LIMITS", "off".to_owned()),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value));
    let words = [binary.display().to_string()];
    let server = Server::start(&words, &environment, port, None, &folder.join("parlor.log"))?;
    let mut rest = Rest::connect(server.address)?;
    let mut signed_in = |name: &str| {
        let account = json!({ "login": name, "password": "a long password", "username": name });
        rest.post("/register", None, &account)?;
        Ok::<_, String>(text_of(&rest.post("/login", None, &account)?["data"]["uuid"]))
    };
    let (speaker, listener) = (signed_in("speaker")?, signed_in("listener")?);
    let mut calls = Calls { stream: connect(server.address)?, user: speaker };
    let room = text_of(&calls.post("/create-room", &json!({}))?["data"]["room_gid"]);
    let greeting = json!({ "uuid": listener, "room_gid": room }).to_string();
    let message = json!({ "room_gid": room, "msg": text });
    let say = Box::new(move || calls.post("/send-message", &message).map(drop));
    let push = SocketAddrV4::new(Ipv4Addr::LOCALHOST, push);
    Subject::new("Parlor", server, push, (conns, &greeting), say)
}

/// The floor, which pushes this line.
fn floor_of(folder: &Path, conns: usize, line: &str) -> Result<Subject, String> {
    let port = free_port()?;
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let words = [own.display().to_string(), "--floor".to_owned(), port.to_string()];
    let server = Server::start(&words, &[], port, None, &folder.join("floor.log"))?;
    let mut speaker = TcpStream::connect(server.address).map_err(|e| e.to_string())?;
    speaker.set_nodelay(true).map_err(|e| e.to_string())?;
    let (address, line) = (server.address, line.to_owned());
    let say = Box::new(move || speaker.write_all(line.as_bytes()).map_err(|e| e.to_string()));
    Subject::new("floor", server, address, (conns, "listen"), say)
}

/// Calls of somebody who is signed in at ChatBackend, over one connection.
struct Calls {
    stream: BufReader<TcpStream>,
    user: String,
}

fn connect(address: SocketAddrV4) -> Result<BufReader<TcpStream>, String> {
    let stream = TcpStream::connect(address).map_err(|e| e.to_string())?;
    stream.set_nodelay(true).map_err(|e| e.to_string())?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(|e| e.to_string())?;
    Ok(BufReader::new(stream))
}

impl Calls {
    fn post(&mut self, path: &str, body: &Value) -> Result<Value, String> {
        let body = body.to_string();
        let (user, length) = (&self.user, body.len());
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: bench\r\nuser: {user}\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.stream.get_mut().write_all(head.as_bytes()).map_err(|e| e.to_string())?;
        let (mut line, mut length) = (String::new(), 0);
        while line != "\r\n" {
            line.clear();
            self.stream.read_line(&mut line).map_err(|e| e.to_string())?;
            if let Some(found) = line.strip_prefix("content-length: ") {
                length = found.trim().parse().map_err(|e| format!("{line}: {e}"))?;
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).map_err(|e| e.to_string())?;
        let answer: Value = serde_json::from_slice(&answer).map_err(|e| e.to_string())?;
        if answer["ok"] == true { Ok(answer) } else { Err(format!("{path}: {answer}")) }
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Sends every line that it gets to all who said `listen`, with one `send()` each.
fn floor(port: u16) -> Result<(), String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|e| e.to_string())?;
    let mut poller = Poller::new().map_err(|e| e.to_string())?;
    poller.add(&listener, LISTENER).map_err(|e| e.to_string())?;
    let mut streams: Vec<(TcpStream, bool)> = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        for at in 0..poller.wait(None).map_err(|e| e.to_string())? {
            let (token, _) = poller.event(at);
            if token == LISTENER {
                let (stream, _) = listener.accept().map_err(|e| e.to_string())?;
                stream
                    .set_nonblocking(true)
                    .and_then(|()| stream.set_nodelay(true))
                    .map_err(|e| e.to_string())?;
                poller.add(&stream, streams.len()).map_err(|e| e.to_string())?;
                streams.push((stream, false));
                continue;
            }
            match streams[token].0.read(&mut buffer) {
                Ok(0) => poller.remove(&streams[token].0).map_err(|e| e.to_string())?,
                Ok(count) if buffer[..count] == *b"listen" => streams[token].1 = true,
                Ok(count) => {
                    for (stream, _) in streams.iter_mut().filter(|(_, listens)| *listens) {
                        // One message at a time: the kernel always has room for it.
                        let _ = stream.write(&buffer[..count]);
                    }
                }
                Err(_) => {}
            }
        }
    }
}
