//! JSON that several areas share: references to users, projects and repositories, and times.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::auth::Permission;
use crate::http::Call;
use crate::http::Response;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::state::Organization;
use crate::state::Project;
use crate::state::User;
use crate::state::git::Repository;

/// Returns the position of the project in the path. The build area answers 400 for an unknown identifier.
pub(super) fn build_project(organization: &Organization, call: &Call<'_>) -> Result<usize, Response> {
    own_project(organization, call, StatusCode::BAD_REQUEST)
}

/// Formats a time as the service does.
pub(super) fn moment(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).expect("years of four digits are all that the simulator makes")
}

/// The user's descriptor: `aad.` and the identifier in base64.
pub(super) fn descriptor(user: &User) -> String {
    format!("aad.{}", STANDARD.encode(user.id.to_string()))
}

/// The descriptor of a user in lists of access control: the tenant and the address.
pub(super) fn identity_descriptor(organization: &Organization, user: &User) -> String {
    format!("Microsoft.IdentityModel.Claims.ClaimsIdentity;{}\\{}", organization.id, user.email)
}

/// Removes the values of secret variables from a definition.
pub(super) fn forget_secrets(definition: &mut Map<String, Value>) {
    let variables = definition.get_mut("variables").and_then(Value::as_object_mut);
    for variable in variables.into_iter().flat_map(Map::values_mut) {
        if variable["isSecret"] == true {
            variable["value"] = Value::Null;
        }
    }
}

/// A reference to a user.
pub(super) fn user(call: &Call<'_>, user: &User) -> Value {
    let descriptor = descriptor(user);
    let avatar = format!("{}/_apis/GraphProfile/MemberAvatars/{descriptor}", call.base);
    json!({
        "displayName": user.name,
        "url": format!("{}/_apis/Identities/{}", call.base, user.id),
        "_links": { "avatar": { "href": avatar } },
        "id": user.id,
        "uniqueName": user.email,
        "imageUrl": format!("{}/_api/_common/identityImage?id={}", call.base, user.id),
        "descriptor": descriptor,
    })
}

/// Links by name, in the service's form.
pub(super) fn links<'n>(all: impl IntoIterator<Item = (&'n str, String)>) -> Value {
    let link = |(name, href): (&str, String)| (name.to_owned(), json!({ "href": href }));
    Value::Object(all.into_iter().map(link).collect())
}

/// A project, as a reference or in a list.
pub(super) fn project(call: &Call<'_>, project: &Project) -> Value {
    let mut value = json!({
        "id": project.id,
        "name": project.name,
        "url": format!("{}/_apis/projects/{}", call.base, project.id),
        "state": project.state,
        "revision": project.revision,
        "visibility": project.visibility.as_str(),
        "lastUpdateTime": moment(project.updated),
    });
    if !project.description.is_empty() {
        value["description"] = json!(project.description);
    }
    value
}

/// A repository.
pub(super) fn repository(call: &Call<'_>, of: &Project, repository: &Repository) -> Value {
    let web =
        format!("{}/{}/_git/{}", call.base, percent_encoded(&of.name), percent_encoded(&repository.name));
    let mut value = json!({
        "id": repository.id,
        "name": repository.name,
        "url": format!("{}/{}/_apis/git/repositories/{}", call.base, of.id, repository.id),
        "project": project(call, of),
        "size": repository.size(),
        "remoteUrl": web,
        "sshUrl": format!("git@127.0.0.1:v3/{}/{}/{}", call.target.organization, of.name, repository.name),
        "webUrl": web,
        "isDisabled": repository.is_disabled,
        "isInMaintenance": false,
    });
    // The member is missing in a repository without commits.
    if let Some(branch) = &repository.default_branch {
        value["defaultBranch"] = json!(branch);
    }
    if repository.parent.is_some() {
        value["isFork"] = json!(true);
    }
    value
}

/// A repository as a part of another record, where it has no default branch.
pub(super) fn repository_part(call: &Call<'_>, of: &Project, repository: &Repository) -> Value {
    let mut value = self::repository(call, of, repository);
    value.as_object_mut().map(|value| value.remove("defaultBranch"));
    value
}

/// The links of a repository, which only a single one has.
pub(super) fn repository_links(call: &Call<'_>, of: &Project, repository: &Repository) -> Value {
    let shown = self::repository(call, of, repository);
    let text = |name: &str| shown[name].as_str().unwrap_or_default().to_owned();
    let url = text("url");
    let below = |name: &str| format!("{url}/{name}");
    links([
        ("self", url.clone()),
        ("project", format!("vstfs:///Classification/TeamProject/{}", of.id)),
        ("web", text("webUrl")),
        ("ssh", text("sshUrl")),
        ("commits", below("commits")),
        ("refs", below("refs")),
        ("pullRequests", below("pullRequests")),
        ("items", below("items")),
        ("pushes", below("pushes")),
    ])
}

/// Returns the caller. The anonymous identity gets no further than `connectionData`, which does not use this.
pub(super) fn caller<'o>(organization: &'o Organization, call: &Call<'_>) -> &'o User {
    &organization.users[call.user.unwrap_or(0)]
}

/// Returns whether the caller is denied a permission, which must be one that the route states.
pub(super) fn denied(organization: &Organization, call: &Call<'_>, permission: Permission) -> bool {
    debug_assert!(
        call.permissions.permissions().contains(&permission),
        "the route does not state {permission:?}"
    );
    call.user.is_some_and(|user| organization.users[user].may_not(permission))
}

/// Returns whether the caller is denied a permission in a repository.
pub(super) fn denied_in(
    organization: &Organization,
    call: &Call<'_>,
    repository: &Repository,
    permission: Permission,
) -> bool {
    debug_assert!(
        call.permissions.permissions().contains(&permission),
        "the route does not state {permission:?}"
    );
    call.user.is_some_and(|user| organization.users[user].may_not_in(&repository.name, permission))
}

/// Refuses a caller who lacks a permission in a repository.
pub(super) fn allow_in(
    organization: &Organization,
    call: &Call<'_>,
    (project, repository): (usize, usize),
    permission: Permission,
) -> Result<(), Response> {
    let repository = &organization.projects[project].repositories[repository];
    if denied_in(organization, call, repository, permission) {
        let user = &caller(organization, call).name;
        return Err(refusals::needs_git_permission(permission, user));
    }
    Ok(())
}

/// Returns the position of the project in the path. The build area answers 400 if it does not exist.
pub(super) fn own_project(
    organization: &Organization,
    call: &Call<'_>,
    missing: StatusCode,
) -> Result<usize, Response> {
    project_position(organization, call, call.target.project.as_deref().unwrap_or_default(), missing)
}

/// Returns the position of a project by its name or identifier. `missing` is the status for an unknown identifier: 404,
/// but 400 in the build area. A project that the caller may not view is reported as missing.
pub(super) fn project_position(
    organization: &Organization,
    call: &Call<'_>,
    name_or_id: &str,
    missing: StatusCode,
) -> Result<usize, Response> {
    let found = organization.project_position(name_or_id);
    match found.filter(|_| !denied(organization, call, Permission::ReadProject)) {
        Some(position) => Ok(position),
        None if Uuid::try_parse(name_or_id).is_ok() => {
            Err(refusals::project_id_not_found(missing, name_or_id))
        }
        None => Err(refusals::project_name_not_found(name_or_id)),
    }
}
