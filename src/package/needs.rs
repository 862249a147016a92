//! The needs of a flow: the needs of its actions added up.

use crate::actions::ChoiceNeeds;
use crate::contract::Needs;
use crate::contract::Permission;
use crate::contract::Scope;
use crate::contract::least_token;
use crate::package::actions;

/// The needs of a flow's actions, added up
#[derive(Debug, Default, Clone)]
pub struct FlowNeeds {
    /// The scopes of the token: the least ones that cover every action
    pub scopes: Vec<Scope>,
    /// The permissions of the token's user, in order of appearance
    pub permissions: Vec<Permission>,
}

impl FlowNeeds {
    /// Adds up the needs of actions
    pub fn of<'a>(needs: impl IntoIterator<Item = &'a Needs>) -> Self {
        let mut scopes = Vec::new();
        let mut permissions: Vec<Permission> = Vec::new();
        for needs in needs {
            scopes.extend(needs.scope);
            for permission in needs.permissions {
                if !permissions.contains(permission) {
                    permissions.push(*permission);
                }
            }
        }
        FlowNeeds { scopes: least_token(scopes), permissions }
    }
}

/// Returns a Markdown table of the needs of each action
pub fn needs_table() -> String {
    let mut table = "| Action | Permission | Least token scope |\n|---|---|---|\n".to_owned();
    let mut row = |title: &str, needs: &Needs| {
        let permissions: Vec<String> = needs.permissions.iter().map(ToString::to_string).collect();
        let permissions = if permissions.is_empty() { "none".to_owned() } else { permissions.join(", ") };
        let scope = needs.scope.map_or("any", Scope::label);
        table += &format!("| {title} | {permissions} | {scope} |\n");
    };
    for card in actions() {
        row(&card.label, &card.needs);
        for ChoiceNeeds { field, choice, needs } in card.choices {
            let field = card.attribute(field).map_or(*field, |attribute| &attribute.label);
            row(&format!("{}, *{field}*: `{choice}`", card.label), needs);
        }
    }
    table
}
