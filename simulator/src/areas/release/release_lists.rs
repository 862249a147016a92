//! The list of releases, with its filters.

use super::definitions::project;
use super::releases::RELEASE;
use super::releases::RELEASES;
use super::releases::shape;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::RELEASE_EXPAND;
use crate::choice::RELEASE_ORDER;
use crate::choice::RELEASE_STATUS;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::route::Route;
use crate::state::Organization;
use crate::state::releases::Release;

pub(in crate::areas) const ROUTES: &[Route] =
    &[Route::new(&RELEASES, "GET", "release/releases", RELEASE, RequiredPermissions::VIEW_RELEASES, list)];

/// Newest first, unless the query says otherwise. The continuation token is the first release of the next page.
fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let visible = !shapes::denied(organization, call, Permission::ViewReleases);
    organization.look_at_releases(position);
    let (from, to) = (call.moment("minCreatedTime")?, call.moment("maxCreatedTime")?);
    let project = &organization.projects[position];
    let next = call.number("continuationToken");
    let ids: Option<Vec<&str>> = call.query("releaseIdFilter").map(|ids| ids.split(',').collect());
    let ascends = RELEASE_ORDER.name(call.query("queryOrder").unwrap_or_default()) == "ascending";
    let in_page = |id: usize| next.is_none_or(|next| if ascends { id >= next } else { id <= next });
    let fits = |release: &&Release| {
        visible
            && call.number("definitionId").is_none_or(|id| release.pipeline as usize == id)
            && ids.as_ref().is_none_or(|ids| ids.contains(&release.id.to_string().as_str()))
            && call.query("createdBy").is_none_or(|who| organization.users[release.author].is_called(who))
            // Deleted releases are not kept.
            && !call.flag("isDeleted")
            && call
                .query("searchText")
                .is_none_or(|text| release.name.to_lowercase().contains(&text.to_lowercase()))
            && call
                .query("statusFilter")
                .is_none_or(|some| RELEASE_STATUS.names(some).contains(&release.status()))
            && from.is_none_or(|from| release.created >= from)
            && to.is_none_or(|to| release.created <= to)
            && in_page(release.id as usize)
            && release.unseen.look()
    };
    let fitting = project.releases.iter().filter(fits);
    let fitting: Vec<&Release> = if ascends { fitting.collect() } else { fitting.rev().collect() };
    let top = call.page_length(&organization.settings.switches);
    let next = fitting.get(top).map(|release| release.id.to_string());
    let expanded = RELEASE_EXPAND.names(call.query("$expand").unwrap_or_default());
    let value = fitting.into_iter().take(top).map(|release| {
        let mut value = shape(organization, call, project, release);
        for part in ["environments", "artifacts", "variables"] {
            if !expanded.contains(&part) {
                value.as_object_mut().map(|value| value.remove(part));
            }
        }
        value
    });
    Ok(Response::list(value.collect()).continued(next))
}
