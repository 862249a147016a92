//! The catalogue of all routes, in the order in which requests are matched.

use super::build;
use super::core;
use super::git;
use super::identities;
use super::locations as table;
use super::pipelines;
use super::policy;
use super::release;
use super::work;
use crate::auth::FULL;
use crate::auth::RequiredPermissions;
use crate::http::ApiVersions;
use crate::http::Response;
use crate::http::Target;
use crate::route::KnownFrom;
use crate::route::RequiredScopes;
use crate::route::Route;

const AREAS: &[&[Route]] = &[
    table::ROUTES,
    core::connection_data::ROUTES,
    core::projects::ROUTES,
    core::project_changes::ROUTES,
    core::teams::ROUTES,
    git::repositories::ROUTES,
    git::branches::ROUTES,
    git::locks::ROUTES,
    git::annotated_tags::ROUTES,
    git::commits::ROUTES,
    git::statuses::ROUTES,
    git::items::ROUTES,
    git::trees::ROUTES,
    git::diffs::ROUTES,
    git::blobs::ROUTES,
    git::pushes::ROUTES,
    git::imports::ROUTES,
    git::pull_requests::ROUTES,
    git::pull_request_creation::ROUTES,
    git::pull_request_query::ROUTES,
    git::completion::ROUTES,
    git::reviews::ROUTES,
    git::thread_comments::ROUTES,
    git::labels::ROUTES,
    git::work_items::ROUTES,
    git::review_commits::ROUTES,
    git::review_statuses::ROUTES,
    git::iterations::ROUTES,
    policy::ROUTES,
    // Before the routes that would take `approvals` and `environments` for a pipeline.
    pipelines::approvals::ROUTES,
    pipelines::resources::ROUTES,
    pipelines::environments::ROUTES,
    pipelines::variable_groups::ROUTES,
    pipelines::pipeline::ROUTES,
    pipelines::runs::ROUTES,
    build::start::ROUTES,
    build::builds::ROUTES,
    build::tags::ROUTES,
    build::changes::ROUTES,
    build::report::ROUTES,
    build::folders::ROUTES,
    pipelines::authorized_resources::ROUTES,
    build::retention::ROUTES,
    build::definitions::ROUTES,
    build::revisions::ROUTES,
    release::revisions::ROUTES,
    build::artifacts::ROUTES,
    build::timelines::ROUTES,
    build::test_runs::ROUTES,
    release::definitions::ROUTES,
    release::release_lists::ROUTES,
    release::releases::ROUTES,
    release::approvals::ROUTES,
    release::logs::ROUTES,
    core::security::ROUTES,
    core::namespaces::ROUTES,
    core::access_lists::ROUTES,
    core::graph::ROUTES,
    identities::ROUTES,
    // Before the route that would take `$Bug` for the identifier of a work item.
    work::changes::ROUTES,
    work::work_items::ROUTES,
    work::recycle_bin::ROUTES,
    work::batch::ROUTES,
    work::queries::ROUTES,
    work::links::ROUTES,
    work::types::ROUTES,
    work::history::ROUTES,
    work::nodes::ROUTES,
    work::comments::ROUTES,
    work::wiql::ROUTES,
    work::attachments::ROUTES,
];

/// Returns all routes.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> + Clone {
    AREAS.iter().copied().flatten()
}

/// The response to `OPTIONS`: where each resource is, and in which versions.
pub(crate) fn locations(target: &Target, versions: ApiVersions) -> Response {
    let routes: Vec<&Route> = all().collect();
    table::locations(target, versions, &routes)
}

/// The result of looking up a request.
pub(crate) enum Lookup<'t> {
    /// The route, and the segments that its placeholders match.
    Found(&'static Route, Vec<&'t str>),
    /// The path is imitated with these methods only.
    OtherMethods(Vec<&'static str>),
    /// The path is not imitated.
    Nothing,
}

/// Looks up the route of a request.
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

/// An imitated request, as its route describes it.
#[derive(Clone, Debug)]
pub struct ImitatedRequest {
    /// `METHOD path`, with placeholders in braces.
    pub request: String,
    /// The scopes of which a token needs one; empty if any valid token is accepted.
    pub scopes: &'static [&'static str],
    /// The permissions that the token's user needs.
    pub permissions: RequiredPermissions,
    /// Where its behaviour is known from.
    pub known_from: KnownFrom,
}

/// Returns the requests that are imitated, in the order of the catalogue.
pub fn imitated_requests() -> Vec<ImitatedRequest> {
    all()
        .map(|route| ImitatedRequest {
            request: route.describe(),
            scopes: match route.scopes {
                RequiredScopes::OneOf(scopes) => scopes,
                RequiredScopes::PermissionSwitch => &[FULL],
            },
            permissions: route.permissions,
            known_from: route.known_from,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::all;

    /// Returns whether a path belongs to a resource's template: with or without the placeholder at its end.
    fn belongs(path: &str, template: &str) -> bool {
        let is_open = |part: &str| part.ends_with('}');
        let mut parts = path.split('/');
        for expected in template.split('/') {
            let matches = match parts.next() {
                Some(part) if is_open(expected) => {
                    is_open(part) && part.starts_with('$') == expected.starts_with('$')
                }
                Some(part) => part.eq_ignore_ascii_case(expected),
                None => is_open(expected),
            };
            if !matches {
                return false;
            }
        }
        parts.next().is_none()
    }

    #[test]
    fn the_path_of_a_route_belongs_to_its_resource() {
        for route in all() {
            assert!(belongs(route.template, route.resource.template), "{}", route.describe());
        }
        assert!(!belongs("git/repositories/{repository}/refs", "git/repositories/{repositoryId}"));
        assert!(!belongs("wit/workitems/${type}", "wit/workItems/{id}"));
    }

    #[test]
    fn an_identifier_belongs_to_one_resource() {
        let mut templates = BTreeMap::new();
        for route in all() {
            let template = route.resource.template;
            assert_eq!(*templates.entry(route.resource.id).or_insert(template), template);
        }
    }
}
