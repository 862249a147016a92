//! `azdo-bot broker` with the processes of a run tree: a parent that serves a host, and child bots.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Child;
use std::process::ChildStdin;
use std::process::ChildStdout;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value;
use serde_json::json;

use crate::cli::support::Folder;
use crate::cli::support::Simulated;
use crate::cli::support::azdo_bot;
#[cfg(unix)]
use crate::cli::support::bot;
#[cfg(unix)]
use crate::cli::support::node;
#[cfg(unix)]
use crate::cli::support::ran;
#[cfg(unix)]
use crate::cli::support::text;

/// The files of a test, and the environment of its processes
pub(crate) struct Files {
    folder: Folder,
    operator: PathBuf,
    pub(crate) simulated: Simulated,
}

impl Files {
    /// Writes the operator's file with these settings of the store
    pub(crate) fn new(settings: &str) -> Self {
        Self::in_folder(Folder::new(), settings)
    }

    /// The same in a folder that has other files
    pub(crate) fn in_folder(folder: Folder, settings: &str) -> Self {
        let simulated = Simulated::start();
        let text = format!(
            "[sessions]\nstore = \"broker\"\nbroker_folder = '{}'\n{settings}\n[network]\nallow_loopback_http = true\n\
             [lockers.\"team/azdo/pat\"]\nreference = \"env:AZDO_PAT\"\norganization = \"{}\"\n",
            folder.path().join("run").display(),
            simulated.url
        );
        let operator = folder.file("azdo-bot.toml", &text);
        Files { folder, operator, simulated }
    }

    fn program(&self, command: &str) -> Command {
        let mut program = azdo_bot();
        program.arg(command).arg("--config").arg(&self.operator);
        program
    }

    /// Starts a child bot that creates a repository through the session of its parent
    fn child(&self, name: &str, tree: &str) -> Child {
        let mut child = self.program("run");
        child.arg("examples/many-machines/child.bot.json").arg("--input").arg(format!("repository={name}"));
        child.env("AZDO_PAT", &self.simulated.token).env("AZDO_RUN_TREE", tree);
        child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
    }

    /// The process that listens on the broker's socket
    #[cfg(unix)]
    fn broker(&self) -> rustix::process::Pid {
        let stream = std::os::unix::net::UnixStream::connect(self.folder.path().join("run/broker.sock"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
        let _entered = runtime.enter();
        let stream = stream.expect("a broker listens");
        stream.set_nonblocking(true).expect("it is a socket");
        let stream = tokio::net::UnixStream::from_std(stream).expect("the runtime takes it");
        let id = stream.peer_cred().expect("the system knows it").pid().expect("it is a process");
        rustix::process::Pid::from_raw(id).expect("it has an id")
    }

    /// Ends a broker that was started on demand; on Windows it ends by itself when it is idle
    fn end_broker(&self) {
        #[cfg(unix)]
        rustix::process::kill_process(self.broker(), rustix::process::Signal::KILL).expect("it is running");
    }

    /// Whether the broker's folder shows processes the way to it
    fn shows_a_broker(&self) -> bool {
        let run = self.folder.path().join("run");
        match cfg!(windows) {
            true => std::fs::read(run.join("broker.pipe")).is_ok_and(|text| !text.is_empty()),
            false => run.join("broker.sock").exists(),
        }
    }
}

/// Starts `azdo-bot broker`, and returns it with whether it is the one
pub(crate) fn start_broker(files: &Files, arguments: &[&str]) -> (Child, bool) {
    let mut broker = files.program("broker");
    let mut child =
        broker.arg("--json").args(arguments).stdout(Stdio::piped()).spawn().expect("the program starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut line).expect("it prints a line");
    let printed: Value = serde_json::from_str(&line).expect("it is JSON");
    (child, printed["started"].as_bool().expect("the line has it"))
}

pub(crate) fn end(mut child: Child) {
    child.kill().expect("it was started here");
    child.wait().expect("it was started here");
}

/// A parent: `azdo-bot serve` with one bot run
pub(crate) struct Parent {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    pub(crate) tree: String,
}

impl Parent {
    pub(crate) fn start(files: &Files) -> Self {
        let mut parent = Self::with(files, None, json!({}));
        let started = parent.call("botRun/start", json!({ "id": "root" }));
        parent.tree = started["result"]["runTree"].as_str().expect("there is a store").to_owned();
        parent
    }

    /// Starts a process that joins a run tree, or none, for a host with these capabilities
    pub(crate) fn with(files: &Files, tree: Option<&str>, capabilities: Value) -> Self {
        let mut serve = files.program("serve");
        serve.env("AZDO_PAT", &files.simulated.token);
        tree.map(|tree| serve.env("AZDO_RUN_TREE", tree));
        let mut process =
            serve.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
        let input = process.stdin.take().expect("it is a pipe");
        let output = BufReader::new(process.stdout.take().expect("it is a pipe"));
        let mut parent = Parent { process, input, output, tree: String::new() };
        let protocol = json!({ "min": 1, "max": 1 });
        parent.call("initialize", json!({ "protocol": protocol, "capabilities": capabilities }));
        parent
    }

    /// Sends a request and returns its response
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        self.send(method, params);
        self.read()
    }

    /// Sends a request
    pub(crate) fn send(&mut self, method: &str, params: Value) {
        self.write(&json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }));
    }

