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
mod required_permissions;
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

use crate::call::Call;
use crate::call::Target;
use crate::response::Outcome;
use crate::scopes::Grant;
use crate::state::Organization;
use crate::version::Released;
use crate::world::Switches;

pub(crate) use locations::locations;
pub use required_permissions::RequiredPermissions;

/// One imitated request.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) place: Place,
    /// What follows `_apis/`; `{…}` takes any one segment, `${…}` one that begins with `$`. Letters compare
    /// without case.
    pub(crate) template: &'static str,
    /// Since which version it is released; before, and for ever where there is none, a version without the
    /// preview flag is refused.
    pub(crate) released: Released,
    pub(crate) needs: Needs,
    pub(crate) takes: RequiredPermissions,
    /// Whether somebody without a name is answered.
    pub(crate) anonymous: bool,
    pub(crate) run: fn(&mut Organization, &Call<'_>) -> Outcome,
}

/// Where `_apis` may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// After the organization.
    Organization,
    /// After a project.
    Project,
    /// After either.
    Either,
}

/// The token scopes that a request needs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Needs {
    /// Any good token.
    Nothing,
    /// Any one of these.
    OneOf(&'static [&'static str]),
    /// What the switch `permission_batch_with_scopes` says.
    PermissionSwitch,
}

impl Needs {
    pub(crate) fn met_by(self, grant: &Grant, switches: &Switches) -> bool {
        match self {
            Needs::Nothing => true,
            Needs::OneOf(scopes) => grant.allows(scopes),
            Needs::PermissionSwitch => switches.permission_batch_with_scopes || *grant == Grant::Full,
        }
    }
}

impl Route {
    /// A request of a project, released in every version imitated, that needs one of these scopes of the token and
    /// takes these permissions of its user; the others differ in a field or two.
    const fn of(
        method: &'static str,
        template: &'static str,
        scopes: &'static [&'static str],
        takes: RequiredPermissions,
        run: fn(&mut Organization, &Call<'_>) -> Outcome,
    ) -> Route {
        let needs = Needs::OneOf(scopes);
        Route {
            method,
            place: Place::Project,
            template,
            released: Some((1, 0)),
            needs,
            takes,
            anonymous: false,
            run,
        }
    }

    /// `METHOD path` as people write it.
    pub(crate) fn describe(&self) -> String {
        let place = match self.place {
            Place::Organization => "",
            Place::Project => "/{project}",
            Place::Either => "[/{project}]",
        };
        format!("{} /{{organization}}{place}/_apis/{}", self.method, self.template)
    }

    /// What stands in the open places, if the target is this route's.
    fn captures<'t>(&self, target: &'t Target) -> Option<Vec<&'t str>> {
        let placed = match self.place {
            Place::Organization => target.project.is_none(),
            Place::Project => target.project.is_some(),
            Place::Either => true,
        };
        if !placed {
            return None;
        }
        let mut captured = Vec::new();
        let mut segments = target.segments.iter();
        for part in self.template.split('/') {
            let segment = segments.next()?;
            if let Some((before, _)) = part.split_once('{') {
                captured.push(segment.strip_prefix(before)?);
            } else if !part.eq_ignore_ascii_case(segment) {
                return None;
            }
        }
        segments.next().is_none().then_some(captured)
    }
}

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
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    AREAS.iter().copied().flatten()
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
