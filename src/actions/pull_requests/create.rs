//! `create pull request`

use crate::actions::branches::refs;
use crate::actions::prelude::*;
use crate::actions::pull_requests::model::PullRequest;
use crate::actions::pull_requests::model::PullRequestRecord;
use crate::actions::pull_requests::requests::WRITE_NEEDS;
use crate::actions::pull_requests::requests::not_onto_itself;
use crate::actions::pull_requests::requests::read_request;
use crate::actions::repositories::requests::default_branch;
use crate::actions::repositories::requests::in_repository;

/// Create a pull request
///
/// If a pull request is open for the same two branches, the action fails with `resource.conflict`. When the response is
/// lost, the action looks for the pull request and compares all of it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The source branch
    source_branch: BranchName,
    /// The target branch; the default branch when it is not given
    #[serde(default)]
    target_branch: Option<BranchName>,
    /// The title
    title: PullRequestTitle,
    /// The description, in Markdown
    #[serde(default)]
    description: Option<PullRequestDescription>,
    /// Whether to create it as a draft, which cannot be completed
    #[serde(default)]
    is_draft: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    source_ref_name: &'a str,
    target_ref_name: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    is_draft: bool,
}

impl Body<'_> {
    fn compare(&self, actual: &PullRequestRecord) -> Comparison {
        let same = |wanted: &str, actual: &Option<String>| actual.as_deref().map(|actual| actual == wanted);
        // The service may leave out an empty description.
        let description = actual.description.as_deref().unwrap_or_default();
        Comparison::default()
            .field("source branch", same(self.source_ref_name, &actual.source_ref_name))
            .field("target branch", same(self.target_ref_name, &actual.target_ref_name))
            .field("title", same(self.title, &actual.title))
            .field("description", Some(description == self.description.unwrap_or_default()))
            .field("draft state", actual.is_draft.map(|is_draft| is_draft == self.is_draft))
    }
}

pub(super) struct CreatePullRequest;

impl Action for CreatePullRequest {
    const NAME: &'static str = "create pull request";
    const NODE: &'static str = r#"Create pull request "{{title}}" of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceConflict,
        ErrorCode::ResourceNotFound,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByContent("the branches, title, description and draft state");
    const OBJECT: Option<AuditedObject> =
        Some(AuditedObject::named_by("pull request", "title").name("title"));
    type Input = Input;
    type Output = PullRequest;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Propose to merge a branch into the default branch",
            inputs: serde_json::json!({ "repository": "site", "sourceBranch": "next", "title": "The next version" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PullRequest, Error> {
        let session = cx.session(&input.session)?;
        in_repository(&session, &input.repository, create(&session, &input)).await
    }
}

async fn create(session: &OpenSession<'_>, input: &Input) -> Result<PullRequest, Error> {
    let (repository, source, needs) = (&input.repository, &input.source_branch, &WRITE_NEEDS);
    let target = match &input.target_branch {
        Some(target) => target.clone(),
        None => default_branch(session, repository, needs).await?,
    };
    not_onto_itself(CreatePullRequest::NAME, source, target.full(), input.target_branch.is_none())?;
    let body = Body {
        source_ref_name: source.full(),
        target_ref_name: target.full(),
        title: input.title.as_str(),
        description: input.description.as_ref().map(PullRequestDescription::as_str),
        is_draft: input.is_draft,
    };
    let path = ["git", "repositories", repository.as_str(), "pullrequests"];
    let request = Request::post(&path)
        .json(&body)?
        .named(format!("create a pull request from \"{source}\" into \"{target}\" of \"{repository}\""))
        .needs(needs)
        .missing(format!(
            "one of the branches \"{source}\" and \"{target}\", or the repository \"{repository}\""
        ));
    let send = async { Ok(session.send::<PullRequestRecord>(request).await?.into_output(session)) };
    let search = |_| {
        let (target, body) = (&target, &body);
        async move {
            let request = Request::get(&path)
                .query("searchCriteria.status", "active")
                .query("searchCriteria.sourceRefName", source.full())
                .query("searchCriteria.targetRefName", target.full())
                .query("searchCriteria.creatorId", &session.connection().identity().id)
                .list()
                .named(format!("look for the pull request from \"{source}\""))
                .needs(needs);
            let found: Vec<PullRequestRecord> = session.send_list(request).await?;
            let mut candidates = Vec::new();
            for listed in found {
                // A list has shortened descriptions.
                let Ok(whole) =
                    session.send::<PullRequestRecord>(read_request(listed.pull_request_id, needs)).await
                else {
                    candidates.push(Candidate::unproven(listed.into_output(session)));
                    continue;
                };
                candidates.extend(body.compare(&whole).candidate(whole.into_output(session)));
            }
            Ok(candidates)
        }
    };
    match session.settle_creation("pull request", send, search).await {
        // The service does not say which of the branches does not exist.
        Err(error) if error.context_value("typeKey") == Some("GitPullRequestCannotBeActivated") => {
            for branch in [source, &target] {
                if refs::tip(session, repository, branch, needs).await?.is_none() {
                    return Err(refs::branch_not_found(session, repository, branch, needs).await);
                }
            }
            Err(error)
        }
        made => made,
    }
}
