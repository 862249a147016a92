//! `list projects`

use crate::actions::prelude::*;
use crate::actions::projects::model::Project;
use crate::actions::projects::model::READ_NEEDS;

/// The page size of the requests
const PAGE: usize = 1000;

/// List the projects of the session's organization
///
/// The list has the projects that the token's user can see and that are ready.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The maximum number of projects
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each project too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The organization's projects
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The projects, in the service's order
    projects: Vec<Project>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListProjects;

impl Action for ListProjects {
    const NAME: &'static str = "list projects";
    const NODE: &'static str = "List projects";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example { title: "The projects of the organization", inputs: serde_json::json!({}) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let url = session.connection().organization();
        let request = Request::get(&["projects"])
            .organization_level()
            .list_by(PAGE)
            .named(format!(
                "list the projects of the {} \"{}\"",
                url.service().organization(),
                url.organization()
            ))
            .needs(&Self::NEEDS);
        let Page { items, more } = session.send_records(request, input.limit, input.include_raw).await?;
        Ok(Output { projects: items, more })
    }
}
