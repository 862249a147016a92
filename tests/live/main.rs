//! Two scenarios against the simulator and, on request, against a real organization.
//!
//! A test that passes with the simulator is no evidence about Azure DevOps. To test with a real organization, set
//! `AZDO_LIVE_ORGANIZATION_URL`, `AZDO_LIVE_PROJECT` and `AZDO_LIVE_CREDENTIAL`, a reference such as `env:NAME`. The
//! reading scenario changes nothing. The writing scenario also needs `AZDO_LIVE_WRITE=1`: it creates a repository with
//! a unique name and deletes it at the end. The test has no harness, so that it always prints what it skipped.

use std::env;
use std::io::BufRead as _;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::process::ExitCode;
use std::process::Stdio;

use serde_json::Value;

/// Where a scenario runs
struct Target {
    url: String,
    project: String,
    credential: String,
    /// The token, if the test has it
    token: Option<String>,
}

impl Target {
    /// Returns the outputs of an action, or the error as text
    fn call(&self, action: &str, inputs: &[&str]) -> Result<Value, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_azdo-bot"));
        command.args(["call", action, "--json"]).args(inputs);
        command.args(["--organization-url", &self.url, "--project", &self.project]);
        command.args(["--credential", &self.credential]).stdin(Stdio::null());
        if let Some(token) = &self.token {
            command.env("AZDO_LIVE_SIMULATED", token).arg("--allow-loopback-http");
        }
        let output = command.output().map_err(|error| format!("azdo-bot does not start: {error}"))?;
        let document: Value = serde_json::from_slice(&output.stdout)
            .map_err(|_| format!("{action}: {}", String::from_utf8_lossy(&output.stderr).trim()))?;
        match document.get("outputs") {
            Some(outputs) => Ok(outputs.clone()),
            None => Err(format!("{action}: {}", document["error"])),
        }
    }

    /// Reads without changing anything
    fn read(&self) -> Result<(), String> {
        let project = self.call("get-project", &[])?;
        expect(project["name"].is_string(), "a project has a name")?;
        for (action, list) in [
            ("list-projects", "projects"),
            ("list-repositories", "repositories"),
            ("list-pull-requests", "pullRequests"),
            ("list-pipelines", "pipelines"),
            ("list-pipeline-runs", "pipelineRuns"),
        ] {
            let found = self.call(action, &["limit=5"])?;
            expect(
                found[list].as_array().is_some_and(|all| all.len() <= 5),
                &format!("{action} has a list"),
            )?;
        }
        let query = "query=SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project";
        let items = self.call("query-work-items", &[query, "limit=5"])?;
        expect(items["workItems"].is_array(), "a query returns a list")?;
        let missing = self.call("get-repository", &["repository=azdo-bot-is-not-there"]).err();
        expect(
            missing.is_some_and(|why| why.contains("resource.not_found")),
            "a missing repository is not found",
        )
    }

    /// Creates a repository, works in it, and always deletes it
    fn write(&self) -> Result<(), String> {
        let name = format!("azdo-bot-live-{}", uuid::Uuid::new_v4().simple());
        let named = format!("repository={name}");
        self.call("create-repository", &[&format!("name={name}")])?;
        let worked = self.work_in(&named, &name);
        let deleted = self.call("delete-repository", &[&named]);
        worked?;
        deleted.map(drop)
    }

    fn work_in(&self, named: &str, name: &str) -> Result<(), String> {
        let again = self.call("create-repository", &[&format!("name={name}")]).err();
        expect(again.is_some_and(|why| why.contains("resource.conflict")), "a taken name is a conflict")?;
        let files = "files={\"/README.md\":\"# live\\n\",\"/a b/ä.txt\":\"text\"}";
        self.call("commit-files", &[named, "branch=main", "message=First", files])?;
        self.call("create-branch", &[named, "branch=topic/one", "fromBranch=main"])?;
        self.call(
            "commit-files",
            &[named, "branch=topic/one", "message=Second", "files={\"/NOTES.md\":\"notes\"}"],
        )?;
        let file = self.call("get-repository-file", &[named, "path=/a b/ä.txt", "branch=topic/one"])?;
        expect(file["content"] == "text", "a file is read as it was written")?;
        let made = self.call("create-pull-request", &[named, "sourceBranch=topic/one", "title=Live"])?;
        let id = format!("id={}", made["id"]);
        let merged =
            self.call("complete-pull-request", &[&id, "mergeStrategy=SQUASH", "deleteSourceBranch=true"])?;
        expect(merged["status"] == "completed", "a pull request is completed")?;
        let branches = self.call("list-branches", &[named])?;
        expect(branches["branches"].as_array().is_some_and(|all| all.len() == 1), "one branch is left")
    }
}

fn expect(holds: bool, what: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("it does not hold that {what}")) }
}

/// A simulator in a separate process, stopped when dropped
struct Simulated(Child);

impl Drop for Simulated {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn simulated() -> (Simulated, Target) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_azdo-bot"));
    let mut child =
        command.args(["simulate", "--json"]).stdout(Stdio::piped()).spawn().expect("azdo-bot starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("it is piped"))
        .read_line(&mut line)
        .expect("it prints its address");
    let printed: Value = serde_json::from_str(&line).expect("one line of JSON");
    let text = |key: &str| printed[key].as_str().expect("the line has it").to_owned();
    let target = Target {
        url: text("organizationUrl"),
        project: "Fabrikam".to_owned(),
        credential: "env:AZDO_LIVE_SIMULATED".to_owned(),
        token: Some(text("token")),
    };
    (Simulated(child), target)
}

/// Returns the organization that the environment names, and whether the test may write to it
#[expect(clippy::disallowed_methods, reason = "the environment enables this test")]
fn live() -> Result<(Target, bool), String> {
    let variable = |name: &str| {
        env::var(name).ok().filter(|value| !value.is_empty()).ok_or(format!("{name} is not set"))
    };
    let target = Target {
        url: variable("AZDO_LIVE_ORGANIZATION_URL")?,
        project: variable("AZDO_LIVE_PROJECT")?,
        credential: variable("AZDO_LIVE_CREDENTIAL")?,
        token: None,
    };
    Ok((target, variable("AZDO_LIVE_WRITE").is_ok_and(|write| write == "1")))
}

#[expect(clippy::print_stdout, reason = "the test prints what it ran and what it skipped")]
fn main() -> ExitCode {
    let mut failed = false;
    let mut say = |what: &str, result: Result<(), String>| match result {
        Ok(()) => println!("live: {what} ... ok"),
        Err(why) => {
            failed = true;
            println!("live: {what} ... FAILED: {why}");
        }
    };
    let (_simulator, target) = simulated();
    say("reading in the simulator", target.read());
    say("writing in the simulator", target.write());
    match live() {
        Err(why) => println!("live: SKIPPED: nothing was tried against a real organization, since {why}"),
        Ok((target, writes)) => {
            say("reading in a real organization", target.read());
            match writes {
                true => say("writing in a real organization", target.write()),
                false => {
                    println!("live: SKIPPED: writing in a real organization, since AZDO_LIVE_WRITE is not 1")
                }
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
