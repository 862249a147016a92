//! The requests that are imitated: one file an area, one row a request.

mod approvals;
mod attachments;
mod branches;
mod builds;
mod commits;
mod completion;
mod core;
mod definitions;
mod deployments;
mod histories;
mod imports;
mod items;
mod locations;
mod pipelines;
mod policies;
mod projects;
mod properties;
mod pull_requests;
mod pushes;
mod release_approvals;
mod releases;
mod repositories;
mod resources;
mod results;
mod reviews;
mod runs;
mod security;
mod shapes;
mod start;
mod timelines;
mod wiql;
mod work_item_changes;
mod work_items;

use crate::call::Target;
use crate::response::Response;
use crate::route::Route;
use crate::version::Speech;

const AREAS: &[&[Route]] = &[
    locations::ROUTES,
    core::ROUTES,
    projects::ROUTES,
    repositories::ROUTES,
    branches::ROUTES,
    commits::ROUTES,
    items::ROUTES,
    pushes::ROUTES,
    imports::ROUTES,
    pull_requests::ROUTES,
    completion::ROUTES,
    reviews::ROUTES,
    policies::ROUTES,
    // Before those that take `approvals` and `environments` for a pipeline.
    approvals::ROUTES,
    resources::ROUTES,
    pipelines::ROUTES,
    runs::ROUTES,
    start::ROUTES,
    builds::ROUTES,
    definitions::ROUTES,
    histories::ROUTES,
    results::ROUTES,
    timelines::ROUTES,
    releases::ROUTES,
    deployments::ROUTES,
    release_approvals::ROUTES,
    security::ROUTES,
    // Before that which takes `$Bug` for the id of a work item.
    work_item_changes::ROUTES,
    work_items::ROUTES,
    wiql::ROUTES,
    attachments::ROUTES,
];

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> + Clone {
    AREAS.iter().copied().flatten()
}

/// Answers `OPTIONS` from the routes: where each resource is, and in which versions.
pub(crate) fn locations(target: &Target, speech: Speech) -> Response {
    locations::locations(target, speech, all())
}

/// What was found for a request.
pub(crate) enum Lookup<'t> {
    /// The route, and what stands in its open places.
    Found(&'static Route, Vec<&'t str>),
    /// The path is imitated with these methods only.
    OtherMethods(Vec<&'static str>),
    /// The path is not imitated.
    Nothing,
}

/// Finds the route of a request.
pub(crate) fn find<'t>(method: &str, target: &'t Target) -> Lookup<'t> {
    let mut methods = Vec::new();
    for route in all() {
        let Some(captured) = route.captures(target) else { continue };
        if route.method == method {
            return Lookup::Found(route, captured);
        }
        methods.push(route.method);
    }
    if methods.is_empty() { Lookup::Nothing } else { Lookup::OtherMethods(methods) }
}
