//! Requests that work, one or more for each that is imitated, with the permissions that each takes.

use azdo_simulator::Permission;
use azdo_simulator::Permission::*;

/// A request: the route, what follows it in the query or stands in its places, the body, what it takes.
pub(crate) type Ask = (&'static str, &'static str, &'static str, &'static [Permission]);

const PROJECT: &[Permission] = &[ReadProject];
const CODE: &[Permission] = &[ReadProject, GenericRead];
const REVIEW: &[Permission] = &[ReadProject, GenericRead, PullRequestContribute];
const BUILDS: &[Permission] = &[ReadProject, ViewBuilds];
const PIPELINES: &[Permission] = &[ReadProject, ViewBuildDefinition];
const RUNS: &[Permission] = &[ReadProject, ViewBuildDefinition, ViewBuilds];
const RELEASE_PIPELINES: &[Permission] = &[ReadProject, ViewReleaseDefinition];
const RELEASES: &[Permission] = &[ReadProject, ViewReleases];
const WORK: &[Permission] = &[ReadProject, WorkItemRead];

/// At least one row a route; several where what it takes depends on what is asked.
#[rustfmt::skip]
pub(crate) const ASKS: &[Ask] = &[
    ("GET /{organization}/_apis/connectionData", "", "", &[]),
    ("GET /{organization}/_apis/resourceAreas", "", "", &[]),
    ("GET /{organization}/_apis/resourceAreas/{areaId}", "", "", &[]),
    ("GET /{organization}/_apis/projects", "", "", PROJECT),
    ("GET /{organization}/_apis/projects/{project}", "", "", PROJECT),
    ("POST /{organization}/_apis/projects", "", r#"{"name":"New","capabilities":{"versioncontrol":{"sourceControlType":"Git"},"processTemplate":{"templateTypeId":"b8a3a935-7e91-48b8-a94c-606d37c3e9f2"}}}"#, &[CreateProjects]),
    ("GET /{organization}/_apis/operations/{operation}", "", "", &[]),
    ("GET /{organization}/_apis/process/processes", "", "", &[]),
    ("GET /{organization}[/{project}]/_apis/git/repositories", "", "", CODE),
    ("POST /{organization}[/{project}]/_apis/git/repositories", "", r#"{"name":"new"}"#, &[ReadProject, CreateRepository]),
    ("POST /{organization}[/{project}]/_apis/git/repositories", "", r#"{"name":"fork","parentRepository":{"id":"{site}"}}"#, &[ReadProject, CreateRepository, GenericRead]),
    ("GET /{organization}[/{project}]/_apis/git/repositories/{repository}", "", "", CODE),
    ("PATCH /{organization}[/{project}]/_apis/git/repositories/{repository}", "", r#"{"name":"renamed"}"#, &[ReadProject, GenericRead, RenameRepository]),
    ("DELETE /{organization}[/{project}]/_apis/git/repositories/{repository}", "", "", &[ReadProject, GenericRead, DeleteRepository]),
    ("GET /{organization}/{project}/_apis/git/recycleBin/repositories", "", "", CODE),
    ("GET /{organization}[/{project}]/_apis/git/repositories/{repository}/refs", "", "", CODE),
    ("POST /{organization}[/{project}]/_apis/git/repositories/{repository}/refs", "", r#"[{"name":"refs/heads/new","oldObjectId":"{zero}","newObjectId":"{main}"}]"#, &[ReadProject, GenericRead, GenericContribute, CreateBranch]),
    ("POST /{organization}[/{project}]/_apis/git/repositories/{repository}/refs", "", r#"[{"name":"refs/heads/topic","oldObjectId":"{topic}","newObjectId":"{zero}"}]"#, &[ReadProject, GenericRead, GenericContribute, ForcePush]),
    ("GET /{organization}[/{project}]/_apis/git/repositories/{repository}/stats/branches", "", "", CODE),
    ("GET /{organization}[/{project}]/_apis/git/repositories/{repository}/commits", "", "", CODE),
    ("GET /{organization}[/{project}]/_apis/git/repositories/{repository}/commits/{commit}", "", "", CODE),
    ("GET /{organization}[/{project}]/_apis/git/repositories/{repository}/items", "path=/README.md", "", CODE),
    ("POST /{organization}[/{project}]/_apis/git/repositories/{repository}/pushes", "", r#"{"refUpdates":[{"name":"refs/heads/main","oldObjectId":"{main}"}],"commits":[{"comment":"c","changes":[{"changeType":"add","item":{"path":"/x"},"newContent":{"content":""}}]}]}"#, &[ReadProject, GenericRead, GenericContribute]),
    ("POST /{organization}[/{project}]/_apis/git/repositories/{repository}/pushes", "", r#"{"refUpdates":[{"name":"refs/heads/new","oldObjectId":"{main}"}],"commits":[{"comment":"c","changes":[{"changeType":"add","item":{"path":"/x"},"newContent":{"content":""}}]}]}"#, &[ReadProject, GenericRead, GenericContribute, CreateBranch]),
    ("GET /{organization}[/{project}]/_apis/git/repositories/{repository}/pushes", "", "", CODE),
    ("POST /{organization}/{project}/_apis/git/repositories/{repository}/importRequests", "{repository}=empty", r#"{"parameters":{"gitSource":{"url":"https://example.com/a.git"}}}"#, &[ReadProject, GenericRead, GenericContribute]),
    ("GET /{organization}/{project}/_apis/git/repositories/{repository}/importRequests", "{repository}=imported", "", CODE),
    ("GET /{organization}/{project}/_apis/git/repositories/{repository}/importRequests/{import}", "{repository}=imported", "", CODE),
    ("GET /{organization}/{project}/_apis/git/pullrequests", "", "", CODE),
    ("GET /{organization}[/{project}]/_apis/git/pullrequests/{id}", "", "", CODE),
    ("GET /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests", "", "", CODE),
    ("POST /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests", "", r#"{"title":"t","sourceRefName":"refs/heads/main","targetRefName":"refs/heads/topic"}"#, REVIEW),
    ("GET /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests/{id}", "", "", CODE),
    ("PATCH /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests/{id}", "", r#"{"title":"better"}"#, REVIEW),
    ("PATCH /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests/{id}", "", r#"{"status":"completed","lastMergeSourceCommit":{"commitId":"{topic}"}}"#, &[ReadProject, GenericRead, PullRequestContribute, GenericContribute]),
    ("PUT /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests/{id}/reviewers/{reviewer}", "", r#"{"vote":0}"#, REVIEW),
    ("GET /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests/{id}/reviewers", "", "", CODE),
    ("GET /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests/{id}/threads", "", "", CODE),
    ("POST /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests/{id}/threads", "", r#"{"comments":[{"content":"Why?"}]}"#, REVIEW),
    ("GET /{organization}/{project}/_apis/policy/configurations", "", "", CODE),
    ("DELETE /{organization}/{project}/_apis/policy/configurations/{configuration}", "", "", &[ReadProject, GenericRead, EditPolicies]),
    ("GET /{organization}/{project}/_apis/policy/evaluations", "artifactId=vstfs:///CodeReview/CodeReviewId/x/2", "", CODE),
    ("GET /{organization}/{project}/_apis/pipelines/approvals", "", "", BUILDS),
    ("PATCH /{organization}/{project}/_apis/pipelines/approvals", "", r#"[{"approvalId":"{gate}","status":"approved"}]"#, BUILDS),
    ("GET /{organization}/{project}/_apis/pipelines/approvals/{approval}", "{approval}={gate}", "", BUILDS),
    ("GET /{organization}/{project}/_apis/pipelines/pipelinePermissions/{type}/{id}", "", "", PROJECT),
    ("PATCH /{organization}/{project}/_apis/pipelines/pipelinePermissions/{type}/{id}", "", r#"{"pipelines":[{"id":1,"authorized":true}]}"#, &[ReadProject, AdministerResources]),
    ("GET /{organization}/{project}/_apis/pipelines", "", "", PIPELINES),
    ("POST /{organization}/{project}/_apis/pipelines", "", r#"{"name":"new","configuration":{"type":"yaml","path":"/azure-pipelines.yml","repository":{"id":"{site}","type":"azureReposGit"}}}"#, &[ReadProject, CreateBuildDefinition]),
    ("GET /{organization}/{project}/_apis/pipelines/{pipeline}", "", "", PIPELINES),
    ("POST /{organization}/{project}/_apis/pipelines/{pipeline}/runs", "", "{}", &[ReadProject, ViewBuildDefinition, QueueBuilds]),
    ("GET /{organization}/{project}/_apis/pipelines/{pipeline}/runs", "", "", RUNS),
    ("GET /{organization}/{project}/_apis/pipelines/{pipeline}/runs/{run}", "", "", RUNS),
    ("GET /{organization}/{project}/_apis/build/builds", "", "", BUILDS),
    ("POST /{organization}/{project}/_apis/build/builds", "", r#"{"definition":{"id":1}}"#, &[ReadProject, ViewBuildDefinition, QueueBuilds]),
    ("GET /{organization}/{project}/_apis/build/builds/{build}", "", "", BUILDS),
    ("PATCH /{organization}/{project}/_apis/build/builds/{build}", "{build}=2", r#"{"status":"cancelling"}"#, &[ReadProject, ViewBuilds, StopBuilds]),
    ("GET /{organization}/{project}/_apis/build/builds/{build}/timeline", "", "", BUILDS),
    ("PATCH /{organization}/{project}/_apis/build/builds/{build}/stages/{stage}", "{build}=3", r#"{"state":"retry"}"#, &[ReadProject, ViewBuilds, QueueBuilds]),
    ("GET /{organization}/{project}/_apis/build/builds/{build}/logs", "", "", BUILDS),
    ("GET /{organization}/{project}/_apis/build/builds/{build}/logs/{log}", "", "", BUILDS),
    ("GET /{organization}/{project}/_apis/build/builds/{build}/artifacts", "", "", BUILDS),
    ("GET /{organization}/{project}/_apis/pipelines/{pipeline}/runs/{run}/artifacts", "artifactName=drop", "", BUILDS),
    ("GET /{organization}/_apis/resources/Containers/{container}", "itemPath=box", "", BUILDS),
    ("GET /{organization}/{project}/_apis/build/definitions", "", "", PIPELINES),
    ("POST /{organization}/{project}/_apis/build/definitions", "", r#"{"name":"new","repository":{"id":"{site}"},"process":{"type":2,"yamlFilename":"/a.yml"}}"#, &[ReadProject, CreateBuildDefinition]),
    ("GET /{organization}/{project}/_apis/build/definitions/{definition}", "", "", PIPELINES),
    ("PUT /{organization}/{project}/_apis/build/definitions/{definition}", "", r#"{"name":"new","revision":1,"repository":{"id":"{site}"},"process":{"type":2,"yamlFilename":"/a.yml"}}"#, &[ReadProject, ViewBuildDefinition, EditBuildDefinition]),
    ("DELETE /{organization}/{project}/_apis/build/definitions/{definition}", "", "", &[ReadProject, ViewBuildDefinition, DeleteBuildDefinition]),
    ("GET /{organization}/{project}/_apis/release/definitions", "", "", RELEASE_PIPELINES),
    ("POST /{organization}/{project}/_apis/release/definitions", "", r#"{"name":"new","environments":[{"name":"Test","retentionPolicy":{}}]}"#, &[ReadProject, EditReleaseDefinition]),
    ("PUT /{organization}/{project}/_apis/release/definitions", "", r#"{"id":1,"revision":1,"name":"new","environments":[{"name":"Test","retentionPolicy":{}}]}"#, &[ReadProject, ViewReleaseDefinition, EditReleaseDefinition]),
    ("GET /{organization}/{project}/_apis/release/definitions/{definition}", "", "", RELEASE_PIPELINES),
    ("DELETE /{organization}/{project}/_apis/release/definitions/{definition}", "", "", &[ReadProject, ViewReleaseDefinition, DeleteReleaseDefinition]),
    ("GET /{organization}/{project}/_apis/release/releases", "", "", RELEASES),
    ("POST /{organization}/{project}/_apis/release/releases", "", r#"{"definitionId":1}"#, &[ReadProject, CreateReleases]),
    ("GET /{organization}/{project}/_apis/release/releases/{release}", "", "", RELEASES),
    ("GET /{organization}/{project}/_apis/release/releases/{release}/environments/{environment}", "", "", RELEASES),
    ("PATCH /{organization}/{project}/_apis/release/releases/{release}/environments/{environment}", "{environment}=2", r#"{"status":"inProgress"}"#, &[ReadProject, ViewReleases, ManageDeployments]),
    ("GET /{organization}/{project}/_apis/release/approvals", "", "", RELEASES),
    ("PATCH /{organization}/{project}/_apis/release/approvals/{approval}", "{approval}=3", r#"{"status":"approved"}"#, RELEASES),
    ("GET /{organization}[/{project}]/_apis/wit/workitems/{id}", "", "", WORK),
    ("GET /{organization}[/{project}]/_apis/wit/workitems", "ids=1", "", WORK),
    ("POST /{organization}[/{project}]/_apis/wit/workitemsbatch", "", r#"{"ids":[1]}"#, WORK),
    ("POST /{organization}/{project}/_apis/wit/workitems/${type}", "{type}=Bug", r#"[{"op":"add","path":"/fields/System.Title","value":"t"}]"#, &[ReadProject, WorkItemWrite]),
    ("PATCH /{organization}[/{project}]/_apis/wit/workitems/{id}", "", r#"[{"op":"add","path":"/fields/System.Title","value":"u"}]"#, &[ReadProject, WorkItemRead, WorkItemWrite]),
    ("GET /{organization}/{project}/_apis/wit/workitemtypes", "", "", PROJECT),
    ("POST /{organization}/{project}/_apis/wit/wiql", "", r#"{"query":"SELECT [System.Id] FROM WorkItems"}"#, WORK),
    ("POST /{organization}[/{project}]/_apis/wit/attachments", "fileName=a.txt", "text", &[ReadProject, WorkItemWrite]),
    ("GET /{organization}[/{project}]/_apis/wit/attachments/{id}", "{id}={attachment}", "", WORK),
    ("POST /{organization}/_apis/security/permissionevaluationbatch", "", r#"{"evaluations":[]}"#, &[]),
    ("GET /{organization}/_apis/permissions/{namespace}/{bits}", "", "", &[]),
];
