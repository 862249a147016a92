//! Refs and branches: list, create, move, delete, statistics.

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;

use super::commits;
use super::repositories::locate_enabled;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Unseen;
use crate::state::git::ObjectId;
use crate::state::git::PushRecord;
use crate::state::git::Repository;

pub(super) const REFS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "2d874a60-a811-4f62-9c9f-963a6ea0a55b",
    "refs",
    "git/repositories/{repositoryId}/refs/{*filter}",
    2,
);
const BRANCH_STATS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "d5b216de-d8d5-4d32-ae76-51df755b16d3",
    "branchStats",
    "git/repositories/{repositoryId}/stats/branches",
    2,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &REFS,
        "GET",
        "git/repositories/{repository}/refs",
        &["vso.code"],
        RequiredPermissions::READ_CODE,
        list,
    )
    .recorded()
    .at(Placement::Either),
    Route::new(
        &REFS,
        "POST",
        "git/repositories/{repository}/refs",
        &["vso.code_write"],
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::GenericRead,
            Permission::GenericContribute,
            Permission::CreateBranch,
            Permission::CreateTag,
            Permission::ForcePush,
        ]),
        update,
    )
    .recorded()
    .at(Placement::Either),
    Route::new(
        &BRANCH_STATS,
        "GET",
        "git/repositories/{repository}/stats/branches",
        &["vso.code"],
        RequiredPermissions::READ_CODE,
        statistics,
    )
    .at(Placement::Either),
];

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository) = locate_enabled(organization, call)?;
    let place = (project, repository);
    let repository = &organization.projects[project].repositories[repository];
    // The filter is a prefix of the name after `refs/`.
    let prefix = format!("refs/{}", call.query("filter").unwrap_or_default());
    let contains = call.query("filterContains").unwrap_or_default().to_lowercase();
    let from = call.query("continuationToken").unwrap_or_default();
    let top = call.page_length(&organization.settings.switches);
    let mut fitting = repository.refs.iter().filter(|(name, _)| {
        name.starts_with(&prefix)
            && name.to_lowercase().contains(&contains)
            && name.as_str() >= from
            && repository.shows(name)
    });
    let peels = call.flag("peelTags");
    let value: Vec<Value> = fitting
        .by_ref()
        .take(top)
        .map(|(name, id)| {
            let mut value = shape(organization, call, place, (name, *id));
            if let Some(tag) = repository.annotated_tag(*id).filter(|_| peels) {
                value["peeledObjectId"] = json!(tag.tagged.to_string());
            }
            value
        })
        .collect();
    let next = fitting.next().map(|(name, _)| name.clone());
    Ok(Response::ok(&json!({ "value": value, "count": value.len() })).continued(next))
}

/// A ref of the repository with these positions of its project and itself.
pub(super) fn shape(
    organization: &Organization,
    call: &Call<'_>,
    (project, repository): (usize, usize),
    (name, id): (&str, ObjectId),
) -> Value {
    let project = &organization.projects[project];
    let repository = &project.repositories[repository];
    let short = name.trim_start_matches("refs/");
    let mut value = json!({
        "name": name,
        "objectId": id.to_string(),
        "creator": shapes::user(call, &organization.users[0]),
        "url": format!(
            "{}/{}/_apis/git/repositories/{}/refs?filter={short}", call.base, project.id, repository.id
        ),
    });
    if let Some(by) = repository.locks.get(name) {
        value["isLocked"] = json!(true);
        value["isLockedBy"] = shapes::user(call, &organization.users[*by]);
    }
    value
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RefUpdate {
    name: String,
    old_object_id: String,
    new_object_id: String,
}

/// The status is 200 even if an update failed: each update has its own status.
fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let updates: Vec<RefUpdate> = call.json_list("refUpdates")?;
    let (project, repository) = locate_enabled(organization, call)?;
    let known = &organization.projects[project].repositories[repository];
    let may = |permission| !shapes::denied_in(organization, call, known, permission);
    let rights = Rights {
        create: may(Permission::CreateBranch),
        tag: may(Permission::CreateTag),
        write: may(Permission::GenericContribute),
        delete: may(Permission::ForcePush),
    };
    let now = organization.now();
    let unseen = Unseen::new(organization.settings.switches.invisible_for);
    let repository = &mut organization.projects[project].repositories[repository];
    let value: Vec<Value> = updates
        .iter()
        .map(|update| {
            let status = apply(repository, update, rights, call.user.unwrap_or(0), now, &unseen);
            json!({
                "repositoryId": repository.id,
                "name": update.name,
                "oldObjectId": update.old_object_id,
                "newObjectId": update.new_object_id,
                "isLocked": false,
                "updateStatus": status,
                "success": status.starts_with("succeeded"),
            })
        })
        .collect();
    Ok(Response::ok(&json!({ "value": value, "count": value.len() })))
}

