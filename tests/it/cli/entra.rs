//! `azdo-bot doctor` with an application of Microsoft Entra, with a token server of the test on loopback.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::net::TcpListener;

use azdo_simulator::World;

use crate::cli::doctor::BackgroundSimulator;
use crate::cli::support::Folder;
use crate::cli::support::Ran;
use crate::cli::support::ran;

/// A token endpoint that returns this token until the test process ends
fn hands_out(token: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback is free");
    let address = listener.local_addr().expect("it has one");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.expect("a connection"));
            let (mut line, mut length) = (String::new(), 0);
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                if let Some((name, value)) = line.split_once(':')
                    && name.eq_ignore_ascii_case("content-length")
                {
                    length = value.trim().parse().expect("a length");
                }
                line.clear();
            }
            let mut form = vec![0; length];
            reader.read_exact(&mut form).expect("the form");
            let body =
                serde_json::json!({ "token_type": "Bearer", "expires_in": 3599, "access_token": token });
            let body = body.to_string();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
            let _ = write!(reader.into_inner(), "{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        }
    });
    address
}

fn doctor(background: &BackgroundSimulator, token: String) -> Ran {
    let folder = Folder::new();
    let secret = folder.file("secret", "what the application shows\n");
    let operator = format!(
        "[stores.entra.bot]\ntenant = \"contoso.example\"\nclient_id = \"11111111-2222-4333-8444-555555555555\"\n\
         client_secret = \"file:{}\"\nauthority = \"http://{}\"\n",
        secret.display(),
        hands_out(token)
    );
    let config = folder.file("azdo-bot.toml", &operator);
    let mut command = background.command_with("entra:bot", &["doctor"], "fabrikam", "Fabrikam");
    ran(command.arg("--config").arg(config))
}

fn line<'a>(text: &'a str, start: &str) -> &'a str {
    text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no line {start}: {text}"))
}

#[test]
fn an_entra_token_is_shown_as_one() {
    let background = BackgroundSimulator::of(World::hard());
    let token = background.simulator.entra_token("fabrikam").expect("it is there");
    let ran = doctor(&background, token.clone());
    assert!(ran.stderr.is_empty(), "{}", ran.stderr);
    let shown = line(&ran.stdout, "token ");
    assert!(shown.ends_with(" characters, an access token of Microsoft Entra, from entra:bot"), "{shown}");
    assert!(!ran.stdout.contains(&token) && !ran.stdout.contains("_usersSettings"), "{}", ran.stdout);
}

#[test]
fn a_refused_entra_token_has_no_help_about_personal_access_tokens() {
    let background = BackgroundSimulator::of(World::hard());
    let ran = doctor(&background, ["not", "one", "of", "fabrikams"].concat());
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(
        ran.stderr.starts_with("error: auth.failed: Azure DevOps does not accept the Microsoft Entra token")
    );
    assert!(ran.stderr.contains("Organization settings > Users"), "{}", ran.stderr);
    assert!(ran.stderr.contains("17 characters, an access token of Microsoft Entra"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("_usersSettings"), "{}", ran.stderr);
}
