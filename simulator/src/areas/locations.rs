//! Where clients find what is imitated: the table of resource locations (`OPTIONS _apis`) and the resource areas.
//!
//! The table has what only the service decides: identifiers, names, the names of the open places. Whether a
//! resource is there, where `_apis` may stand and whether it left preview is read off the routes.

use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;

use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::Speech;
use crate::http::Target;
use crate::route::Placement;
use crate::route::RequiredScopes;
use crate::route::Route;
use crate::state::Organization;

/// An area: the identifiers that clients look for it by, its name, its resources.
struct Area {
    ids: &'static [&'static str],
    name: &'static str,
    resources: &'static [Resource],
}

/// A resource: identifier, name, what follows `_apis/`, the version of its own form.
struct Resource(&'static str, &'static str, &'static str, u32);

#[rustfmt::skip]
const AREAS: &[Area] = &[
    Area {
        ids: &[],
        name: "Location",
        resources: &[
            Resource("00d9565f-ed9c-4a06-9a50-00e7896ccab4", "ConnectionData", "connectionData", 1),
            Resource("e81700f7-3be2-46de-8624-2eb35882fcaa", "ResourceAreas", "resourceAreas/{areaId}", 1),
        ],
    },
    Area {
        ids: &["79134c72-4a58-4b42-976c-04e7115f32bf"],
        name: "core",
        resources: &[
            Resource("603fe2ac-9723-48b9-88ad-09305aa6c6e1", "projects", "projects/{*projectId}", 4),
            Resource("93878975-88c5-4e6a-8abb-7ddd77a8a7d8", "processes", "process/processes/{processId}", 1),
        ],
    },
    Area {
        ids: &["1814ab31-2f4f-4a9f-8761-f4d77dc5a5d7"],
        name: "serviceendpoint",
        resources: &[Resource("e85f1c62-adfc-4b74-b618-11a150fb195e", "endpoints", "serviceendpoint/endpoints/{endpointId}", 4)],
    },
    Area {
        ids: &["a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd"],
        name: "distributedtask",
        resources: &[
            Resource("900fa995-c559-4923-aae7-f8424fe4fbea", "queues", "distributedtask/queues/{queueId}", 1),
            Resource("f5b09dd5-9d54-45a1-8b5a-1c8287d634cc", "variablegroups", "distributedtask/variablegroups/{groupId}", 2),
            Resource("adcfd8bc-b184-43ba-bd84-7c8c6a2ff421", "securefiles", "distributedtask/securefiles/{secureFileId}", 1),
            Resource("8572b1fc-2482-47fa-8f74-7e3ed53ee54b", "environments", "pipelines/environments/{environmentId}", 1),
        ],
    },
    Area {
        ids: &[],
        name: "operations",
        resources: &[Resource("9a1b74b4-2ca8-4a9f-8470-c2f2e6fdc949", "operations", "operations/{operationId}", 1)],
    },
    Area {
        ids: &[],
        name: "Security",
        resources: &[
            Resource("cf1faa59-1b63-4448-bf04-13d981a46f5d", "PermissionEvaluationBatch", "security/permissionevaluationbatch", 1),
            Resource("dd3b8bd6-c7fc-4cbd-929a-933d9c011c9d", "Permissions", "permissions/{securityNamespaceId}/{permissions}", 2),
            Resource("ce7b9f95-fde9-4be8-a86d-83b366f0b87a", "SecurityNamespaces", "securityNamespaces/{securityNamespaceId}", 1),
        ],
    },
    Area {
        ids: &["4e080c62-fa21-4fbc-8fef-2a10a2b38049"],
        name: "git",
        resources: &[
            Resource("225f7195-f9c7-4d14-ab28-a83f7ff77e1f", "repositories", "git/repositories/{repositoryId}", 2),
            Resource("a663da97-81db-4eb3-8b83-287670f63073", "recycleBinRepositories", "git/recycleBin/repositories/{repositoryId}", 1),
            Resource("2d874a60-a811-4f62-9c9f-963a6ea0a55b", "refs", "git/repositories/{repositoryId}/refs/{*filter}", 2),
            Resource("d5b216de-d8d5-4d32-ae76-51df755b16d3", "branchStats", "git/repositories/{repositoryId}/stats/branches/{*name}", 1),
            Resource("c2570c3b-5b3f-41b8-98bf-5407bfde8d58", "commits", "git/repositories/{repositoryId}/commits/{commitId}", 1),
            Resource("5bf884f5-3e07-42e9-afb8-1b872267bf16", "changes", "git/repositories/{repositoryId}/commits/{commitId}/changes", 1),
            Resource("fb93c0db-47ed-4a31-8c20-47552878fb44", "items", "git/repositories/{repositoryId}/items/{*path}", 1),
            Resource("ea98d07b-3c87-4971-8ede-a613694ffb55", "pushes", "git/repositories/{repositoryId}/pushes/{pushId}", 3),
            Resource("01828ddc-3600-4a41-8633-99b3a73a0eb3", "importRequests", "git/repositories/{repositoryId}/importRequests/{importRequestId}", 1),
            Resource("9946fd70-0d40-406e-b686-b4744cbbcc37", "pullRequests", "git/repositories/{repositoryId}/pullRequests/{pullRequestId}", 2),
            Resource("01a46dea-7d46-4d40-bc84-319e7c260d99", "pullRequests", "git/pullRequests/{pullRequestId}", 2),
            Resource("a5d28130-9cd2-40fa-9f08-902e7daa9efb", "pullRequests", "git/pullRequests", 2),
            Resource("4b6702c7-aa35-4b89-9c96-b9abf6d3e540", "pullRequestReviewers", "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/reviewers/{reviewerId}", 1),
            Resource("ab6e2e5d-a0b7-4153-b64a-a4efe0d49449", "pullRequestThreads", "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/threads/{threadId}", 1),
            Resource("965a3ec7-5ed8-455a-bdcb-835a5ea7fe7b", "pullRequestThreadComments", "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/threads/{threadId}/comments/{commentId}", 1),
        ],
    },
    Area {
        ids: &["965220d5-5bb9-42cf-8d67-9b146df2a5a4", "5d6898bb-45ec-463f-95f9-54d49c71752e"],
        name: "build",
        resources: &[
            Resource("0cd358e1-9217-4d94-8269-1c1ee6f93dcf", "builds", "build/builds/{buildId}", 7),
            Resource("dbeaf647-6167-421a-bda9-c9327b25e2e6", "definitions", "build/definitions/{definitionId}", 7),
            Resource("7c116775-52e5-453e-8c5d-914d9762d8c4", "revisions", "build/definitions/{definitionId}/revisions", 3),
            Resource("1db06c96-014e-44e1-ac91-90b2d4b3e984", "artifacts", "build/builds/{buildId}/artifacts", 5),
            Resource("35a80daf-7f30-45fc-86e8-6b813d9c90df", "logs", "build/builds/{buildId}/logs/{logId}", 2),
            Resource("8baac422-4c6e-4de5-8532-db96d92acffa", "Timeline", "build/builds/{buildId}/timeline/{timelineId}", 2),
            Resource("b8aac6c9-744b-46e1-88fc-3550969f9313", "Stages", "build/builds/{buildId}/stages/{stageRefName}", 1),
        ],
    },
    Area {
        ids: &["2e0bf237-8973-4ec9-a581-9c3d679d1776"],
        name: "pipelines",
        resources: &[
            Resource("28e1305e-2afe-47bf-abaf-cbb0e6a91988", "pipelines", "pipelines/{pipelineId}", 1),
            Resource("7859261e-d2e9-4a68-b820-a5d84cc5bb3d", "runs", "pipelines/{pipelineId}/runs/{runId}", 1),
            Resource("85023071-bd5e-4438-89b0-2a5bf362a19d", "artifacts", "pipelines/{pipelineId}/runs/{runId}/artifacts", 1),
        ],
    },
    Area {
        ids: &[],
        name: "Container",
        resources: &[
            Resource("e4f5c81e-e250-447b-9fef-bd48471bea5e", "Containers", "resources/Containers/{containerId}", 4),
        ],
    },
    Area {
        ids: &["efc2f575-36ef-48e9-b672-0c6fb4a48ac5"],
        name: "Release",
        resources: &[
            Resource("d8f96f24-8ea7-4cb6-baab-2df8fc515665", "definitions", "release/definitions/{definitionId}", 4),
            Resource("258b82e0-9d41-43f3-86d6-fef14ddd44bc", "revisions", "release/definitions/{definitionId}/revisions/{revision}", 1),
            Resource("a166fde7-27ad-408e-ba75-703c2cc9d500", "releases", "release/releases/{releaseId}", 9),
            Resource("a7e426b1-03dc-48af-9dfe-c98bac612dcb", "environments", "release/releases/{releaseId}/environments/{environmentId}", 7),
            Resource("b47c6458-e73b-47cb-a770-4df1e8813a91", "approvals", "release/approvals", 3),
            Resource("9328e074-59fb-465a-89d9-b09c82ee5109", "approvals", "release/approvals/{approvalId}", 3),
        ],
    },
    Area {
        ids: &["5b55a9b6-2e0f-40d7-829d-3741d2b8c4e4"],
        name: "approval",
        resources: &[
            Resource("37794717-f36f-4d78-b2bf-4dc30d0cfbcd", "approvals", "pipelines/approvals/{approvalId}", 1),
        ],
    },
    Area {
        ids: &["a81a0441-de52-4000-aa15-ff0e07bfbbaa"],
        name: "pipelinePermissions",
        resources: &[
            Resource("b5b9a4a4-e6cd-4096-853c-ab7d8b0c4eb2", "pipelinePermissions", "pipelines/pipelinePermissions/{resourceType}/{resourceId}", 1),
        ],
    },
    Area {
        ids: &["fb13a388-40dd-4a04-b530-013a739c72ef"],
        name: "policy",
        resources: &[
            Resource("dad91cbe-d183-45f8-9c6e-9c1164472121", "configurations", "policy/configurations/{configurationId}", 1),
            Resource("c23ddff5-229c-4d04-a80b-0fdce9f360c8", "evaluations", "policy/evaluations", 1),
        ],
    },
    Area {
        ids: &["5264459e-e5e0-4bd8-b118-0985e68a4ec5"],
        name: "wit",
        resources: &[
            Resource("72c7ddf8-2cdc-4f60-90cd-ab71c14a399b", "workItems", "wit/workItems/{id}", 3),
            Resource("a00c85a5-80fa-4565-99c3-bcd2181434bb", "revisions", "wit/workItems/{id}/revisions/{revisionNumber}", 3),
            Resource("62d3d110-0047-428c-ad3c-4fe872c91c74", "workItems", "wit/workItems/${type}", 3),
            Resource("908509b6-4248-4475-a1cd-829139ba419f", "workItemsBatch", "wit/workItemsBatch", 1),
            Resource("1a9c53f7-f243-4447-b110-35ef023636e4", "wiql", "wit/wiql", 2),
            Resource("e07b5fa4-1499-494d-a496-64b860fd64ff", "attachments", "wit/attachments/{id}", 3),
            Resource("7c8d7a76-4a09-43e8-b5df-bd792f4ac6aa", "workItemTypes", "wit/workItemTypes/{type}", 2),
            Resource("b51fd764-e5c2-4b9b-aaf7-3395cf4bdd94", "fields", "wit/fields/{fieldNameOrRefName}", 3),
        ],
    },
];

pub(super) const ROUTES: &[Route] = &[
    Route { ..area_route("resourceAreas", list_areas) },
    Route { ..area_route("resourceAreas/{areaId}", get_area) },
];

const fn area_route(template: &'static str, run: fn(&mut Organization, &Call<'_>) -> Outcome) -> Route {
    Route {
        place: Placement::Organization,
        released: None,
        needs: RequiredScopes::Nothing,
        anonymous: true,
        ..Route::of(
            "GET",
            template,
            &[],
            RequiredPermissions::Nothing("where an area is answers is no secret"),
            run,
        )
    }
}

