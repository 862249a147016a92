//! `wait for release stage`

use std::time::Duration;

use tokio::time::Instant;

use crate::actions::prelude::*;
use crate::actions::releases::model::Release;
use crate::actions::releases::model::Stage;
use crate::actions::releases::requests::READ_NEEDS;
use crate::actions::releases::requests::read_request;

/// Wait until a stage of a release is finished
///
/// The action succeeds for any result of the stage: `status` shows it. The wait includes pending approvals and stages
/// that start by hand.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The release's id
    id: ReleaseId,
    /// The stage's name
    stage: ReleaseStageName,
    /// How long to wait, in seconds
    #[serde(default)]
    time_limit: TimeLimit,
}

pub(super) struct WaitForReleaseStage;

impl Action for WaitForReleaseStage {
    const NAME: &'static str = "wait for release stage";
    const NODE: &'static str = r#"Wait for release stage "{{stage}}" of release {{id}}"#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound, ErrorCode::DeadlineExceeded];
    type Input = Input;
    type Output = Stage;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Wait for a stage, twenty minutes at most",
            inputs: serde_json::json!({ "id": 1, "stage": "Test", "timeLimit": 1200 }),
        }]
    }

    fn time_limit(input: &Input) -> Duration {
        // One second more than requested: the wait ends by itself and its error has the state of the stage.
        input.time_limit.duration() + Duration::from_secs(1)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Stage, Error> {
        let session = cx.session(&input.session)?;
        let (started, limit) = (Instant::now(), input.time_limit.duration());
        let mut seen = "not seen".to_owned();
        let looking = async {
            let mut interval = session.polling().first;
            loop {
                let release: Release = session.send(read_request(input.id, &Self::NEEDS)).await?;
                let stage = release.stage(&input.stage)?;
                if stage.is_over() {
                    let id = stage.id;
                    let mut stages = release.stages.into_iter().flatten();
                    return Ok(stages.find(|stage| stage.id == id).expect("it was just seen"));
                }
                let waits = if stage.pending_approvals > 0 { " and waits for an approval" } else { "" };
                seen = format!("{}{waits}", stage.status);
                let seconds = started.elapsed().as_secs();
                cx.progress.report(&format!(
                    "stage \"{}\" of release {} is {seen}, {seconds} s",
                    input.stage, input.id
                ));
                session.pause(interval).await?;
                interval = session.polling().after(interval);
            }
        };
        match tokio::time::timeout(limit, looking).await {
            Ok(result) => result,
            Err(_) => Err(Error::new(
                ErrorCode::DeadlineExceeded,
                format!(
                    "the stage \"{}\" of the release {} was still {seen} when the time limit of {} s ended",
                    input.stage,
                    input.id,
                    limit.as_secs()
                ),
            )
            .help("The release continues: wait again, or set a longer timeLimit.")
            .retry(Retry::Later)),
        }
    }
}
