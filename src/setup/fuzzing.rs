//! What the fuzz target of the operator's file checks. Decision 0280.

use crate::contract::ErrorCode;
use crate::contract::fuzzing::check_error;
use crate::contract::fuzzing::planted;
use crate::setup::config::OperatorFile;

/// A file is read in the same way twice; an error begins with the name of the file and contains no token
pub fn operators_file(input: &[u8]) {
    let Ok(text) = String::from_utf8(planted(input, " ")) else { return };
    match OperatorFile::parse("azdo-bot.toml", &text) {
        Ok(file) => {
            let again = OperatorFile::parse("azdo-bot.toml", &text).expect("it is the same file");
            assert_eq!(format!("{:?}", file.session_limits()), format!("{:?}", again.session_limits()));
        }
        Err(error) => {
            check_error(&error);
            let is_named = error.message().starts_with("azdo-bot.toml");
            assert!(is_named || error.code() != ErrorCode::InputInvalid, "{error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fuzzing::over_kept_inputs;

    #[test]
    fn kept_operators_files_are_refused_without_a_token() {
        over_kept_inputs("operators_file", operators_file);
    }
}
