//! One imitated request: its path, the versions, scopes and permissions it requires, and its handler.

use crate::auth::Grant;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Released;
use crate::http::Target;
use crate::state::Organization;
use crate::world::Switches;

/// One imitated request.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) place: Placement,
    /// What follows `_apis/`; `{…}` takes any one segment, `${…}` one that begins with `$`. Letters compare
    /// without case.
    pub(crate) template: &'static str,
    /// Since which version it is released; before, and for ever where there is none, a version without the
    /// preview flag is refused.
    pub(crate) released: Released,
    pub(crate) needs: RequiredScopes,
    pub(crate) takes: RequiredPermissions,
    /// Whether somebody without a name is answered.
    pub(crate) anonymous: bool,
    pub(crate) run: fn(&mut Organization, &Call<'_>) -> Outcome,
}

/// Where `_apis` may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placement {
    /// After the organization.
    Organization,
    /// After a project.
    Project,
    /// After either.
    Either,
}

/// The token scopes that a request needs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RequiredScopes {
    /// Any good token.
    Nothing,
    /// Any one of these.
    OneOf(&'static [&'static str]),
    /// What the switch `permission_batch_with_scopes` says.
    PermissionSwitch,
}

impl RequiredScopes {
    pub(crate) fn met_by(self, grant: &Grant, switches: &Switches) -> bool {
        match self {
            RequiredScopes::Nothing => true,
            RequiredScopes::OneOf(scopes) => grant.allows(scopes),
            RequiredScopes::PermissionSwitch => {
                switches.permission_batch_with_scopes || *grant == Grant::Full
            }
        }
    }
}

impl Route {
    /// A request of a project, released in every version imitated, that needs one of these scopes of the token and
    /// takes these permissions of its user; the others differ in a field or two.
    pub(crate) const fn of(
        method: &'static str,
        template: &'static str,
        scopes: &'static [&'static str],
        takes: RequiredPermissions,
        run: fn(&mut Organization, &Call<'_>) -> Outcome,
    ) -> Route {
        let needs = RequiredScopes::OneOf(scopes);
        Route {
            method,
            place: Placement::Project,
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
            Placement::Organization => "",
            Placement::Project => "/{project}",
            Placement::Either => "[/{project}]",
        };
        format!("{} /{{organization}}{place}/_apis/{}", self.method, self.template)
    }

    /// What stands in the open places, if the target is this route's.
    pub(crate) fn captures<'t>(&self, target: &'t Target) -> Option<Vec<&'t str>> {
        let placed = match self.place {
            Placement::Organization => target.project.is_none(),
            Placement::Project => target.project.is_some(),
            Placement::Either => true,
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
