//! How many connections the processes of a machine have to Redis.

use std::io::BufRead as _;
use std::io::BufReader;
use std::process::Child;
use std::process::Stdio;

use azdo_simulator::Simulator;
use azdo_simulator::World;
use serde_json::json;

use crate::processes::Files;
use crate::processes::Parent;
use crate::server::Server;

/// The processes of the machine
const PROCESSES: usize = 10;

/// A broker in a process of its own
struct BrokerProcess(Child);

impl BrokerProcess {
    fn start(files: &Files) -> Self {
        let mut broker = files.program("broker");
        let mut child = broker.arg("--json").stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut line).expect("it prints a line");
        assert!(line.contains(r#""started":true"#), "{line}");
        BrokerProcess(child)
    }
}

impl Drop for BrokerProcess {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn ten_processes_of_a_machine_have_one_connection_through_their_broker() {
    let server = Server::start();
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let url = simulator.organization_url("fabrikam");
    let files = Files::new(&server.url(), &simulator);
    // The simulator runs on this thread's runtime, so another thread waits for the processes.
    tokio::task::spawn_blocking(move || count(&server, &files, &url)).await.expect("no assertion fails");
}

fn count(server: &Server, files: &Files, url: &str) {
    let list = |member: &mut Parent| {
        let listed = member
            .call("action/execute", json!({ "botRun": "root", "action": "listRepositories", "inputs": {} }));
        assert!(listed.to_string().contains("site"), "{listed}");
    };
    let family = || {
        let mut parent = Parent::start(files);
        let started = parent.call("botRun/start", json!({ "id": "root" }));
        let tree = started["runTree"].as_str().expect("there is a store").to_owned();
        parent.connect(url);
        let mut processes = vec![parent];
        while processes.len() < PROCESSES {
            let mut member = Parent::joining(files, &tree);
            member.call("botRun/start", json!({ "id": "root" }));
            processes.push(member);
        }
        // Each uses the session, the rate limit and an idempotency key.
        processes.iter_mut().for_each(list);
        for (number, member) in processes.iter_mut().enumerate() {
            let inputs = json!({ "pipeline": "site", "idempotencyKey": format!("process {number}") });
            let run = json!({ "botRun": "root", "action": "runPipeline", "inputs": inputs });
            assert!(member.call("action/execute", run)["outputs"]["id"].is_number());
        }
        processes
    };
    let direct = family();
    assert_eq!(server.connections(), PROCESSES, "without a broker, each process has one");
    drop(direct);
    while server.connections() > 0 {}

    files.write_operator(&format!(
        "through_broker = true\nbroker_folder = \"{}\"\n",
        files.path().join("run").display()
    ));
    let broker = BrokerProcess::start(files);
    let _processes = family();
    assert_eq!(server.connections(), 1, "commands and messages share it");
    drop(broker);
}
