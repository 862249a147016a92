//! A run with an idempotency key: the first call starts it, the others return it.

use std::collections::BTreeMap;
use std::time::Duration;

use indexmap::IndexMap;
use time::OffsetDateTime;

use crate::actions::pipeline_runs::model::Build;
use crate::actions::pipeline_runs::model::PipelineRun;
use crate::actions::pipeline_runs::requests::read_request;
use crate::actions::pipeline_runs::sent_run::SentRun;
use crate::actions::pipelines::definitions;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;
use crate::actions::runtime::with_candidates;
use crate::actions::shared::mark_property;
use crate::sessions::IdempotencyKeys;
use crate::sessions::KeyUse;
use crate::sessions::KeyedRequest;
use crate::sessions::LostRequest;

/// How often a call asks whether the run of another call has started
const POLL: Duration = Duration::from_millis(250);

/// How often a call looks for the run of an owner that is gone: the service shows some runs with a delay
const LOOKS: u32 = 3;

/// Starts a run with `start`, or returns the run that another call with the key has started
///
/// `start` gets the mark for the run if the pipeline can carry one. Errors: those of `start`; `input.invalid` if the key
/// belongs to a run with other inputs; `service.outcome_unknown` if the call that had the key is gone and its run is not
/// found by its mark; `store.unavailable`.
pub(super) async fn run_once<F: Future<Output = Result<PipelineRun, Error>>>(
    keys: &IdempotencyKeys,
    session: &OpenSession<'_>,
    key: &IdempotencyKey,
    sent: &SentRun<'_>,
    start: impl Fn(Option<Mark>) -> F,
) -> Result<PipelineRun, Error> {
    let connection = session.connection();
    let mark = mark_for(session, sent).await?;
    let request = KeyedRequest {
        key,
        organization: connection.organization().identity(),
        project: &connection.project().id,
        target: format!("pipeline {}", sent.pipeline),
        inputs: inputs(sent)?,
        mark: mark.as_ref().map(Mark::as_str),
        since: connection.service_clock().map(OffsetDateTime::unix_timestamp),
    };
    loop {
        match keys.reserve(&request).await? {
            KeyUse::First(owner) => {
                let started = owner.hold(start(mark)).await;
                match &started {
                    Ok(run) => owner.done(run.id).await,
                    Err(error) => owner.failed(error).await,
                }
                return started;
            }
            KeyUse::Pending => session.pause(POLL).await?,
            KeyUse::Lost(lost) => return find(session, key, sent, lost).await,
            KeyUse::Done(id) => {
                let run: Build = session.send(read_request(id)).await?;
                return Ok(run.into());
            }
        }
    }
}

/// Returns a mark if the pipeline has the variable for it, and runs may set it
async fn mark_for(session: &OpenSession<'_>, sent: &SentRun<'_>) -> Result<Option<Mark>, Error> {
    let request = definitions::read_request(sent.pipeline, sent.named, &definitions::READ_NEEDS);
    let pipeline: Pipeline = session.send(request).await?;
    let is_there = pipeline.settable.iter().any(|name| name.eq_ignore_ascii_case(mark_property::NAME));
    Ok(is_there.then(Mark::new))
}

/// Returns the inputs by their names, each in one form for equal values
fn inputs(sent: &SentRun<'_>) -> Result<Vec<(&'static str, String)>, Error> {
    fn sorted<V: AsRef<str>>(values: &IndexMap<String, V>) -> Result<String, Error> {
        let sorted: BTreeMap<_, _> = values.iter().map(|(name, value)| (name, value.as_ref())).collect();
        written(&sorted)
    }
    fn written(value: &impl Serialize) -> Result<String, Error> {
        serde_json::to_string(value).map_err(|error| {
            Error::new(ErrorCode::Internal, "The inputs of a run cannot be written").caused_by(error)
        })
    }
    let stages: Vec<_> = sent.stages_to_skip.iter().map(StageName::as_str).collect();
    Ok(vec![
        ("branch", written(&sent.branch.map(BranchName::full))?),
        ("commit", written(&sent.commit.map(|commit| commit.as_str().to_ascii_lowercase()))?),
        ("templateParameters", sorted(sent.template_parameters)?),
        ("variables", sorted(sent.variables)?),
        ("stagesToSkip", written(&stages)?),
    ])
}

/// Returns the run of a call that is gone, if the run has the mark of its request
async fn find(
    session: &OpenSession<'_>,
    key: &IdempotencyKey,
    sent: &SentRun<'_>,
    lost: LostRequest,
) -> Result<PipelineRun, Error> {
    let mark = lost.mark().map(Mark::read);
    let sent = SentRun { mark: mark.as_ref(), ..*sent };
    let since = lost.since().and_then(|since| OffsetDateTime::from_unix_timestamp(since).ok());
    let mut named = Vec::new();
    for at in 0..LOOKS {
        if at > 0 {
            session.pause(session.polling().first).await?;
        }
        let found = sent.candidates(session, since.unwrap_or(OffsetDateTime::UNIX_EPOCH)).await?;
        named = found.iter().map(Candidate::named).collect();
        if let Some(run) = found.into_iter().find_map(Candidate::marked) {
            lost.found(run.id).await;
            return Ok(run);
        }
        if mark.is_none() {
            break;
        }
    }
    let key = printable(key.as_str(), 128);
    let message = format!(
        "The call that had the idempotency key \"{key}\" ended before it knew the outcome, and its run was not found by a mark: it may \
         have been started"
    );
    Err(with_candidates(Error::new(ErrorCode::ServiceOutcomeUnknown, message), &named))
}
