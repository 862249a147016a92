//! Builds (pipeline runs in the build area): get, list, cancel.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::definition_shapes;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::BUILD_ORDER;
use crate::choice::BUILD_REASON;
use crate::choice::BUILD_RESULT;
use crate::choice::BUILD_STATUS;
use crate::choice::DELETED_OPTION;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::names;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::User;
use crate::state::pipelines::Run;

const BUILD: &[&str] = &["vso.build"];

pub(super) const BUILDS: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "0cd358e1-9217-4d94-8269-1c1ee6f93dcf",
    "Builds",
    "build/builds/{buildId}",
    7,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&BUILDS, "GET", "build/builds", BUILD, RequiredPermissions::VIEW_BUILDS, list).recorded(),
    Route::new(&BUILDS, "GET", "build/builds/{build}", BUILD, RequiredPermissions::VIEW_BUILDS, get)
        .recorded(),
    Route::new(
        &BUILDS,
        "PATCH",
        "build/builds/{build}",
        &["vso.build_execute"],
        RequiredPermissions::All(&[Permission::ReadProject, Permission::ViewBuilds, Permission::StopBuilds]),
        update,
    )
    .recorded(),
];

/// The run as a build.
pub(super) fn shape(organization: &Organization, call: &Call<'_>, project: &Project, run: &Run) -> Value {
    let phase = run.progress.phase();
    let pipeline = project.pipeline(run.pipeline);
    let user = shapes::user(call, &organization.users[run.user]);
    let url = format!("{}/{}/_apis/build/Builds/{}", call.base, project.id, run.id);
    let web = format!("{}/{}/_build/results?buildId={}", call.base, percent_encoded(&project.name), run.id);
    let changed = run.finished.or(run.started).unwrap_or(run.queued);
    let plan = json!({ "planId": plan(run) });
    let badge = format!("{}/_apis/public/build/definitions/{}/{}/badge", call.base, project.id, run.pipeline);
    let repository = pipeline.and_then(|pipeline| {
        let repository = project.repositories.iter().find(|one| one.id == pipeline.repository)?;
        Some(json!({
            "id": repository.id,
            "type": "TfsGit",
            "name": repository.name,
            "url": format!("{}/{}/_git/{}", call.base, percent_encoded(&project.name), percent_encoded(&repository.name)),
            "clean": null,
            "checkoutSubmodules": false,
        }))
    });
    let mut value = json!({
        "_links": shapes::links([
            ("self", url.clone()),
            ("web", web),
            ("sourceVersionDisplayUri", format!("{url}/sources")),
            ("timeline", format!("{url}/Timeline")),
            ("badge", badge),
        ]),
        "properties": {},
        "tags": run.tags,
        "validationResults": [],
        "plans": [plan],
        "triggerInfo": {},
        "id": run.id,
        "buildNumber": run.number,
        "status": phase.status(),
        "queueTime": shapes::moment(run.queued),
        "url": url,
        "definition": pipeline.map(|pipeline| definition_shapes::reference(call, project, pipeline)),
        "buildNumberRevision": run.number.rsplit('.').next().and_then(|last| last.parse::<u32>().ok()),
        "project": shapes::project(call, project),
        "uri": format!("vstfs:///Build/Build/{}", run.id),
        "sourceBranch": run.branch,
        "sourceVersion": run.commit.to_string(),
        "queue": pipeline.map(|pipeline| definition_shapes::queue(project, pipeline)),
        "priority": run.priority,
        "reason": run.reason,
        "requestedFor": user,
        "requestedBy": user,
        "lastChangedDate": shapes::moment(changed),
        "lastChangedBy": user,
        "orchestrationPlan": plan,
        "logs": { "id": 0, "type": "Container", "url": format!("{}/logs", url_of_logs(call, project, run)) },
        "repository": repository,
        "keepForever": false,
        "retainedByRelease": false,
        "triggeredByBuild": null,
        "appendCommitMessageToRunName": true,
    });
    if !run.template_parameters.is_empty() {
        value["templateParameters"] = json!(run.template_parameters);
    }
    if !run.variables.is_empty() {
        value["parameters"] = json!(parameters(run));
    }
    for (name, at) in [("startTime", run.started), ("finishTime", run.finished)] {
        if let Some(at) = at {
            value[name] = json!(shapes::moment(at));
        }
    }
    if let Some(result) = phase.result() {
        value["result"] = json!(result.as_build());
    }
    value
}

