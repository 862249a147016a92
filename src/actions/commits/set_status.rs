//! `set commit status`

use crate::actions::commits::named::commit_id;
use crate::actions::commits::named::one_of;
use crate::actions::commits::statuses::CommitStatus;
use crate::actions::commits::statuses::StatusRecord;
use crate::actions::commits::statuses::path;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::READ_NEEDS;
use crate::actions::repositories::requests::in_repository;
use crate::actions::shared::differences::Differences;

/// Set the status that a check gives a commit
///
/// A status with the same name and genre replaces the former one on the service's pages. When the response is lost, the
/// action looks for the status and compares all of it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The commit's id; the latest commit of the branch when it is not given
    #[serde(default)]
    commit: Option<CommitId>,
    /// The branch, or a full ref such as refs/tags/v1; the default branch when neither this nor a commit is given
    #[serde(default)]
    branch: Option<BranchName>,
    /// The name of the check
    name: StatusName,
    /// The genre, which groups the names of checks: nightly
    #[serde(default)]
    genre: Option<StatusName>,
    /// The state
    state: State,
    /// A description, in one line
    #[serde(default)]
    description: Option<StatusDescription>,
    /// The address with the details
    #[serde(default)]
    target_url: Option<WebAddress>,
}

/// The state of a check
#[derive(Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum State {
    /// Pending
    Pending,
    /// Succeeded
    Succeeded,
    /// Failed
    Failed,
    /// Error
    Error,
    /// Not applicable
    NotApplicable,
}

impl State {
    /// Returns the service's name
    const fn as_str(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Succeeded => "succeeded",
            State::Failed => "failed",
            State::Error => "error",
            State::NotApplicable => "notApplicable",
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_url: Option<&'a str>,
    context: BodyContext<'a>,
}

#[derive(Serialize)]
struct BodyContext<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    genre: Option<&'a str>,
}

impl Body<'_> {
    fn compare(&self, actual: &StatusRecord) -> Comparison {
        // The service leaves out what was not given, or shows an empty text.
        let same = |wanted: Option<&str>, actual: Option<&str>| {
            Some(wanted.unwrap_or_default() == actual.unwrap_or_default())
        };
        let context = actual.context.as_ref();
        Comparison::default()
            .field("state", actual.state.as_deref().map(|state| state == self.state))
            .field("name", context.and_then(|shown| Some(shown.name.as_deref()? == self.context.name)))
            .field("genre", same(self.context.genre, context.and_then(|shown| shown.genre.as_deref())))
            .field("description", same(self.description, actual.description.as_deref()))
            .field("address", same(self.target_url, actual.target_url.as_deref()))
    }
}

pub(super) struct SetCommitStatus;

impl Action for SetCommitStatus {
    const NAME: &'static str = "set commit status";
    const NODE: &'static str = r#"Set commit status "{{name}}" in repository "{{repository}}": {{state}}"#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = Needs {
        permissions: &[permissions::CONTRIBUTE, permissions::READ_REPOSITORY],
        scope: Some(Scope::CodeStatus),
    };
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::PermissionDenied, ErrorCode::ServiceOutcomeUnknown];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByContent("the commit's status: its state, name, genre, description and address");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::new("commit status").name("name"));
    type Input = Input;
    type Output = CommitStatus;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Report that a check has passed",
            inputs: serde_json::json!({
                "repository": "site",
                "branch": "main",
                "name": "links",
                "genre": "nightly",
                "state": "SUCCEEDED",
                "description": "All links are good",
                "targetUrl": "https://example.com/checks/1"
            }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        one_of(Self::NAME, input.commit.as_ref(), input.branch.as_ref())
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<CommitStatus, Error> {
        let session = cx.session(&input.session)?;
        in_repository(&session, &input.repository, set(&session, &input)).await
    }
}

async fn set(session: &OpenSession<'_>, input: &Input) -> Result<CommitStatus, Error> {
    let (repository, branch) = (&input.repository, input.branch.as_ref());
    let commit = commit_id(session, repository, input.commit.as_ref(), branch, &READ_NEEDS).await?;
    let body = Body {
        state: input.state.as_str(),
        description: input.description.as_ref().map(StatusDescription::as_str),
        target_url: input.target_url.as_ref().map(WebAddress::as_str),
        context: BodyContext {
            name: input.name.as_str(),
            genre: input.genre.as_ref().map(StatusName::as_str),
        },
    };
    let subject = format!("the commit {commit} of the repository \"{repository}\"");
    let request = Request::post(&path(repository, &commit))
        .json(&body)?
        .named(format!("set the status \"{}\" of {subject}", input.name))
        .needs(&SetCommitStatus::NEEDS)
        .missing(subject.clone());
    let send = async { Ok(session.send::<StatusRecord>(request).await?.of_commit(&commit)) };
    let search = |_| async {
        let request = Request::get(&path(repository, &commit))
            .query("top", "1000")
            .query("latestOnly", "false")
            .list()
            .named(format!("look for the status of {subject}"))
            .needs(&READ_NEEDS)
            .missing(subject.clone());
        let found: Vec<StatusRecord> = session.send_list(request).await?;
        let compared = |status: StatusRecord| body.compare(&status).candidate(status.of_commit(&commit));
        Ok(found.into_iter().filter_map(compared).collect())
    };
    let made = session.settle_creation("commit status", send, search).await?;
    Differences::of(&subject)
        .value("state", Some(body.state), made.state.as_deref())
        .value("description", body.description, made.description.as_deref())
        .value("targetUrl", body.target_url, made.target_url.as_deref())
        .warn(session);
    Ok(made.into_output(&commit))
}
