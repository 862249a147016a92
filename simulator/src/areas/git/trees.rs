//! Trees: the entries of a folder by the identifier of its object.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::json;

use super::repositories::locate_enabled;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::git::Files;
use crate::state::git::Mode;
use crate::state::git::ObjectId;
use crate::state::git::Repository;
use crate::state::git::objects::trees;

const TREES: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "729f6437-6f92-44ec-8bee-273a7111063c",
    "trees",
    "git/repositories/{repositoryId}/trees/{sha1}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &TREES,
    "GET",
    "git/repositories/{repository}/trees/{sha1}",
    &["vso.code"],
    RequiredPermissions::READ_CODE,
    tree,
)
.at(Placement::Either)];

/// Returns the files of a commit that has a tree, and the folder of the tree (`""`, or ending with `/`).
fn find(repository: &Repository, id: ObjectId) -> Option<(&Files, String)> {
    repository.commits().find_map(|commit| {
        if commit.tree == id {
            return Some((&commit.files, String::new()));
        }
        let folders =
            commit.files.keys().flat_map(|path| path.match_indices('/').map(|(end, _)| &path[..=end]));
        let mut folders = folders.filter(|folder| measured(&commit.files, folder).0 == id);
        folders.next().map(|folder| (&commit.files, folder.to_owned()))
    })
}

/// The identifier of a folder's tree, and the length of this object.
fn measured(files: &Files, folder: &str) -> (ObjectId, usize) {
    let mut length = 0;
    // The tree of the folder itself comes last.
    let id = trees(files, folder, &mut |_, content: &[u8]| length = content.len());
    (id, length)
}

fn tree(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, position) = locate_enabled(organization, call)?;
    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    let id = call.captured[1];
    let found = id.parse().ok().and_then(|id| find(repository, id));
    let (files, folder) = found.ok_or_else(|| refusals::object_not_found(id, &repository.name))?;
    let base = format!("{}/{}/_apis/git/repositories/{}", call.base, project.id, repository.id);
    let is_recursive = call.flag("recursive");
    let mut entries: BTreeMap<String, Value> = BTreeMap::new();
    for (path, blob) in files.range(folder.clone()..).take_while(|(path, _)| path.starts_with(&folder)) {
        let relative = &path[folder.len()..];
        for (end, _) in relative.match_indices('/').take(if is_recursive { usize::MAX } else { 1 }) {
            let (tree, size) = measured(files, &format!("{folder}{}", &relative[..=end]));
            let entry = json!({
                "objectId": tree.to_string(), "relativePath": &relative[..end], "mode": "40000",
                "gitObjectType": "tree", "url": format!("{base}/trees/{tree}"), "size": size,
            });
            entries.insert(relative[..end].to_owned(), entry);
        }
        if is_recursive || !relative.contains('/') {
            let kind = if blob.mode == Mode::Submodule { "commit" } else { "blob" };
            let entry = json!({
                "objectId": blob.id.to_string(), "relativePath": relative, "mode": blob.mode.as_str(),
                "gitObjectType": kind, "url": format!("{base}/blobs/{}", blob.id), "size": blob.content.len(),
            });
            entries.insert(relative.to_owned(), entry);
        }
    }
    let url = format!("{base}/trees/{id}");
    let entries: Vec<Value> = entries.into_values().collect();
    let mut links = shapes::links([("self", url.clone()), ("repository", base)]);
    links["treeEntries"] = entries.iter().map(|entry| json!({ "href": entry["url"] })).collect();
    Ok(Response::ok(&json!({
        "objectId": id,
        "url": url,
        "treeEntries": entries,
        "size": measured(files, &folder).1,
        "_links": links,
    })))
}