impl Resource {
    /// Its row of the table; none when none of the routes imitates it.
    fn row(
        &self,
        area: &Area,
        speech: Speech,
        routes: impl Iterator<Item = &'static Route>,
    ) -> Option<Value> {
        let Resource(id, name, path, version) = *self;
        let mut released = false;
        let mut place = None;
        for route in routes.filter(|route| covers(path, route.template)) {
            released |= speech.has_released(route.released);
            place = place.max(Some(if route.place == Placement::Organization { "" } else { "{project}/" }));
        }
        Some(json!({
            "id": id,
            "area": area.name,
            "resourceName": name,
            "routeTemplate": format!("{}_apis/{path}", place?),
            "resourceVersion": version,
            "minVersion": "1.0",
            "maxVersion": speech.highest(),
            // A resource that never left preview has this number.
            "releasedVersion": if released { speech.latest() } else { "0.0" },
        }))
    }
}

/// Whether a route is one of a resource's: the same path, without open places at its end or with them.
fn covers(path: &str, template: &str) -> bool {
    let open = |part: &str| part.ends_with('}');
    let mut parts = template.split('/');
    for resource in path.split('/') {
        match parts.next() {
            Some(part)
                if open(part) != open(resource) || part.starts_with('$') != resource.starts_with('$') =>
            {
                return false;
            }
            Some(part) if !open(part) && !part.eq_ignore_ascii_case(resource) => return false,
            None if !open(resource) => return false,
            _ => {}
        }
    }
    parts.next().is_none()
}

