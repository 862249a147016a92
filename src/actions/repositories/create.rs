//! `create repository`

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::repositories::Repository;
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
/// The repository starts empty. A name that is taken fails with `resource.conflict`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The name of the new repository
    name: RepositoryName,
}

#[derive(Serialize)]
struct Body<'a> {
    name: &'a str,
    project: ProjectId<'a>,
}

#[derive(Serialize)]
struct ProjectId<'a> {
    id: &'a str,
}

pub(super) struct CreateRepository;

impl Action for CreateRepository {
    const NAME: &'static str = "create repository";
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::CREATE_REPOSITORY], scope: Some(Scope::CodeManage) };
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceConflict, ErrorCode::PermissionDenied];
    type Input = Input;
    type Output = Repository;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Create an empty repository",
            inputs: serde_json::json!({ "name": "release-notes" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Repository, Error> {
        let session = cx.session(&input.session)?;
        let body =
            Body { name: input.name.as_str(), project: ProjectId { id: &session.connection().project().id } };
        let request = Request::post(&["git", "repositories"])
            .json(&body)?
            .named(format!(
                "create the repository \"{}\" in the project \"{}\"",
                input.name,
                session.project()
            ))
            .needs(&Self::NEEDS)
            .missing(format!("the project \"{}\"", session.project()));
        session.send(request).await
    }
}
