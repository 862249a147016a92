//! `list variable groups`

use crate::actions::prelude::*;
use crate::actions::variable_groups::model::VariableGroup;
use crate::actions::variable_groups::model::VariableGroupRecord;
use crate::actions::variable_groups::requests::READ_NEEDS;
use crate::actions::variable_groups::requests::list_request;

/// List the variable groups of the session's project
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// Only groups of this name; `*` matches any text
    #[serde(default)]
    name: Option<NamePattern>,
    /// The maximum number of variable groups
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each variable group too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The variable groups of the project
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The variable groups, in the service's order
    variable_groups: Vec<VariableGroup>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListVariableGroups;

impl Action for ListVariableGroups {
    const NAME: &'static str = "list variable groups";
    const NODE: &'static str = "List variable groups";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "The variable groups of the project", inputs: serde_json::json!({}) },
            Example {
                title: "The variable groups whose names begin with release",
                inputs: serde_json::json!({ "name": "release*" }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let mut request = list_request(&session);
        if let Some(name) = &input.name {
            request = request.query("groupName", name.as_str());
        }
        let page =
            session.send_records::<VariableGroupRecord>(request, input.limit, input.include_raw).await?;
        let variable_groups = page.items.into_iter().map(VariableGroup::from).collect();
        Ok(Output { variable_groups, more: page.more })
    }
}
