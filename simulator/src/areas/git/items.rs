//! Files and folders of a repository, as JSON or as content.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;

use super::commits;
use super::decoded::Decoded;
use super::repositories::locate_enabled;
use crate::areas::build::archive;
use crate::areas::service_areas;
use crate::auth::RequiredPermissions;
use crate::choice::RECURSION;
use crate::http::Call;
use crate::http::Content;
use crate::http::Format;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::git::Blob;
use crate::state::git::Commit;
use crate::state::git::Mode;
use crate::state::git::objects::tree_id;

const ITEMS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "fb93c0db-47ed-4a31-8c20-47552878fb44",
    "items",
    "git/repositories/{repositoryId}/items/{*path}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &ITEMS,
    "GET",
    "git/repositories/{repository}/items",
    &["vso.code"],
    RequiredPermissions::READ_CODE,
    items,
)
.at(Placement::Either)];

fn items(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository) = locate_enabled(organization, call)?;
    let repository = &organization.projects[project].repositories[repository];
    let (commit, descriptor) = commits::resolve(repository, call, "versionDescriptor")?;
    let scope = call.query("scopePath");
    let path = call.query("path").or(scope).unwrap_or("/").trim_matches('/');
    let base = format!(
        "{}/{}/_apis/git/repositories/{}/items",
        call.base, organization.projects[project].id, repository.id
    );
    let shelf = Shelf { commit, base, with_metadata: call.flag("includeContentMetadata") };
    if let Some(blob) = commit.files.get(path) {
        if scope.is_some() && call.query("path").is_none() {
            return Ok(Response::list(vec![shelf.file(path, blob)]));
        }
        return Ok(file(call, &shelf, path, blob));
    }
    if !path.is_empty() && shelf.inside(path).next().is_none() {
        let commit = commit.id.to_string();
        return Err(refusals::item_not_found(&format!("/{path}"), &repository.name, &descriptor, &commit));
    }
    if call.format(Format::Json) == Format::Zip {
        return Ok(packed(call, &shelf, path));
    }
    let level = RECURSION.name(call.query("recursionLevel").unwrap_or("none"));
    if scope.is_none() && level == "none" {
        return Ok(Response::ok(&shelf.folder(path)));
    }
    Ok(Response::list(shelf.list(path, level)))
}

/// A folder as an archive.
fn packed(call: &Call<'_>, shelf: &Shelf<'_>, folder: &str) -> Response {
    let skip = if folder.is_empty() { 0 } else { folder.len() + 1 };
    let files = shelf.inside(folder).map(|(path, blob)| (path[skip..].to_owned(), &*blob.content));
    let response = Response::new(StatusCode::OK, Content::Zip, archive::zip(files));
    let name = folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("root");
    if call.flag("download") { response.saved_as(&format!("{name}.zip")) } else { response }
}

/// By default the response is the file itself.
fn file(call: &Call<'_>, shelf: &Shelf<'_>, path: &str, blob: &Blob) -> Response {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (response, name) = match call.format(Format::Bytes) {
        Format::Json => {
            let mut value = shelf.file(path, blob);
            if call.flag("includeContent") {
                let text = Decoded::of(&blob.content).text;
                value["content"] =
                    json!(text.unwrap_or_else(|| String::from_utf8_lossy(&blob.content).into_owned()));
            }
            return Response::ok(&value);
        }
        Format::Text => {
            (Response::new(StatusCode::OK, Content::Text, blob.content.to_vec()), name.to_owned())
        }
        Format::Bytes => {
            (Response::new(StatusCode::OK, Content::Bytes, blob.content.to_vec()), name.to_owned())
        }
        Format::Zip => {
            let packed = archive::zip([(name.to_owned(), &*blob.content)]);
            (Response::new(StatusCode::OK, Content::Zip, packed), format!("{name}.zip"))
        }
    };
    if call.flag("download") { response.saved_as(&name) } else { response }
}

/// The files of a commit, and the start of their links.
struct Shelf<'a> {
    commit: &'a Commit,
    base: String,
    with_metadata: bool,
}

impl Shelf<'_> {
    /// Returns the paths below a folder; all paths for `""`.
    fn inside(&self, folder: &str) -> impl Iterator<Item = (&String, &Blob)> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.commit.files.range(prefix.clone()..).take_while(move |(path, _)| path.starts_with(&prefix))
    }

    /// Returns the folder and its contents: direct children for `oneLevel`, everything for `full`.
    fn list(&self, folder: &str, level: &str) -> Vec<Value> {
        let mut value = vec![self.folder(folder)];
        if level == "none" {
            return value;
        }
        let skip = if folder.is_empty() { 0 } else { folder.len() + 1 };
        let mut folders = BTreeSet::new();
        for (path, blob) in self.inside(folder) {
            let ends = path[skip..].match_indices('/').map(|(end, _)| &path[..skip + end]);
            let direct = !path[skip..].contains('/');
            for parent in ends.take(if level == "full" { usize::MAX } else { 1 }) {
                if folders.insert(parent) {
                    value.push(self.folder(parent));
                }
            }
            if direct || level == "full" {
                value.push(self.file(path, blob));
            }
        }
        value
    }

    fn file(&self, path: &str, blob: &Blob) -> Value {
        let mut value = json!({
            "objectId": blob.id.to_string(),
            "gitObjectType": if blob.mode == Mode::Submodule { "commit" } else { "blob" },
            "commitId": self.commit.id.to_string(),
            "path": format!("/{path}"),
            "url": self.url(path),
        });
        if blob.mode == Mode::SymbolicLink {
            value["isSymLink"] = json!(true);
        }
        if self.with_metadata {
            let name = path.rsplit('/').next().unwrap_or(path);
            let decoded = Decoded::of(&blob.content);
            value["contentMetadata"] = json!({
                "fileName": name,
                "extension": name.rsplit_once('.').map_or("", |(_, extension)| extension),
                "encoding": decoded.code_page,
                "isBinary": decoded.text.is_none(),
            });
        }
        value
    }

    fn folder(&self, path: &str) -> Value {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        json!({
            "objectId": tree_id(&self.commit.files, &prefix).to_string(),
            "gitObjectType": "tree",
            "commitId": self.commit.id.to_string(),
            "path": format!("/{path}"),
            "isFolder": true,
            "url": self.url(path),
        })
    }

    fn url(&self, path: &str) -> String {
        let version = self.commit.id;
        let path = percent_encoded(&format!("/{path}"));
        format!("{}?path={path}&versionType=Commit&version={version}", self.base)
    }
}
