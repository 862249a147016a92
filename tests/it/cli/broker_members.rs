//! What the processes with one broker share beside the sessions of a family: idempotency keys, and tokens of a host.

use serde_json::Value;
use serde_json::json;

use crate::cli::broker::Files;
use crate::cli::broker::Parent;
use crate::cli::broker::end;
use crate::cli::broker::global;
use crate::cli::broker::start_broker;
use crate::cli::support::Folder;

#[test]
fn processes_of_different_trees_start_one_run_with_one_key_also_when_its_owner_has_ended() {
    let files = Files::new("");
    let (broker, _) = start_broker(&files, &[]);
    let connected = || {
        let mut parent = Parent::start(&files);
        assert!(parent.connect(&files, global("Default"))["error"].is_null());
        parent
    };
    let run = |key: &str| {
        let inputs = json!({ "pipeline": "site", "idempotencyKey": key });
        json!({ "botRun": "root", "action": "runPipeline", "inputs": inputs })
    };
    let id = |response: Value| {
        response["result"]["outputs"]["id"].as_u64().unwrap_or_else(|| panic!("{response}"))
    };
    let [mut one, mut other] = [(), ()].map(|()| connected());
    one.send("action/execute", run("together"));
    other.send("action/execute", run("together"));
    let first = id(one.read());
    assert_eq!(id(other.read()), first);
    assert_ne!(id(other.call("action/execute", run("another"))), first);
    drop((one, other));
    assert_eq!(id(connected().call("action/execute", run("together"))), first, "the broker keeps the key");
    end(broker);
}

/// Connects with a credential in a locker of the host, which answers for it
fn connect_as_host(host: &mut Parent, files: &Files) {
    let credential = json!({ "lockerName": "random", "name": "azdo", "attributeName": "pat" });
    let inputs = json!({
        "personalAccessToken": credential, "organizationUrl": files.simulated.url, "projectName": "Fabrikam",
    });
    let target = global("Default");
    host.send(
        "action/execute",
        json!({ "botRun": "root", "action": "connect", "inputs": inputs, "target": target }),
    );
    loop {
        let message = host.read();
        if message["method"] == "credential/resolve" {
            let token = json!({ "token": files.simulated.token });
            host.write(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": token }));
        } else {
            return assert!(message["error"].is_null(), "{message}");
        }
    }
}

#[test]
fn a_credential_of_a_host_is_shared_sealed_or_not_at_all() {
    for is_sealed in [false, true] {
        let folder = Folder::new();
        let key = folder.file("sealing-key", &"k".repeat(64));
        let setting =
            if is_sealed { format!("sealing_key = 'file:{}'", key.display()) } else { String::new() };
        let files = Files::in_folder(folder, &setting);
        let (broker, _) = start_broker(&files, &[]);
        let lockers = json!({ "credentials": true, "lockers": ["random"] });
        let mut host = Parent::with(&files, None, lockers);
        let started = host.call("botRun/start", json!({ "id": "root" }));
        let tree = started["result"]["runTree"].as_str().expect("there is a store").to_owned();
        connect_as_host(&mut host, &files);
        // The other host has a locker of its own, with another name.
        let mut member =
            Parent::with(&files, Some(&tree), json!({ "credentials": true, "lockers": ["other"] }));
        member.call("botRun/start", json!({ "id": "member" }));
        let list = json!({ "botRun": "member", "action": "listRepositories", "inputs": {} });
        let listed = member.call("action/execute", list);
        if is_sealed {
            assert!(listed["result"]["outputs"].is_object(), "{listed}");
        } else {
            let error = &listed["error"]["data"];
            assert_eq!(error["code"], "credential.not_found", "{listed}");
            let help = error["help"].as_str().expect("there is a help");
            assert!(help.contains("env:NAME") && help.contains("sealing_key"), "{help}");
        }
        end(broker);
    }
}
