//! `resolve pull request thread`

use crate::actions::prelude::*;
use crate::actions::pull_requests::requests::READ_NEEDS;
use crate::actions::pull_requests::requests::WRITE_NEEDS;
use crate::actions::pull_requests::requests::in_its_repository;
use crate::actions::pull_requests::requests::path;
use crate::actions::pull_requests::requests::read;
use crate::actions::reviews::threads::Thread;
use crate::actions::reviews::threads::ThreadRecord;
use crate::actions::reviews::threads::thread_request;
use crate::actions::shared::differences::Differences;

/// Resolve a thread of a pull request, or give it another status
///
/// A thread that has the status already is returned as it is.
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
    /// The new status
    #[serde(default)]
    status: ThreadStatus,
}

/// The status of a thread
#[derive(Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum ThreadStatus {
    /// Resolved
    #[default]
    Fixed,
    /// Won't fix
    WontFix,
    /// Closed
    Closed,
    /// By design
    ByDesign,
    /// Pending
    Pending,
    /// Active again
    Active,
}

impl ThreadStatus {
    /// Returns the service's name
    const fn as_str(self) -> &'static str {
        match self {
            ThreadStatus::Fixed => "fixed",
            ThreadStatus::WontFix => "wontFix",
            ThreadStatus::Closed => "closed",
            ThreadStatus::ByDesign => "byDesign",
            ThreadStatus::Pending => "pending",
            ThreadStatus::Active => "active",
        }
    }
}

#[derive(Serialize)]
struct Body {
    status: &'static str,
}

pub(super) struct ResolvePullRequestThread;

impl Action for ResolvePullRequestThread {
    const NAME: &'static str = "resolve pull request thread";
    const NODE: &'static str = "Resolve pull request thread {{thread}} of pull request {{id}}: {{status}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::PermissionDenied, ErrorCode::ServiceOutcomeUnknown];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the thread has the status");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pull request", "id").id("").name(""));
    type Input = Input;
    type Output = Thread;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "Resolve a thread", inputs: serde_json::json!({ "id": 1, "thread": 1 }) },
            Example {
                title: "Make a thread active again",
                inputs: serde_json::json!({ "id": 1, "thread": 1, "status": "ACTIVE" }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Thread, Error> {
        let session = cx.session(&input.session)?;
        let pull_request = read(&session, input.id, &READ_NEEDS, false).await?;
        let number = input.id.to_string();
        let path = path(&pull_request, &number);
        in_its_repository(&session, &pull_request, resolve(&session, &input, &path)).await
    }
}

async fn resolve(session: &OpenSession<'_>, input: &Input, path: &[&str]) -> Result<Thread, Error> {
    let wanted = input.status.as_str();
    let before: ThreadRecord =
        session.send(thread_request(path, input.id, input.thread, &READ_NEEDS)).await?;
    if before.is(wanted) {
        return Ok(before.into_output());
    }
    let subject = format!("the thread {} of the pull request {}", input.thread, input.id);
    let thread_id = input.thread.to_string();
    let target: Vec<&str> = path.iter().copied().chain(["threads", &thread_id]).collect();
    let request = Request::patch(&target)
        .json(&Body { status: wanted })?
        .named(format!("change the status of {subject}"))
        .needs(&WRITE_NEEDS)
        .missing(subject.clone());
    let lookup = async {
        let now: ThreadRecord =
            session.send(thread_request(path, input.id, input.thread, &READ_NEEDS)).await?;
        Ok(Some(now).filter(|now| now.is(wanted)))
    };
    let now = session.settle_state(session.send(request), lookup).await?;
    Differences::of(&subject).value("status", Some(wanted), now.status.as_deref()).warn(session);
    Ok(now.into_output())
}