    pub(crate) fn write(&mut self, message: &Value) {
        writeln!(self.input, "{message}").expect("it reads");
    }

    /// Returns the next message
    pub(crate) fn read(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it responds");
        serde_json::from_str(&line).expect("it is JSON")
    }

    pub(crate) fn connect(&mut self, files: &Files, target: Value) -> Value {
        let inputs = json!({
            "personalAccessToken": { "lockerName": "team", "name": "azdo", "attributeName": "pat" },
            "organizationUrl": files.simulated.url,
            "projectName": "Fabrikam"
        });
        self.call(
            "action/execute",
            json!({ "botRun": "root", "action": "connect", "inputs": inputs, "target": target }),
        )
    }
}

impl Drop for Parent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn global(name: &str) -> Value {
    json!({ "scope": "GLOBAL", "name": name })
}

/// Waits for a child bot, and returns whether it succeeded, with everything that it wrote
fn finish(child: Child) -> (bool, String) {
    let output = child.wait_with_output().expect("it ends");
    let text =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    (output.status.success(), text)
}

#[test]
fn children_in_their_own_processes_work_through_the_session_of_their_parent() {
    let files = Files::new("start_broker = true");
    let mut parent = Parent::start(&files);
    let connected = parent.connect(&files, global("Default"));
    assert!(connected["error"].is_null(), "{connected}");
    // The parent has started a broker, which has nothing of its environment.
    #[cfg(target_os = "linux")]
    {
        let environment = format!("/proc/{}/environ", files.broker().as_raw_nonzero());
        assert!(std::fs::read(environment).is_ok_and(|variables| variables.is_empty()));
    }
    let children = [1, 2, 3, 4].map(|number| files.child(&format!("child-{number}"), &parent.tree));
    for (success, text) in children.map(finish) {
        assert!(success, "{text}");
    }
    let listed = parent
        .call("action/execute", json!({ "botRun": "root", "action": "listRepositories", "inputs": {} }));
    let listed = listed.to_string();
    assert!([1, 2, 3, 4].iter().all(|number| listed.contains(&format!("child-{number}"))), "{listed}");

    // Another run tree has another session of this name, or none.
    let stranger = Parent::start(&files);
    let (success, text) = finish(files.child("stranger", &stranger.tree));
    assert!(!success && text.contains("session.not_found"), "{text}");

    // The tree of a root that is killed has ended when its process has.
    let tree = parent.tree.clone();
    drop(parent);
    let (success, text) = finish(files.child("late", &tree));
    assert!(!success && text.contains("bot_run.ended"), "{text}");
    assert!(!text.contains(&tree), "the id of the tree is shown: {text}");
    files.end_broker();
}

#[test]
fn what_one_process_disconnects_is_closed_in_the_others() {
    let files = Files::new("");
    let (broker, _) = start_broker(&files, &[]);
    let mut parent = Parent::start(&files);
    assert!(parent.connect(&files, global("Default"))["error"].is_null());
    let mut member = Parent::with(&files, Some(&parent.tree), json!({}));
    member.call("botRun/start", json!({ "id": "root" }));
    let list = json!({ "botRun": "root", "action": "listRepositories", "inputs": {} });
    for process in [&mut parent, &mut member] {
        let listed = process.call("action/execute", list.clone());
        assert!(listed["result"]["outputs"].is_object(), "{listed}");
    }
    let disconnect = json!({ "botRun": "root", "action": "disconnect", "inputs": {} });
    let disconnected = member.call("action/execute", disconnect);
    assert!(disconnected["error"].is_null(), "{disconnected}");
    // The message may arrive after the response to the other process.
    while parent.call("action/execute", list.clone())["error"]["data"]["code"] != "session.closed" {}
    end(broker);
}

