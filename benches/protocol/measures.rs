//! The measurements.

use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::child::Lines;
use crate::child::action;
use crate::echo;
use crate::figures::Figure;
use crate::figures::median;

const ROUNDS: usize = 3000;
const WARM_UP: usize = 300;
const CALLS: usize = 4000;
const WIDTH: usize = 64;

/// A missing session: the call passes through the whole package and sends no request
fn refused() -> String {
    action("listRepositories", &json!({ "session": "not there" }))
}

/// One line and its response, compared with the child that echoes it
pub(crate) fn round_trip() -> Figure {
    let (mut serve, mut echo) = (Lines::serve(&[]), Lines::start(&mut echo::command()));
    let line = refused();
    assert!(serve.ask(&line).contains("session.not_found"));
    let (mut ours, mut least): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    for round in 0..WARM_UP + ROUNDS {
        let pair = (serve.round_trip(&line), echo.round_trip(&line));
        if round >= WARM_UP {
            ours.push(pair.0);
            least.push(pair.1);
        }
    }
    let (ours, least) = (median(&mut ours), median(&mut least));
    Figure::new("line round trip / echo child", ours / least, 3.0, "x", format!("{ours:.0} / {least:.0} us"))
}

/// Calls that need no request, many in flight
pub(crate) fn refused_in_flight() -> Figure {
    per_call("refused call, 64 in flight", &mut Lines::serve(&[]), &refused())
}

/// Actions with one request each, many in flight, against a simulator in a separate process
pub(crate) fn actions_in_flight() -> Figure {
    let mut simulator =
        Lines::start(Command::new(env!("CARGO_BIN_EXE_azdo-bot")).env_clear().args(["simulate", "--json"]));
    let printed: Value = serde_json::from_str(simulator.read()).expect("it is JSON");
    let mut serve = Lines::serve(&["--allow-loopback-http"]);
    let inputs = json!({ "personalAccessToken": { "insecure": printed["token"] }, "projectName": "Fabrikam",
                         "organizationUrl": printed["organizationUrl"] });
    assert!(serve.ask(&action("connect", &inputs)).contains("azdo-session:"));
    let list = action("listRepositories", &json!({}));
    assert!(serve.ask(&list).contains("\"requests\":1"));
    per_call("action with its request, 64 in flight", &mut serve, &list)
}

/// The bound is 2,000 calls per second, 500 us each
fn per_call(what: &'static str, serve: &mut Lines, line: &str) -> Figure {
    serve.in_flight(line, CALLS / 10, WIDTH);
    let each = serve.in_flight(line, CALLS, WIDTH).as_secs_f64() * 1e6 / CALLS as f64;
    Figure::new(what, each, 500.0, "us", format!("{:.0} a second", 1e6 / each))
}

/// From the end of the input to the end of the process, while calls wait for a service that never responds
pub(crate) fn end_with_work_in_flight() -> Figure {
    let service = TcpListener::bind("127.0.0.1:0").expect("a port on loopback is free");
    let url = format!("http://{}/fabrikam", service.local_addr().expect("it has an address"));
    let mut serve = Lines::serve(&["--allow-loopback-http"]);
    let token = ["bench", "Token0123"].concat();
    let inputs = json!({ "personalAccessToken": { "insecure": token },
                         "projectName": "Fabrikam", "organizationUrl": url });
    let params = json!({ "botRun": "root", "action": "connect", "inputs": inputs });
    serve.write(&crate::child::request(1, "action/execute", &params));
    let _connection = service.accept().expect("the call is in flight");
    let took = serve.end().as_secs_f64() * 1e3;
    Figure::new("end of input to exit, work in flight", took, 1000.0, "ms", "1 call".to_owned())
}
