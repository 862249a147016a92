//! TLS of the HTTP server: the names of its certificate are the hosts that requests may name.

use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::RootCertStore;
use serde_json::json;
use tempfile::TempDir;

use crate::mcp::client::Revision;
use crate::mcp::client::command;
use crate::mcp::client::connection;
use crate::mcp::http::Served;
use crate::mcp::http::bearer;
use crate::mcp::http::owner_only;
use crate::rpc::process::PATIENCE;

/// A certificate for these names and its key, in files of a folder
struct Made {
    folder: TempDir,
    certificate: PathBuf,
    key: PathBuf,
    trust: Arc<ClientConfig>,
}

fn made(names: &[&str]) -> Made {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let signed = rcgen::generate_simple_self_signed(names).expect("they are names");
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, signed.cert.pem()).expect("it can be written");
    std::fs::write(&key, signed.signing_key.serialize_pem()).expect("it can be written");
    owner_only(&key);
    let mut roots = RootCertStore::empty();
    roots.add(signed.cert.der().clone()).expect("it is a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let trust = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the ring provider does TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Made { folder, certificate, key, trust: Arc::new(trust) }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the path is UTF-8")
}

#[test]
fn with_a_certificate_requests_are_encrypted_and_name_a_host_of_it() {
    let made = made(&["bots.example", "localhost"]);
    let arguments =
        ["--http", "127.0.0.1:0", "--tls-certificate", text(&made.certificate), "--tls-key", text(&made.key)];
    let served = Served::with(&arguments, Some(Arc::clone(&made.trust)));
    // Clients that say nothing hold up nobody else.
    let silent: Vec<TcpStream> =
        (0..8).map(|_| TcpStream::connect(served.address).expect("it listens")).collect();
    for revision in [Revision::Handshake, Revision::Stateless] {
        let call = json!({ "name": "connect", "arguments": connection() });
        let connected = served.ask(0, revision, "tools/call", call);
        assert_eq!(connected["result"]["structuredContent"]["projectName"], "Fabrikam", "{connected}");
    }
    drop(silent);
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {} }).to_string();
    let authorization = format!("Bearer {}", bearer(0));
    let good = ("Authorization", authorization.as_str());
    let (own, local) = (format!("localhost:{}", served.address.port()), served.address.to_string());
    for (host, status) in [
        ("bots.example", 200),
        ("bots.example:443", 200),
        (own.as_str(), 200),
        (local.as_str(), 403),
        ("attacker.example", 403),
        ("x.bots.example", 403),
    ] {
        assert_eq!(served.send(&[good, ("Host", host)], &body).0, status, "{host}");
        assert_eq!(served.send(&[("Host", host)], &body).0, 401, "{host}");
    }
    let page = [good, ("Host", "bots.example"), ("Origin", "https://bots.example")];
    assert_eq!(served.send(&page, &body).0, 403);
    // Without TLS there is no response.
    let mut plain = TcpStream::connect(served.address).expect("it listens");
    plain.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    write!(plain, "GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("it can be sent");
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
}

#[test]
fn a_certificate_or_key_that_does_not_fit_is_refused_at_the_start() {
    let (own, other, wildcard) = (made(&["localhost"]), made(&["localhost"]), made(&["*.example"]));
    #[cfg(unix)]
    let open = made(&["localhost"]);
    let none = own.folder.path().join("none.pem");
    let (certificate, key, none) = (text(&own.certificate), text(&own.key), text(&none));
    let mut cases = vec![
        (vec!["--http", "0", "--tls-certificate", certificate], "--tls-key"),
        (vec!["--http", "0", "--tls-key", key], "--tls-certificate"),
        (vec!["--http", "0", "--tls-certificate", none, "--tls-key", key], "cannot be read"),
        (vec!["--http", "0", "--tls-certificate", key, "--tls-key", key], "no certificate"),
        (
            vec!["--http", "0", "--tls-certificate", certificate, "--tls-key", text(&other.key)],
            "not a key of",
        ),
        (
            vec![
                "--http",
                "0",
                "--tls-certificate",
                text(&wildcard.certificate),
                "--tls-key",
                text(&wildcard.key),
            ],
            "not a wildcard",
        ),
        (vec!["--http", "nowhere", "--tls-certificate", certificate, "--tls-key", key], "ADDRESS:PORT"),
    ];
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&open.key, std::fs::Permissions::from_mode(0o644))
            .expect("it is the test's");
        let readable =
            ["--http", "0", "--tls-certificate", text(&open.certificate), "--tls-key", text(&open.key)];
        cases.push((readable.to_vec(), "users other than its owner can read it"));
    }
    for (arguments, message) in &mut cases {
        arguments.extend(["--simulate", "--bearer", "env:FIRST_BEARER"]);
        let ended = command(arguments).env("FIRST_BEARER", bearer(0)).output().expect("the binary starts");
        let log = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success() && log.contains(&**message), "{arguments:?}: {log}");
        assert!(!log.contains("PRIVATE KEY") && ended.stdout.is_empty(), "{log}");
    }
}
