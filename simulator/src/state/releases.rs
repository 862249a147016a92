//! Release pipelines and releases, with stages that wait for each other or for an approval, and deploy. No I/O.

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;

use super::Unseen;
use super::User;
use super::revision::Revision;
use crate::names;
use crate::state::pipelines::ApprovalStatus;
use crate::state::pipelines::Phase;
use crate::state::pipelines::Progress;
use crate::world;
use crate::world::BuildResult;
use crate::world::Pace;
use crate::world::Script;
use crate::world::Starts;
use crate::world::WaitingStage;

/// A release pipeline (release definition in the API).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReleasePipeline {
    pub(crate) id: u32,
    pub(crate) name: String,
    /// `\` or `\folder\…`.
    pub(crate) folder: String,
    pub(crate) revision: u32,
    /// The history, oldest first.
    #[serde(default)]
    pub(crate) revisions: Vec<Revision>,
    /// Properties that a client stores with it, by name.
    #[serde(default)]
    pub(crate) properties: Map<String, Value>,
    pub(crate) created: OffsetDateTime,
    pub(crate) modified: OffsetDateTime,
    /// Position of the user who created it.
    pub(crate) author: usize,
    /// The rest of its definition, as it was sent.
    pub(crate) rest: Map<String, Value>,
    /// The scripts of some stages' deployments, by the stage's name.
    pub(crate) scripts: Vec<(String, Script)>,
    pub(crate) unseen: Unseen,
}

/// A release.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Release {
    pub(crate) id: u32,
    pub(crate) name: String,
    /// Identifier of its release pipeline.
    pub(crate) pipeline: u32,
    pub(crate) description: String,
    /// Why it was created, in the service's word.
    #[serde(default = "manual")]
    pub(crate) reason: String,
    /// In an abandoned release no stage starts any more.
    pub(crate) is_abandoned: bool,
    pub(crate) created: OffsetDateTime,
    /// Position of the user who created it.
    pub(crate) author: usize,
    pub(crate) artifacts: Vec<Value>,
    pub(crate) variables: Value,
    /// Properties that a client stores with it, by name. No page of the service shows them.
    #[serde(default)]
    pub(crate) properties: Map<String, Value>,
    pub(crate) stages: Vec<ReleaseStage>,
    pub(crate) unseen: Unseen,
}

fn manual() -> String {
    "manual".to_owned()
}

/// A stage of a release (environment in the API).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReleaseStage {
    pub(crate) id: u32,
    pub(crate) name: String,
    starts: Vec<Start>,
    /// Identifier of the approver.
    approver: Option<String>,
    pub(crate) approval: Option<Approval>,
    script: Script,
    deployment: Option<Deployment>,
}

/// The condition for a stage to start by itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Start {
    Created,
    Succeeded(String),
}

/// An approval before a stage is deployed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Approval {
    pub(crate) id: u32,
    pub(crate) created: OffsetDateTime,
    pub(crate) approver: String,
    pub(crate) status: ApprovalStatus,
    pub(crate) comment: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Deployment {
    progress: Progress,
    #[serde(with = "super::clock")]
    began: tokio::time::Instant,
}

/// The numbers of stages and approvals.
pub(crate) struct Numbers<'a>(pub(crate) &'a mut u32);

impl Numbers<'_> {
    fn next(&mut self) -> u32 {
        *self.0 += 1;
        *self.0
    }
}

impl ReleasePipeline {
    /// Records the current revision, with its author and comment.
    pub(crate) fn record(&mut self, by: usize, comment: Option<String>) {
        let (number, name, at) = (self.revision, self.name.clone(), self.modified);
        self.revisions.push(Revision { number, name, by, at, comment });
    }

    pub(crate) fn is_called(&self, name: &str, folder: &str) -> bool {
        names::same(&self.name, name) && names::same(&self.folder, folder)
    }
}

