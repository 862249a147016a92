//! Releases that are given up.
//!
//! Shape from the published description of release 7.1, `ReleaseUpdateMetadata`; of it only the status is carried out.

use serde::Deserialize;

use super::Route;
use super::Takes;
use super::deployments::locate;
use super::deployments::shape;
use super::releases::allow;
use crate::answer::Answer;
use crate::answer::Outcome;
use crate::call::Call;
use crate::choice::RELEASE_STATUS;
use crate::choice::chosen;
use crate::permissions::Permission;
use crate::refusals;
use crate::state::Organization;

pub(super) const ROUTES: &[Route] =
    &[Route::of("PATCH", "release/releases/{release}", &["vso.release_execute"], TAKES, update)];

const TAKES: Takes =
    Takes::All(&[Permission::ReadProject, Permission::ViewReleases, Permission::ManageReleases]);

#[derive(Deserialize)]
struct Update {
    #[serde(default, deserialize_with = "chosen")]
    status: Option<String>,
}

/// An abandoned release stays one.
fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Update = call.json("releaseUpdateMetadata")?;
    let (position, release) = locate(organization, call)?;
    allow(organization, call, Permission::ManageReleases)?;
    let known = &mut organization.projects[position].releases[release];
    match body.status.as_deref().map(|status| RELEASE_STATUS.name(status)) {
        Some("abandoned") => known.abandoned = true,
        Some("active") if known.abandoned => {
            return Err(refusals::release_invalid(&format!("Release '{}' is abandoned.", known.name)));
        }
        _ => {}
    }
    let project = &organization.projects[position];
    Ok(Answer::ok(&shape(organization, call, project, &project.releases[release])))
}