/// Answers `OPTIONS`: all locations, those of an area, or those of one resource's name in it.
pub(super) fn locations(
    target: &Target,
    speech: Speech,
    routes: impl Iterator<Item = &'static Route> + Clone,
) -> Response {
    if target.project.is_some() {
        return Response::new(StatusCode::NOT_FOUND, Content::Text, "Page not found.");
    }
    let asked =
        |at: usize, name: &str| target.segments.get(at).is_none_or(|asked| asked.eq_ignore_ascii_case(name));
    let areas = AREAS.iter().filter(|area| asked(0, area.name));
    let rows = areas.flat_map(|area| {
        let routes = routes.clone();
        let resources = area.resources.iter().filter(|resource| asked(1, resource.1));
        resources.filter_map(move |resource| resource.row(area, speech, routes.clone()))
    });
    Response::list(rows.collect())
}

/// The areas, once for each of their identifiers.
fn areas(call: &Call<'_>) -> impl Iterator<Item = Value> {
    let location = format!("{}/", call.base);
    AREAS.iter().flat_map(move |area| {
        let location = location.clone();
        area.ids.iter().map(move |id| json!({ "id": id, "name": area.name, "locationUrl": location }))
    })
}

fn list_areas(_: &mut Organization, call: &Call<'_>) -> Outcome {
    Ok(Response::list(areas(call).collect()))
}