/// The definition of a described release pipeline, as the service would store it: its artifact and its stages.
pub(crate) fn definition(
    described: &world::ReleasePipeline,
    pipeline: u32,
    project: &str,
    users: &[User],
) -> Map<String, Value> {
    let user = |name: &str| users.iter().find(|user| names::same(&user.name, name)).unwrap_or(&users[0]);
    let stage = |(at, stage): (usize, &world::ReleaseStage)| {
        let approvals = match &stage.approver {
            Some(name) => {
                json!([{ "rank": 1, "isAutomated": false, "approver": { "id": user(name).id, "displayName": user(name).name } }])
            }
            None => json!([{ "rank": 1, "isAutomated": true }]),
        };
        let conditions = match &stage.starts {
            Starts::WithRelease => {
                json!([{ "name": "ReleaseStarted", "conditionType": "event", "value": "" }])
            }
            Starts::After(other) => {
                json!([{ "name": other, "conditionType": "environmentState", "value": "4" }])
            }
            Starts::ByHand => json!([]),
        };
        json!({
            "id": at + 1,
            "name": stage.name,
            "rank": at + 1,
            "preDeployApprovals": { "approvals": approvals },
            "conditions": conditions,
            "deployPhases": [],
            "retentionPolicy": { "daysToKeep": 30, "releasesToKeep": 3, "retainBuild": true },
        })
    };
    let stages: Vec<Value> = described.stages.iter().enumerate().map(stage).collect();
    let artifact = json!({
        "alias": described.pipeline,
        "type": "Build",
        "isPrimary": true,
        "definitionReference": {
            "definition": { "id": pipeline.to_string(), "name": described.pipeline },
            "project": { "id": project },
            "defaultVersionType": { "id": "latestType", "name": "Latest" },
        },
    });
    Map::from_iter([
        ("environments".to_owned(), json!(stages)),
        ("artifacts".to_owned(), json!([artifact])),
        ("variables".to_owned(), json!({})),
        ("releaseNameFormat".to_owned(), json!("Release-$(rev:r)")),
    ])
}

impl Release {
    pub(crate) fn status(&self) -> &'static str {
        if self.is_abandoned { "abandoned" } else { "active" }
    }

    /// Creates the stages of a release, and starts those that wait for nothing, except those that `by_hand` names.
    pub(crate) fn begin(
        &mut self,
        pipeline: &ReleasePipeline,
        by_hand: &[String],
        usual: Script,
        numbers: &mut Numbers<'_>,
        now: OffsetDateTime,
    ) {
        let described = pipeline.rest.get("environments").and_then(Value::as_array);
        for stage in described.into_iter().flatten() {
            let name = stage["name"].as_str().unwrap_or_default().to_owned();
            // A client may send the number instead of the name.
            let start = |condition: &Value| match condition["conditionType"].to_string().trim_matches('"') {
                "event" | "1" => Some(Start::Created),
                "environmentState" | "2" => {
                    condition["name"].as_str().map(|name| Start::Succeeded(name.to_owned()))
                }
                _ => None,
            };
            let conditions = stage["conditions"].as_array().into_iter().flatten();
            let hand = by_hand.iter().any(|one| names::same(one, &name));
            let starts = if hand { Vec::new() } else { conditions.filter_map(start).collect() };
            let mut approvals = stage["preDeployApprovals"]["approvals"].as_array().into_iter().flatten();
            let approver = approvals.find(|one| one["isAutomated"] == false);
            let approver = approver.and_then(|one| one["approver"]["id"].as_str()).map(str::to_owned);
            let script = pipeline
                .scripts
                .iter()
                .find(|(known, _)| names::same(known, &name))
                .map_or(usual, |(_, script)| *script);
            self.stages.push(ReleaseStage {
                id: numbers.next(),
                name,
                starts,
                approver,
                approval: None,
                script,
                deployment: None,
            });
        }
        for stage in &mut self.stages {
            if stage.starts.iter().any(|start| matches!(start, Start::Created)) {
                stage.start(numbers, now);
            }
        }
    }

    /// Catches up with the clock. Stages that succeeded start the stages that wait for them.
    pub(crate) fn look(&mut self, pace: Pace, numbers: &mut Numbers<'_>, now: OffsetDateTime) {
        for deployment in self.stages.iter_mut().filter_map(|stage| stage.deployment.as_mut()) {
            let since = deployment.began.elapsed();
            deployment.progress.catch_up(pace, since);
        }
        let succeeded: Vec<String> = self
            .stages
            .iter()
            .filter(|stage| stage.status(WaitingStage::InProgress) == "succeeded")
            .map(|stage| stage.name.clone())
            .collect();
        if self.is_abandoned {
            return;
        }
        for stage in
            self.stages.iter_mut().filter(|stage| stage.status(WaitingStage::InProgress) == "notStarted")
        {
            let done = |start: &Start| match start {
                Start::Created => true,
                Start::Succeeded(name) => succeeded.iter().any(|one| names::same(one, name)),
            };
            if !stage.starts.is_empty() && stage.starts.iter().all(done) {
                stage.start(numbers, now);
            }
        }
    }

    /// Advances the deployments after a request for them.
    pub(crate) fn advance_after_read(&mut self, pace: Pace) {
        for deployment in self.stages.iter_mut().filter_map(|stage| stage.deployment.as_mut()) {
            deployment.progress.advance_after_read(pace);
        }
    }
}

