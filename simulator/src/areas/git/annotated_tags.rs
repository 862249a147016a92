//! Annotated tags: tags with a message and an author.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::branches::is_ref_name;
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
use crate::state::Project;
use crate::state::Unseen;
use crate::state::git::AnnotatedTag;
use crate::state::git::ObjectId;
use crate::state::git::PushRecord;
use crate::state::git::Repository;
use crate::state::git::Signature;

const ANNOTATED_TAGS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "5e8a8081-3851-4626-b677-9891cc04102e",
    "annotatedTags",
    "git/repositories/{repositoryId}/annotatedTags/{objectId}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &ANNOTATED_TAGS,
        "GET",
        "git/repositories/{repository}/annotatedTags/{objectId}",
        &["vso.code"],
        RequiredPermissions::READ_CODE,
        get,
    )
    .at(Placement::Either),
    Route::new(
        &ANNOTATED_TAGS,
        "POST",
        "git/repositories/{repository}/annotatedTags",
        &["vso.code_write"],
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::GenericRead,
            Permission::GenericContribute,
            Permission::CreateTag,
        ]),
        create,
    )
    .at(Placement::Either),
];

fn shape(call: &Call<'_>, project: &Project, repository: &Repository, tag: &AnnotatedTag) -> Value {
    let by = &tag.by;
    json!({
        "name": tag.name,
        "objectId": tag.id.to_string(),
        "taggedObject": { "objectId": tag.tagged.to_string(), "objectType": "commit" },
        "taggedBy": { "name": by.name, "email": by.email, "date": shapes::moment(by.at) },
        "message": tag.message,
        "url": format!(
            "{}/{}/_apis/git/repositories/{}/annotatedTags/{}",
            call.base, project.id, repository.id, tag.id
        ),
    })
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, position) = locate_enabled(organization, call)?;
    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    let id = call.captured[1];
    let found = id.parse::<ObjectId>().ok().and_then(|id| repository.annotated_tag(id));
    let tag = found.ok_or_else(|| refusals::object_not_found(id, &repository.name))?;
    Ok(Response::ok(&shape(call, project, repository, tag)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewTag {
    #[serde(default)]
    name: String,
    #[serde(default)]
    message: String,
    tagged_object: Option<TaggedObject>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TaggedObject {
    object_id: String,
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewTag = call.json("tagObject")?;
    let (project, position) = locate_enabled(organization, call)?;
    for permission in [Permission::GenericContribute, Permission::CreateTag] {
        shapes::allow_in(organization, call, (project, position), permission)?;
    }
    let short = body.name.strip_prefix("refs/tags/").unwrap_or(&body.name);
    let name = format!("refs/tags/{short}");
    let Some(tagged) = body.tagged_object else { return Err(refusals::body_missing("taggedObject")) };
    if !is_ref_name(&name) || body.message.is_empty() {
        return Err(refusals::bad_argument("The tag needs a valid name and a message."));
    }
    let now = organization.now();
    let unseen = Unseen::new(organization.settings.switches.invisible_for);
    let pusher = call.user.unwrap_or(0);
    let user = &organization.users[pusher];
    let by = Signature::new(&user.name, &user.email, now);
    let repository = &mut organization.projects[project].repositories[position];
    let commit = tagged.object_id.parse::<ObjectId>().ok().filter(|id| repository.commit(*id).is_some());
    let Some(commit) = commit else {
        return Err(refusals::object_not_found(&tagged.object_id, &repository.name));
    };
    if repository.refs.contains_key(&name) {
        return Err(refusals::reference_stale(&name));
    }
    let tag = AnnotatedTag::new(&name, commit, by, &body.message);
    let new = tag.id;
    repository.tags.push(tag.clone());
    repository.refs.insert(name.clone(), new);
    repository.new_refs.insert(name.clone(), unseen.clone());
    repository.record(PushRecord { number: 0, at: now, pusher, name, old: ObjectId::ZERO, new, unseen });
    let project = &organization.projects[project];
    Ok(Response::json(StatusCode::CREATED, &shape(call, project, &project.repositories[position], &tag)))
}
