//! The token to create and the permissions of its user, from the needs alone.

use crate::contract::ServiceKind;
use crate::package::FlowNeeds;

/// Returns the lines to print, with the pages of the hosted service; none if nothing is needed
pub(in crate::cli) fn lines(needs: &FlowNeeds) -> Vec<String> {
    let mut lines = Vec::new();
    let scopes: Vec<&str> = needs.scopes.iter().map(|scope| scope.label()).collect();
    if !scopes.is_empty() {
        lines.push(format!("Create a token with: {}", scopes.join("; ")));
        lines.push("  at <organization URL>/_usersSettings/tokens".to_owned());
    }
    let mut places: Vec<&str> = Vec::new();
    for permission in &needs.permissions {
        let place = permission.namespace.place(ServiceKind::Hosted);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    for place in places {
        let there = needs.permissions.iter().filter(|one| one.namespace.place(ServiceKind::Hosted) == place);
        let names: Vec<&str> = there.map(|one| one.name).collect();
        lines.push(format!("Its user needs: {}", names.join(", ")));
        lines.push(format!("  at {place}"));
    }
    lines
}
