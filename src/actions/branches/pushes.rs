//! Pushes of refs.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::actions::prelude::*;
use crate::actions::shared::wire::Person;

/// A push that the service accepted
pub(crate) struct Pushed {
    pub(crate) id: u64,
    /// The commit that the ref points to after the push
    pub(crate) new: String,
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

impl Created for Pushed {
    fn created(&self) -> Option<OffsetDateTime> {
        self.date
    }

    fn creator(&self) -> Option<&str> {
        self.pusher.as_deref()
    }

    fn label(&self) -> String {
        format!("the push {} to {}", self.id, self.branch)
    }

    /// The service returns no id for the update of a branch, so the id is made of its effect
    fn id(&self) -> String {
        format!("{} at {}", self.branch, self.new)
    }

    fn link(&self) -> Option<&str> {
        None
    }
}

/// Returns the caller's own pushes since `since` that moved a branch from this commit
pub(crate) async fn pushes(
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
    /// Returns a push as its response describes it
    pub(crate) fn answered(id: u64, branch: &BranchName, new: String, date: Option<&str>) -> Self {
        let branch = branch.full().to_owned();
        Pushed { id, new, branch, date: date.and_then(service_time), pusher: None }
    }
}
