//! `update variable group`

use indexmap::IndexMap;

use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;
use crate::actions::shared::variables;
use crate::actions::shared::variables::VariableChanges;
use crate::actions::variable_groups::model::VariableGroup;
use crate::actions::variable_groups::model::VariableGroupRecord;
use crate::actions::variable_groups::requests;
use crate::actions::variable_groups::requests::MANAGE_NEEDS;

/// Change the variables, the name or the description of a variable group
///
/// Inputs that are not given leave the group unchanged, and so do variables that are not named. A secret variable stays
/// secret and keeps its value until a new one is given. The service has no revision of a group: a change that someone
/// else makes at the same moment may be lost. The token's user must be an administrator of the group.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The variable group, by name or id
    variable_group: ResourceReference,
    /// The new name
    #[serde(default)]
    new_name: Option<VariableGroupName>,
    /// The new description; an empty text removes it
    #[serde(default)]
    description: Option<VariableGroupDescription>,
    /// New variables, and new values of existing ones
    #[serde(default)]
    variables: IndexMap<String, ParameterValue>,
    /// Variables to remove
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    remove_variables: Vec<VariableName>,
    /// Variables to make secret, new or existing ones
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    secret_variables: Vec<VariableName>,
}

pub(super) struct UpdateVariableGroup;

impl Action for UpdateVariableGroup {
    const NAME: &'static str = "update variable group";
    const NODE: &'static str = r#"Update variable group "{{variableGroup}}""#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = MANAGE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::InputInvalid,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByState("all given values, if no new value belongs to a secret variable");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("variable group", "variableGroup"));
    type Input = Input;
    type Output = VariableGroup;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Change a variable, and remove another",
            inputs: serde_json::json!({
                "variableGroup": "release settings",
                "variables": { "region": "east" },
                "removeVariables": ["colour"],
            }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        if changes(input).is_empty() && input.new_name.is_none() && input.description.is_none() {
            let message = "update variable group: give at least one input to change";
            return Err(Error::new(ErrorCode::InputInvalid, message));
        }
        Ok(())
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<VariableGroup, Error> {
        let session = cx.session(&input.session)?;
        let id = requests::find_id(&session, &input.variable_group).await?;
        let mut document: Document = session.send(requests::read_request(id, &MANAGE_NEEDS)).await?;
        let changes = changes(&input);
        changes.apply(&session, Self::NAME, &mut document)?;
        let before = |field: &str| document.get::<String>(field).unwrap_or_default();
        let name = input.new_name.as_ref().map_or_else(|| before("name"), |name| name.as_str().to_owned());
        let given = input.description.as_ref();
        let description = given.map_or_else(|| before("description"), |text| text.as_str().to_owned());
        requests::name_in_project(&session, &mut document, &name, &description)?;
        let request = requests::update_request(id, &document)?;
        let send = async { session.send::<VariableGroupRecord>(request).await.map(VariableGroup::from) };
        let lookup = async {
            let now = requests::read(&session, id, false).await?;
            Ok(now.filter(|now| is_so(now, &input)))
        };
        let now = session.settle_state(send, lookup).await?;
        let description = given.map(VariableGroupDescription::as_str);
        let subject = format!("the variable group {id}");
        let differences = Differences::of(&subject)
            .value("newName", input.new_name.as_ref().map(VariableGroupName::as_str), Some(&now.name))
            .value("description", description, Some(now.description.as_deref().unwrap_or_default()));
        variables::compare(differences, &changes, Some(&now.variables), &[]).warn(&session);
        Ok(now)
    }
}

fn changes(input: &Input) -> VariableChanges<'_> {
    VariableChanges {
        values: &input.variables,
        removed: &input.remove_variables,
        settable: &[],
        secret: &input.secret_variables,
    }
}

/// Returns whether a group shows all given values; the service does not show the value of a secret variable
fn is_so(now: &VariableGroup, input: &Input) -> bool {
    let value = |name: &str| {
        now.variables.iter().find(|(known, _)| variables::same(known, name)).map(|(_, value)| value.as_str())
    };
    let is_secret = |name: &str| now.secret_variables.iter().any(|known| variables::same(known, name));
    let is_given = |name: &str| input.variables.keys().any(|given| variables::same(given, name));
    let removed = input.remove_variables.iter().map(VariableName::as_str);
    input.new_name.as_ref().is_none_or(|name| name.as_str() == now.name)
        && input
            .description
            .as_ref()
            .is_none_or(|text| text.as_str() == now.description.as_deref().unwrap_or_default())
        && input.variables.iter().all(|(name, given)| value(name) == Some(given.as_str()))
        && removed.into_iter().all(|name| is_given(name) || (value(name).is_none() && !is_secret(name)))
        && input.secret_variables.iter().all(|name| is_secret(name.as_str()))
}
