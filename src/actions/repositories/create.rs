//! `create repository`

use crate::actions::prelude::*;
use crate::actions::repositories::model::Repository;
use crate::actions::repositories::requests::create;
use crate::actions::repositories::requests::find;
use crate::actions::repositories::requests::with_repository;

/// Create a Git repository in the session's project
///
/// The repository starts empty, or as a fork of another repository of the project. If the name is taken, the action
/// fails with `resource.conflict`. When the response is lost, the action fails with `service.outcome_unknown` and names
/// the repository if it exists: the service does not show when a repository was created.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The name of the new repository
    name: RepositoryName,
    /// The repository of the project to fork, by name or id; without it the new repository is empty
    #[serde(default)]
    fork_of: Option<RepositoryName>,
}

pub(super) struct CreateRepository;

impl Action for CreateRepository {
    const NAME: &'static str = "create repository";
    const NODE: &'static str = r#"Create repository "{{name}}""#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::CREATE_REPOSITORY], scope: Some(Scope::CodeManage) };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceConflict,
        ErrorCode::ResourceNotFound,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::Never("the service does not show who created a repository or when");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("repository", "name"));
    type Input = Input;
    type Output = Repository;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "Create an empty repository",
                inputs: serde_json::json!({ "name": "release-notes" }),
            },
            Example {
                title: "Fork a repository of the project",
                inputs: serde_json::json!({ "name": "site-next", "forkOf": "site" }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Repository, Error> {
        let session = cx.session(&input.session)?;
        let parent = match &input.fork_of {
            Some(parent) => Some(find(&session, parent, &Self::NEEDS).await?),
            None => None,
        };
        let creating = create(&session, &input.name, parent.as_ref(), &Self::NEEDS);
        match &input.fork_of {
            Some(parent) => with_repository(&session, parent, creating).await,
            None => creating.await,
        }
    }
}
