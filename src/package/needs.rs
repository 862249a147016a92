//! What a flow needs: the needs of its actions added up, and compared with what a token has.

use crate::contract::Permission;
use crate::contract::Scope;
use crate::contract::least_token;
use crate::package::ActionCard;
use crate::package::actions;

/// The needs of a flow's actions, added up
#[derive(Debug, Default, Clone)]
pub struct FlowNeeds {
    /// The token to make: the least scopes that cover every action
    pub scopes: Vec<Scope>,
    /// The permissions of the token's user, in the order they come up
    pub permissions: Vec<Permission>,
}

impl FlowNeeds {
    /// Adds up the needs of these actions
    pub fn of<'a>(cards: impl IntoIterator<Item = &'a ActionCard>) -> Self {
        let mut scopes = Vec::new();
        let mut permissions: Vec<Permission> = Vec::new();
        for card in cards {
            scopes.extend(card.needs.scope);
            for permission in card.needs.permissions {
                if !permissions.contains(permission) {
                    permissions.push(*permission);
                }
            }
        }
        FlowNeeds { scopes: least_token(scopes), permissions }
    }
}

/// The actions and what each needs, as a Markdown table
pub fn needs_table() -> String {
    let mut table = "| Action | Permission | Least token scope |\n|---|---|---|\n".to_owned();
    for card in actions() {
        let permissions: Vec<String> = card.needs.permissions.iter().map(ToString::to_string).collect();
        let permissions = if permissions.is_empty() { "none".to_owned() } else { permissions.join(", ") };
        let scope = card.needs.scope.map_or("any", Scope::label);
        table += &format!("| {} | {permissions} | {scope} |\n", card.label);
    }
    table
}
