//! The differences between two commits.

use serde_json::json;

use super::commits;
use super::repositories::locate_enabled;
use crate::areas::service_areas;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::git::Commit;
use crate::state::git::ObjectId;
use crate::state::git::Repository;

const DIFFS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "615588d5-c0c7-4b88-88f8-e625306446e8",
    "commitDiffs",
    "git/repositories/{repositoryId}/diffs/commits",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &DIFFS,
    "GET",
    "git/repositories/{repository}/diffs/commits",
    &["vso.code"],
    RequiredPermissions::READ_CODE,
    diffs,
)
.at(Placement::Either)];

/// Returns the commit that `baseVersion` or `targetVersion` names; by default the default branch.
fn version<'r>(repository: &'r Repository, call: &Call<'_>, side: &str) -> Result<&'r Commit, Response> {
    let given = |name: &str| {
        let long = format!("{side}VersionDescriptor.{name}");
        call.query(&long).or_else(|| call.query(&format!("{side}{}", capital(name))))
    };
    let kind = given("versionType").unwrap_or("branch");
    commits::at_version(repository, kind, given("version")).map(|(commit, _)| commit)
}

fn capital(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

/// Returns the changes from the common ancestor to the target, or from the base with `diffCommonCommit=false`.
fn diffs(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, position) = locate_enabled(organization, call)?;
    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    let (base, target) = (version(repository, call, "base")?, version(repository, call, "target")?);
    let common = repository.merge_base(target.id, base.id);
    let direct = call.query("diffCommonCommit").is_some_and(|text| text.eq_ignore_ascii_case("false"));
    let from = if direct { Some(base) } else { common };
    let (counts, all) = commits::difference(call, project, repository, from, target);
    let top = call.number("$top").unwrap_or(organization.settings.switches.page_size);
    let skip = call.number("$skip").unwrap_or(0);
    let shown: Vec<_> = all.iter().skip(skip).take(top).collect();
    let own = |of: ObjectId, not: ObjectId| {
        let known: Vec<ObjectId> = repository.history(not).map(|commit| commit.id).collect();
        repository.history(of).filter(|commit| !known.contains(&commit.id)).count()
    };
    let Some(common) = common else {
        return Err(refusals::version_not_found("Common commit", &repository.name));
    };
    Ok(Response::ok(&json!({
        "allChangesIncluded": skip + shown.len() >= all.len(),
        "changeCounts": counts,
        "changes": shown,
        "commonCommit": common.id.to_string(),
        "baseCommit": base.id.to_string(),
        "targetCommit": target.id.to_string(),
        "aheadCount": own(target.id, base.id),
        "behindCount": own(base.id, target.id),
    })))
}
