//! Values of another type that can mean only one thing: what one action returns, the next one takes.

use serde_json::Value;
use serde_json::json;

use crate::rpc::process::Serve;
use crate::rpc::process::code;
use crate::rpc::simulated::Simulated;

fn outputs(answer: &Value) -> &Value {
    assert!(answer["result"].is_object(), "{answer}");
    &answer["result"]["outputs"]
}

#[test]
fn what_an_action_returns_is_taken_by_the_next_one() {
    let simulated = Simulated::start();
    let mut serve = Serve::start_as(&["--allow-loopback-http"], json!({}));
    serve.begin("root", None);
    simulated.connect(&mut serve, "root");

    let answer = serve.execute("root", "createRepository", json!({ "name": 2024 }));
    assert_eq!(outputs(&answer)["name"], "2024");
    assert_eq!(outputs(&answer).get("defaultBranch"), None, "an empty output is left out");
    let files = json!({ "repository": 2024, "branch": "main", "message": 7, "files": { "/a.yml": "steps: []", "/n": 42 } });
    outputs(&serve.execute("root", "commitFiles", files));
    let pipeline = json!({ "name": 11, "repository": 2024, "path": "/a.yml" });
    let answer = serve.execute("root", "createPipeline", pipeline);
    let id = outputs(&answer)["id"].clone();
    assert!(id.is_number(), "{answer}");

    for pipeline in [id.clone(), json!(id.to_string())] {
        let answer =
            serve.execute("root", "getPipeline", json!({ "pipeline": pipeline, "includeRaw": "false" }));
        assert_eq!(outputs(&answer)["name"], "11");
    }
    let answer =
        serve.execute("root", "runPipeline", json!({ "pipeline": id, "branch": null, "variables": null }));
    let run = outputs(&answer)["id"].to_string();
    assert_eq!(outputs(&serve.execute("root", "getPipelineRun", json!({ "id": run })))["pipelineName"], "11");

    let item = json!({ "type": "Task", "title": 42, "tags": [7, "b"], "assignedTo": null });
    let answer = serve.execute("root", "createWorkItem", item);
    assert_eq!((&outputs(&answer)["title"], &outputs(&answer)["tags"]), (&json!("42"), &json!(["7", "b"])));

    // A number whose spelling is not known, and a value that may mean several things
    for (action, inputs) in [
        ("createRepository", json!({ "name": 3.0 })),
        ("createRepository", json!({ "name": true })),
        ("getWorkItem", json!({ "id": "one" })),
        ("getWorkItem", json!({ "id": null })),
        ("createWorkItem", json!({ "type": "Task", "title": "t", "tags": "a" })),
    ] {
        let answer = serve.execute("root", action, inputs);
        assert_eq!(code(&answer), (-32602, "input.invalid".to_owned()), "{answer}");
    }
}
