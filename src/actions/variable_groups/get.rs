//! `get variable group`

use crate::actions::prelude::*;
use crate::actions::variable_groups::model::VariableGroup;
use crate::actions::variable_groups::requests::READ_NEEDS;
use crate::actions::variable_groups::requests::find;

/// Get a variable group with its variables
///
/// The values of secret variables are not in the output: the service never returns them.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The variable group, by name or id
    variable_group: ResourceReference,
    /// Whether to return the service's own record too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

pub(super) struct GetVariableGroup;

impl Action for GetVariableGroup {
    const NAME: &'static str = "get variable group";
    const NODE: &'static str = r#"Get variable group "{{variableGroup}}""#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = VariableGroup;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Get a variable group",
            inputs: serde_json::json!({ "variableGroup": "release settings" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<VariableGroup, Error> {
        let session = cx.session(&input.session)?;
        find(&session, &input.variable_group, input.include_raw).await
    }
}
