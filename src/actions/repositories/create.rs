//! `create repository`

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Action;
use crate::actions::Candidate;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::LostResponse;
use crate::actions::OpenSession;
use crate::actions::repositories::Repository;
use crate::actions::repositories::find;
use crate::actions::repositories::one;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::RepositoryName;
use crate::contract::Scope;
use crate::contract::SessionReference;
use crate::contract::permissions;
use crate::devops::Request;

/// Create a Git repository in the session's project
///
/// The repository starts empty, or as a fork with all that another one of the project has. A name that is taken
/// fails with `resource.conflict`. When the response is lost, the action fails with `service.outcome_unknown` and names
/// the repository if it is there: the service does not say when a repository was made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The name of the new repository
    name: RepositoryName,
    /// The repository of the project to fork, by name or id; nothing for an empty one
    #[serde(default)]
    fork_of: Option<RepositoryName>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    name: &'a str,
    project: Id<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_repository: Option<Parent<'a>>,
}

#[derive(Serialize)]
struct Id<'a> {
    id: &'a str,
}

#[derive(Serialize)]
struct Parent<'a> {
    id: &'a str,
    project: Id<'a>,
}

pub(super) struct CreateRepository;

impl Action for CreateRepository {
    const NAME: &'static str = "create repository";
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
        LostResponse::Never("the service says neither who made a repository nor when");
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
        create(&session, &input.name, parent.as_ref(), &Self::NEEDS).await
    }
}

/// Creates a repository, empty or as a fork
pub(super) async fn create(
    session: &OpenSession<'_>,
    name: &RepositoryName,
    parent: Option<&Repository>,
    needs: &Needs,
) -> Result<Repository, Error> {
    let project = &session.connection().project().id;
    let body = Body {
        name: name.as_str(),
        project: Id { id: project },
        parent_repository: parent.map(|parent| Parent { id: &parent.id, project: Id { id: project } }),
    };
    let request = Request::post(&["git", "repositories"])
        .json(&body)?
        .named(format!("create the repository \"{name}\" in the project \"{}\"", session.project()))
        .needs(needs)
        .missing(format!("the project \"{}\"", session.project()));
    let there =
        |_| async { Ok(session.send(one(name, needs)).await.map(Candidate::unproven).into_iter().collect()) };
    session.settled("repository", session.send(request), there).await
}
