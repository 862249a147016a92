//! The responses that are replayed, in the form of the service's own.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::json;

/// The id of the project
pub(crate) const PROJECT: &str = "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c";
const USER: &str = "d6245f20-2af8-44f4-9451-8107cb2767db";
/// The repositories of the project
const REPOSITORIES: usize = 11;

/// Returns the responses by the path of their request
pub(crate) fn responses() -> BTreeMap<String, Vec<u8>> {
    let record = |path: &str, body: &Value| (format!("/fabrikam/{path}"), response(body));
    BTreeMap::from([
        record("_apis/connectionData", &connection_data()),
        record("_apis/projects/Fabrikam", &project()),
        record(&format!("{PROJECT}/_apis/git/repositories"), &repositories()),
    ])
}

fn connection_data() -> Value {
    let user = json!({
        "id": USER, "descriptor": format!("Microsoft.IdentityModel.Claims.ClaimsIdentity;{USER}"),
        "subjectDescriptor": "aad.ZDYyNDVmMjAtMmFmOC03NGY0LTk0NTEtODEwN2NiMjc2N2Ri",
        "providerDisplayName": "Mona Fabrikam", "isActive": true,
        "properties": { "Account": { "$type": "System.String", "$value": "mona@fabrikam.example" } },
    });
    json!({
        "authenticatedUser": user, "authorizedUser": user,
        "instanceId": "0b4cd1b0-9b3c-4c43-9c6b-0c3f9f4c1a55", "deploymentId": "0b4cd1b0-9b3c-4c43-9c6b-0c3f9f4c1a56",
        "deploymentType": "hosted",
    })
}

fn project() -> Value {
    json!({
        "id": PROJECT, "name": "Fabrikam", "description": "The website", "url": format!("https://dev.azure.com/fabrikam/_apis/projects/{PROJECT}"),
        "state": "wellFormed", "revision": 411, "visibility": "private", "lastUpdateTime": "2026-11-02T09:03:24.813Z",
    })
}

fn repositories() -> Value {
    let repository = |number: usize| {
        let (id, name) = (format!("5febef5a-833d-4e14-b9c0-{number:012x}"), format!("repository-{number}"));
        json!({
            "id": id, "name": name,
            "url": format!("https://dev.azure.com/fabrikam/{PROJECT}/_apis/git/repositories/{id}"),
            "project": project(),
            "defaultBranch": "refs/heads/main", "size": 7283 + number,
            "remoteUrl": format!("https://fabrikam@dev.azure.com/fabrikam/Fabrikam/_git/{name}"),
            "sshUrl": format!("git@ssh.dev.azure.com:v3/fabrikam/Fabrikam/{name}"),
            "webUrl": format!("https://dev.azure.com/fabrikam/Fabrikam/_git/{name}"),
            "isDisabled": false, "isInMaintenance": false,
        })
    };
    let all: Vec<Value> = (0..REPOSITORIES).map(repository).collect();
    json!({ "value": all, "count": REPOSITORIES })
}

fn response(body: &Value) -> Vec<u8> {
    let body = body.to_string();
    format!(
        "HTTP/1.1 200 OK\r\ncache-control: no-cache, no-store, must-revalidate\r\npragma: no-cache\r\n\
         content-length: {}\r\ncontent-type: application/json; charset=utf-8; api-version=7.1\r\n\
         x-tfs-processid: 1c2e1f0e-0d5c-4a84-9f0a-4c5ee6b3e9d1\r\nactivityid: 5fbb0a8e-6ff6-4a4c-8d6b-6f9a5a7d4b1c\r\n\
         x-tfs-session: 5fbb0a8e-6ff6-4a4c-8d6b-6f9a5a7d4b1d\r\nx-vss-e2eid: 5fbb0a8e-6ff6-4a4c-8d6b-6f9a5a7d4b1c\r\n\
         x-frame-options: SAMEORIGIN\r\nx-content-type-options: nosniff\r\ndate: Sun, 29 Nov 2026 12:00:00 GMT\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
