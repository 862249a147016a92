//! The groups of actions that a package offers.

use crate::actions::CATALOGUE;
use crate::actions::group;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::package::ActionCard;
use crate::package::actions;

/// The groups that are left out unless they are asked for
const NOT_BY_DEFAULT: &[&str] = &["Work items"];

/// The word for every group
const ALL: &str = "all";

/// Returns the actions of these groups in the catalogue's order, those of Connect's group always
///
/// Errors: `input.invalid`, for an unknown group.
pub(super) fn actions_of(names: &[String]) -> Result<Vec<&'static ActionCard>, Error> {
    let all: Vec<&'static str> = CATALOGUE.iter().map(|group| group.label).collect();
    let mut chosen: Vec<&str> = Vec::new();
    for name in names {
        match group(name) {
            Some(group) => chosen.push(group.label),
            None if name.eq_ignore_ascii_case(ALL) => chosen.extend(&all),
            None => return Err(unknown(name, &all)),
        }
    }
    if names.is_empty() {
        chosen = all.iter().copied().filter(|label| !NOT_BY_DEFAULT.contains(label)).collect();
    }
    // Every action needs a session, and the first group opens it.
    let is_chosen = |card: &&ActionCard| all.first() == Some(&card.group) || chosen.contains(&card.group);
    Ok(actions().iter().copied().filter(is_chosen).collect())
}

fn unknown(name: &str, all: &[&str]) -> Error {
    let names: Vec<String> =
        all.iter().map(|label| label.to_ascii_lowercase()).chain([ALL.to_owned()]).collect();
    let hint = did_you_mean(nearest(name, names.iter().map(String::as_str)));
    let message = format!("there is no group of actions \"{}\"{hint}", printable(name, 256));
    Error::new(ErrorCode::InputInvalid, message)
        .help(format!("The groups are: {}.", names.join(", ")))
        .with("field", "groups")
}
