//! The end of commands after a signal, and with blocked or closed outputs.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::net::TcpListener;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::Pid;
use rustix::process::Signal;
use rustix::process::kill_process;

use crate::cli::support::Folder;
use crate::cli::support::azdo_bot;
use crate::cli::support::bot;
use crate::cli::support::node;
use crate::cli::support::ran;
use crate::cli::support::text;
use crate::common::full;

/// The timeout of a failing test; no passing test waits for it
const PATIENCE: Duration = Duration::from_secs(30);

const RELEASE_DAY: [&str; 3] = ["run", "examples/bots/release-day.bot.json", "--simulate"];

/// Waits for the end of a process; returns its exit code and its output
fn left(mut child: Child) -> (Option<i32>, String) {
    let (sender, result) = mpsc::channel();
    std::thread::spawn(move || {
        let mut written = String::new();
        child.stdout.take().map(|mut out| out.read_to_string(&mut written));
        child.stderr.take().map(|mut err| err.read_to_string(&mut written));
        sender.send((child.wait().expect("it can be waited for").code(), written))
    });
    result.recv_timeout(PATIENCE).expect("it ends")
}

fn send(signal: Signal, child: &Child) {
    kill_process(Pid::from_child(child), signal).expect("it runs");
}

/// Starts a command against a service that does not respond, and ends it with this signal
fn ended_in_flight(command: impl FnOnce(&str) -> Command, signal: Signal) -> (Option<i32>, String) {
    let service = TcpListener::bind("127.0.0.1:0").expect("a port on loopback is free");
    let url = format!("http://{}/fabrikam", service.local_addr().expect("it is bound"));
    let mut command = command(&url);
    command.env("AZDO_PAT", "ab".repeat(26)).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("the binary starts");
    let connection = service.accept().expect("it connects");
    send(signal, &child);
    let left = left(child);
    drop(connection);
    left
}

fn asking(url: &str, arguments: &[&str]) -> Command {
    let mut command = azdo_bot();
    command.args(arguments).args(["--organization-url", url, "--project", "Fabrikam"]);
    command.args(["--credential", "env:AZDO_PAT", "--allow-loopback-http"]);
    command
}

#[test]
fn a_signal_ends_a_command_that_waits_for_the_service_with_the_code_of_the_signal() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let ended = ended_in_flight(|url| asking(url, &["doctor"]), signal);
        assert_eq!(ended, (Some(code), String::new()));
    }
    let flow = ["check", "examples/bots/release-day.bot.json"];
    assert_eq!(ended_in_flight(|url| asking(url, &flow), Signal::TERM), (Some(143), String::new()));
    let (code, written) = ended_in_flight(|url| asking(url, &["call", "list-repositories"]), Signal::TERM);
    assert_eq!(code, Some(143));
    assert!(written.contains("cancelled: connect was cancelled"), "{written}");
}

#[test]
fn a_signalled_run_shows_the_outcome_of_the_action_in_flight_and_closes_its_sessions() {
    let folder = Folder::new();
    let flow = |url: &str| {
        let fields = [
            ("personalAccessToken", text(&"ab".repeat(26))),
            ("organizationUrl", text(url)),
            ("projectName", text("Fabrikam")),
        ];
        let path = folder.file("waits.bot.json", &bot(vec![node("connect", &fields)], Vec::new()));
        let mut command = azdo_bot();
        command.arg("run").arg(path).arg("--allow-loopback-http");
        command
    };
    let (code, written) = ended_in_flight(flow, Signal::INT);
    assert_eq!(code, Some(130));
    assert!(written.contains("result: failed"), "{written}");
    assert!(written.contains("waits.bot.json line 1") && written.contains("cancelled"), "{written}");
}

#[test]
fn a_run_whose_output_is_not_read_waits_and_is_ended_by_a_signal() {
    for json in [&["--json"][..], &[]] {
        let (reader, full) = full::pipe();
        let mut child = azdo_bot();
        child.args(RELEASE_DAY).args(json).stdout(full).stderr(Stdio::piped());
        let mut child = child.spawn().expect("the binary starts");
        let mut log = BufReader::new(child.stderr.take().expect("it is piped"));
        log.read_line(&mut String::new()).expect("it prints the address of the simulator");
        send(Signal::TERM, &child);
        assert_eq!(left(child).0, Some(143));
        drop(reader);
    }
}

/// The output without ports and commit ids, which differ from run to run
fn settled(output: &str) -> Vec<&str> {
    let differs = |word: &&str| word.contains("127.0.0.1:") || word.len() == 40;
    output.split_whitespace().filter(|word| !differs(word)).collect()
}

#[test]
fn an_unread_log_or_a_full_disk_does_not_change_a_run() {
    let undisturbed = ran(azdo_bot().args(RELEASE_DAY));
    let (reader, full) = full::pipe();
    for log in [full, full::disk()] {
        let mut child = azdo_bot();
        child.args(RELEASE_DAY).args(["--log", "trace"]).stdout(Stdio::piped()).stderr(log);
        let (code, written) = left(child.spawn().expect("the binary starts"));
        assert_eq!((code, settled(&written)), (Some(undisturbed.code), settled(&undisturbed.stdout)));
    }
    drop(reader);
}

#[test]
fn output_that_cannot_be_written_does_not_change_the_exit_code() {
    let folder = Folder::new();
    let faulty = folder.file("faulty.bot.json", &bot(vec![node("createRepositry", &[])], Vec::new()));
    let faulty = faulty.to_str().expect("a plain path");
    for (arguments, expected) in
        [(&["run", faulty][..], 3), (&["no-such-command"], 2), (&["call", "no-such-action"], 2)]
    {
        let mut child = azdo_bot();
        let child = child.args(arguments).stdout(Stdio::null()).stderr(full::disk()).spawn();
        assert_eq!(left(child.expect("the binary starts")).0, Some(expected), "{arguments:?}");
    }
}

#[test]
fn a_closed_output_ends_a_command_without_an_error() {
    for arguments in [&["manifest"][..], &["actions", "--json"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe can be made");
        drop(reader);
        let mut child = azdo_bot();
        let child = child.args(arguments).stdout(writer).stderr(Stdio::piped()).spawn();
        assert_eq!(left(child.expect("the binary starts")), (Some(141), String::new()), "{arguments:?}");
    }
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    let child = azdo_bot().args(RELEASE_DAY).arg("--json").stdout(writer).stderr(Stdio::piped()).spawn();
    let (code, log) = left(child.expect("the binary starts"));
    assert_eq!((code, log.contains("error")), (Some(0), false), "{log}");
}
