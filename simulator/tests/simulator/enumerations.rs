//! Every enumeration, in every request that has it: a name, the same in capital letters and its number mean the same,
//! and the response has a name.

use azdo_simulator::imitated_enumerations;
use serde_json::Value;

use crate::client::Answer;
use crate::walk_world::Things;

/// A request with a choice: the enumeration, method, path below the organization, body, and where the response has the
/// choice. `VALUE` is the choice. Without a place, whole responses are compared.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

const DEFINITION: &str =
    r#"{"name":"n","repository":{"name":"site"},"process":{"type":2,"yamlFilename":"/azure-pipelines.yml"},"#;
const RELEASE: &str = r#"{"name":"n","artifacts":[],"#;
const STAGE: &str =
    r#""name":"Test","retentionPolicy":{"daysToKeep":1,"releasesToKeep":1,"retainBuild":true}"#;

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("BUILD_STATUS", "GET", "{p}/build/builds?statusFilter=VALUE", "", ""),
    ("BUILD_STATUS", "PATCH", "{p}/build/builds/2", r#"{"status":"VALUE"}"#, "/status"),
    ("BUILD_RESULT", "GET", "{p}/build/builds?resultFilter=VALUE", "", ""),
    ("BUILD_REASON", "GET", "{p}/build/builds?reasonFilter=VALUE", "", ""),
    ("BUILD_REASON", "POST", "{p}/build/builds", r#"{"definition":{"id":1},"reason":"VALUE"}"#, "/reason"),
    ("DELETED_OPTION", "GET", "{p}/build/builds?deletedFilter=VALUE", "", ""),
    ("BUILD_ORDER", "GET", "{p}/build/builds?queryOrder=VALUE", "", ""),
    ("PRIORITY", "POST", "{p}/build/builds", r#"{"definition":{"id":1},"priority":"VALUE"}"#, "/priority"),
    ("DEFINITION_ORDER", "GET", "{p}/build/definitions?queryOrder=VALUE", "", ""),
    ("QUEUE_STATUS", "POST", "{p}/build/definitions", r#"DEFINITION"queueStatus":"VALUE"}"#, "/queueStatus"),
    ("TRIGGER_TYPE", "POST", "{p}/build/definitions", r#"DEFINITION"triggers":[{"triggerType":"VALUE"}]}"#, "/triggers/0/triggerType"),
    ("AUTHORIZATION_SCOPE", "POST", "{p}/build/definitions", r#"DEFINITION"jobAuthorizationScope":"VALUE"}"#, "/jobAuthorizationScope"),
    ("FOLDER_ORDER", "GET", "{p}/build/folders?queryOrder=VALUE", "", ""),
    ("STAGE_STATE", "PATCH", "{p}/build/builds/3/stages/Build", r#"{"state":"VALUE"}"#, ""),
    ("SIGNED_CONTENT", "GET", "{p}/pipelines/1/runs/1/artifacts?artifactName=drop&$expand=VALUE", "", "/name"),
    ("CONFIGURATION_TYPE", "POST", "{p}/pipelines", r#"{"name":"n","configuration":{"type":"VALUE","path":"/azure-pipelines.yml","repository":{"id":"{site}","type":"azureReposGit"}}}"#, "/configuration/type"),
    ("REPOSITORY_TYPE", "POST", "{p}/pipelines", r#"{"name":"n","configuration":{"type":"yaml","path":"/azure-pipelines.yml","repository":{"id":"{site}","type":"VALUE"}}}"#, "/configuration/repository/type"),
    ("CHECK_APPROVAL_STATUS", "GET", "{p}/pipelines/approvals?state=VALUE", "", ""),
    ("CHECK_APPROVAL_STATUS", "PATCH", "{p}/pipelines/approvals", r#"[{"approvalId":"{gate}","status":"VALUE"}]"#, "/value/0/status"),
    ("CHECK_EXPAND", "GET", "{p}/pipelines/checks/configurations?resourceType=queue&resourceId=2&$expand=VALUE", "", ""),
    ("ENVIRONMENT_EXPAND", "GET", "{p}/pipelines/environments/5?expands=VALUE", "", ""),
    ("VARIABLE_GROUP_ORDER", "GET", "{p}/distributedtask/variablegroups?queryOrder=VALUE", "", ""),
    ("CONNECT_OPTIONS", "GET", "/_apis/connectionData?connectOptions=VALUE", "", ""),
    ("PROJECT_STATE", "GET", "/_apis/projects?stateFilter=VALUE", "", ""),
    ("PROJECT_STATE", "PATCH", "/_apis/projects/{fabrikam}", r#"{"state":"VALUE"}"#, "/status"),
    ("VISIBILITY", "PATCH", "/_apis/projects/{fabrikam}", r#"{"visibility":"VALUE"}"#, "/status"),
    ("VISIBILITY", "POST", "/_apis/projects", r#"{"name":"New","visibility":"VALUE","capabilities":{"versioncontrol":{"sourceControlType":"Git"},"processTemplate":{"templateTypeId":"b8a3a935-7e91-48b8-a94c-606d37c3e9f2"}}}"#, "/status"),
    ("SOURCE_CONTROL", "POST", "/_apis/projects", r#"{"name":"New","capabilities":{"versioncontrol":{"sourceControlType":"VALUE"},"processTemplate":{"templateTypeId":"b8a3a935-7e91-48b8-a94c-606d37c3e9f2"}}}"#, "/status"),
    ("RECURSION", "GET", "{p}/git/repositories/site/items?scopePath=/&recursionLevel=VALUE", "", ""),
    ("VERSION_TYPE", "GET", "{p}/git/repositories/site/items?path=/README.md&$format=json&versionDescriptor.version=main&versionDescriptor.versionType=VALUE", "", ""),
    ("VERSION_TYPE", "GET", "{p}/git/repositories/site/commits?searchCriteria.itemVersion.version=main&searchCriteria.itemVersion.versionType=VALUE", "", ""),
    ("CHANGE_TYPE", "POST", "{p}/git/repositories/site/pushes", r#"{"refUpdates":[{"name":"refs/heads/main","oldObjectId":"{main}"}],"commits":[{"comment":"c","changes":[{"changeType":"VALUE","item":{"path":"/README.md"},"newContent":{"content":"x"}}]}]}"#, "/refUpdates/0/name"),
    ("CONTENT_TYPE", "POST", "{p}/git/repositories/site/pushes", r#"{"refUpdates":[{"name":"refs/heads/main","oldObjectId":"{main}"}],"commits":[{"comment":"c","changes":[{"changeType":"add","item":{"path":"/x"},"newContent":{"content":"eA==","contentType":"VALUE"}}]}]}"#, "/refUpdates/0/name"),
    ("PULL_REQUEST_STATUS", "GET", "{p}/git/repositories/site/pullrequests?searchCriteria.status=VALUE", "", ""),
    ("PULL_REQUEST_STATUS", "PATCH", "{p}/git/repositories/site/pullrequests/1", r#"{"status":"VALUE","lastMergeSourceCommit":{"commitId":"{topic}"}}"#, "/status"),
    ("PULL_REQUEST_TIME", "GET", "{p}/git/repositories/site/pullrequests?searchCriteria.minTime=2000-01-01T00:00:00Z&searchCriteria.queryTimeRangeType=VALUE", "", ""),
    ("PULL_REQUEST_QUERY_TYPE", "POST", "{p}/git/repositories/site/pullrequestquery", r#"{"queries":[{"type":"VALUE","items":["{topic}"]}]}"#, "/queries/0/type"),
    ("MERGE_STRATEGY", "PATCH", "{p}/git/repositories/site/pullrequests/1", r#"{"status":"completed","lastMergeSourceCommit":{"commitId":"{topic}"},"completionOptions":{"mergeStrategy":"VALUE"}}"#, "/completionOptions/mergeStrategy"),
    ("THREAD_STATUS", "POST", "{p}/git/repositories/site/pullrequests/1/threads", r#"{"status":"VALUE","comments":[{"content":"c"}]}"#, "/status"),
    ("THREAD_STATUS", "PATCH", "{p}/git/repositories/site/pullrequests/1/threads/1", r#"{"status":"VALUE"}"#, "/status"),
    ("COMMENT_TYPE", "POST", "{p}/git/repositories/site/pullrequests/1/threads", r#"{"comments":[{"content":"c","commentType":"VALUE"}]}"#, "/comments/0/commentType"),
    ("STATUS_STATE", "POST", "{p}/git/repositories/site/commits/{main}/statuses", r#"{"state":"VALUE","context":{"name":"n"}}"#, "/state"),
    ("STATUS_STATE", "POST", "{p}/git/repositories/site/pullrequests/1/statuses", r#"{"state":"VALUE","context":{"name":"n"}}"#, "/state"),
    ("RELEASE_STATUS", "GET", "{p}/release/releases?statusFilter=VALUE", "", ""),
    ("RELEASE_STATUS", "PATCH", "{p}/release/releases/1", r#"{"status":"VALUE"}"#, "/status"),
    ("RELEASE_ORDER", "GET", "{p}/release/releases?queryOrder=VALUE", "", ""),
    ("RELEASE_EXPAND", "GET", "{p}/release/releases?$expand=VALUE", "", ""),
    ("RELEASE_REASON", "POST", "{p}/release/releases", r#"{"definitionId":1,"reason":"VALUE"}"#, "/reason"),
    ("ENVIRONMENT_STATUS", "PATCH", "{p}/release/releases/1/environments/2", r#"{"status":"VALUE"}"#, "/name"),
    ("APPROVAL_STATUS", "GET", "{p}/release/approvals?statusFilter=VALUE", "", ""),
    ("APPROVAL_STATUS", "PATCH", "{p}/release/approvals/3", r#"{"status":"VALUE"}"#, "/status"),
    ("RELEASE_PIPELINE_EXPAND", "GET", "{p}/release/definitions?$expand=VALUE", "", ""),
    ("RELEASE_PIPELINE_ORDER", "GET", "{p}/release/definitions?queryOrder=VALUE", "", ""),
    ("RELEASE_SOURCE", "POST", "{p}/release/definitions", r#"RELEASE"source":"VALUE","environments":[{STAGE}]}"#, "/source"),
    ("RELEASE_TRIGGER", "POST", "{p}/release/definitions", r#"RELEASE"triggers":[{"triggerType":"VALUE"}],"environments":[{STAGE}]}"#, "/triggers/0/triggerType"),
    ("CONDITION_TYPE", "POST", "{p}/release/definitions", r#"RELEASE"environments":[{STAGE,"conditions":[{"name":"ReleaseStarted","conditionType":"VALUE"}]}]}"#, "/environments/0/conditions/0/conditionType"),
    ("PHASE_TYPE", "POST", "{p}/release/definitions", r#"RELEASE"environments":[{STAGE,"deployPhases":[{"phaseType":"VALUE"}]}]}"#, "/environments/0/deployPhases/0/phaseType"),
    ("APPROVAL_ORDER", "POST", "{p}/release/definitions", r#"RELEASE"environments":[{STAGE,"preDeployApprovals":{"approvals":[],"approvalOptions":{"executionOrder":"VALUE"}}}]}"#, "/environments/0/preDeployApprovals/approvalOptions/executionOrder"),
    ("WORK_ITEM_EXPAND", "GET", "/_apis/wit/workitems/1?$expand=VALUE", "", ""),
    ("WORK_ITEM_EXPAND", "POST", "/_apis/wit/workitemsbatch", r#"{"ids":[1],"$expand":"VALUE"}"#, "/value/0/id"),
    ("ERROR_POLICY", "GET", "/_apis/wit/workitems?ids=1,99&errorPolicy=VALUE", "", ""),
    ("ERROR_POLICY", "POST", "/_apis/wit/workitemsbatch", r#"{"ids":[1,99],"errorPolicy":"VALUE"}"#, "/value/1"),
    ("QUERY_EXPAND", "GET", "{p}/wit/queries/{saved}?$expand=VALUE", "", ""),
    ("QUERY_EXPAND", "POST", "{p}/wit/queriesbatch", r#"{"ids":["{saved}"],"$expand":"VALUE"}"#, "/value/0/wiql"),
    ("STRUCTURE_GROUP", "GET", "{p}/wit/classificationnodes/VALUE", "", ""),
    ("COMMENT_ORDER", "GET", "{p}/wit/workitems/1/comments?order=VALUE", "", ""),
    ("FIELD_FORMAT", "POST", "{p}/wit/workitems/1/comments?format=VALUE", r#"{"text":"t"}"#, "/format"),
    ("FIELD_FORMAT", "PATCH", "/_apis/wit/workitems/1", r#"[{"op":"add","path":"/multilineFieldsFormat/System.Description","value":"VALUE"}]"#, "/id"),
];

/// What two responses must have in common: the status, and the body, its part, or the kind of a refusal.
fn seen(answer: &Answer, place: &str) -> (u16, Value) {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let part = match answer.status {
        400.. => body["typeKey"].clone(),
        _ if place.is_empty() => body,
        _ => body.pointer(place).cloned().unwrap_or_default(),
    };
    (answer.status, part)
}

#[test]
fn every_enumeration_has_a_request() {
    for (name, _) in imitated_enumerations() {
        assert!(ROWS.iter().any(|row| row.0 == name), "{name} has no request");
    }
    let known: Vec<&str> = imitated_enumerations().map(|(name, _)| name).collect();
    assert!(ROWS.iter().all(|row| known.contains(&row.0)), "a request has no enumeration");
}

#[tokio::test]
async fn a_choice_is_a_name_in_any_case_or_its_number_and_is_shown_by_a_name() {
    let (bench, things, exact) = Things::for_another_user().await;
    let before = bench.simulator.snapshot();
    let mut faults = Vec::new();
    for &(name, method, path, body, place) in ROWS {
        let (_, choices) = imitated_enumerations().find(|(known, _)| *known == name).unwrap();
        let kind = if path.contains("/wit/workitems/1") && method == "PATCH" {
            "application/json-patch+json"
        } else {
            "application/json"
        };
        let body = body.replace("DEFINITION", DEFINITION).replace("RELEASE", RELEASE).replace("STAGE", STAGE);
        let path = things.filled(&path.replace("{p}", "/Fabrikam/_apis"));
        let separator = if path.contains('?') { '&' } else { '?' };
        let path = format!("/fabrikam{path}{separator}api-version=7.1-preview.1");
        let send = async |text: &str, written: &str| {
            bench.simulator.restore(&before);
            let body = things.filled(&body).replace("\"VALUE\"", written);
            let request = bench.request_as(&exact, method, &path.replace("VALUE", text));
            Answer::of(request.header("Content-Type", kind).body(body)).await
        };
        let mut succeeded = false;
        for (word, number) in choices {
            let named = seen(&send(word, &format!("\"{word}\"")).await, place);
            let upper = word.to_uppercase();
            let loud = seen(&send(&upper, &format!("\"{upper}\"")).await, place);
            let number = number.to_string();
            let counted = seen(&send(&number, &number).await, place);
            if named != loud || named != counted {
                faults.push(format!("{name} {method} {path}: {word}: {named:?}, {loud:?}, {counted:?}"));
            }
            succeeded |= named.0 < 300;
            // The choice itself is shown by a name, which may be that of the next state.
            let last = place.rsplit('/').next().unwrap_or_default();
            let is_choice = named.0 < 300 && body.contains(&format!("\"{last}\":\"VALUE\""));
            if is_choice && !choices.iter().any(|(known, _)| named.1 == **known) {
                faults.push(format!("{name} {method} {path}: {word} is shown as {}", named.1));
            }
        }
        if !succeeded {
            faults.push(format!("{name} {method} {path}: every choice is refused"));
        }
    }
    assert!(faults.is_empty(), "{} faults: {faults:#?}", faults.len());
}
