//! The command line's own spelling of names: `list-repositories`, `time-limit`.

use std::borrow::Cow;

use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::TOKEN_AS_NAME;
use crate::contract::did_you_mean;
use crate::contract::holds_token;
use crate::contract::nearest;
use crate::contract::printable;
use crate::package;
use crate::package::ActionCard;

/// Returns a name as the command line spells it: `time-limit` for `timeLimit`
pub(in crate::cli) fn kebab(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            spelled.push('-');
        }
        spelled.push(c.to_ascii_lowercase());
    }
    spelled
}

/// Finds an action by its name in any spelling
///
/// Errors: `action.unknown`, with the nearest name in the command line's spelling.
pub(in crate::cli) fn find_action(name: &str) -> Result<&'static ActionCard, Fail> {
    package::action(name).ok_or_else(|| {
        let names: Vec<String> = package::actions().iter().map(|card| kebab(&card.name)).collect();
        let hint = did_you_mean(nearest(name, names.iter().map(String::as_str)));
        let message = format!("there is no action \"{}\"{hint}", printable(name, 256));
        let help: Cow<'static, str> = match holds_token(name) {
            true => TOKEN_AS_NAME.into(),
            false => "`azdo-bot actions` lists them.".into(),
        };
        Fail::new(Error::new(ErrorCode::ActionUnknown, message).help(help), USAGE)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_an_action_or_a_field_is_found_again_by_its_spelling() {
        for card in package::actions() {
            assert_eq!(kebab(&card.name), card.words.replace(' ', "-"));
            assert_eq!(find_action(&kebab(&card.name)).ok().map(|found| &found.name), Some(&card.name));
        }
        assert_eq!(kebab("timeLimit"), "time-limit");
    }
}
