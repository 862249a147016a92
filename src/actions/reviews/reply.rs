//! `reply to pull request thread`

use crate::actions::prelude::*;
use crate::actions::pull_requests::requests::READ_NEEDS;
use crate::actions::pull_requests::requests::WRITE_NEEDS;
use crate::actions::pull_requests::requests::in_its_repository;
use crate::actions::pull_requests::requests::path;
use crate::actions::pull_requests::requests::read;
use crate::actions::reviews::threads::CommentRecord;
use crate::actions::reviews::threads::ThreadComment;
use crate::actions::reviews::threads::ThreadRecord;
use crate::actions::reviews::threads::thread_request;

/// Reply to a thread of a pull request
///
/// The status of the thread stays as it is: use Resolve pull request thread to change it. When the response is lost, the
/// action looks for the comment by its text.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pull request's id
    id: PullRequestId,
    /// The thread's id
    thread: ThreadId,
    /// The reply, in Markdown
    text: CommentText,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    content: &'a str,
    parent_comment_id: u32,
    comment_type: &'static str,
}

pub(super) struct ReplyToPullRequestThread;

impl Action for ReplyToPullRequestThread {
    const NAME: &'static str = "reply to pull request thread";
    const NODE: &'static str = "Reply to pull request thread {{thread}} of pull request {{id}}";
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::PermissionDenied, ErrorCode::ServiceOutcomeUnknown];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByContent("the text and the author of the comment, and the comment that it answers");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pull request", "id").id("").name(""));
    type Input = Input;
    type Output = ThreadComment;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Answer a question",
            inputs: serde_json::json!({ "id": 1, "thread": 1, "text": "The link is repaired." }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<ThreadComment, Error> {
        let session = cx.session(&input.session)?;
        let pull_request = read(&session, input.id, &READ_NEEDS, false).await?;
        let (number, thread) = (input.id.to_string(), input.thread);
        let path = path(&pull_request, &number);
        in_its_repository(&session, &pull_request, reply(&session, &input, &path, thread)).await
    }
}

async fn reply(
    session: &OpenSession<'_>,
    input: &Input,
    path: &[&str],
    thread: ThreadId,
) -> Result<ThreadComment, Error> {
    let whole: ThreadRecord = session.send(thread_request(path, input.id, thread, &READ_NEEDS)).await?;
    let parent = whole.first().map_or(1, |first| first.id);
    let (text, thread_id) = (input.text.as_str(), thread.to_string());
    let subject = format!("the thread {thread} of the pull request {}", input.id);
    let comments: Vec<&str> = path.iter().copied().chain(["threads", &thread_id, "comments"]).collect();
    let request = Request::post(&comments)
        .json(&Body { content: text, parent_comment_id: parent, comment_type: "text" })?
        .named(format!("reply to {subject}"))
        .needs(&WRITE_NEEDS)
        .missing(subject.clone());
    let send = async { Ok(session.send::<CommentRecord>(request).await?.in_thread(thread)) };
    let search = |_| async {
        let now: ThreadRecord = session.send(thread_request(path, input.id, thread, &READ_NEEDS)).await?;
        let compared = |comment: CommentRecord| {
            let same =
                |wanted: &str, actual: &Option<String>| actual.as_deref().map(|actual| actual == wanted);
            Comparison::default()
                .field("text", same(text, &comment.content))
                .field("parent", comment.parent_comment_id.map(|actual| actual == parent))
                .candidate(comment.in_thread(thread))
        };
        Ok(now.comments.into_iter().flatten().filter_map(compared).collect())
    };
    Ok(ThreadComment::from(session.settle_creation("reply", send, search).await?))
}
