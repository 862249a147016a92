//! What an action does to sessions: which session it opens, uses or closes.

use crate::contract::LockerCredential;
use crate::contract::OrganizationUrl;
use crate::contract::SessionName;
use crate::contract::SessionReference;
use crate::contract::TextKind as _;
use crate::contract::Value;
use crate::hosts::bot::nodes::action::action_node::ActionNode;
use crate::hosts::bot::nodes::action::action_node::ResultTarget;
use crate::hosts::bot::session_flow::Access;
use crate::hosts::bot::session_flow::FlowTarget;
use crate::hosts::bot::session_flow::IfExists;
use crate::hosts::bot::session_flow::SessionEffect;
use crate::hosts::bot::session_flow::WantedSession;

/// Returns what an action does to sessions
pub(crate) fn session_effect(node: &ActionNode) -> SessionEffect<'_> {
    let constant = |name: &str| {
        let given = node.inputs.iter().find(|(input, _)| input == name);
        match given {
            Some((_, value)) => value.constant().and_then(Value::as_text),
            None => node.card.attribute(name).and_then(|attribute| attribute.default.as_ref()?.as_text()),
        }
    };
    let target = match &node.result {
        ResultTarget::SessionVariable(variable) => Some(FlowTarget::Variable(variable)),
        ResultTarget::Named { global, name } => {
            let name = name.constant().and_then(|name| SessionName::parse(name.as_text()?).ok());
            Some(FlowTarget::Named { global: *global, name })
        }
        ResultTarget::Whole(_) | ResultTarget::Parts(_) => None,
    };
    if let Some(target) = target {
        let if_exists = match constant("ifSessionExists") {
            Some("ERROR") => IfExists::Fail,
            Some("REUSE") => IfExists::Reuse,
            Some("REPLACE") => IfExists::Replace,
            _ => IfExists::Computed,
        };
        let organization = constant("organizationUrl").and_then(|url| OrganizationUrl::parse(url).ok());
        // An ID may refer to the same project as a name.
        let project = constant("projectName").filter(|name| uuid::Uuid::try_parse(name).is_err());
        let access = Access {
            organization: organization.map(|url| url.identity()),
            project: project.map(str::to_lowercase),
            method: constant("authenticationMethod").map(str::to_owned),
            credential: node.inputs.iter().find_map(|(_, value)| locker(value.constant()?)),
        };
        return SessionEffect::Connect { target, if_exists, access: access.into() };
    }
    if node.card.attribute("session").is_none() {
        return SessionEffect::Work;
    }
    let session = match node.inputs.iter().find(|(name, _)| name == "session").map(|(_, value)| value) {
        None => WantedSession::Name(SessionName::default()),
        Some(value) => match (value.whole_variable(), value.constant().and_then(Value::as_text)) {
            (Some(variable), _) => WantedSession::Variable(variable),
            (None, Some(text)) => match SessionReference::parse(text) {
                Ok(SessionReference::Name(name)) => WantedSession::Name(name),
                _ => WantedSession::Handle,
            },
            (None, None) => WantedSession::Computed,
        },
    };
    SessionEffect::Use { session, how: node.card.session_use }
}

/// Returns the credential of the Credential Vault that a constant refers to
fn locker(value: &Value) -> Option<String> {
    let Value::Dictionary(entries) = value else { return None };
    let part = |key: &str| entries.get(key).and_then(Value::as_text).map(str::to_owned);
    Some(
        LockerCredential {
            locker_name: part("lockerName")?,
            name: part("name")?,
            attribute_name: part("attributeName")?,
        }
        .to_string(),
    )
}
