//! Artifacts of pipeline runs: list and download.

use std::collections::BTreeSet;

use serde_json::Value;
use serde_json::json;

use super::archive;
use super::builds;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::SIGNED_CONTENT;
use crate::http::Call;
use crate::http::Content;
use crate::http::Format;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::names;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::pipelines::Run;
use crate::world::Artifact;
use crate::world::ArtifactKind;

const BUILD: &[&str] = &["vso.build"];

const ARTIFACTS: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "1db06c96-014e-44e1-ac91-90b2d4b3e984",
    "artifacts",
    "build/builds/{buildId}/artifacts/{artifactName}",
    5,
);
const RUN_ARTIFACTS: ApiResource = ApiResource::new(
    &service_areas::PIPELINES,
    "85023071-bd5e-4438-89b0-2a5bf362a19d",
    "artifacts",
    "pipelines/{pipelineId}/runs/{runId}/artifacts",
    1,
);
const CONTAINERS: ApiResource = ApiResource::new(
    &service_areas::CONTAINER,
    "e4f5c81e-e250-447b-9fef-bd48471bea5e",
    "Containers",
    "resources/Containers/{containerId}/{*itemPath}",
    4,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &ARTIFACTS,
        "GET",
        "build/builds/{build}/artifacts",
        BUILD,
        RequiredPermissions::VIEW_BUILDS,
        artifacts,
    ),
    Route::new(
        &RUN_ARTIFACTS,
        "GET",
        "pipelines/{pipeline}/runs/{run}/artifacts",
        BUILD,
        RequiredPermissions::VIEW_BUILDS,
        signed,
    ),
    Route::new(
        &CONTAINERS,
        "GET",
        "resources/Containers/{container}",
        BUILD,
        RequiredPermissions::VIEW_BUILDS,
        container,
    )
    .at(Placement::Organization)
    .preview(),
];

/// The artifacts of a completed run.
fn of_run<'p>(project: &'p Project, run: &Run) -> &'p [Artifact] {
    match project.pipeline(run.pipeline) {
        Some(pipeline) if run.finished.is_some() => &pipeline.artifacts,
        _ => &[],
    }
}

fn named<'a>(artifacts: &'a [Artifact], name: &str, run: u32) -> Result<&'a Artifact, Response> {
    let found = artifacts.iter().find(|artifact| names::same(&artifact.name, name));
    found.ok_or_else(|| refusals::artifact_not_found(name, run))
}

/// Lists the artifacts, or returns the one that the query names.
fn artifacts(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, run) = builds::locate(organization, call)?;
    let project = &organization.projects[project];
    let run = &project.runs[run];
    let all = of_run(project, run);
    let shape = |artifact: &Artifact| shape(call, project, run, artifact);
    match call.query("artifactName") {
        Some(name) if call.format(Format::Json) == Format::Zip => {
            Ok(archive::response(named(all, name, run.id)?))
        }
        Some(name) => Ok(Response::ok(&shape(named(all, name, run.id)?))),
        None => Ok(Response::list(all.iter().map(shape).collect())),
    }
}

fn shape(call: &Call<'_>, project: &Project, run: &Run, artifact: &Artifact) -> Value {
    let name = percent_encoded(&artifact.name);
    let url =
        format!("{}/{}/_apis/build/builds/{}/artifacts?artifactName={name}", call.base, project.id, run.id);
    let (kind, download) = match artifact.kind {
        ArtifactKind::Pipeline => ("PipelineArtifact", signed_link(call, project, run, artifact)),
        ArtifactKind::Container => {
            let place = format!("{}/_apis/resources/Containers/{}", call.base, run.id);
            ("Container", format!("{place}?itemPath={name}&$format=zip"))
        }
    };
    json!({
        "id": run.id,
        "name": artifact.name,
        "source": run.id.to_string(),
        "resource": {
            "type": kind,
            "data": format!("#/{}/{}", run.id, artifact.name),
            "properties": { "artifactsize": archive::size(artifact).to_string() },
            "url": url,
            "downloadUrl": download,
        },
    })
}

