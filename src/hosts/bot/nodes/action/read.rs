//! Reads the node of an action, and checks it with the rules of the action.

use crate::contract::Dictionary;
use crate::contract::OrganizationUrl;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeNeeds;
use crate::hosts::bot::check::NodeOrganizations;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::action::action_node::ActionNode;
use crate::hosts::bot::nodes::action::action_node::ResultTarget;
use crate::hosts::bot::nodes::action::fields::given;
use crate::hosts::bot::nodes::action::fields::input;
use crate::hosts::bot::nodes::action::fields::is_missing;
use crate::hosts::bot::nodes::action::result_target::read_result_target;
use crate::hosts::bot::nodes::action::result_target::read_session_target;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::package::ActionCard;
use crate::package::Attribute;
use crate::package::AttributeType;
use crate::package::ChoiceNeeds;
use crate::package::PACKAGE_NAME;
use crate::package::Returns;
use crate::package::action as find_action;
use crate::package::unknown_action;

impl NodeType for ActionNode {
    const PACKAGE: &'static str = PACKAGE_NAME;
    const COMMAND: Option<&'static str> = None;
    const USES_SESSIONS: bool = true;
    const EXAMPLE: &'static str = r#"{ "commandName": "connect", "packageName": "AzureDevOps", "attributes": [
    { "name": "authenticationMethod", "value": { "type": "STRING", "string": "PAT" } },
    { "name": "personalAccessToken", "value": { "type": "CREDENTIAL",
        "credential": { "lockerName": "devops", "name": "azdo", "attributeName": "pat" } } },
    { "name": "organizationUrl", "value": { "type": "STRING", "string": "https://dev.azure.com/fabrikam" } },
    { "name": "projectName", "value": { "type": "STRING", "string": "Fabrikam" } } ],
  "returnTo": { "type": "SESSION", "sessionTarget": "LOCAL",
    "sessionName": { "type": "STRING", "string": "Default" } } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let Some(card) = find_action(&raw.command_name) else {
            return checker.fault(unknown_action(&raw.command_name));
        };
        let (given, misspelled) = given(checker, card, raw);
        let inputs: Vec<_> = given
            .iter()
            .map(|(attribute, value)| Some((attribute.name.clone(), input(checker, card, attribute, value)?)))
            .collect();
        let mut needs = NodeNeeds {
            place: checker.place.clone(),
            bot: checker.around.names[checker.number].clone(),
            card,
            needs: card.needs_with(|one| may_be_selected(&inputs, one)),
            performs: Vec::new(),
            may_perform: Vec::new(),
            organizations: NodeOrganizations::None,
        };
        for (field, value) in inputs.iter().flatten() {
            needs.set(field, value.constant().map(std::slice::from_ref));
        }
        set_organization(checker, needs.only_organization());
        checker.needs.push(needs);
        // A misspelled field was already reported, and need not be reported as missing.
        let missing = |attribute: &&Attribute| {
            is_missing(attribute, card, &given) && !misspelled.contains(&attribute.name.as_str())
        };
        for attribute in card.attributes.iter().filter(missing) {
            checker.invalid::<()>(&attribute.name, format!("is missing, and \"{}\" requires it", card.label));
        }
        let result = match &card.returns {
            Returns::Session => Some(read_session_target(checker, &raw.return_to)?),
            Returns::List(_) => read_result_target(checker, card, raw, Expected::List),
            Returns::Dictionary => read_result_target(checker, card, raw, Expected::Dictionary),
        };
        if let Some(ResultTarget::Whole(Some(target))) = &result {
            checker.outputs.assigned(&target.name, card);
        }
        let names_session = given
            .iter()
            .zip(&inputs)
            .all(|((attribute, _), input)| attribute.kind != AttributeType::Session || input.is_some());
        if !names_session || misspelled.contains(&"session") {
            return None;
        }
        let inputs: Vec<_> = inputs.into_iter().flatten().collect();
        check_together(checker, card, &inputs);
        // Faulty fields were reported and are omitted. The flow does not run, but its sessions are still checked.
        Some(ActionNode { card, inputs, result: result.unwrap_or(ResultTarget::Whole(None)) })
    }
}

/// Sets the organization of the credentials of a node
fn set_organization(checker: &mut Checker<'_>, url: Option<&OrganizationUrl>) {
    let place = &checker.place;
    // The credentials of the current node are the last ones.
    for one in checker.credentials.iter_mut().rev().take_while(|one| one.place == *place) {
        one.organization = url.cloned();
    }
}

/// Checks the combination of all fields, if there are no faults and all of them are constants
fn check_together(checker: &mut Checker<'_>, card: &ActionCard, inputs: &[(String, Expr)]) {
    let place = &checker.place;
    // The faults of the current node are the last ones.
    if checker.faults.last().is_some_and(|fault| fault.place == *place) {
        return;
    }
    let constants = inputs.iter().map(|(name, value)| Some((name.clone(), value.constant()?.clone())));
    if let Some(Err(error)) = constants.collect::<Option<Dictionary>>().map(|inputs| card.check(inputs)) {
        checker.fault::<()>(error);
    }
}

/// Returns whether the option is selected, or may be at run time
fn may_be_selected(inputs: &[Option<(String, Expr)>], one: &ChoiceNeeds) -> bool {
    let given = inputs.iter().flatten().find(|(name, _)| name == one.field);
    given.is_some_and(|(_, value)| value.constant().is_none_or(|value| value.as_text() == Some(one.choice)))
}