impl ReleaseStage {
    /// The service's word for its status.
    /// Returns whether it is or was deployed.
    pub(crate) fn has_started(&self) -> bool {
        self.deployment.is_some()
    }

    pub(crate) fn status(&self, waiting: WaitingStage) -> &'static str {
        match (&self.approval, &self.deployment) {
            (Some(approval), _) if approval.status == ApprovalStatus::Rejected => "rejected",
            (_, Some(deployment)) => match deployment.progress.phase() {
                Phase::NotStarted => "queued",
                Phase::InProgress | Phase::Cancelling => "inProgress",
                Phase::Completed(BuildResult::Succeeded) => "succeeded",
                Phase::Completed(BuildResult::PartiallySucceeded) => "partiallySucceeded",
                Phase::Completed(BuildResult::Failed) => "rejected",
                Phase::Completed(BuildResult::Canceled) => "canceled",
            },
            (Some(_), None) => waiting.as_str(),
            (None, None) => "notStarted",
        }
    }

    /// The conditions for it to start by itself, in the service's form.
    pub(crate) fn conditions(&self) -> Vec<Value> {
        let condition = |start: &Start| match start {
            Start::Created => json!({ "name": "ReleaseStarted", "conditionType": "event", "value": "" }),
            Start::Succeeded(name) => {
                json!({ "name": name, "conditionType": "environmentState", "value": "4" })
            }
        };
        self.starts.iter().map(condition).collect()
    }

    /// Starts it, or requests its approval. Returns `false` if it is already in progress.
    pub(crate) fn start(&mut self, numbers: &mut Numbers<'_>, now: OffsetDateTime) -> bool {
        if matches!(self.status(WaitingStage::InProgress), "queued" | "inProgress") {
            return false;
        }
        self.deployment = None;
        self.approval = self.approver.clone().map(|approver| Approval {
            id: numbers.next(),
            created: now,
            approver,
            status: ApprovalStatus::Pending,
            comment: String::new(),
        });
        if self.approval.is_none() {
            self.deploy();
        }
        true
    }

    /// Records the decision of its approver.
    pub(crate) fn decide(&mut self, approved: bool, comment: &str) {
        if let Some(approval) = &mut self.approval {
            approval.status = ApprovalStatus::given(approved);
            comment.clone_into(&mut approval.comment);
        }
        if approved {
            self.deploy();
        }
    }

    /// Cancels it. Returns `false` if nothing is in progress.
    pub(crate) fn cancel(&mut self) -> bool {
        self.deployment.as_mut().is_some_and(|deployment| deployment.progress.cancel())
    }

    fn deploy(&mut self) {
        let deployment =
            Deployment { progress: Progress::new(self.script), began: tokio::time::Instant::now() };
        self.deployment = Some(deployment);
    }
}