/// A link that needs no token. In the service it leads to another host; here to a path that is not an organization's.
fn signed_link(call: &Call<'_>, project: &Project, run: &Run, artifact: &Artifact) -> String {
    let origin = call.base.rsplit_once('/').map_or("", |(origin, _)| origin);
    let organization = &call.target.organization;
    let name = percent_encoded(&artifact.name);
    format!("{origin}{}/{organization}/{}/{}/{name}?signature=simulated", archive::PATH, project.id, run.id)
}

/// Returns an artifact of a YAML pipeline's run, with a link that needs no token.
fn signed(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let by_run = Call { captured: vec![call.captured[1]], base: call.base.clone(), ..*call };
    let (project, run) = builds::locate(organization, &by_run)?;
    let project = &organization.projects[project];
    let run = &project.runs[run];
    let artifact = named(of_run(project, run), call.query("artifactName").unwrap_or_default(), run.id)?;
    let expires = shapes::moment(run.queued + time::Duration::hours(1));
    let mut value = json!({
        "name": artifact.name,
        "url": format!("{}/{}/_apis/pipelines/{}/runs/{}/artifacts", call.base, project.id, run.pipeline, run.id),
    });
    if call.query("$expand").is_some_and(|expand| SIGNED_CONTENT.name(expand) == "signedContent") {
        let url = signed_link(call, project, run, artifact);
        value["signedContent"] = json!({ "url": url, "signatureExpires": expires });
    }
    Ok(Response::ok(&value))
}

/// Returns the content of a container, which has the run's number here.
fn container(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let id = call.captured[0];
    let visible = [Permission::ReadProject, Permission::ViewBuilds]
        .into_iter()
        .all(|permission| !shapes::denied(organization, call, permission));
    let found = organization.projects.iter().filter(|_| visible).find_map(|project| {
        let run = project.runs.iter().find(|run| run.id.to_string() == id)?;
        Some((of_run(project, run), run.id))
    });
    let (all, run) = found.ok_or_else(|| refusals::build_not_found(id))?;
    let path = call.query("itemPath").unwrap_or_default().trim_matches('/');
    let (name, inside) = path.split_once('/').unwrap_or((path, ""));
    let format = call.format(Format::Json);
    if path.is_empty() && format != Format::Zip {
        let items = all.iter().flat_map(|artifact| items(call, run, artifact, ""));
        return Ok(Response::list(items.collect()));
    }
    let artifact = named(all, name, run)?;
    if format == Format::Zip {
        return Ok(archive::response(artifact));
    }
    let file = artifact.files.iter().find(|(path, _)| path.trim_start_matches('/') == inside);
    match file {
        Some((_, content)) if format != Format::Json => {
            Ok(Response::new(axum::http::StatusCode::OK, Content::Bytes, content.clone()))
        }
        _ => Ok(Response::list(items(call, run, artifact, inside))),
    }
}

/// The folders and files of an artifact in a container, at a path and below it.
fn items(call: &Call<'_>, run: u32, artifact: &Artifact, inside: &str) -> Vec<Value> {
    let mut folders = BTreeSet::from([artifact.name.clone()]);
    let mut all = Vec::new();
    for (path, content) in &artifact.files {
        let path = format!("{}/{}", artifact.name, path.trim_start_matches('/'));
        folders.extend(path.match_indices('/').map(|(end, _)| path[..end].to_owned()));
        all.push((path, Some(content.len())));
    }
    all.extend(folders.into_iter().map(|path| (path, None)));
    all.sort();
    let start = if inside.is_empty() { artifact.name.clone() } else { format!("{}/{inside}", artifact.name) };
    let below = format!("{start}/");
    all.retain(|(path, _)| *path == start || path.starts_with(&below));
    let shape = |(path, length): (String, Option<usize>)| {
        let location = |more: &str| {
            format!(
                "{}/_apis/resources/Containers/{run}?itemPath={}{more}",
                call.base,
                percent_encoded(&path)
            )
        };
        let mut value = json!({
            "containerId": run,
            "scopeIdentifier": "00000000-0000-0000-0000-000000000000",
            "path": path,
            "itemType": if length.is_some() { "file" } else { "folder" },
            "status": "created",
            "itemLocation": location("&metadata=True"),
            "contentLocation": location(""),
        });
        if let Some(length) = length {
            value["fileLength"] = json!(length);
        }
        value
    };
    all.into_iter().map(shape).collect()
}
