//! A parent and its children as processes of their own: `azdo-bot serve`, and `azdo-bot run` for each child.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Write as _;
use std::path::Path;
use std::process::Child;
use std::process::ChildStdin;
use std::process::ChildStdout;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

use azdo_simulator::Simulator;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;

use crate::server::Server;

/// The files of a test, and the environment of its processes
pub(crate) struct Files {
    folder: TempDir,
    token: String,
    store: String,
    url: String,
}

impl Files {
    /// Writes the operator's file with this store
    pub(crate) fn new(store: &str, simulator: &Simulator) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = simulator.organization_url("fabrikam");
        let token = simulator.token("fabrikam").expect("every organization has a token");
        let files = Files { folder, token, store: store.to_owned(), url };
        files.write_operator("");
        files
    }

    /// Writes the operator's file again, with more settings of the sessions
    pub(crate) fn write_operator(&self, sessions: &str) {
        let (store, url) = (&self.store, &self.url);
        let operator = format!(
            "[sessions]\nstore = \"{store}\"\n{sessions}[network]\nallow_loopback_http = true\n\
             [lockers.\"team/azdo/pat\"]\nreference = \"env:AZDO_PAT\"\norganization = \"{url}\"\n"
        );
        self.write("azdo-bot.toml", &operator);
    }

    /// Writes a file that only its owner can read, and returns its path
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path().join(name);
        std::fs::write(&path, text).expect("the folder can be written");
        let owners = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&path, owners).expect("the file is the test's own");
        path.display().to_string()
    }

    /// The token of the organization
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn program(&self, command: &str) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_azdo-bot"));
        program.arg(command).arg("--config").arg(self.path().join("azdo-bot.toml"));
        program.env("AZDO_PAT", &self.token).env_remove("AZDO_RUN_TREE");
        program
    }
}

/// A parent: `azdo-bot serve` with one bot run
pub(crate) struct Parent {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    id: u64,
}

impl Parent {
    pub(crate) fn start(files: &Files) -> Self {
        Self::started(files.program("serve"))
    }

    /// A process that joins the run tree of another one
    pub(crate) fn joining(files: &Files, tree: &str) -> Self {
        let mut serve = files.program("serve");
        serve.env("AZDO_RUN_TREE", tree);
        Self::started(serve)
    }

    fn started(mut serve: Command) -> Self {
        let mut process =
            serve.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
        let input = process.stdin.take().expect("it is a pipe");
        let output = BufReader::new(process.stdout.take().expect("it is a pipe"));
        let mut parent = Parent { process, input, output, id: 0 };
        parent.call("initialize", json!({ "protocol": { "min": 1, "max": 1 } }));
        parent
    }

    /// Sends a request and returns its result
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        self.send(method, params);
        self.response()
    }

    /// Sends a request
    pub(crate) fn send(&mut self, method: &str, params: Value) {
        self.id += 1;
        let request = json!({ "jsonrpc": "2.0", "id": self.id, "method": method, "params": params });
        writeln!(self.input, "{request}").expect("it reads");
    }

    /// Returns the result of the last request
    pub(crate) fn response(&mut self) -> Value {
        let mut response = self.outcome();
        assert!(response["error"].is_null(), "{response}");
        response["result"].take()
    }

    /// Returns the response to the last request, which may have failed
    pub(crate) fn outcome(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it responds");
        let response: Value = serde_json::from_str(&line).expect("it is JSON");
        assert_eq!(response["id"], self.id, "{response}");
        response
    }

    pub(crate) fn connect(&mut self, url: &str) {
        self.call(
            "action/execute",
            json!({
                "botRun": "root",
                "action": "connect",
                "inputs": {
                    "personalAccessToken": { "lockerName": "team", "name": "azdo", "attributeName": "pat" },
                    "organizationUrl": url,
                    "projectName": "Fabrikam"
                },
                "target": { "scope": "GLOBAL", "name": "Default" }
            }),
        );
    }
}

impl Drop for Parent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn children_in_their_own_processes_work_through_the_session_of_their_parent() {
    let server = Server::start();
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let url = simulator.organization_url("fabrikam");
    let files = Files::new(&server.url(), &simulator);
    // The simulator runs on this thread's runtime, so another thread waits for the processes.
    tokio::task::spawn_blocking(move || run_the_family(&files, &url)).await.expect("no assertion fails");
}

fn run_the_family(files: &Files, url: &str) {
    let run = |name: &str, tree: &str| -> Child {
        let mut child = files.program("run");
        let bot = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/many-machines/child.bot.json");
        child.arg(bot).arg("--input").arg(format!("repository={name}")).env("AZDO_RUN_TREE", tree);
        child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
    };
    let finish = |child: Child| -> Output { child.wait_with_output().expect("it ends") };

    let mut parent = Parent::start(files);
    let started = parent.call("botRun/start", json!({ "id": "root" }));
    let tree = started["runTree"].as_str().expect("there is a store").to_owned();
    parent.connect(url);
    let children: Vec<_> = (1..=4).map(|number| run(&format!("child-{number}"), &tree)).collect();
    for output in children.into_iter().map(finish) {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let listed = parent
        .call("action/execute", json!({ "botRun": "root", "action": "listRepositories", "inputs": {} }));
    assert!(
        ["child-1", "child-2", "child-3", "child-4"].iter().all(|name| listed.to_string().contains(name))
    );

    // A tree that nobody began has no sessions, and neither has one whose root has ended.
    let other = format!("{:032x}", 1);
    for tree in [other.as_str(), tree.as_str()] {
        if tree != other {
            parent.call("botRun/end", json!({ "id": "root" }));
        }
        let output = finish(run("late", tree));
        let text =
            String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && text.contains("bot_run.ended"), "{text}");
        assert!(!text.contains(tree), "the id of the tree is shown: {text}");
    }
}
