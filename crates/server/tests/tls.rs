//! TLS in the server itself, with a certificate that the client believes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use parlor_server::config::Tls;
use parlor_server::{config, serve, start, tls};
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn a_browser_is_served_over_tls_and_told_to_stay_there() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificate(folder.path());
    let arguments = [
        format!("--data={}", folder.path().display()),
        format!("--tls-cert={}", files.cert.display()),
        format!("--tls-key={}", files.key.display()),
    ];
    let config = config::load(arguments.into_iter(), std::iter::empty()).unwrap().config;
    let deps = Arc::new(start::open(config, parlor_app::PasswordCost::default()).await.unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let certificate = tls::load(&files).unwrap();
    tokio::spawn(serve(listener, Some(certificate), deps, std::future::pending()));

    let body = r#"{"display_name": "Grace"}"#;
    let answer = https(address, &files, "POST", "/api/v1/guests", body).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let answer = answer.to_lowercase();
    assert!(answer.contains("strict-transport-security: max-age="), "{answer}");
    assert!(answer.contains("; httponly; samesite=lax;") && answer.contains("; secure"), "{answer}");

    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut said = Vec::new();
    // It may say that this is no TLS, and closes.
    let _ = plain.read_to_end(&mut said).await;
    assert!(!said.starts_with(b"HTTP/"), "nothing is served in the clear");
}

#[test]
fn a_wrong_file_is_named_and_its_content_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificate(folder.path());
    let other = tempfile::tempdir().unwrap();
    let other = certificate(other.path());
    let text = folder.path().join("text.pem");
    std::fs::write(&text, "hunter2").unwrap();
    let missing = folder.path().join("missing.pem");
    for (cert, key, named) in [
        (&text, &files.key, &text),
        (&files.cert, &text, &text),
        (&missing, &files.key, &missing),
        (&files.cert, &missing, &missing),
        (&files.cert, &other.key, &files.cert),
    ] {
        let wrong = tls::load(&Tls { cert: cert.clone(), key: key.clone() }).err().unwrap().to_string();
        assert!(wrong.contains(named.to_str().unwrap()) && !wrong.contains("hunter2"), "{wrong}");
    }
}

fn certificate(folder: &Path) -> Tls {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = Tls { cert: folder.join("cert.pem"), key: folder.join("key.pem") };
    std::fs::write(&files.cert, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    files
}

async fn https(address: SocketAddr, files: &Tls, method: &str, path: &str, body: &str) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(rustls::pki_types::CertificateDer::from_pem_file(&files.cert).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(client));
    let stream = TcpStream::connect(address).await.unwrap();
    let mut stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // The server may close without a farewell once it has said everything.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