/// The caller's permissions for refs.
#[derive(Clone, Copy)]
struct Rights {
    create: bool,
    tag: bool,
    write: bool,
    delete: bool,
}

fn apply(
    repository: &mut Repository,
    update: &RefUpdate,
    rights: Rights,
    pusher: usize,
    at: OffsetDateTime,
    unseen: &Unseen,
) -> &'static str {
    let (Ok(old), Ok(new)) =
        (update.old_object_id.parse::<ObjectId>(), update.new_object_id.parse::<ObjectId>())
    else {
        return "unresolvableToCommit";
    };
    if !is_ref_name(&update.name) {
        return "invalidRefName";
    }
    let current = repository.refs.get(&update.name).copied();
    let is_tag = update.name.starts_with("refs/tags/");
    if current.is_none() && is_tag && !rights.tag {
        return "createTagPermissionRequired";
    }
    if current.is_none() && !is_tag && !rights.create {
        return "createBranchPermissionRequired";
    }
    if !rights.write {
        return "writePermissionRequired";
    }
    // The name of a branch cannot be a folder of another branch, nor be below one.
    let folder = |one: &str, other: &str| one.starts_with(&format!("{other}/"));
    if current.is_none()
        && repository.refs.keys().any(|known| folder(known, &update.name) || folder(&update.name, known))
    {
        return "refNameConflict";
    }
    if current.unwrap_or_default() != old {
        return "staleOldObjectId";
    }
    if repository.locked_by_another(&update.name, pusher).is_some() {
        return "locked";
    }
    let guarded = repository.policies.iter().any(|policy| policy.guards(&update.name));
    if current.is_some() && guarded {
        return "rejectedByPolicy";
    }
    if new == ObjectId::ZERO {
        if current.is_none() {
            return "succeededNonExistentRef";
        }
        if !rights.delete {
            return "forcePushRequired";
        }
        repository.remove_ref(&update.name);
    } else if repository.commit(new).is_none() && repository.annotated_tag(new).is_none() {
        return "unresolvableToCommit";
    } else {
        repository.refs.insert(update.name.clone(), new);
    }
    if current.is_none() {
        repository.new_refs.insert(update.name.clone(), unseen.clone());
    }
    let name = update.name.clone();
    repository.record(PushRecord { number: 0, at, pusher, name, old, new, unseen: unseen.clone() });
    "succeeded"
}

/// Returns whether git accepts the name of a ref.
pub(super) fn is_ref_name(name: &str) -> bool {
    let bad = |part: &str| part.is_empty() || part.starts_with('.') || part.ends_with(".lock");
    name.starts_with("refs/")
        && !name.split('/').any(bad)
        && !name.contains("..")
        && !name.chars().any(|c| c.is_control() || " ~^:?*[\\".contains(c))
}

fn statistics(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, position) = locate_enabled(organization, call)?;
    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    let statistics = |name: &str| {
        let full = format!("refs/heads/{name}");
        let commit = repository.at_ref(&full).filter(|_| repository.shows(&full))?;
        let base = repository.default_branch.as_deref();
        let base_ids: Vec<ObjectId> = base
            .and_then(|base| repository.at_ref(base))
            .map(|tip| repository.history(tip.id).map(|commit| commit.id).collect())
            .unwrap_or_default();
        let own_ids: Vec<ObjectId> = repository.history(commit.id).map(|commit| commit.id).collect();
        Some(json!({
            "commit": commits::shape(call, project, repository, commit),
            "name": name,
            "aheadCount": own_ids.iter().filter(|id| !base_ids.contains(id)).count(),
            "behindCount": base_ids.iter().filter(|id| !own_ids.contains(id)).count(),
            "isBaseVersion": base == Some(full.as_str()),
        }))
    };
    if let Some(name) = call.query("name") {
        return statistics(name)
            .map(|value| Response::ok(&value))
            .ok_or_else(|| refusals::version_not_found(&format!("Branch: {name}"), &repository.name));
    }
    let names = repository.refs.keys().filter_map(|name| name.strip_prefix("refs/heads/"));
    let value: Vec<Value> = names.filter_map(statistics).collect();
    if value.is_empty() {
        return Err(refusals::no_branches(&repository.name));
    }
    Ok(Response::list(value))
}
