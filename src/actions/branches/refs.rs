//! Refs of a repository: reading and updating them.

use crate::actions::prelude::*;
use crate::actions::shared::not_found::ResourceName;
use crate::actions::shared::not_found::with_similar_names;

/// The object id of a ref that does not exist
pub(crate) const NO_OBJECT: &str = "0000000000000000000000000000000000000000";

/// The service's page size for refs
const PAGE: usize = 1000;

/// A ref and the commit that it points to
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ref {
    pub(crate) name: String,
    pub(crate) object_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Update<'a> {
    name: &'a str,
    old_object_id: &'a str,
    new_object_id: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Updated {
    #[serde(default)]
    new_object_id: Option<String>,
    #[serde(default)]
    update_status: Option<String>,
    #[serde(default)]
    success: Option<bool>,
    #[serde(default)]
    custom_message: Option<String>,
}

/// Returns the request that lists the refs with this prefix: `refs/heads/main`
pub(crate) fn list_request(repository: &RepositoryName, prefix: &str, needs: &Needs) -> Request<'static> {
    Request::get(&["git", "repositories", repository.as_str(), "refs"])
        .query("filter", prefix.strip_prefix("refs/").unwrap_or(prefix))
        .list_by(PAGE)
        .named(format!("read the branches of the repository \"{repository}\""))
        .needs(needs)
        .missing(format!("the repository \"{repository}\""))
}

/// Returns the latest commit of a branch, or `None` when the branch does not exist
pub(crate) async fn tip(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    branch: &BranchName,
    needs: &Needs,
) -> Result<Option<String>, Error> {
    let found: Vec<Ref> = session.send_list(list_request(repository, branch.full(), needs)).await?;
    Ok(found.into_iter().find(|one| one.name == branch.full()).map(|one| one.object_id))
}

/// Returns the error for a branch that does not exist, with similar names, which take one more request
pub(crate) async fn branch_not_found(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    branch: &BranchName,
    needs: &Needs,
) -> Error {
    let error = Error::new(
        ErrorCode::ResourceNotFound,
        format!("the repository \"{repository}\" has no branch \"{branch}\""),
    )
    .help("List branches returns the names of all branches.");
    let names = async {
        let all: Vec<Ref> = session.send_list(list_request(repository, "refs/heads/", needs)).await?;
        let short = all.into_iter().map(|one| one.name.strip_prefix("refs/heads/").map(str::to_owned));
        Ok(short.map(|name| ResourceName { name }).collect())
    };
    with_similar_names(error, branch.short(), names).await
}

/// Returns the error for a tag that does not exist, with similar names, which take one more request
pub(crate) async fn tag_not_found(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    tag: &BranchName,
    needs: &Needs,
) -> Error {
    let message = format!("the repository \"{repository}\" has no {}", noun_and_name(tag));
    let error =
        Error::new(ErrorCode::ResourceNotFound, message).help("List git tags returns the names of all tags.");
    let names = async {
        let all: Vec<Ref> = session.send_list(list_request(repository, "refs/tags/", needs)).await?;
        let short = all.into_iter().map(|one| one.name.strip_prefix("refs/tags/").map(str::to_owned));
        Ok(short.map(|name| ResourceName { name }).collect())
    };
    with_similar_names(error, tag.tag().unwrap_or_default(), names).await
}

/// Returns a branch or tag for messages: `the branch "main"`
fn subject(name: &BranchName) -> String {
    format!("the {}", noun_and_name(name))
}

fn noun_and_name(name: &BranchName) -> String {
    match name.tag() {
        Some(tag) => format!("tag \"{}\"", printable(tag, 1024)),
        None => format!("branch \"{name}\""),
    }
}

/// Moves a ref from one commit to another, and returns the new one; [`NO_OBJECT`] creates or deletes the ref
///
/// The service responds with 200 even if the update fails, so the status of the update itself is checked. Errors: those
/// of sending; `resource.conflict`, `resource.not_found`, `permission.denied`, `input.invalid`, `service.rejected`.
pub(crate) async fn update(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    branch: &BranchName,
    (old, new): (&str, &str),
    needs: &Needs,
) -> Result<String, Error> {
    let subject = subject(branch);
    let operation = match (old, new) {
        (NO_OBJECT, _) => format!("create {subject} in the repository \"{repository}\""),
        (_, NO_OBJECT) => format!("delete {subject} of the repository \"{repository}\""),
        _ => format!("move {subject} of the repository \"{repository}\""),
    };
    let body = [Update { name: branch.full(), old_object_id: old, new_object_id: new }];
    let request = Request::post(&["git", "repositories", repository.as_str(), "refs"])
        .list()
        .json(&body)?
        .named(operation.clone())
        .needs(needs)
        .missing(format!("the repository \"{repository}\""));
    let answered: List<Updated> = session.send(request).await?;
    let Some(updated) = answered.value.into_iter().next() else {
        return Err(Error::new(
            ErrorCode::ServiceBadResponse,
            format!("Could not {operation}: the response does not contain the result"),
        ));
    };
    let moved = updated.new_object_id.unwrap_or_else(|| new.to_owned());
    match (updated.success, updated.update_status.as_deref()) {
        (Some(true), None) => Ok(moved),
        (success, status) => {
            let detail = updated.custom_message.map(|detail| session.excerpt(&detail, 300));
            let service = session.connection().organization().service();
            let refused = refusal(status.unwrap_or("unknown"), &operation, detail.as_deref(), service);
            refused.filter(|_| success != Some(true)).map_or(Ok(moved), Err)
        }
    }
}

