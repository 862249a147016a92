//! `retain pipeline run`

use time::OffsetDateTime;

use crate::actions::pipeline_runs::model::Build;
use crate::actions::pipeline_runs::requests::READ_NEEDS;
use crate::actions::pipeline_runs::requests::read_request;
use crate::actions::prelude::*;

/// Keep a pipeline run beyond the retention policies of the project
///
/// This adds a retention lease to the run. Until it ends, the service deletes neither the run nor its logs and artifacts.
/// The page of the run in the browser shows the lease, and removes it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The run's id
    id: RunId,
    /// How many days to keep it; about a century when it is not given
    #[serde(default)]
    days: RetentionDays,
    /// Whether to keep its pipeline from being deleted too
    #[serde(default)]
    protect_pipeline: bool,
}

/// A retention lease, as it is sent
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewLease<'a> {
    days_valid: u32,
    definition_id: u32,
    owner_id: &'a str,
    protect_pipeline: bool,
    run_id: u32,
}

/// A retention lease in a response of the service
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RetentionLease {
    #[serde(default)]
    lease_id: Option<u32>,
    #[serde(default)]
    owner_id: Option<String>,
    #[serde(default)]
    created_on: Option<String>,
    #[serde(default)]
    valid_until: Option<String>,
    #[serde(default)]
    protect_pipeline: Option<bool>,
}

impl Created for RetentionLease {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.created_on.as_deref()?)
    }

    fn creator(&self) -> Option<&str> {
        None
    }

    fn label(&self) -> String {
        format!("the retention lease {}", self.lease_id.unwrap_or_default())
    }

    fn link(&self) -> Option<&str> {
        None
    }
}

/// The lease that keeps the run
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The run's id
    id: u32,
    /// The id of the retention lease
    #[serde(skip_serializing_if = "Option::is_none")]
    lease_id: Option<u32>,
    /// Until when the run is kept
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<String>,
    /// Whether its pipeline cannot be deleted either
    protects_pipeline: bool,
}

pub(super) struct RetainPipelineRun;

impl Action for RetainPipelineRun {
    const NAME: &'static str = "retain pipeline run";
    const NODE: &'static str = "Retain pipeline run {{id}}";
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::RETAIN_BUILDS], scope: Some(Scope::BuildExecute) };
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::PermissionDenied, ErrorCode::ServiceOutcomeUnknown];
    const LOST_RESPONSE: LostResponse = LostResponse::Marked("the owner of the retention lease");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pipeline run", "id").name(""));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "Keep the run of a release", inputs: serde_json::json!({ "id": 1 }) },
            Example { title: "Keep a run for a year", inputs: serde_json::json!({ "id": 2, "days": 365 }) },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let build: Build = session.send(read_request(input.id)).await?;
        let pipeline = build.definition.and_then(|definition| definition.id).ok_or_else(|| {
            let message =
                format!("Could not retain the pipeline run {}: the response has no pipeline", input.id);
            Error::new(ErrorCode::ServiceBadResponse, message)
        })?;
        let mark = Mark::new();
        let lease = NewLease {
            days_valid: input.days.get(),
            definition_id: pipeline,
            owner_id: mark.as_str(),
            protect_pipeline: input.protect_pipeline,
            run_id: input.id.get(),
        };
        let operation = format!("retain the pipeline run {}", input.id);
        let request = Request::post(&["build", "retention", "leases"])
            .list()
            .json(&[lease])?
            .named(operation.as_str())
            .needs(&Self::NEEDS)
            .missing(format!("the pipeline run {}", input.id));
        let send = async {
            let made: List<RetentionLease> = session.send(request).await?;
            made.value.into_iter().next().ok_or_else(|| {
                let message = format!("Could not {operation}: the response has no lease");
                Error::new(ErrorCode::ServiceBadResponse, message)
            })
        };
        let search = |_| async {
            let request = Request::get(&["build", "builds", &input.id.to_string(), "leases"])
                .list()
                .named(format!("look for the retention lease of the pipeline run {}", input.id))
                .needs(&READ_NEEDS);
            let found: Vec<RetentionLease> = session.send_list(request).await?;
            let candidate = |lease: RetentionLease| {
                let owner = lease.owner_id.clone();
                // A lease of another owner is the result of another request.
                owner
                    .is_some_and(|owner| mark.is(&owner))
                    .then(|| mark.candidate(lease, Some(mark.as_str())))?
            };
            Ok(found.into_iter().filter_map(candidate).collect())
        };
        let made = session.settle_creation("retention lease", send, search).await?;
        Ok(Output {
            id: input.id.get(),
            lease_id: made.lease_id,
            valid_until: made.valid_until,
            protects_pipeline: made.protect_pipeline.unwrap_or(input.protect_pipeline),
        })
    }
}
