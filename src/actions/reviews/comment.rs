//! `comment on pull request`

use crate::actions::prelude::*;
use crate::actions::pull_requests::requests::READ_NEEDS;
use crate::actions::pull_requests::requests::WRITE_NEEDS;
use crate::actions::pull_requests::requests::in_its_repository;
use crate::actions::pull_requests::requests::path;
use crate::actions::pull_requests::requests::read;
use crate::actions::reviews::threads::Thread;
use crate::actions::reviews::threads::ThreadRecord;
use crate::actions::shared::mark_property;

/// Comment on a pull request
///
/// The comment starts a new thread. When the response is lost, the action finds the comment by a mark that no page
/// shows.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pull request's id
    id: PullRequestId,
    /// The comment, in Markdown
    text: CommentText,
    /// Whether the comment is for information only: no policy requires that it is resolved
    #[serde(default)]
    is_resolved: bool,
}

#[derive(Serialize)]
struct Body<'a> {
    comments: [NewComment<'a>; 1],
    status: &'static str,
    properties: mark_property::Marked<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewComment<'a> {
    parent_comment_id: u32,
    content: &'a str,
    comment_type: &'static str,
}

pub(super) struct CommentOnPullRequest;

impl Action for CommentOnPullRequest {
    const NAME: &'static str = "comment on pull request";
    const NODE: &'static str = "Comment on pull request {{id}}";
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::PermissionDenied, ErrorCode::ServiceOutcomeUnknown];
    const LOST_RESPONSE: LostResponse = LostResponse::Marked("a property of the thread, which no page shows");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pull request", "id").id("").name(""));
    type Input = Input;
    type Output = Thread;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Report that a check has passed",
            inputs: serde_json::json!({ "id": 1, "text": "All links are good.", "isResolved": true }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Thread, Error> {
        let session = cx.session(&input.session)?;
        let pull_request = read(&session, input.id, &READ_NEEDS, false).await?;
        let (text, number) = (input.text.as_str(), input.id.to_string());
        let path: Vec<&str> = path(&pull_request, &number).into_iter().chain(["threads"]).collect();
        let mark = Mark::new();
        let body = Body {
            comments: [NewComment { parent_comment_id: 0, content: text, comment_type: "text" }],
            status: if input.is_resolved { "closed" } else { "active" },
            properties: mark_property::Marked::with(&mark),
        };
        let request = Request::post(&path)
            .json(&body)?
            .named(format!("comment on the pull request {}", input.id))
            .needs(&Self::NEEDS)
            .missing(format!("the pull request {}", input.id));
        let search = |_| async {
            let request = Request::get(&path)
                .list()
                .named(format!("look for the comment on the pull request {}", input.id))
                .needs(&READ_NEEDS);
            let mut found: Vec<ThreadRecord> = session.send_list(request).await?;
            found.retain(|thread| thread.first().is_some_and(|first| first.content.as_deref() == Some(text)));
            let candidate = |thread: ThreadRecord| {
                let shown = mark_property::mark(thread.properties.as_ref());
                mark.candidate(thread, shown.as_deref())
            };
            Ok(found.into_iter().filter_map(candidate).collect())
        };
        let commenting = session.settle_creation("thread", session.send(request), search);
        let made: ThreadRecord = in_its_repository(&session, &pull_request, commenting).await?;
        Ok(made.into_output())
    }
}
