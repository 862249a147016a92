//! The report of a build: its result as a page.

use serde_json::json;

use super::builds;
use crate::areas::service_areas;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;

const REPORT: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "45bcaa88-67e1-4042-a035-56d3b4a7d44c",
    "report",
    "build/builds/{buildId}/report",
    2,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &REPORT,
    "GET",
    "build/builds/{build}/report",
    &["vso.build"],
    RequiredPermissions::VIEW_BUILDS,
    get,
)];

/// The members follow the published description; what the page says is of the simulator.
fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, run) = builds::locate(organization, call)?;
    let project = &organization.projects[project];
    let shown = builds::shape(organization, call, project, &project.runs[run]);
    let text = |name: &str| shown[name].as_str().unwrap_or_default();
    let result = if text("result").is_empty() { text("status") } else { text("result") };
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let page = format!(
        "<html><head><title>Build {0}</title></head><body><h1>Build {0}</h1><p>{1}</p></body></html>",
        escaped(text("buildNumber")),
        escaped(result)
    );
    Ok(Response::ok(&json!({
        "buildId": shown["id"],
        "content": page,
        "type": call.query("type").unwrap_or("Html"),
    })))
}
