//! A route: one imitated request, as a row of the catalogue.
//!
//! Everything about a request that is not its behaviour is read from its row: the response to `OPTIONS` and the
//! resource areas, the check of version, scopes and permissions, the list in `docs/simulator.md`, and the tests of
//! scopes and permissions.

use crate::auth::Grant;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Released;
use crate::http::Target;
use crate::state::Organization;
use crate::world::Switches;

/// An area of the service.
pub(crate) struct Area {
    pub(crate) name: &'static str,
}

/// A resource of the service, as the table of resource locations (`OPTIONS _apis`) shows it.
pub(crate) struct ApiResource {
    pub(crate) area: &'static Area,
    /// Empty if the service has no location for it.
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// The service's template: what follows `_apis/`, with the service's names of the placeholders.
    pub(crate) template: &'static str,
    /// The version of the resource's own form.
    pub(crate) version: u32,
}

impl ApiResource {
    pub(crate) const fn new(
        area: &'static Area,
        id: &'static str,
        name: &'static str,
        template: &'static str,
        version: u32,
    ) -> ApiResource {
        ApiResource { area, id, name, template, version }
    }

    /// A resource that the service has no location for. Clients know its path.
    pub(crate) const fn unlisted(
        area: &'static Area,
        name: &'static str,
        template: &'static str,
    ) -> ApiResource {
        ApiResource { area, id: "", name, template, version: 1 }
    }
}

/// One imitated request.
pub(crate) struct Route {
    pub(crate) resource: &'static ApiResource,
    pub(crate) method: &'static str,
    pub(crate) placement: Placement,
    /// What follows `_apis/`. `{…}` matches any one segment, `${…}` one that begins with `$`, and `{*…}` at the end all
    /// segments that are left, at least one. Case is ignored.
    pub(crate) template: &'static str,
    /// The version that released it. An earlier version needs the preview flag, and so does every version of a
    /// request that was never released.
    pub(crate) released: Released,
    pub(crate) scopes: RequiredScopes,
    pub(crate) permissions: RequiredPermissions,
    /// Whether the anonymous identity may send it.
    pub(crate) anonymous: bool,
    pub(crate) known_from: KnownFrom,
    pub(crate) handler: Handler,
}

/// Where the behaviour of a request is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownFrom {
    /// From recorded traffic: statuses and members.
    Recorded,
    /// From the published description, which has the members, and few statuses.
    Published,
}

/// Reads or changes an organization, and returns the response.
pub(crate) type Handler = fn(&mut Organization, &Call<'_>) -> Outcome;

/// Where `_apis` is in the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placement {
    /// After the organization.
    Organization,
    /// After a project.
    Project,
    /// After either.
    Either,
    /// After the organization, a project or a team.
    Anywhere,
}

/// The token scopes that a request needs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RequiredScopes {
    /// One of these. If there are none, any valid token is accepted.
    OneOf(&'static [&'static str]),
    /// None or full access, as the switch `permission_batch_with_scopes` says.
    PermissionSwitch,
}

impl RequiredScopes {
    pub(crate) fn met_by(self, grant: &Grant, switches: &Switches) -> bool {
        match self {
            RequiredScopes::OneOf(scopes) => grant.allows(scopes),
            RequiredScopes::PermissionSwitch => {
                switches.permission_batch_with_scopes || *grant == Grant::Full
            }
        }
    }
}

impl Route {
    /// A request below a project that every imitated version has released. It needs one of these scopes and all of
    /// these permissions. The other methods change what is different.
    pub(crate) const fn new(
        resource: &'static ApiResource,
        method: &'static str,
        template: &'static str,
        scopes: &'static [&'static str],
        permissions: RequiredPermissions,
        handler: Handler,
    ) -> Route {
        Route {
            resource,
            method,
            placement: Placement::Project,
            template,
            released: Some((1, 0)),
            scopes: RequiredScopes::OneOf(scopes),
            permissions,
            anonymous: false,
            known_from: KnownFrom::Published,
            handler,
        }
    }

    pub(crate) const fn at(self, placement: Placement) -> Route {
        Route { placement, ..self }
    }

    pub(crate) const fn released(self, released: Released) -> Route {
        Route { released, ..self }
    }

    /// The same, in preview in every version.
    pub(crate) const fn preview(self) -> Route {
        Route { released: None, ..self }
    }

    pub(crate) const fn scopes(self, scopes: RequiredScopes) -> Route {
        Route { scopes, ..self }
    }

    /// The same, for the anonymous identity as well.
    pub(crate) const fn anonymous(self) -> Route {
        Route { anonymous: true, ..self }
    }

    /// The same, with a recorded response.
    pub(crate) const fn recorded(self) -> Route {
        Route { known_from: KnownFrom::Recorded, ..self }
    }

    /// Returns `METHOD path`, as the documentation lists it.
    pub(crate) fn describe(&self) -> String {
        let placement = match self.placement {
            Placement::Organization => "",
            Placement::Project => "/{project}",
            Placement::Either => "[/{project}]",
            Placement::Anywhere => "[/{project}[/{team}]]",
        };
        format!("{} /{{organization}}{placement}/_apis/{}", self.method, self.template)
    }

    /// The segments of the target that the placeholders match, if the target is this route's.
    pub(crate) fn captures<'t>(&self, target: &'t Target) -> Option<Vec<&'t str>> {
        let placed = match self.placement {
            Placement::Organization => target.project.is_none(),
            Placement::Project => target.project.is_some() && target.team.is_none(),
            Placement::Either => target.team.is_none(),
            Placement::Anywhere => true,
        };
        if !placed {
            return None;
        }
        let mut captured = Vec::new();
        let mut segments = target.segments.iter();
        for part in self.template.split('/') {
            let segment = segments.next()?;
            if part.starts_with("{*") {
                captured.push(segment.as_str());
                captured.extend(segments.by_ref().map(String::as_str));
                continue;
            }
            if let Some((before, _)) = part.split_once('{') {
                captured.push(segment.strip_prefix(before)?);
            } else if !part.eq_ignore_ascii_case(segment) {
                return None;
            }
        }
        segments.next().is_none().then_some(captured)
    }
}
