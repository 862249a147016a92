//! `create variable group`

use indexmap::IndexMap;

use crate::actions::prelude::*;
use crate::actions::shared::variables::VariableChanges;
use crate::actions::variable_groups::model::VariableGroup;
use crate::actions::variable_groups::model::VariableGroupRecord;
use crate::actions::variable_groups::requests::MANAGE_NEEDS;
use crate::actions::variable_groups::requests::create_request;
use crate::actions::variable_groups::requests::list_request;
use crate::actions::variable_groups::requests::name_in_project;

/// Create a variable group in the session's project
///
/// The token's user must be a creator or an administrator of the library. When the response is lost, the action looks
/// for the group and compares all of it. With a secret variable there is no proof, since the service does not return
/// its value: the action then fails with `service.outcome_unknown` and names the group if it exists.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The name of the new group
    name: VariableGroupName,
    /// The description
    #[serde(default)]
    description: Option<VariableGroupDescription>,
    /// The variables: names and values, at least one
    variables: IndexMap<String, ParameterValue>,
    /// Variables whose values are secret, by their names in variables
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    secret_variables: Vec<VariableName>,
}

pub(super) struct CreateVariableGroup;

impl Action for CreateVariableGroup {
    const NAME: &'static str = "create variable group";
    const NODE: &'static str = r#"Create variable group "{{name}}""#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = MANAGE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceConflict,
        ErrorCode::InputInvalid,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByContent("the name, the description and all variables, if none is secret");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("variable group", "name"));
    type Input = Input;
    type Output = VariableGroup;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Create a group with a secret variable",
            inputs: serde_json::json!({
                "name": "site settings",
                "description": "What all pipelines of the site use",
                "variables": { "region": "west", "apiKey": "of the site" },
                "secretVariables": ["apiKey"],
            }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        if input.variables.is_empty() {
            let message = "create variable group: variables: give at least one variable";
            return Err(Error::new(ErrorCode::InputInvalid, message).with("field", "variables"));
        }
        Ok(())
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<VariableGroup, Error> {
        let session = cx.session(&input.session)?;
        let (name, description) = (input.name.as_str(), text(&input));
        let changes = VariableChanges {
            values: &input.variables,
            removed: &[],
            settable: &[],
            secret: &input.secret_variables,
        };
        let mut document = Document::default();
        document.set("type", &"Vsts")?;
        changes.apply(&session, Self::NAME, &mut document)?;
        name_in_project(&session, &mut document, name, description)?;
        let request = create_request(&document, name)?;
        let send = async { session.send::<VariableGroupRecord>(request).await.map(VariableGroup::from) };
        let search = |_| async {
            let request = list_request(&session).query("groupName", name);
            let found: Vec<VariableGroupRecord> = session.send_list(request).await?;
            Ok(found.into_iter().map(VariableGroup::from).filter_map(|one| candidate(one, &input)).collect())
        };
        session.settle_creation("variable group", send, search).await
    }
}

fn text(input: &Input) -> &str {
    input.description.as_ref().map(VariableGroupDescription::as_str).unwrap_or_default()
}

/// Returns the candidate for a lost creation; the values of secret variables are not shown
fn candidate(group: VariableGroup, input: &Input) -> Option<Candidate<VariableGroup>> {
    let is_name = group.name == input.name.as_str();
    let is_description = group.description.as_deref().unwrap_or_default() == text(input);
    let names = group.variables.keys().chain(&group.secret_variables);
    let has_names = names.clone().count() == input.variables.len()
        && names.into_iter().all(|name| input.variables.contains_key(name));
    let has_values = group
        .variables
        .iter()
        .all(|(name, value)| input.variables.get(name).is_some_and(|given| given.as_str() == value));
    let is_secret =
        |name: &str| input.secret_variables.iter().any(|one| one.as_str().eq_ignore_ascii_case(name));
    let has_secrets = group.variables.keys().all(|name| !is_secret(name))
        && group.secret_variables.iter().all(|name| is_secret(name));
    let are_shown = input.secret_variables.is_empty().then_some(true);
    Comparison::default()
        .field("name", Some(is_name))
        .field("description", Some(is_description))
        .field("variables", Some(has_names && has_values && has_secrets))
        .field("secret variables", are_shown)
        .candidate(group)
}
