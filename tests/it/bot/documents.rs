//! Bot files that a test writes to its own folder.

use std::path::PathBuf;

use azdo_bot::hosts::bot::Analysis;
use azdo_bot::hosts::bot::LoadOptions;
#[cfg(feature = "simulator")]
use azdo_bot::hosts::bot::Program;
use azdo_bot::hosts::bot::load;
use serde_json::Value as Json;
use serde_json::json;
use tempfile::TempDir;

/// A repository folder
pub(crate) struct Folder(pub(crate) TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A folder with one bot, `root`
    pub(crate) fn with(nodes: Json, variables: Json) -> Self {
        let folder = Folder::new();
        folder.bot("root", nodes, variables);
        folder
    }

    pub(crate) fn bot(&self, name: &str, nodes: Json, variables: Json) {
        self.write(
            &format!("{name}.bot.json"),
            &json!({ "nodes": nodes, "variables": variables }).to_string(),
        );
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("the folder can be written in");
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    #[cfg(feature = "simulator")]
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("the file is there")
    }

    pub(crate) fn check(&self) -> Analysis {
        load(&self.path("root.bot.json"), &LoadOptions::default())
    }

    #[cfg(feature = "simulator")]
    pub(crate) fn program(&self) -> Program {
        self.check().into_program().unwrap_or_else(|faults| panic!("{}", lines(&faults)))
    }

    /// Returns the faults as lines, without UIDs
    pub(crate) fn faults(&self) -> String {
        lines(&self.check().faults)
    }
}

pub(crate) fn lines(faults: &[azdo_bot::hosts::bot::Fault]) -> String {
    let line = |fault: &azdo_bot::hosts::bot::Fault| {
        format!("{}:{} {}", fault.place.file, fault.place.line, fault.error)
    };
    faults.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A node with these attributes, by name and value
pub(crate) fn node(package: &str, command: &str, attributes: &[(&str, Json)]) -> Json {
    let attributes: Vec<Json> =
        attributes.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    json!({ "uid": format!("{package}-{command}"), "packageName": package, "commandName": command,
            "disabled": false, "attributes": attributes })
}

/// A node of this package
pub(crate) fn action(command: &str, attributes: &[(&str, Json)]) -> Json {
    node("AzureDevOps", command, attributes)
}

pub(crate) fn connect(return_to: Json) -> Json {
    let node = action(
        "connect",
        &[
            ("authenticationMethod", text("PAT")),
            ("personalAccessToken", vault()),
            ("organizationUrl", text("https://dev.azure.com/fabrikam")),
            ("projectName", text("Fabrikam")),
        ],
    );
    with(node, "returnTo", return_to)
}

/// Sets a member of a node
pub(crate) fn with(mut node: Json, member: &str, value: Json) -> Json {
    node[member] = value;
    node
}

pub(crate) fn vault() -> Json {
    json!({ "type": "CREDENTIAL", "credential": { "lockerName": "devops", "name": "azdo", "attributeName": "pat" } })
}

pub(crate) fn text(text: &str) -> Json {
    json!({ "type": "STRING", "string": text })
}

pub(crate) fn computed(expression: &str) -> Json {
    json!({ "type": "STRING", "expression": expression })
}

pub(crate) fn number(expression: &str) -> Json {
    json!({ "type": "NUMBER", "expression": expression })
}

pub(crate) fn variable(name: &str) -> Json {
    json!({ "type": "VARIABLE", "variableName": name })
}

/// A named session
pub(crate) fn session(name: &str) -> Json {
    json!({ "type": "SESSION", "sessionName": text(name) })
}

pub(crate) fn named_session(target: &str, name: &str) -> Json {
    json!({ "type": "SESSION", "sessionTarget": target, "sessionName": text(name) })
}

/// A session in a variable
pub(crate) fn session_variable(name: &str) -> Json {
    json!({ "type": "SESSION", "expression": format!("${name}$") })
}

/// A declaration; `more` has additional members
pub(crate) fn declare(name: &str, kind: &str, more: Json) -> Json {
    let mut declaration = json!({ "name": name, "type": kind });
    for (member, value) in more.as_object().expect("an object") {
        declaration[member] = value.clone();
    }
    declaration
}

pub(crate) fn run_task(path: &str, inputs: Json, outputs: Json) -> Json {
    let entries = |object: &Json| -> Vec<Json> {
        let object = object.as_object().expect("an object");
        object.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
    };
    let bot = json!({
        "type": "TASKBOT",
        "taskbotFile": { "type": "FILE", "string": path },
        "taskbotInput": { "type": "DICTIONARY", "dictionary": entries(&inputs) }
    });
    let node = node("TaskBot", "runTask", &[("taskbot", bot), ("repeatOption", text("DO_NOT_REPEAT"))]);
    with(node, "returnTo", json!({ "type": "DICTIONARY", "dictionary": entries(&outputs) }))
}

pub(crate) fn assign(expression: &str, to: &str) -> Json {
    with(node("String", "assign", &[("sourceString", computed(expression))]), "returnTo", variable(to))
}

pub(crate) fn message(expression: &str) -> Json {
    node("MessageBox", "messageBox", &[("title", text("")), ("content", computed(expression))])
}

pub(crate) fn try_catch(nodes: Json, catch: Json, finally: Json) -> Json {
    let exception =
        json!({ "type": "EXCEPTION", "exceptionName": "BotException", "packageName": "ErrorHandler" });
    let catch = with(node("ErrorHandler", "catch", &[("exceptionType", exception)]), "children", catch);
    let returns = json!({ "errorMessage": variable("message"), "errorLineNumber": variable("line") });
    let finally = with(node("ErrorHandler", "finally", &[]), "children", finally);
    let node = with(node("ErrorHandler", "try", &[]), "children", nodes);
    with(node, "branches", json!([with(catch, "returns", returns), finally]))
}

/// The variables that [`try_catch`] assigns
pub(crate) fn caught() -> [Json; 2] {
    [
        declare("message", "STRING", json!({ "output": true })),
        declare("line", "NUMBER", json!({ "output": true })),
    ]
}
