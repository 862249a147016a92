//! The forms of a pull request in responses: in a list, alone by its number, and in its repository.

use serde_json::Value;
use serde_json::json;

use super::commits;
use crate::areas::shapes;
use crate::http::Call;
use crate::state::Organization;
use crate::state::Project;
use crate::state::git::Label;
use crate::state::git::ObjectId;
use crate::state::git::PullRequest;
use crate::state::git::Repository;
use crate::state::git::Status;

pub(super) fn url(call: &Call<'_>, project: &Project, repository: &Repository, one: &PullRequest) -> String {
    format!("{}/{}/_apis/git/repositories/{}/pullRequests/{}", call.base, project.id, repository.id, one.id)
}

/// The reviewers of a pull request at this URL.
pub(super) fn reviewers(
    organization: &Organization,
    call: &Call<'_>,
    url: &str,
    one: &PullRequest,
) -> Vec<Value> {
    let reviewer = |&(user, vote): &(usize, i32)| {
        let of = &organization.users[user];
        let mut value = shapes::user(call, of);
        // Unlike other references to a user, a reviewer has no descriptor.
        value.as_object_mut().map(|value| value.remove("descriptor"));
        value["reviewerUrl"] = json!(format!("{url}/reviewers/{}", of.id));
        value["vote"] = json!(vote);
        value["hasDeclined"] = json!(one.declined.contains(&user));
        value["isFlagged"] = json!(one.flagged.contains(&user));
        if one.required.contains(&user) {
            value["isRequired"] = json!(true);
        }
        value
    };
    one.votes.iter().map(reviewer).collect()
}

/// How much of a pull request a response shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// In a list: the repository and the merge commit are references.
    Listed,
    /// Alone, by its number only: without links.
    ByNumber,
    /// Alone, in its repository.
    Whole,
}

/// A commit as a reference, in the repository with this URL.
fn commit(repository_url: &str, id: ObjectId) -> Value {
    json!({ "commitId": id.to_string(), "url": format!("{repository_url}/commits/{id}") })
}

pub(super) fn label(url: &str, label: &Label) -> Value {
    let url = format!("{url}/labels/{}", label.id);
    json!({ "id": label.id, "name": label.name, "active": true, "url": url })
}

pub(super) fn shape(
    organization: &Organization,
    call: &Call<'_>,
    project: &Project,
    repository: &Repository,
    one: &PullRequest,
    form: Form,
) -> Value {
    let url = url(call, project, repository, one);
    let mut held = shapes::repository_part(call, project, repository);
    let repository_url = held["url"].as_str().unwrap_or_default().to_owned();
    if form == Form::Listed {
        if let Some(held) = held.as_object_mut() {
            held.retain(|name, _| ["id", "name", "url", "project"].contains(&name.as_str()));
        }
        if let Some(project) = held["project"].as_object_mut() {
            project.retain(|name, _| name != "url" && name != "revision");
        }
    }
    let tips = one.tips(&repository.refs);
    let conflicts = tips.is_some_and(|(source, target)| repository.merged(source, target).is_err());
    let merge_status = match (&one.completing, one.status) {
        (Some(_), _) => "queued",
        (None, Status::Active) if conflicts => "conflicts",
        _ => "succeeded",
    };
    let mut value = json!({
        "repository": held,
        "pullRequestId": one.id,
        "codeReviewId": one.id,
        "status": one.status.as_str(),
        "createdBy": shapes::user(call, &organization.users[one.creator]),
        "creationDate": shapes::moment(one.created),
        "title": one.title,
        "description": one.description,
        "sourceRefName": one.source,
        "targetRefName": one.target,
        "mergeStatus": merge_status,
        "isDraft": one.is_draft,
        "mergeId": one.merge_id,
        "reviewers": reviewers(organization, call, &url, one),
        "supportsIterations": true,
        "url": url,
    });
    if !one.labels.is_empty() {
        value["labels"] = one.labels.iter().map(|one| label(&url, one)).collect();
    }
    if let Some(closed) = one.closed {
        value["closedDate"] = json!(shapes::moment(closed));
    }
    if let Some((source, target)) = tips {
        value["lastMergeSourceCommit"] = commit(&repository_url, source);
        value["lastMergeTargetCommit"] = commit(&repository_url, target);
    }
    if let Some(merged) = one.merged.and_then(|id| repository.commit(id)).filter(|_| !conflicts) {
        value["lastMergeCommit"] = commit(&repository_url, merged.id);
        if form != Form::Listed {
            let whole = commits::shape(call, project, repository, merged);
            for name in ["author", "committer", "comment"] {
                value["lastMergeCommit"][name] = whole[name].clone();
            }
        }
    }
    if !one.options.is_empty() {
        value["completionOptions"] = json!(one.options);
    }
    if let Some(queued) = one.queued.filter(|_| one.completing.is_some() || one.status == Status::Completed) {
        value["completionQueueTime"] = json!(shapes::moment(queued));
    }
    if let Some(auto) = &one.auto_complete {
        value["autoCompleteSetBy"] = shapes::user(call, &organization.users[auto.by]);
    }
    if form == Form::Listed {
        return value;
    }
    let artifact = format!("vstfs:///Git/PullRequestId/{}%2F{}%2F{}", project.id, repository.id, one.id);
    value["artifactId"] = json!(artifact);
    if let Some(by) = one.closed_by {
        value["closedBy"] = shapes::user(call, &organization.users[by]);
    }
    if form == Form::Whole {
        value["_links"] = links(call, &repository_url, &value);
    }
    value
}

/// The links of a single pull request.
fn links(call: &Call<'_>, repository_url: &str, value: &Value) -> Value {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let url = text(&value["url"]);
    let branch = |name: &Value| {
        let name = text(name);
        format!("{repository_url}/refs/{}", name.trim_start_matches("refs/"))
    };
    let commit = |id: &Value| format!("{repository_url}/commits/{}", text(&id["commitId"]));
    let creator = text(&value["createdBy"]["id"]);
    shapes::links([
        ("self", url.clone()),
        ("repository", repository_url.to_owned()),
        ("workItems", format!("{url}/workitems")),
        ("sourceBranch", branch(&value["sourceRefName"])),
        ("targetBranch", branch(&value["targetRefName"])),
        ("statuses", format!("{url}/statuses")),
        ("sourceCommit", commit(&value["lastMergeSourceCommit"])),
        ("targetCommit", commit(&value["lastMergeTargetCommit"])),
        ("createdBy", format!("{}/_apis/Identities/{creator}", call.base)),
        ("iterations", format!("{url}/iterations")),
    ])
}
