//! `remove pull request reviewer`

use crate::actions::prelude::*;
use crate::actions::pull_requests::model::PullRequestRecord;
use crate::actions::pull_requests::model::ReviewerRecord;
use crate::actions::pull_requests::requests::READ_NEEDS;
use crate::actions::pull_requests::requests::WRITE_NEEDS;
use crate::actions::pull_requests::requests::in_its_repository;
use crate::actions::pull_requests::requests::path;
use crate::actions::pull_requests::requests::read;
use crate::actions::pull_requests::requests::read_request;
use crate::actions::reviews::model::Reviewer;
use crate::actions::shared::not_found::ResourceName;
use crate::actions::shared::not_found::with_similar_names;
use crate::actions::shared::people::same;

/// Remove a reviewer from a pull request
///
/// The reviewer's vote is removed too: the output has it. A policy of the target branch may require the reviewer; then
/// the service adds or keeps them.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pull request's id
    id: PullRequestId,
    /// The reviewer, by name, e-mail address or id
    reviewer: PersonName,
}

pub(super) struct RemovePullRequestReviewer;

impl Action for RemovePullRequestReviewer {
    const NAME: &'static str = "remove pull request reviewer";
    const NODE: &'static str = r#"Remove pull request reviewer "{{reviewer}}" from pull request {{id}}"#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the pull request no longer has the reviewer");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pull request", "id").id("").name(""));
    type Input = Input;
    type Output = Reviewer;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Remove a reviewer by name",
            inputs: serde_json::json!({ "id": 1, "reviewer": "Bot Runner" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Reviewer, Error> {
        let session = cx.session(&input.session)?;
        let pull_request = read(&session, input.id, &READ_NEEDS, false).await?;
        let reviewers = pull_request.reviewers.clone().unwrap_or_default();
        let reviewer = one(reviewers, &input).await?;
        let id = reviewer.id.clone().unwrap_or_default();
        let number = input.id.to_string();
        let path: Vec<&str> = path(&pull_request, &number).into_iter().chain(["reviewers", &id]).collect();
        let request = Request::delete(&path)
            .named(format!(
                "remove the reviewer \"{}\" from the pull request {}",
                printable(input.reviewer.as_str(), 300),
                input.id
            ))
            .needs(&WRITE_NEEDS)
            .missing(format!("the pull request {}", input.id));
        let lookup = async {
            let now: PullRequestRecord = session.send(read_request(input.id, &READ_NEEDS)).await?;
            let is_there = now.reviewers.iter().flatten().any(|one| one.has_id(&id));
            Ok((!is_there).then_some(()))
        };
        let removing = session.settle_state(session.send::<()>(request), lookup);
        in_its_repository(&session, &pull_request, removing).await?;
        Ok(Reviewer::from(reviewer))
    }
}

/// Returns the reviewer that is meant; the names of all are similar names for one who is not there
async fn one(reviewers: Vec<ReviewerRecord>, input: &Input) -> Result<ReviewerRecord, Error> {
    let wanted = input.reviewer.as_str().trim();
    let is = |known: Option<&str>| known.is_some_and(|known| same(known, wanted));
    let (mut found, others): (Vec<_>, Vec<_>) = reviewers.into_iter().partition(|one| {
        is(one.id.as_deref()) || is(one.unique_name.as_deref()) || is(one.display_name.as_deref())
    });
    let shown = printable(wanted, 300);
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => {
            let message = format!("the pull request {} has no reviewer \"{shown}\"", input.id);
            let names = others.into_iter().flat_map(|one| [one.display_name, one.unique_name]);
            let names = names.map(|name| ResourceName { name }).collect();
            let error = Error::new(ErrorCode::ResourceNotFound, message);
            Err(with_similar_names(error, wanted, async { Ok(names) }).await)
        }
        several => {
            let ids: Vec<&str> = found.iter().filter_map(|one| one.id.as_deref()).collect();
            let candidates = ids.join(", ");
            let message =
                format!("{several} reviewers of the pull request {} are called \"{shown}\"", input.id);
            Err(Error::new(ErrorCode::InputInvalid, message)
                .help(format!("Give the id of one of them: {candidates}."))
                .with("candidates", candidates))
        }
    }
}
