//! The command line's own spelling of names: `list-repositories`, `time-limit`.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

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

/// Returns an error that names inputs as the command line does; what a policy denies has the same words in every host
pub(in crate::cli) fn with_own_names(error: Error) -> Error {
    match error.code() {
        ErrorCode::PolicyDenied => error,
        _ => error.reworded(own_names),
    }
}

/// Returns a text that names inputs as the command line does: `target-branch` for `targetBranch`
pub(in crate::cli) fn own_names(text: &str) -> String {
    // A name of one word is the same here, and may be a word of the text.
    static INPUTS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let inputs =
            package::actions().iter().flat_map(|card| &card.attributes).map(|input| input.name.as_str());
        inputs.filter(|name| name.contains(|c: char| c.is_ascii_uppercase())).collect()
    });
    let mut own = String::with_capacity(text.len() + 4);
    let mut rest = text;
    while let Some(begin) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let (before, from) = rest.split_at(begin);
        let (word, after) =
            from.split_at(from.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(from.len()));
        own.push_str(before);
        match INPUTS.contains(word) {
            true => own.push_str(&kebab(word)),
            false => own.push_str(word),
        }
        rest = after;
    }
    own + rest
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
            false => "`azdo-bot actions` lists the actions.".into(),
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

    #[test]
    fn a_text_names_inputs_as_the_command_line_does() {
        for (text, expected) in [
            (
                "create branch: give fromBranch or fromCommit, not both",
                "create branch: give from-branch or from-commit, not both",
            ),
            (
                "the field \"filesToCommit\" of `createBranch`",
                "the field \"filesToCommit\" of `createBranch`",
            ),
            ("(isDisabled false).", "(is-disabled false)."),
            ("ü newName", "ü new-name"),
            ("", ""),
        ] {
            assert_eq!(own_names(text), expected);
        }
    }
}
