//! Test runs of pipeline runs and their results.
//!
//! The members follow the published description of test runs and results 7.1. A description of a pipeline says what its
//! runs publish; they publish it when they are completed. What the service answers to a user without `View test runs` is
//! not known, so the simulator asks for `View builds` only.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::json;
use time::Duration;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::pipelines::Run;
use crate::world::TestResult;
use crate::world::TestRun;

const SCOPES: &[&str] = &["vso.test"];

const RUNS: ApiResource = ApiResource::new(
    &service_areas::TEST,
    "cadb3810-d47d-4a3c-a234-fe5f3be50138",
    "Runs",
    "test/Runs/{runId}",
    3,
);
const RESULTS: ApiResource = ApiResource::new(
    &service_areas::TEST,
    "4637d869-3a76-4468-8057-0bb02aa385cf",
    "Results",
    "test/Runs/{runId}/Results/{testCaseResultId}",
    6,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&RUNS, "GET", "test/runs", SCOPES, RequiredPermissions::VIEW_BUILDS, runs),
    Route::new(
        &RESULTS,
        "GET",
        "test/runs/{testRun}/results",
        SCOPES,
        RequiredPermissions::VIEW_BUILDS,
        results,
    ),
];

/// The largest number of test runs of a pipeline run: the number of a test run holds both.
const MOST: usize = 100;

/// The entries of a page that the service returns when the request names no number.
const PAGE: usize = 100;

/// The longest page of results.
const LONGEST: usize = 1000;

/// The duration of every test, in milliseconds.
const DURATION: i64 = 250;

/// A test run that a pipeline run has published.
struct Published<'p> {
    project: &'p Project,
    run: &'p Run,
    at: usize,
    described: &'p TestRun,
}

impl Published<'_> {
    fn number(&self) -> usize {
        self.run.id as usize * MOST + self.at
    }

    fn url(&self, call: &Call<'_>) -> String {
        format!("{}/{}/_apis/test/Runs/{}", call.base, self.project.id, self.number())
    }

    fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for result in &self.described.results {
            *counts.entry(result.outcome.as_str()).or_default() += 1;
        }
        counts
    }
}

/// All test runs of a project, in the order in which they were published; none for a user who cannot see builds.
fn published<'o>(
    organization: &'o mut Organization,
    call: &Call<'_>,
) -> Result<Vec<Published<'o>>, Response> {
    let position = shapes::build_project(organization, call)?;
    let visible = !shapes::denied(organization, call, Permission::ViewBuilds);
    organization.look_at_runs(position);
    let project = &organization.projects[position];
    let completed = project.runs.iter().filter(|run| visible && run.finished.is_some());
    let of_run = |run: &'o Run| {
        let described = project.pipeline(run.pipeline).map_or(&[][..], |known| &known.test_runs);
        described.iter().take(MOST).enumerate().map(move |(at, described)| Published {
            project,
            run,
            at,
            described,
        })
    };
    Ok(completed.flat_map(of_run).collect())
}

fn runs(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let user = shapes::user(call, &organization.users[0]);
    let all = published(organization, call)?;
    let uri = call.query("buildUri");
    let fits = |one: &&Published<'_>| {
        uri.is_none_or(|uri| names::same(uri, &format!("vstfs:///Build/Build/{}", one.run.id)))
    };
    let (skip, top) = (call.number("$skip").unwrap_or_default(), call.number("$top").unwrap_or(PAGE));
    let details = call.flag("includeRunDetails");
    let shown = all.iter().filter(fits).skip(skip).take(top);
    Ok(Response::list(shown.map(|one| run_shape(call, one, &user, details)).collect()))
}

