//! Runs the binary with a clean environment, and a simulator beside it.

use std::io::BufRead as _;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

/// The result of a command
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Standard output with each message on one line
    pub(crate) fn unwrapped(&self) -> String {
        self.stdout.replace("\n  ", " ")
    }
}

/// The binary without the caller's environment
pub(crate) fn azdo_bot() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_azdo-bot"));
    command.env_clear().current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command
}

pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.output().expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
    Ran {
        code: output.status.code().expect("it ended by itself"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

pub(crate) fn run(arguments: &[&str]) -> Ran {
    ran(azdo_bot().args(arguments))
}

/// A simulator in a separate process, stopped when dropped
pub(crate) struct Simulated {
    child: Child,
    pub(crate) url: String,
    pub(crate) token: String,
}

impl Simulated {
    pub(crate) fn start() -> Self {
        Simulated::with(&[])
    }

    pub(crate) fn with(arguments: &[&str]) -> Self {
        let mut child = azdo_bot()
            .args(["simulate", "--json"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("it prints its address");
        let printed: serde_json::Value = serde_json::from_str(&line).expect("one line of JSON");
        assert_eq!(printed["projects"], serde_json::json!(["Fabrikam", "Archive"]));
        let text = |key: &str| printed[key].as_str().expect("the line has it").to_owned();
        Simulated { url: text("organizationUrl"), token: text("token"), child }
    }

    /// Ends it with a signal, like a supervisor, and waits for its end
    #[cfg(unix)]
    pub(crate) fn end(mut self) {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, rustix::process::Signal::TERM).expect("it runs");
        let code = self.child.wait().expect("it ends").code();
        assert_eq!(code, Some(0), "it ended by itself");
    }

    /// The ID of its process
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder for one test
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Folder(tempfile::tempdir().expect("a folder can be made"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// A file that only its owner can read
    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).expect("the file can be written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))
                .expect("its mode can be set");
        }
        path
    }
}

/// A node of this package in a bot file
pub(crate) fn node(command: &str, attributes: &[(&str, serde_json::Value)]) -> serde_json::Value {
    let attributes: Vec<serde_json::Value> =
        attributes.iter().map(|(name, value)| serde_json::json!({ "name": name, "value": value })).collect();
    serde_json::json!({
        "uid": format!("uid-{command}"), "commandName": command, "packageName": "AzureDevOps",
        "disabled": false, "attributes": attributes
    })
}

/// A literal text of a bot file
pub(crate) fn text(text: &str) -> serde_json::Value {
    serde_json::json!({ "type": "STRING", "string": text })
}

/// A bot file of these nodes and variables
pub(crate) fn bot(nodes: Vec<serde_json::Value>, variables: Vec<serde_json::Value>) -> String {
    serde_json::json!({ "triggers": [], "nodes": nodes, "variables": variables, "packages": [] }).to_string()
}

/// A transcript of a page, counted from 0
pub(crate) fn transcript(page: &str, number: usize) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = std::fs::read_to_string(path).expect("the page is there").replace("\r\n", "\n");
    let block = text.split("```text\n").nth(number + 1).expect("the page has it");
    block.split("```").next().unwrap_or_default().to_owned()
}