#[test]
fn a_broker_that_is_killed_is_told_and_used_again_when_it_is_back() {
    let files = Files::new("");
    let (first, _) = start_broker(&files, &[]);
    let mut parent = Parent::start(&files);
    assert!(parent.connect(&files, global("First"))["error"].is_null());
    end(first);
    let refused = parent.connect(&files, global("Second"));
    assert_eq!(refused["error"]["data"]["code"], "store.unavailable", "{refused}");
    let opened = parent.connect(&files, json!({ "scope": "LOCAL", "name": "Own" }));
    assert!(opened["error"].is_null(), "{opened}");
    let (second, is_new) = start_broker(&files, &[]);
    assert!(is_new, "the socket and the lock of the first one are in no way");
    assert!(parent.connect(&files, global("Third"))["error"].is_null());
    end(second);
}

#[test]
fn of_brokers_that_start_at_the_same_time_one_stays_until_it_is_idle() {
    let files = Files::new("");
    // The last one has to start before the first one is idle.
    let idle = if cfg!(windows) { "20s" } else { "1s" };
    let started = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| start_broker(&files, &["--idle", idle]))).collect();
        threads.into_iter().map(|thread| thread.join().expect("it prints a line")).collect::<Vec<_>>()
    });
    assert_eq!(started.iter().filter(|(_, is_new)| *is_new).count(), 1);
    for (mut child, _) in started {
        assert!(child.wait().expect("it was started here").success());
    }
    assert!(!files.shows_a_broker(), "the socket is removed");
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_can_enter_is_refused_with_the_command_that_mends_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let files = Files::new("");
    let run = files.folder.path().join("run");
    std::fs::create_dir(&run).expect("the folder can be written");
    std::fs::set_permissions(&run, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let result = ran(files.program("broker").arg("--json"));
    assert_eq!(result.code, 1);
    let printed: Value = serde_json::from_str(&result.stdout).expect("it is JSON");
    assert_eq!(printed["error"]["code"], "file.failed");
    let help = printed["error"]["help"].as_str().expect("there is a help");
    assert_eq!(help, format!("Allow only its owner to use it: chmod 700 '{}'", run.display()));
}

#[cfg(unix)]
#[test]
fn a_program_runs_as_a_tree_whose_processes_share_sessions() {
    let files = Files::new("start_broker = true");
    let name = json!({ "lockerName": "team", "name": "azdo", "attributeName": "pat" });
    let credential = json!({ "type": "CREDENTIAL", "credential": name });
    let fields = [
        ("personalAccessToken", credential),
        ("organizationUrl", text(&files.simulated.url)),
        ("projectName", text("Fabrikam")),
    ];
    let mut connect = node("connect", &fields);
    connect["returnTo"] =
        json!({ "type": "SESSION", "sessionTarget": "GLOBAL", "sessionName": text("Default") });
    let connecting = files.folder.file("connect.bot.json", &bot(vec![connect], vec![]));
    let run = |script: &str| {
        let mut program = files.program("run-tree");
        program
            .args(["--", "sh", "-c", script])
            .args([env!("CARGO_BIN_EXE_azdo-bot").as_ref(), &*files.operator]);
        ran(program.arg(&connecting).env("AZDO_PAT", &files.simulated.token))
    };
    // The first process ends before the second one uses its session.
    let ran =
        run(r#"$0 run $2 --config $1 && $0 run examples/many-machines/child.bot.json --config $1 && exit 7"#);
    assert_eq!(ran.code, 7, "{}{}", ran.stderr, ran.stdout);
    let ran = run(
        r#"unset AZDO_RUN_TREE; $0 run $2 --config $1 && $0 run examples/many-machines/child.bot.json --config $1"#,
    );
    assert_ne!(ran.code, 0, "each of them is a run tree of its own");
    files.end_broker();
}
