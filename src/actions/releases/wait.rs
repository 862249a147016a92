//! `wait for release stage`

use std::time::Duration;

use tokio::time::Instant;

use crate::actions::prelude::*;
use crate::actions::releases::model::Release;
use crate::actions::releases::model::Stage;
use crate::actions::releases::requests::READ_NEEDS;
use crate::actions::releases::requests::read_request;
use crate::actions::releases::waits_for::Waiting;
use crate::actions::releases::waits_for::waiting;

/// Wait until a stage of a release is finished
///
/// The action succeeds for any result of the stage: `status` shows it. The wait includes pending approvals and stages
/// that start by hand; the progress reports, and the error when the time limit ends, say what the stage waits for. When
/// the release is abandoned, or a stage that has to be deployed before has another result, the stage does not start any
/// more, and the action fails with `resource.conflict` at once.
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
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::ResourceConflict, ErrorCode::DeadlineExceeded];
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
                seen = match waiting(&release, stage) {
                    Waiting::Runs => stage.status.clone(),
                    Waiting::For(what) => format!("{} and waits for {what}", stage.status),
                    Waiting::Never(reason) => {
                        let message = format!(
                            "the stage \"{}\" of the release {} does not start: {reason}",
                            input.stage, input.id
                        );
                        return Err(Error::new(ErrorCode::ResourceConflict, message).help(
                            "Deploy the stage by hand with Deploy release stage if it is to run in spite of that, or \
                             create another release.",
                        ));
                    }
                };
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
