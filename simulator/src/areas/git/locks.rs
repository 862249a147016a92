//! Locking a branch: only the user who locked it changes it.

use serde::Deserialize;

use super::branches::REFS;
use super::branches::shape;
use super::repositories::locate_enabled;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &REFS,
    "PATCH",
    "git/repositories/{repository}/refs",
    &["vso.code_write"],
    RequiredPermissions::All(&[
        Permission::ReadProject,
        Permission::GenericRead,
        Permission::GenericContribute,
    ]),
    update,
)
.recorded()
.at(Placement::Either)];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lock {
    is_locked: bool,
}

fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Lock = call.json("newRefInfo")?;
    let place = locate_enabled(organization, call)?;
    shapes::allow_in(organization, call, place, Permission::GenericContribute)?;
    let short = call.query("filter").unwrap_or_default();
    let name = format!("refs/{short}");
    let user = call.user.unwrap_or(0);
    let repository = &mut organization.projects[place.0].repositories[place.1];
    let Some(id) = repository.refs.get(&name).copied().filter(|_| repository.shows(&name)) else {
        let branch = short.trim_start_matches("heads/");
        return Err(refusals::version_not_found(&format!("Branch: {branch}"), &repository.name));
    };
    if let Some(by) = repository.locked_by_another(&name, user) {
        return Err(refusals::ref_locked(&name, &organization.users[by].name));
    }
    if body.is_locked {
        repository.locks.insert(name.clone(), user);
    } else {
        repository.locks.remove(&name);
    }
    Ok(Response::ok(&shape(organization, call, place, (&name, id))))
}
