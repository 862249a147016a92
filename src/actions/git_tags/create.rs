//! `create git tag`

use time::OffsetDateTime;

use crate::actions::branches::pushes;
use crate::actions::branches::pushes::Pushed;
use crate::actions::branches::refs;
use crate::actions::branches::refs::NO_OBJECT;
use crate::actions::git_tags::tags;
use crate::actions::git_tags::tags::AnnotatedTag;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::default_branch;
use crate::actions::repositories::requests::in_repository;

/// Create a Git tag
///
/// The tag names a commit, the latest commit of a branch, or that of the default branch. With a message it is an
/// annotated tag. If the tag exists already, the action fails with `resource.conflict`. When the response is lost, the
/// action looks for the push that created the tag.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The new tag: v1.0
    tag: GitTagName,
    /// The branch whose latest commit gets the tag; the default branch when neither this nor a commit is given
    #[serde(default)]
    from_branch: Option<BranchName>,
    /// The commit that gets the tag
    #[serde(default)]
    from_commit: Option<CommitId>,
    /// The message of an annotated tag
    #[serde(default)]
    message: Option<CommitMessage>,
}

/// The tag that was created
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The name: v1.0
    name: String,
    /// The full ref
    r#ref: String,
    /// The commit that it points to
    commit_id: String,
    /// Whether it has a message
    is_annotated: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    name: &'a str,
    message: &'a str,
    tagged_object: BodyObject<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BodyObject<'a> {
    object_id: &'a str,
}

pub(super) struct CreateGitTag;

impl Action for CreateGitTag {
    const NAME: &'static str = "create git tag";
    const NODE: &'static str = r#"Create git tag "{{tag}}" in repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = Needs {
        permissions: &[permissions::CREATE_TAG, permissions::CONTRIBUTE],
        scope: Some(Scope::CodeWrite),
    };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceConflict,
        ErrorCode::ResourceNotFound,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByContent(
        "the push that created the tag, the commit that it points to, and its message",
    );
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("git tag", "tag").id(""));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "Tag the latest commit of a branch",
                inputs: serde_json::json!({ "repository": "site", "tag": "v1.1", "fromBranch": "main" }),
            },
            Example {
                title: "A tag with a message",
                inputs: serde_json::json!({ "repository": "site", "tag": "v1.1", "message": "The release of November" }),
            },
        ]
    }

    fn check(input: &Input) -> Result<(), Error> {
        if let Some(branch) = &input.from_branch {
            refs::is_branch(Self::NAME, branch)?;
        }
        if input.from_branch.is_some() && input.from_commit.is_some() {
            let message = "create git tag: give fromBranch or fromCommit, not both";
            return Err(Error::new(ErrorCode::InputInvalid, message));
        }
        Ok(())
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        in_repository(&session, &input.repository, create(&session, &input)).await
    }
}

async fn create(session: &OpenSession<'_>, input: &Input) -> Result<Output, Error> {
    let (repository, tag, needs) = (&input.repository, input.tag.full(), &CreateGitTag::NEEDS);
    let commit = match &input.from_commit {
        Some(commit) => commit.as_str().to_owned(),
        None => {
            let from = match &input.from_branch {
                Some(from) => from.clone(),
                None => default_branch(session, repository, needs).await?,
            };
            match refs::tip(session, repository, &from, needs).await? {
                Some(commit) => commit,
                None => return Err(refs::branch_not_found(session, repository, &from, needs).await),
            }
        }
    };
    let message = input.message.as_ref().map(CommitMessage::as_str);
    let send = async {
        let new = match message {
            Some(message) => annotated(session, input, &commit, message).await?,
            None => refs::update(session, repository, tag, (NO_OBJECT, &commit), needs).await?,
        };
        Ok(Pushed::answered(0, tag, new, None))
    };
    let search = |since: OffsetDateTime| {
        let commit = &commit;
        async move {
            let mut candidates = Vec::new();
            for push in pushes::pushes(session, repository, tag, NO_OBJECT, needs, since).await? {
                candidates.extend(compared(session, input, push, commit, message).await);
            }
            Ok(candidates)
        }
    };
    session.settle_creation("git tag", send, search).await?;
    Ok(Output {
        name: input.tag.as_str().to_owned(),
        r#ref: tag.full().to_owned(),
        commit_id: commit,
        is_annotated: message.is_some(),
    })
}

/// Creates the object of an annotated tag and its ref, and returns the object's id
async fn annotated(
    session: &OpenSession<'_>,
    input: &Input,
    commit: &str,
    message: &str,
) -> Result<String, Error> {
    let (repository, tag, needs) = (&input.repository, &input.tag, &CreateGitTag::NEEDS);
    // The service has no code of its own for a tag that exists.
    if tags::find(session, repository, tag.full(), needs).await?.is_some() {
        let message = format!("the repository \"{repository}\" has a tag \"{tag}\" already");
        return Err(Error::new(ErrorCode::ResourceConflict, message));
    }
    let body = Body { name: tag.as_str(), message, tagged_object: BodyObject { object_id: commit } };
    let request = Request::post(&["git", "repositories", repository.as_str(), "annotatedtags"])
        .json(&body)?
        .named(format!("create the tag \"{tag}\" in the repository \"{repository}\""))
        .needs(needs)
        .missing(format!("the commit {commit}, or the repository \"{repository}\""));
    let made: AnnotatedTag = session.send(request).await?;
    Ok(made.object_id.unwrap_or_default())
}

/// Compares a push with the tag that was sent; `None` if it differs
async fn compared(
    session: &OpenSession<'_>,
    input: &Input,
    push: Pushed,
    commit: &str,
    message: Option<&str>,
) -> Option<Candidate<Pushed>> {
    let Some(message) = message else {
        let is_equal = push.new.eq_ignore_ascii_case(commit);
        return Comparison::default()
            .field("tag", Some(true))
            .field("commit", Some(is_equal))
            .candidate(push);
    };
    let repository = &input.repository;
    let request = Request::get(&["git", "repositories", repository.as_str(), "annotatedtags", &push.new])
        .named(format!("look at the tag \"{}\" of the repository \"{repository}\"", input.tag))
        .needs(&CreateGitTag::NEEDS);
    // A push of a tag without a message has no such object.
    let Ok(actual) = session.send::<AnnotatedTag>(request).await else {
        let is_plain = push.new.eq_ignore_ascii_case(commit);
        return (!is_plain).then(|| Candidate::unproven(push));
    };
    let tagged = actual.tagged_object.and_then(|tagged| tagged.object_id);
    // The service may end the message with a line break.
    let text = actual.message.map(|actual| actual.trim_end() == message.trim_end());
    Comparison::default()
        .field("tag", Some(true))
        .field("commit", tagged.map(|tagged| tagged.eq_ignore_ascii_case(commit)))
        .field("message", text)
        .candidate(push)
}