fn url_of_logs(call: &Call<'_>, project: &Project, run: &Run) -> String {
    format!("{}/{}/_apis/build/builds/{}", call.base, project.id, run.id)
}

/// The identifier of a run's plan, the same in every response.
fn plan(run: &Run) -> Uuid {
    Uuid::from_u128((u128::from(run.id) << 96) | 0x504c_414e)
}

/// The variables in the form of this area: a JSON object of names and values, as a string.
fn parameters(run: &Run) -> String {
    let values = run.variables.iter().map(|(name, variable)| (name.clone(), variable["value"].clone()));
    Value::Object(values.filter(|(_, value)| !value.is_null()).collect()).to_string()
}

/// Returns the positions of project and run, after bringing the runs up to date.
pub(in crate::areas) fn locate(
    organization: &mut Organization,
    call: &Call<'_>,
) -> Result<(usize, usize), Response> {
    let project = shapes::build_project(organization, call)?;
    let visible = !shapes::denied(organization, call, Permission::ViewBuilds);
    let (now, pace) = (organization.now(), organization.settings.pace);
    let runs = &mut organization.projects[project].runs;
    let id = call.captured[0];
    let found = id.parse().ok().and_then(|id: u32| runs.iter().position(|run| run.id == id));
    let position =
        found.filter(|at| visible && runs[*at].unseen.look()).ok_or_else(|| refusals::build_not_found(id))?;
    runs[position].look(pace, now);
    Ok((project, position))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (position, run) = locate(organization, call)?;
    let project = &organization.projects[position];
    let value = shape(organization, call, project, &project.runs[run]);
    let pace = organization.settings.pace;
    organization.projects[position].runs[run].progress.advance_after_read(pace);
    Ok(Response::ok(&value))
}

/// The refusal for a caller who lacks a permission on the pipeline of a run.
pub(in crate::areas) fn denied(
    organization: &Organization,
    call: &Call<'_>,
    project: usize,
    run: usize,
    permission: Permission,
) -> Response {
    let project = &organization.projects[project];
    let pipeline = project.pipeline(project.runs[run].pipeline);
    let pipeline = pipeline.map_or_else(String::new, |known| format!("{}:{}", known.id, known.name));
    let user = &shapes::caller(organization, call).name;
    refusals::needs_build_permission(permission, user, &pipeline, &project.name)
}

#[derive(Deserialize)]
struct Update {
    #[serde(default, deserialize_with = "chosen")]
    status: Option<String>,
}

/// Only cancelling is imitated.
fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Update = call.json("build")?;
    let (position, run) = locate(organization, call)?;
    if shapes::denied(organization, call, Permission::StopBuilds) {
        return Err(denied(organization, call, position, run, Permission::StopBuilds));
    }
    if body.status.is_some_and(|status| BUILD_STATUS.name(&status) == "cancelling") {
        let run = &mut organization.projects[position].runs[run];
        if !run.progress.cancel() {
            return Err(refusals::build_is_over(run.id));
        }
    }
    let project = &organization.projects[position];
    Ok(Response::ok(&shape(organization, call, project, &project.runs[run])))
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = shapes::build_project(organization, call)?;
    let visible = !shapes::denied(organization, call, Permission::ViewBuilds);
    organization.look_at_runs(position);
    let filter = Filter::of(call)?;
    let project = &organization.projects[position];
    let shown = |run: &&Run| visible && filter.takes(run, project, &organization.users) && run.unseen.look();
    let mut fitting: Vec<&Run> = project.runs.iter().filter(shown).collect();
    // Runs are stored in the order in which they were queued, each with a different time.
    let newest_first = !call
        .query("queryOrder")
        .is_some_and(|order| BUILD_ORDER.name(order).to_ascii_lowercase().ends_with("ascending"));
    if newest_first {
        fitting.reverse();
    }
    if let Some(most) = call.number("maxBuildsPerDefinition") {
        let mut seen: HashMap<u32, usize> = HashMap::new();
        fitting.retain(|run| {
            let count = seen.entry(run.pipeline).or_default();
            *count += 1;
            *count <= most
        });
    }
    if let Some(from) = call.moment("continuationToken")? {
        let behind = if newest_first { Ordering::Greater } else { Ordering::Less };
        fitting.retain(|run| run.queued.cmp(&from) != behind);
    }
    let top = call.page_length(&organization.settings.switches);
    let next = fitting.get(top).map(|run| shapes::moment(run.queued));
    let value = fitting.into_iter().take(top).map(|run| shape(organization, call, project, run)).collect();
    Ok(Response::list(value).continued(next))
}

