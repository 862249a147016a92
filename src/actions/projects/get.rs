//! `get project`

use crate::actions::prelude::*;
use crate::actions::projects::model::Project;
use crate::actions::projects::model::READ_NEEDS;

/// Get the session's project
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// Whether to return the service's own record too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

pub(super) struct GetProject;

impl Action for GetProject {
    const NAME: &'static str = "get project";
    const NODE: &'static str = "Get project";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ProjectNotFound];
    type Input = Input;
    type Output = Project;

    fn examples() -> Vec<Example> {
        vec![Example { title: "The project of the default session", inputs: serde_json::json!({}) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Project, Error> {
        let session = cx.session(&input.session)?;
        let project = session.connection().project();
        let request = Request::get(&["projects", &project.id])
            .organization_level()
            .named(format!("get the project \"{}\"", project.name))
            .needs(&Self::NEEDS)
            .missing(format!("the project \"{}\"", project.name));
        session.send_record(request, input.include_raw).await
    }
}
