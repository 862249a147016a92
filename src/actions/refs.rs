//! Refs of a repository: where a branch stands, moving it, and what was pushed.

use serde::Deserialize;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::actions::Made;
use crate::actions::OpenSession;
use crate::actions::missing::Named;
use crate::actions::missing::with_near;
use crate::actions::wire::Person;
use crate::contract::BranchName;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Permission;
use crate::contract::RepositoryName;
use crate::contract::permissions;
use crate::contract::printable;
use crate::devops::List;
use crate::devops::Request;
use crate::devops::service_time;

/// The object id that stands for "nothing there"
pub(super) const NOTHING: &str = "0000000000000000000000000000000000000000";

/// As many refs as the service gives in one page
pub(super) const PAGE: usize = 1000;

/// A ref and the commit it stands at
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ref {
    pub(super) name: String,
    pub(super) object_id: String,
}

/// A push that the service has taken
pub(super) struct Pushed {
    pub(super) id: u64,
    /// Where the ref stands after it
    pub(super) new: String,
    branch: String,
    date: Option<OffsetDateTime>,
    pusher: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PushWire {
    push_id: u64,
    #[serde(default)]
    date: Option<String>,
    #[serde(default)]
    pushed_by: Option<Person>,
    #[serde(default)]
    ref_updates: Option<Vec<Moved>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Moved {
    name: String,
    old_object_id: String,
    new_object_id: String,
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
    update_status: Option<String>,
    #[serde(default)]
    success: Option<bool>,
    #[serde(default)]
    custom_message: Option<String>,
}

impl Made for Pushed {
    fn created(&self) -> Option<OffsetDateTime> {
        self.date
    }

    fn maker(&self) -> Option<&str> {
        self.pusher.as_deref()
    }

    fn label(&self) -> String {
        format!("the push {} to {}", self.id, self.branch)
    }

    /// The service gives a branch's update no id in its answer, so that what it did has to do
    fn id(&self) -> String {
        format!("{} at {}", self.branch, self.new)
    }

    fn link(&self) -> Option<&str> {
        None
    }
}

/// Asks for the refs that begin with this: `refs/heads/main`
pub(super) fn refs(repository: &RepositoryName, prefix: &str, needs: &Needs) -> Request<'static> {
    Request::get(&["git", "repositories", repository.as_str(), "refs"])
        .query("filter", prefix.strip_prefix("refs/").unwrap_or(prefix))
        .list_by(PAGE)
        .named(format!("read the branches of the repository \"{repository}\""))
        .needs(needs)
        .missing(format!("the repository \"{repository}\""))
}

/// The commit a branch stands at; nothing when it is not there
pub(super) async fn tip(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    branch: &BranchName,
    needs: &Needs,
) -> Result<Option<String>, Error> {
    let found: Vec<Ref> = session.send_list(refs(repository, branch.full(), needs)).await?;
    Ok(found.into_iter().find(|one| one.name == branch.full()).map(|one| one.object_id))
}

/// The error of a branch that is not there, with the names near to it after one more request
pub(super) async fn no_branch(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    branch: &BranchName,
    needs: &Needs,
) -> Error {
    let error = Error::new(
        ErrorCode::ResourceNotFound,
        format!("the repository \"{repository}\" has no branch \"{branch}\""),
    )
    .help("List branches returns the names that are there.");
    let names = async {
        let all: Vec<Ref> = session.send_list(refs(repository, "refs/heads/", needs)).await?;
        let short = all.into_iter().map(|one| one.name.strip_prefix("refs/heads/").map(str::to_owned));
        Ok(short.map(|name| Named { name }).collect())
    };
    with_near(error, &branch.to_string(), names).await
}

/// Moves a ref from one commit to another; [`NOTHING`] makes it or takes it away
///
/// The service answers 200 whatever becomes of the update, so each update's own status is read. Errors: those of
/// sending; `resource.conflict`, `resource.not_found`, `permission.denied`, `input.invalid`, `service.rejected`.
pub(super) async fn update(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    branch: &BranchName,
    (old, new): (&str, &str),
    needs: &Needs,
) -> Result<(), Error> {
    let words = match (old, new) {
        (NOTHING, _) => format!("create the branch \"{branch}\" in the repository \"{repository}\""),
        (_, NOTHING) => format!("delete the branch \"{branch}\" of the repository \"{repository}\""),
        _ => format!("move the branch \"{branch}\" of the repository \"{repository}\""),
    };
    let body = [Update { name: branch.full(), old_object_id: old, new_object_id: new }];
    let request = Request::post(&["git", "repositories", repository.as_str(), "refs"])
        .list()
        .json(&body)?
        .named(words.clone())
        .needs(needs)
        .missing(format!("the repository \"{repository}\""));
    let answered: List<Updated> = session.send(request).await?;
    let Some(updated) = answered.value.into_iter().next() else {
        return Err(Error::new(
            ErrorCode::ServiceBadResponse,
            format!("Could not {words}: the answer does not say what became of it"),
        ));
    };
    match (updated.success, updated.update_status.as_deref()) {
        (Some(true), None) => Ok(()),
        (success, status) => {
            let said = updated.custom_message.map(|said| session.excerpt(&said, 300));
            let refused = refusal(status.unwrap_or("unknown"), &words, said.as_deref());
            refused.filter(|_| success != Some(true)).map_or(Ok(()), Err)
        }
    }
}

/// What an update's status means: nothing for one that succeeded; `said` is safe to show
fn refusal(status: &str, words: &str, said: Option<&str>) -> Option<Error> {
    let denied = |permission: Permission| {
        let message = format!("The token's user may not {words}: it takes the permission \"{permission}\"");
        Error::new(ErrorCode::PermissionDenied, message).help(format!(
            "Ask for \"{}\" at {}.",
            permission.name,
            permission.namespace.place()
        ))
    };
    let because = |code, why: &str| Error::new(code, format!("Could not {words}: {why}"));
    let error = match status {
        "succeeded" | "succeededNonExistentRef" | "succeededCorruptRef" => return None,
        "staleOldObjectId" => {
            because(ErrorCode::ResourceConflict, "it exists already or was moved meanwhile")
        }
        "refNameConflict" => because(
            ErrorCode::ResourceConflict,
            "another branch is in the way: one that is a folder of this name, lies in it, or differs in letter case",
        ),
        "locked" => because(ErrorCode::ResourceConflict, "it is locked; whoever locked it can unlock it"),
        "unresolvableToCommit" => because(ErrorCode::ResourceNotFound, "the commit is not in the repository"),
        "invalidRefName" => because(ErrorCode::InputInvalid, "the service does not take its name"),
        "forcePushRequired" => denied(permissions::FORCE_PUSH),
        "writePermissionRequired" => denied(permissions::CONTRIBUTE),
        "createBranchPermissionRequired" => denied(permissions::CREATE_BRANCH),
        "createTagPermissionRequired" => denied(permissions::CREATE_TAG),
        "manageNotePermissionRequired" => denied(permissions::MANAGE_NOTES),
        "rejectedByPolicy" => because(
            ErrorCode::PermissionDenied,
            "a policy of the branch forbids it, which takes changes by pull request only",
        )
        .help("Use another branch and a pull request."),
        "rejectedByPlugin" => match said {
            Some(said) => {
                let why = format!("an extension of the organization refuses it: \"{said}\"");
                because(ErrorCode::ServiceRejected, &why)
            }
            None => because(ErrorCode::ServiceRejected, "an extension of the organization refuses it"),
        },
        "unprocessed" => because(ErrorCode::ServiceRejected, "the service left it undone without saying why"),
        other => {
            let why = format!("the service says \"{}\"", printable(other, 256));
            because(ErrorCode::ServiceRejected, &why)
        }
    };
    Some(error.with("updateStatus", printable(status, 256)))
}

/// The caller's own pushes since then that moved a branch from this commit
pub(super) async fn pushes(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    branch: &BranchName,
    old: &str,
    needs: &Needs,
    since: OffsetDateTime,
) -> Result<Vec<Pushed>, Error> {
    let request = Request::get(&["git", "repositories", repository.as_str(), "pushes"])
        .query("searchCriteria.refName", branch.full())
        .query("searchCriteria.pusherId", &session.connection().identity().id)
        .query("searchCriteria.fromDate", &since.format(&Rfc3339).unwrap_or_default())
        .query("searchCriteria.includeRefUpdates", "true")
        .list()
        .named(format!("look for the push to \"{branch}\" of the repository \"{repository}\""))
        .needs(needs)
        .missing(format!("the repository \"{repository}\""));
    let found: Vec<PushWire> = session.send_list(request).await?;
    let fitting = found.into_iter().filter_map(|push| {
        let moved = push.ref_updates?.into_iter().find(|moved| moved.name == branch.full())?;
        let date = push.date.as_deref().and_then(service_time);
        let (id, pusher) = (push.push_id, push.pushed_by.and_then(|pusher| pusher.id));
        let branch = branch.full().to_owned();
        (moved.old_object_id == old).then_some(Pushed { id, new: moved.new_object_id, branch, date, pusher })
    });
    Ok(fitting.collect())
}

impl Pushed {
    /// A push as the answer to it tells
    pub(super) fn answered(id: u64, branch: &BranchName, new: String, date: Option<&str>) -> Self {
        let branch = branch.full().to_owned();
        Pushed { id, new, branch, date: date.and_then(service_time), pusher: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_an_update_has_its_code_and_words() {
        let rows = [
            ("forcePushRequired", ErrorCode::PermissionDenied, "Force push"),
            ("staleOldObjectId", ErrorCode::ResourceConflict, "moved meanwhile"),
            ("invalidRefName", ErrorCode::InputInvalid, "name"),
            ("unprocessed", ErrorCode::ServiceRejected, "undone"),
            ("unresolvableToCommit", ErrorCode::ResourceNotFound, "commit"),
            ("writePermissionRequired", ErrorCode::PermissionDenied, "Contribute"),
            ("manageNotePermissionRequired", ErrorCode::PermissionDenied, "Manage notes"),
            ("createBranchPermissionRequired", ErrorCode::PermissionDenied, "Create branch"),
            ("createTagPermissionRequired", ErrorCode::PermissionDenied, "Create tag"),
            ("rejectedByPlugin", ErrorCode::ServiceRejected, "said by it"),
            ("locked", ErrorCode::ResourceConflict, "locked"),
            ("refNameConflict", ErrorCode::ResourceConflict, "in the way"),
            ("rejectedByPolicy", ErrorCode::PermissionDenied, "policy"),
            ("newOne", ErrorCode::ServiceRejected, "newOne"),
        ];
        for (status, code, words) in rows {
            let error = refusal(status, "delete the branch \"x\"", Some("said by it")).expect(status);
            assert_eq!(error.code(), code, "{status}");
            assert!(error.message().contains(words) && error.message().contains("\"x\""), "{error}");
            assert_eq!(error.context_value("updateStatus"), Some(status));
        }
        for good in ["succeeded", "succeededNonExistentRef", "succeededCorruptRef"] {
            assert!(refusal(good, "", None).is_none(), "{good}");
        }
    }
}