/// The filters of the list of builds.
struct Filter<'a> {
    definitions: Option<Vec<u32>>,
    ids: Option<Vec<u32>>,
    queues: Option<Vec<u32>>,
    /// May contain `*`.
    number: Option<&'a str>,
    repository: Option<&'a str>,
    only_deleted: bool,
    branch: Option<&'a str>,
    user: Option<&'a str>,
    tags: Vec<&'a str>,
    status: Option<Vec<&'a str>>,
    result: Option<Vec<&'a str>>,
    reason: Option<Vec<&'a str>>,
    from: Option<OffsetDateTime>,
    to: Option<OffsetDateTime>,
}

impl<'a> Filter<'a> {
    fn of(call: &'a Call<'_>) -> Result<Filter<'a>, Response> {
        Ok(Filter {
            definitions: numbers(call, "definitions")?,
            ids: numbers(call, "buildIds")?,
            queues: numbers(call, "queues")?,
            number: call.query("buildNumber").filter(|number| !number.is_empty()),
            repository: call.query("repositoryId").filter(|id| !id.is_empty()),
            only_deleted: DELETED_OPTION.name(call.query("deletedFilter").unwrap_or_default())
                == "onlyDeleted",
            branch: call.query("branchName"),
            user: call.query("requestedFor"),
            tags: call
                .query("tagFilters")
                .into_iter()
                .flat_map(|tags| tags.split(','))
                .filter(|tag| !tag.is_empty())
                .collect(),
            status: call
                .query("statusFilter")
                .map(|text| BUILD_STATUS.names(text))
                .filter(|names| !names.contains(&"all")),
            result: call.query("resultFilter").map(|text| BUILD_RESULT.names(text)),
            reason: call
                .query("reasonFilter")
                .map(|text| BUILD_REASON.names(text))
                .filter(|names| !names.contains(&"all")),
            from: call.moment("minTime")?,
            to: call.moment("maxTime")?,
        })
    }

    /// Times refer to queueing, whatever the order.
    fn takes(&self, run: &Run, project: &Project, users: &[User]) -> bool {
        let pipeline = project.pipeline(run.pipeline);
        let in_queue = |wanted: &Vec<u32>| {
            let id = pipeline.and_then(|one| definition_shapes::queue(project, one)["id"].as_u64());
            id.is_some_and(|id| wanted.iter().any(|one| u64::from(*one) == id))
        };
        let of_repository = |wanted: &str| {
            pipeline.is_some_and(|one| one.repository.to_string().eq_ignore_ascii_case(wanted))
        };
        let phase = run.progress.phase();
        let result = phase.result().map(|result| result.as_build());
        self.definitions.as_ref().is_none_or(|wanted| wanted.contains(&run.pipeline))
            && self.ids.as_ref().is_none_or(|wanted| wanted.contains(&run.id))
            // Deleted runs are not kept.
            && !self.only_deleted
            && self.queues.as_ref().is_none_or(in_queue)
            && self.number.is_none_or(|wanted| names::fits(wanted, &run.number))
            && self.repository.is_none_or(of_repository)
            && self.branch.is_none_or(|branch| branch == run.branch)
            && self.tags.iter().all(|wanted| run.tags.iter().any(|tag| names::same(tag, wanted)))
            && self.user.is_none_or(|wanted| users[run.user].is_called(wanted))
            && self.status.as_ref().is_none_or(|wanted| any_of(wanted, phase.status()))
            && self.result.as_ref().is_none_or(|wanted| result.is_some_and(|result| any_of(wanted, result)))
            && self.reason.as_ref().is_none_or(|wanted| any_of(wanted, &run.reason))
            && self.from.is_none_or(|from| run.queued >= from)
            && self.to.is_none_or(|to| run.queued <= to)
    }
}

fn any_of(wanted: &[&str], value: &str) -> bool {
    wanted.iter().any(|one| one.eq_ignore_ascii_case(value))
}

fn numbers(call: &Call<'_>, name: &str) -> Result<Option<Vec<u32>>, Response> {
    let Some(text) = call.query(name).filter(|text| !text.is_empty()) else { return Ok(None) };
    let parsed: Result<Vec<u32>, _> = text.split(',').map(|one| one.trim().parse()).collect();
    parsed
        .map(Some)
        .map_err(|_| refusals::bad_argument(&format!("The value '{text}' is not valid for {name}.")))
}
