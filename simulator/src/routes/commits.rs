//! Commits, and which of them a version descriptor means.

use serde_json::Value;
use serde_json::json;

use super::Place;
use super::Route;
use super::repositories::locate;
use super::shapes;
use crate::answer::Answer;
use crate::answer::Outcome;
use crate::call::Call;
use crate::choice::VERSION_TYPE;
use crate::refusals;
use crate::state::Organization;
use crate::state::Project;
use crate::state::git::Repository;
use crate::state::objects::Commit;
use crate::state::objects::Signature;

pub(super) const ROUTES: &[Route] = &[
    Route {
        place: Place::Either,
        ..Route::of("GET", "git/repositories/{repository}/commits", &["vso.code"], list)
    },
    Route {
        place: Place::Either,
        ..Route::of("GET", "git/repositories/{repository}/commits/{commit}", &["vso.code"], get)
    },
];

/// A commit as the service shows it.
pub(super) fn shape(call: &Call<'_>, project: &Project, repository: &Repository, commit: &Commit) -> Value {
    let parents: Vec<String> = commit.parent.iter().map(ToString::to_string).collect();
    json!({
        "commitId": commit.id.to_string(),
        "treeId": commit.tree.to_string(),
        "author": signature(&commit.author),
        "committer": signature(&commit.author),
        "comment": commit.message,
        "parents": parents,
        "url": format!("{}/{}/_apis/git/repositories/{}/commits/{}", call.base, project.id, repository.id, commit.id),
    })
}

fn signature(signature: &Signature) -> Value {
    json!({ "name": signature.name, "email": signature.email, "date": shapes::moment(signature.at) })
}

/// The commit that a request is about, and the descriptor as the service words it. `prefix` is where the
/// descriptor stands in the query; the shorter, older names are understood as well.
pub(super) fn resolve<'r>(
    repository: &'r Repository,
    call: &Call<'_>,
    prefix: &str,
) -> Result<(&'r Commit, String), Answer> {
    let parameter = |name: &str| call.query(&format!("{prefix}.{name}")).or_else(|| call.query(name));
    let kind = VERSION_TYPE.name(parameter("versionType").unwrap_or("branch"));
    let Some(version) = parameter("version").filter(|version| !version.is_empty()) else {
        let tip =
            repository.default_branch.as_deref().and_then(|name| Some((name, repository.at_ref(name)?)));
        let (name, commit) = tip.ok_or_else(|| refusals::no_branches(&repository.name))?;
        return Ok((commit, format!("Branch: {}", name.trim_start_matches("refs/heads/"))));
    };
    let (commit, descriptor) = match kind {
        "commit" => (version.parse().ok().and_then(|id| repository.commit(id)), format!("Commit: {version}")),
        "tag" => (repository.at_ref(&format!("refs/tags/{version}")), format!("Tag: {version}")),
        _ => (repository.at_ref(&format!("refs/heads/{version}")), format!("Branch: {version}")),
    };
    match commit {
        Some(commit) => Ok((commit, descriptor)),
        None => Err(refusals::version_not_found(&descriptor, &repository.name)),
    }
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository) = locate(organization, call)?;
    let project = &organization.projects[project];
    let repository = &project.repositories[repository];
    let named = call.query("searchCriteria.itemVersion.version").is_some();
    if !named && repository.refs.is_empty() {
        return Ok(Answer::list(Vec::new()));
    }
    let (tip, _) = resolve(repository, call, "searchCriteria.itemVersion")?;
    let number = |name: &str| call.number(&format!("searchCriteria.{name}")).or_else(|| call.number(name));
    let skip = number("$skip").unwrap_or(0);
    let top = number("$top").unwrap_or(organization.settings.switches.page_size);
    let page = repository.history(tip.id).skip(skip).take(top);
    Ok(Answer::list(page.map(|commit| shape(call, project, repository, commit)).collect()))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository) = locate(organization, call)?;
    let project = &organization.projects[project];
    let repository = &project.repositories[repository];
    let name = call.captured[1];
    let commit = name.parse().ok().and_then(|id| repository.commit(id));
    let commit =
        commit.ok_or_else(|| refusals::version_not_found(&format!("Commit: {name}"), &repository.name))?;
    Ok(Answer::ok(&shape(call, project, repository, commit)))
}
