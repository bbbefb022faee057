//! Requests over a network that does not exist: names resolve as they are told, hosts are one end of a pipe.

use super::super::network::tests::{Host, Told};
use super::*;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

fn uri(text: &str) -> Uri {
    text.parse().unwrap()
}

async fn get(told: &Arc<Told>, text: &str, reach: Reach) -> Result<Answer, GetError> {
    Client::new(told.clone()).get(&uri(text), reach, &[]).await
}

#[tokio::test]
async fn a_request_names_the_host_and_nothing_of_ours() {
    let told =
        Told::default().name("media.example", &["93.184.216.34"]).host("93.184.216.34:80", Host::says(OK));
    let told = Arc::new(told);
    let answer = get(&told, "http://media.example/a?b=c", Reach::PublicWeb).await.unwrap();
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body(10).await.unwrap(), "ok");
    let request = told.requests().pop().unwrap().to_lowercase();
    assert!(request.starts_with("get /a?b=c http/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nhost: media.example\r\n"), "{request}");
    for word in ["cookie", "authorization", "referer", "forwarded", "origin"] {
        assert!(!request.contains(word), "{request}");
    }
}

#[tokio::test]
async fn nobody_is_sent_into_a_private_network() {
    let told = Told::default()
        .name("inside.example", &["10.0.0.1", "::1", "fd00::1"])
        .name("localhost", &["127.0.0.1"]);
    let told = Arc::new(told);
    for text in [
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.1.2.3/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "https://192.168.0.1/",
        "http://localhost/",
        "http://inside.example/",
        "https://inside.example:8443/",
    ] {
        let refused = get(&told, text, Reach::PublicWeb).await.err().unwrap();
        assert!(matches!(refused, GetError::Private), "{text}: {refused}");
    }
    assert!(told.connected().is_empty(), "no request leaves");
}

#[tokio::test]
async fn of_several_addresses_only_the_public_ones_are_asked() {
    let told = Told::default()
        .name("media.example", &["127.0.0.1", "93.184.216.34"])
        .host("127.0.0.1:80", Host::says(OK))
        .host("93.184.216.34:80", Host::says(OK));
    let told = Arc::new(told);
    get(&told, "http://media.example/", Reach::PublicWeb).await.unwrap();
    assert_eq!(told.connected(), ["93.184.216.34:80".parse().unwrap()]);
}

#[tokio::test]
async fn a_name_that_changes_after_the_check_changes_nothing() {
    // The name is asked once; the connection is to what was checked, not to the name.
    let told =
        Told::default().name("media.example", &["93.184.216.34"]).host("93.184.216.34:80", Host::says(OK));
    let told = Arc::new(told);
    get(&told, "http://media.example/", Reach::PublicWeb).await.unwrap();
    assert_eq!(told.resolved(), ["media.example"]);
    // A connection that ends up elsewhere is given up before a byte is said.
    let elsewhere = Host { peer: Some("127.0.0.1:80".parse().unwrap()), ..Host::says(OK) };
    let told = Told::default().name("media.example", &["93.184.216.34"]).host("93.184.216.34:80", elsewhere);
    let told = Arc::new(told);
    let refused = get(&told, "http://media.example/", Reach::PublicWeb).await.err().unwrap();
    assert!(matches!(refused, GetError::Private), "{refused}");
    assert!(told.requests().is_empty());
}

#[tokio::test]
async fn only_the_ports_of_the_web_are_asked_for_strangers() {
    let told = Told::default()
        .name("media.example", &["93.184.216.34"])
        .host("93.184.216.34:80", Host::says(OK))
        .host("93.184.216.34:443", Host::says(OK))
        .host("93.184.216.34:22", Host::says(OK));
    let told = Arc::new(told);
    for port in [22, 8080, 25] {
        let refused =
            get(&told, &format!("http://media.example:{port}/"), Reach::PublicWeb).await.err().unwrap();
        assert!(matches!(refused, GetError::Port), "{refused}");
    }
    for port in [80, 443] {
        get(&told, &format!("http://media.example:{port}/"), Reach::PublicWeb).await.unwrap();
    }
    assert_eq!(told.connected().len(), 2);
    // Whoever runs the server may say otherwise.
    get(&told, "http://media.example:22/", Reach::Anywhere).await.unwrap();
}

