//! `add pull request reviewer`

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
use crate::actions::shared::differences::Differences;
use crate::actions::shared::people;

/// Add a reviewer to a pull request
///
/// A reviewer who is there already is returned as they are, or becomes required or optional. If that reviewer has
/// voted, the change could lose the vote: then the action fails with `resource.conflict`. A name or an e-mail address
/// is looked up, for which the token also needs the scope Identity (read); an id needs no lookup.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pull request's id
    id: PullRequestId,
    /// The person or group, by name, e-mail address or id
    reviewer: PersonName,
    /// Whether the pull request needs the reviewer's approval
    #[serde(default)]
    is_required: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    id: &'a str,
    vote: i32,
    is_required: bool,
}

pub(super) struct AddPullRequestReviewer;

impl Action for AddPullRequestReviewer {
    const NAME: &'static str = "add pull request reviewer";
    const NODE: &'static str = r#"Add pull request reviewer "{{reviewer}}" to pull request {{id}}"#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByState("the pull request has the reviewer, required or optional as requested");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pull request", "id").id("").name(""));
    type Input = Input;
    type Output = Reviewer;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "Ask for a review",
                inputs: serde_json::json!({ "id": 1, "reviewer": "Bot Runner" }),
            },
            Example {
                title: "Require the approval of a person",
                inputs: serde_json::json!({ "id": 1, "reviewer": "bot.runner@fabrikam.example", "isRequired": true }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Reviewer, Error> {
        let session = cx.session(&input.session)?;
        let pull_request = read(&session, input.id, &READ_NEEDS, false).await?;
        let person = people::find_id(&session, &input.reviewer).await?;
        let wanted = input.is_required;
        let is_one = |one: &ReviewerRecord| one.has_id(&person);
        let before = pull_request.reviewers.iter().flatten().find(|one| is_one(one));
        if let Some(before) = before {
            if before.is_required.unwrap_or(false) == wanted {
                return Ok(Reviewer::from(before.clone()));
            }
            if before.vote != 0 {
                let message = format!(
                    "\"{}\" has voted on the pull request {} already, and the vote could get lost",
                    printable(before.display_name.as_deref().unwrap_or(&person), 300),
                    input.id
                );
                return Err(Error::new(ErrorCode::ResourceConflict, message)
                    .help("Remove the reviewer first if the vote does not matter."));
            }
        }
        let number = input.id.to_string();
        let path: Vec<&str> =
            path(&pull_request, &number).into_iter().chain(["reviewers", &person]).collect();
        let shown = printable(input.reviewer.as_str(), 300);
        let request = Request::put(&path)
            .json(&Body { id: &person, vote: 0, is_required: wanted })?
            .named(format!("add the reviewer \"{shown}\" to the pull request {}", input.id))
            .needs(&WRITE_NEEDS)
            .missing(format!("the pull request {}", input.id));
        let lookup = async {
            let now: PullRequestRecord = session.send(read_request(input.id, &READ_NEEDS)).await?;
            let is_so = |one: &ReviewerRecord| is_one(one) && one.is_required.unwrap_or(false) == wanted;
            Ok(now.reviewers.into_iter().flatten().find(is_so))
        };
        let adding = session.settle_state(session.send(request), lookup);
        let added: ReviewerRecord = in_its_repository(&session, &pull_request, adding).await?;
        let text = |is_required: bool| if is_required { "true" } else { "false" };
        Differences::of(&format!("the reviewer \"{shown}\" of the pull request {}", input.id))
            .value("isRequired", Some(text(wanted)), Some(text(added.is_required.unwrap_or(false))))
            .warn(&session);
        Ok(Reviewer::from(added))
    }
}