fn run_shape(call: &Call<'_>, one: &Published<'_>, user: &Value, details: bool) -> Value {
    let counts = one.counts();
    let count = |outcome: &str| counts.get(outcome).copied().unwrap_or_default();
    let finished = one.run.finished.unwrap_or(one.run.queued);
    let started = one.run.started.unwrap_or(one.run.queued);
    let web =
        format!("{}/{}/_TestManagement/Runs?runId={}&_a=runCharts", call.base, one.project.id, one.number());
    let mut value = json!({
        "id": one.number(),
        "name": one.described.name,
        "url": one.url(call),
        "isAutomated": true,
        "owner": user,
        "project": { "id": one.project.id, "name": one.project.name },
        "startedDate": shapes::moment(started),
        "completedDate": shapes::moment(finished),
        "state": "Completed",
        "totalTests": one.described.results.len(),
        "incompleteTests": 0,
        "notApplicableTests": count("NotApplicable"),
        "passedTests": count("Passed"),
        "unanalyzedTests": count("Failed"),
        "revision": 2,
        "webAccessUrl": web,
    });
    if details {
        let statistic = |(outcome, count): (&&str, &usize)| json!({ "state": "Completed", "outcome": outcome, "count": count });
        value["runStatistics"] = counts.iter().map(statistic).collect();
        value["build"] = build(call, one);
        value["pipelineReference"] = json!({ "pipelineId": one.run.id });
    }
    value
}

fn build(call: &Call<'_>, one: &Published<'_>) -> Value {
    json!({
        "id": one.run.id.to_string(),
        "name": one.run.number,
        "url": format!("{}/_apis/build/Builds/{}", call.base, one.run.id),
    })
}

fn results(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let user = shapes::user(call, &organization.users[0]);
    let all = published(organization, call)?;
    let number = call.captured[0];
    let found = all.iter().find(|one| one.number().to_string() == number);
    let one = found.ok_or_else(|| refusals::test_run_not_found(number))?;
    let wanted: Option<Vec<&str>> =
        call.query("outcomes").map(|outcomes| outcomes.split(',').map(str::trim).collect());
    let fits = |(_, result): &(usize, &TestResult)| {
        wanted.as_ref().is_none_or(|wanted| wanted.iter().any(|name| names::same(name, &result.outcome)))
    };
    let (skip, top) = (call.number("$skip").unwrap_or_default(), call.number("$top").unwrap_or(LONGEST));
    let shown = one.described.results.iter().enumerate().filter(fits).skip(skip).take(top.min(LONGEST));
    Ok(Response::list(shown.map(|(at, result)| result_shape(call, one, (at, result), &user)).collect()))
}

fn result_shape(
    call: &Call<'_>,
    one: &Published<'_>,
    (at, result): (usize, &TestResult),
    user: &Value,
) -> Value {
    // The service numbers the results of a run from here.
    let id = 100_000 + at;
    let started = one.run.started.unwrap_or(one.run.queued);
    let title = result.name.rsplit('.').next().unwrap_or_default();
    let mut value = json!({
        "id": id,
        "project": { "id": one.project.id, "name": one.project.name },
        "startedDate": shapes::moment(started),
        "completedDate": shapes::moment(started + Duration::milliseconds(DURATION)),
        "durationInMs": DURATION as f64,
        "outcome": result.outcome,
        "revision": 1,
        "runBy": user,
        "owner": user,
        "state": "Completed",
        "testCase": { "name": title },
        "testRun": { "id": one.number().to_string(), "name": one.described.name, "url": one.url(call) },
        "lastUpdatedDate": shapes::moment(started),
        "lastUpdatedBy": user,
        "priority": 255,
        "computerName": "agent",
        "build": build(call, one),
        "createdDate": shapes::moment(started),
        "url": format!("{}/Results/{id}", one.url(call)),
        "failureType": "None",
        "automatedTestStorage": one.described.name,
        "automatedTestType": "JUnit",
        "testCaseTitle": title,
        "automatedTestName": result.name,
        "testCaseReferenceId": at + 1,
    });
    if let Some(error) = &result.error {
        value["errorMessage"] = json!(error);
        value["stackTrace"] = json!(format!("   at {}\r\n", result.name));
    }
    value
}