/// Returns the error for the status of an update, or `None` for success; `detail` is safe to show
fn refusal(status: &str, operation: &str, detail: Option<&str>, service: ServiceKind) -> Option<Error> {
    let denied = |permission: Permission| {
        let words = permission.words(service);
        let message = format!("The token's user may not {operation}: this needs the permission \"{words}\"");
        Error::new(ErrorCode::PermissionDenied, message).help(format!(
            "Ask for \"{}\" at {}.",
            permission.name,
            permission.namespace.place(service)
        ))
    };
    let because = |code, why: &str| Error::new(code, format!("Could not {operation}: {why}"));
    let error = match status {
        "succeeded" | "succeededNonExistentRef" | "succeededCorruptRef" => return None,
        "staleOldObjectId" => {
            because(ErrorCode::ResourceConflict, "it exists already or was moved in the meantime")
        }
        "refNameConflict" => because(
            ErrorCode::ResourceConflict,
            "its name conflicts with another branch or tag: one that has this name as a folder, is a folder of this name, or differs only in letter case",
        ),
        "locked" => {
            because(ErrorCode::ResourceConflict, "it is locked; the user who locked it can unlock it")
        }
        "unresolvableToCommit" => because(ErrorCode::ResourceNotFound, "the commit is not in the repository"),
        "invalidRefName" => because(ErrorCode::InputInvalid, "the service does not accept its name"),
        "forcePushRequired" => denied(permissions::FORCE_PUSH),
        "writePermissionRequired" => denied(permissions::CONTRIBUTE),
        "createBranchPermissionRequired" => denied(permissions::CREATE_BRANCH),
        "createTagPermissionRequired" => denied(permissions::CREATE_TAG),
        "manageNotePermissionRequired" => denied(permissions::MANAGE_NOTES),
        "rejectedByPolicy" => {
            because(ErrorCode::PermissionDenied, "a branch policy forbids it: changes need a pull request")
                .help("Use another branch and a pull request.")
        }
        "rejectedByPlugin" => match detail {
            Some(detail) => {
                let why = format!("an extension of the {} rejected it: \"{detail}\"", service.organization());
                because(ErrorCode::ServiceRejected, &why)
            }
            None => {
                let why = format!("an extension of the {} rejected it", service.organization());
                because(ErrorCode::ServiceRejected, &why)
            }
        },
        "unprocessed" => because(ErrorCode::ServiceRejected, "the service gave no reason"),
        other => {
            let why = format!("the service says \"{}\"", printable(other, 256));
            because(ErrorCode::ServiceRejected, &why)
        }
    };
    Some(error.with("updateStatus", printable(status, 256)))
}

/// Fails for a full ref that is not a branch
pub(crate) fn is_branch(action: &str, branch: &BranchName) -> Result<(), Error> {
    match branch.branch() {
        Some(_) => Ok(()),
        None => Err(Error::new(ErrorCode::InputInvalid, format!("{action}: {branch} is not a branch"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_an_update_has_its_code_and_words() {
        let rows = [
            ("forcePushRequired", ErrorCode::PermissionDenied, "Force push"),
            ("staleOldObjectId", ErrorCode::ResourceConflict, "moved in the meantime"),
            ("invalidRefName", ErrorCode::InputInvalid, "name"),
            ("unprocessed", ErrorCode::ServiceRejected, "no reason"),
            ("unresolvableToCommit", ErrorCode::ResourceNotFound, "commit"),
            ("writePermissionRequired", ErrorCode::PermissionDenied, "Contribute"),
            ("manageNotePermissionRequired", ErrorCode::PermissionDenied, "Manage notes"),
            ("createBranchPermissionRequired", ErrorCode::PermissionDenied, "Create branch"),
            ("createTagPermissionRequired", ErrorCode::PermissionDenied, "Create tag"),
            ("rejectedByPlugin", ErrorCode::ServiceRejected, "said by it"),
            ("locked", ErrorCode::ResourceConflict, "locked"),
            ("refNameConflict", ErrorCode::ResourceConflict, "conflicts with another branch"),
            ("rejectedByPolicy", ErrorCode::PermissionDenied, "policy"),
            ("newOne", ErrorCode::ServiceRejected, "newOne"),
        ];
        for (status, code, operation) in rows {
            let error = refusal(status, "delete the branch \"x\"", Some("said by it"), ServiceKind::Hosted)
                .expect(status);
            assert_eq!(error.code(), code, "{status}");
            assert!(error.message().contains(operation) && error.message().contains("\"x\""), "{error}");
            assert_eq!(error.context_value("updateStatus"), Some(status));
            for detail in [None, Some("said by it")] {
                let error = refusal(status, "delete the branch \"x\"", detail, ServiceKind::Server);
                let error = error.expect(status).on(ServiceKind::Server);
                let words = format!("{} {}", error.message(), error.help_text()).to_lowercase();
                assert!(!words.contains("organization"), "{status}: {words}");
                assert_eq!(
                    words.contains("an extension of the collection"),
                    status == "rejectedByPlugin",
                    "{words}"
                );
            }
        }
        for good in ["succeeded", "succeededNonExistentRef", "succeededCorruptRef"] {
            assert!(refusal(good, "", None, ServiceKind::Hosted).is_none(), "{good}");
        }
    }
}