#[tokio::test]
async fn a_host_that_does_not_answer_leaves_the_turn_to_the_next() {
    let told = Told::default()
        .name("media.example", &["93.184.216.33", "93.184.216.34"])
        .name("nowhere.example", &["93.184.216.33"])
        .name("empty.example", &[])
        .host("93.184.216.34:80", Host::says(OK));
    let told = Arc::new(told);
    get(&told, "http://media.example/", Reach::PublicWeb).await.unwrap();
    for text in ["http://nowhere.example/", "http://empty.example/", "http://unknown.example/"] {
        let failed = get(&told, text, Reach::PublicWeb).await.err().unwrap();
        assert!(matches!(failed, GetError::Failed(_)), "{text}: {failed}");
    }
}

#[tokio::test]
async fn what_is_no_http_or_has_no_end_is_no_answer() {
    let endless_head = format!("HTTP/1.1 200 OK\r\nx: {}", "a".repeat(MAX_HEAD_BYTES));
    let many = (0..=100).map(|number| format!("h{number}: x\r\n")).collect::<String>();
    let many = format!("HTTP/1.1 200 OK\r\n{many}\r\n");
    for said in ["", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200", &endless_head, &many] {
        let told = Told::default().host("93.184.216.34:80", Host::says(said));
        let failed = get(&Arc::new(told), "http://93.184.216.34/", Reach::PublicWeb).await.err().unwrap();
        assert!(matches!(failed, GetError::Failed(_)), "{failed}");
    }
}

#[tokio::test]
async fn a_body_is_read_up_to_its_limit() {
    for (said, most, fits) in [
        (OK, 2, true),
        (OK, 1, false),
        ("HTTP/1.1 200 OK\r\n\r\nuntil it closes", 100, true),
        ("HTTP/1.1 200 OK\r\n\r\nuntil it closes", 5, false),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", 2, true),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffff\r\nabc", 2, false),
        ("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nabc", 2, false),
        ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc", 100, false),
    ] {
        let told = Told::default().host("93.184.216.34:80", Host::says(said));
        let answer = get(&Arc::new(told), "http://93.184.216.34/", Reach::PublicWeb).await.unwrap();
        assert_eq!(answer.body(most).await.is_ok(), fits, "{said:?}");
    }
}

#[tokio::test]
async fn a_certificate_must_be_of_the_host_and_trusted() {
    let ours = rcgen::generate_simple_self_signed(["media.example".to_owned()]).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(ours.cert.der().clone()).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(ours.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let server = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![ours.cert.der().clone()], key)
        .unwrap();
    let host = Host { tls: Some(Arc::new(server)), ..Host::says(OK) };
    let told = Told::default()
        .name("media.example", &["93.184.216.34"])
        .name("other.example", &["93.184.216.34"])
        .host("93.184.216.34:443", host);
    let told = Arc::new(told);
    let trusting = Client::trusting(told.clone(), roots);
    let get = async |client: &Client, text: &str| {
        client.get(&uri(text), Reach::PublicWeb, &[]).await.map(|answer| answer.status)
    };
    assert_eq!(get(&trusting, "https://media.example/").await.unwrap(), StatusCode::OK);
    assert!(get(&trusting, "https://other.example/").await.is_err(), "the certificate is another host's");
    assert!(get(&trusting, "https://93.184.216.34/").await.is_err());
    assert!(
        get(&Client::new(told.clone()), "https://media.example/").await.is_err(),
        "nobody vouches for it"
    );
    assert_eq!(told.requests().len(), 1, "nothing is said to whom nobody vouches for");
}