fn get_area(_: &mut Organization, call: &Call<'_>) -> Outcome {
    let id = call.captured[0];
    let mut areas = areas(call);
    let found = areas.find(|area| area["id"].as_str().is_some_and(|known| known.eq_ignore_ascii_case(id)));
    Ok(Response::ok(&found.unwrap_or(Value::Null)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::AREAS;
    use super::covers;

    #[test]
    fn a_route_belongs_to_a_resource_by_its_path() {
        let rows = [
            ("git/repositories/{repositoryId}", "git/repositories", true),
            ("git/repositories/{repositoryId}", "git/repositories/{repository}", true),
            ("git/repositories/{repositoryId}", "git/repositories/{repository}/refs", false),
            ("git/repositories/{repositoryId}/pushes/{pushId}", "git/repositories", false),
            ("git/pullRequests/{pullRequestId}", "git/pullrequests/{id}", true),
            ("wit/workItems/{id}", "wit/workitems/${type}", false),
            ("wit/workItems/${type}", "wit/workitems/${type}", true),
        ];
        for (path, template, expected) in rows {
            assert_eq!(covers(path, template), expected, "{path} {template}");
        }
    }

    #[test]
    fn every_route_belongs_to_a_resource() {
        let resources = || AREAS.iter().flat_map(|area| area.resources);
        let ids: BTreeSet<&str> = resources().map(|resource| resource.0).collect();
        assert_eq!(ids.len(), resources().count(), "an identifier stands twice");
        for route in super::super::all() {
            assert!(resources().any(|one| covers(one.2, route.template)), "{} has no place", route.template);
        }
    }
}
