//! `get project`

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Scope;
use crate::contract::SessionReference;
use crate::contract::permissions;
use crate::devops::Request;

/// Get the session's project
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
}

/// A project; what the service leaves out is absent
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all(serialize = "camelCase", deserialize = "camelCase"))]
pub(super) struct Output {
    /// The project's id
    id: String,
    /// The project's name
    name: String,
    /// The project's description
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Its state: wellFormed, createPending, deleting, new
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// Who can see it: private, public, organization
    #[serde(default, skip_serializing_if = "Option::is_none")]
    visibility: Option<String>,
    /// When it was last changed
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_update_time: Option<String>,
}

pub(super) struct GetProject;

impl Action for GetProject {
    const NAME: &'static str = "get project";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = Needs { permissions: &[permissions::VIEW_PROJECT], scope: Some(Scope::ProjectRead) };
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ProjectNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example { title: "The project of the default session", inputs: serde_json::json!({}) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let project = session.connection().project();
        let request = Request::get(&["projects", &project.id])
            .organization_level()
            .named(format!("get the project \"{}\"", project.name))
            .needs(&Self::NEEDS)
            .missing(format!("the project \"{}\"", project.name));
        session.send(request).await
    }
}
