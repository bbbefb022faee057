//! A small blocking HTTP client for setting a chat server up: JSON in, JSON out, one connection kept open.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddrV4, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// A connection to a server's REST interface.
#[derive(Debug)]
pub struct Rest {
    address: SocketAddrV4,
    stream: BufReader<TcpStream>,
}

impl Rest {
    /// Connects.
    pub fn connect(address: SocketAddrV4) -> Result<Self, String> {
        let stream = TcpStream::connect(address).map_err(|e| e.to_string())?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).map_err(|e| e.to_string())?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        Ok(Self { address, stream: BufReader::new(stream) })
    }

    /// Sends a POST and returns the JSON of an answer in the 200s; any other answer is an error with its text.
    pub fn post(&mut self, path: &str, token: Option<&str>, body: &Value) -> Result<Value, String> {
        let body = body.to_string();
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            self.address,
            body.len()
        );
        if let Some(token) = token {
            request.push_str(&format!("Authorization: Bearer {token}\r\n"));
        }
        request.push_str("\r\n");
        request.push_str(&body);
        self.stream.get_mut().write_all(request.as_bytes()).map_err(|e| format!("POST {path}: {e}"))?;
        let (status, text) = self.answer().map_err(|e| format!("POST {path}: {e}"))?;
        if !(200..300).contains(&status) {
            return Err(format!("POST {path}: {status} {text}"));
        }
        serde_json::from_str(&text).map_err(|e| format!("POST {path}: {e}: {text}"))
    }

    /// The status of a GET.
    pub fn status(&mut self, path: &str) -> Result<u16, String> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        self.stream.get_mut().write_all(request.as_bytes()).map_err(|e| e.to_string())?;
        Ok(self.answer()?.0)
    }

    fn answer(&mut self) -> Result<(u16, String), String> {
        let mut status = None;
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).map_err(|e| e.to_string())? == 0 {
                return Err("the server closed the connection".to_owned());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if status.is_none() {
                status = Some(line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or(line)?);
            } else if let Some(n) = line.strip_prefix("content-length:") {
                length = n.trim().parse().map_err(|e| format!("{line}: {e}"))?;
            } else if line.starts_with("transfer-encoding:") {
                return Err("an answer in chunks, which this client does not read".to_owned());
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).map_err(|e| e.to_string())?;
        Ok((status.unwrap_or(0), String::from_utf8_lossy(&body).into_owned()))
    }
}
