//! The logs of a release: an archive with a text for each stage that was deployed.

use axum::http::StatusCode;

use super::releases;
use crate::areas::build::archive;
use crate::areas::service_areas;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;

const LOGS: ApiResource = ApiResource::new(
    &service_areas::RELEASE,
    "c37fbab5-214b-48e4-a55b-cb6b4f6e4038",
    "logs",
    "release/releases/{releaseId}/logs",
    2,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &LOGS,
    "GET",
    "release/releases/{release}/logs",
    &["vso.release"],
    RequiredPermissions::VIEW_RELEASES,
    get,
)];

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, release) = releases::locate(organization, call)?;
    let waiting = organization.settings.switches.unverified.waiting_stage;
    let release = &organization.projects[project].releases[release];
    let started = release.stages.iter().enumerate().filter(|(_, stage)| stage.has_started());
    let files: Vec<(String, String)> = started
        .map(|(at, stage)| {
            let name = format!("{}_{}/1_Deploy.log", at + 1, stage.name);
            (name, format!("{}: {}\n", stage.name, stage.status(waiting)))
        })
        .collect();
    let files = files.iter().map(|(name, text)| (name.clone(), text.as_bytes()));
    let response = Response::new(StatusCode::OK, Content::Zip, archive::zip(files));
    Ok(response.saved_as(&format!("ReleaseLogs_{}.zip", release.id)))
}
