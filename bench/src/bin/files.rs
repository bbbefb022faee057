//! What a file costs: one of many megabytes is sent to a server and read from it again, on loopback.
//!
//! `files [--mb 512] [--readers 8] [--runs 3] [--data DIR]`; `parlor` is the one beside this program. The file is written
//! into `DIR` (a temporary folder otherwise), and is warm in the page cache when it is read. CPU is that of the server
//! alone; on loopback it includes the receiver's half of TCP.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

use std::io::{Read, Write};
use std::net::{SocketAddrV4, TcpStream};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use parlor_bench::args::Args;
use parlor_bench::child::{Server, free_port};
use parlor_bench::proc::{self, Cpu};
use parlor_bench::report::{self, table};
use parlor_bench::rest::Rest;
use serde_json::json;

/// What a player asks for when it jumps.
const JUMP: usize = 1 << 20;

fn main() -> ExitCode {
    match work(&Args::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("files: {why}");
            ExitCode::FAILURE
        }
    }
}

fn work(args: &Args) -> Result<(), String> {
    let bytes = args.value("mb", 512usize)? << 20;
    let (readers, runs) = (args.value("readers", 8usize)?, args.value("runs", 3usize)?);
    let own = std::env::temp_dir().join(format!("parlor-files-{}", std::process::id()));
    let data = args.text("data").map_or(own, PathBuf::from);
    std::fs::create_dir_all(&data).map_err(|e| format!("{}: {e}", data.display()))?;
    let measured = measure(&data, bytes, readers, runs);
    std::fs::remove_dir_all(&data).map_err(|e| format!("{}: {e}", data.display()))?;
    println!("{}; a file of {} MiB, {runs} runs, medians.\n", report::machine(), bytes >> 20);
    println!("{}", table(&["what", "MB/s", "CPU ms per MB", "user share", "memory MiB"], &measured?));
    Ok(())
}

fn measure(
    data: &std::path::Path,
    bytes: usize,
    readers: usize,
    runs: usize,
) -> Result<Vec<Vec<String>>, String> {
    let port = free_port()?;
    let binary = std::env::current_exe().map_err(|e| e.to_string())?.with_file_name("parlor");
    let words = [binary.display().to_string()];
    let environment = [
        ("PARLOR_BIND", format!("127.0.0.1:{port}")),
        ("PARLOR_TCP_BIND", String::new()),
        ("PARLOR_DATA", data.join("data").display().to_string()),
        ("PARLOR_RATE_LIMITS", "off".to_owned()),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value));
    let server = Server::start(&words, &environment, port, None, &data.join("log"))?;
    let mut rest = Rest::connect(server.address)?;
    let account = json!({ "username": "bench", "password": "a long password" });
    let token = text(&rest.post("/api/v1/accounts", None, &account)?["token"]);
    let group = rest.post("/api/v1/groups", Some(&token), &json!({ "name": "Bench" }))?;
    let uploads = format!("/api/v1/groups/{}/uploads", group["group"]["id"]);

    let mut film = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2".to_vec();
    film.resize(bytes, 7);
    let mut rows = Vec::new();
    let mut content = String::new();
    rows.push(row("receiving", &server, bytes, runs, || {
        let made = rest.post(&uploads, Some(&token), &json!({ "name": "film.mp4", "size": bytes }))?;
        let path = format!("{uploads}/{}", made["upload"]["id"]);
        send(server.address, &path, &token, &film)?;
        content = format!("{path}/content");
        Ok(())
    })?);
    rows.push(row("one reader", &server, bytes, runs, || read(server.address, &content, &token, 0, bytes))?);
    let many = format!("{readers} readers");
    rows.push(row(&many, &server, bytes * readers, runs, || {
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..readers)
                .map(|_| scope.spawn(|| read(server.address, &content, &token, 0, bytes)))
                .collect();
            all.into_iter().try_for_each(|one| one.join().map_err(|_| "a reader panicked".to_owned())?)
        })
    })?);
    let jumps = 256.min(bytes / JUMP);
    rows.push(row("jumps of 1 MiB", &server, jumps * JUMP, runs, || {
        // Each on a connection of its own, as a browser that gives up the one before.
        let places = (0..jumps).map(|number| number * 7_919 % (bytes / JUMP) * JUMP);
        places.into_iter().try_for_each(|from| read(server.address, &content, &token, from, JUMP))
    })?);
    Ok(rows)
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Runs it several times; the medians of what it took.
fn row(
    name: &str,
    server: &Server,
    bytes: usize,
    runs: usize,
    mut run: impl FnMut() -> Result<(), String>,
) -> Result<Vec<String>, String> {
    let (mut rates, mut costs, mut users) = (Vec::new(), Vec::new(), Vec::new());
    let megabytes = bytes as f64 / 1e6;
    for _ in 0..runs {
        let (before, began) = (Cpu::read(server.pid()), Instant::now());
        run()?;
        rates.push(megabytes / began.elapsed().as_secs_f64());
        let spent = Cpu::read(server.pid()).since(&before);
        costs.push(spent.us / 1e3 / megabytes);
        users.push(spent.user_share);
    }
    let memory = proc::resident_kib(server.pid()) as f64 / 1024.0;
    let user = format!("{:.0} %", report::median(&users) * 100.0);
    let figures = [report::median(&rates), report::median(&costs)].map(report::figure);
    let [rate, cost] = figures;
    Ok(vec![name.to_owned(), rate, cost, user, report::figure(memory)])
}

fn send(address: SocketAddrV4, path: &str, token: &str, film: &[u8]) -> Result<(), String> {
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
         content-type: application/offset+octet-stream\r\nupload-offset: 0\r\ncontent-length: {}\r\n\r\n",
        film.len()
    );
    let mut stream = connect(address)?;
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(film)).map_err(|e| e.to_string())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(|e| e.to_string())?;
    if answer.starts_with("HTTP/1.1 204") { Ok(()) } else { Err(answer) }
}

fn read(address: SocketAddrV4, path: &str, token: &str, from: usize, bytes: usize) -> Result<(), String> {
    let head = format!(
        "GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
         range: bytes={from}-{}\r\n\r\n",
        from + bytes - 1
    );
    let mut stream = connect(address)?;
    stream.write_all(head.as_bytes()).map_err(|e| e.to_string())?;
    let (mut buffer, mut all, mut first) = (vec![0; 256 * 1024], 0, true);
    loop {
        let length = stream.read(&mut buffer).map_err(|e| e.to_string())?;
        if first && !buffer.starts_with(b"HTTP/1.1 206") {
            return Err(String::from_utf8_lossy(&buffer[..length]).into_owned());
        }
        first = false;
        all += length;
        if length == 0 {
            return if all > bytes { Ok(()) } else { Err(format!("{all} of {bytes} bytes came")) };
        }
    }
}

fn connect(address: SocketAddrV4) -> Result<TcpStream, String> {
    let stream = TcpStream::connect(address).map_err(|e| e.to_string())?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).map_err(|e| e.to_string())?;
    Ok(stream)
}
