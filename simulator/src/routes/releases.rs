//! Release management, on the same base as everything else. There is no release pipeline yet in any project.

use axum::http::StatusCode;

use super::Route;
use super::shapes;
use crate::answer::Answer;
use crate::answer::Outcome;
use crate::call::Call;
use crate::state::Organization;

const RELEASE: &[&str] = &["vso.release"];

pub(super) const ROUTES: &[Route] = &[Route::of("GET", "release/definitions", RELEASE, list)];

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let name = call.target.project.as_deref().unwrap_or_default();
    shapes::project_position(organization, call, name, StatusCode::NOT_FOUND)?;
    Ok(Answer::list(Vec::new()))
}
