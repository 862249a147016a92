//! `delete variable group`

use crate::actions::prelude::*;
use crate::actions::shared::by_name::check_exact_name;
use crate::actions::variable_groups::requests;
use crate::actions::variable_groups::requests::MANAGE_NEEDS;

/// Delete a variable group with its variables
///
/// Pipelines that use the group fail from then on. It cannot be restored, and its secret values are gone. In other
/// projects that use the group it stays. The token's user must be an administrator of the group.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The variable group, by its exact name or its id
    variable_group: ResourceReference,
}

/// The variable group that was deleted
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The group's id
    id: u32,
    /// The group's name
    name: String,
}

pub(super) struct DeleteVariableGroup;

impl Action for DeleteVariableGroup {
    const NAME: &'static str = "delete variable group";
    const NODE: &'static str = r#"Delete variable group "{{variableGroup}}""#;
    const EFFECT: Effect = Effect::Destroys;
    const NEEDS: Needs = MANAGE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::InputInvalid,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the variable group no longer exists");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("variable group", "variableGroup"));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Delete a variable group that no pipeline uses",
            inputs: serde_json::json!({ "variableGroup": "release settings" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let found = requests::find(&session, &input.variable_group, false).await?;
        let wanted = input.variable_group.as_str();
        let is_id = wanted == found.id.to_string();
        check_exact_name(Self::NAME, "variable group", Some(wanted).filter(|_| !is_id), &found.name)?;
        let send = session.send::<()>(requests::delete_request(&session, found.id));
        let gone = async { Ok(requests::read(&session, found.id, false).await?.is_none().then_some(())) };
        session.settle_state(send, gone).await?;
        Ok(Output { id: found.id, name: found.name })
    }
}
