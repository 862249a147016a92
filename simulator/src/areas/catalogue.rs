//! The requests that are imitated: one file an area, one row a request.

use crate::auth::RequiredPermissions;
use crate::http::Response;
use crate::http::Speech;
use crate::http::Target;
use crate::route::Route;

use super::build;
use super::core;
use super::git;
use super::locations as table;
use super::pipelines;
use super::policy;
use super::release;
use super::work;

const AREAS: &[&[Route]] = &[
    table::ROUTES,
    core::connection_data::ROUTES,
    core::projects::ROUTES,
    git::repositories::ROUTES,
    git::branches::ROUTES,
    git::commits::ROUTES,
    git::items::ROUTES,
    git::pushes::ROUTES,
    git::imports::ROUTES,
    git::pull_requests::ROUTES,
    git::completion::ROUTES,
    git::reviews::ROUTES,
    policy::ROUTES,
    // Before those that take `approvals` and `environments` for a pipeline.
    pipelines::approvals::ROUTES,
    pipelines::resources::ROUTES,
    pipelines::pipeline::ROUTES,
    pipelines::runs::ROUTES,
    build::start::ROUTES,
    build::builds::ROUTES,
    build::definitions::ROUTES,
    build::revisions::ROUTES,
    release::revisions::ROUTES,
    build::artifacts::ROUTES,
    build::timelines::ROUTES,
    release::definitions::ROUTES,
    release::releases::ROUTES,
    release::approvals::ROUTES,
    core::security::ROUTES,
    // Before that which takes `$Bug` for the id of a work item.
    work::changes::ROUTES,
    work::work_items::ROUTES,
    work::wiql::ROUTES,
    work::attachments::ROUTES,
];

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> + Clone {
    AREAS.iter().copied().flatten()
}

/// Answers `OPTIONS` from the routes: where each resource is, and in which versions.
pub(crate) fn locations(target: &Target, speech: Speech) -> Response {
    table::locations(target, speech, all())
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

/// The requests that are imitated as [`imitated_requests`] has them, with what each takes of its user.
pub fn permissions_of_requests() -> Vec<(String, RequiredPermissions)> {
    all().map(|route| (route.describe(), route.takes)).collect()
}

/// The requests that are imitated, one a line as `METHOD path` with placeholders in braces, in no order.
pub fn imitated_requests() -> Vec<String> {
    all().map(Route::describe).collect()
}
