//! Errors in the description of a world.

use std::collections::HashSet;
use std::error::Error;
use std::fmt;

/// The description of a world is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldError(pub(crate) String);

impl WorldError {
    /// The error of a file: its line and column, what is wrong there, and the key that may be meant.
    pub(crate) fn of_toml(error: &toml::de::Error, text: &str) -> Self {
        let span = error.span().unwrap_or_default();
        let before = text.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let message = error.message().trim_end();
        // The place of an unknown key is the key itself, and the accepted keys are in backquotes.
        let is_key = |text: &&str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        let key = text.get(span).filter(is_key).unwrap_or_default();
        let accepted = message.split('`').skip(1).step_by(2).filter(|word| *word != key);
        let nearest = accepted
            .map(|word| (strsim::osa_distance(word, key), word))
            .filter(|(distance, word)| !key.is_empty() && *distance <= (word.len() / 3).max(1))
            .min_by_key(|(distance, _)| *distance);
        let hint = nearest.map_or(String::new(), |(_, word)| format!("; did you mean `{word}`?"));
        WorldError(format!("line {line}, column {column}: {message}{hint}"))
    }
}

impl fmt::Display for WorldError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for WorldError {}

/// Checks that names of one kind differ in more than case.
pub(crate) fn distinct<'a>(kind: &str, all: impl Iterator<Item = &'a str>) -> Result<(), WorldError> {
    let mut seen = HashSet::new();
    for name in all {
        if name.is_empty() {
            return Err(WorldError(format!("{kind}: a name is empty")));
        }
        if !seen.insert(name.to_lowercase()) {
            return Err(WorldError(format!("{kind}: the name \"{name}\" is used twice")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::World;

    fn error(text: &str) -> String {
        World::from_toml(text).expect_err("the text is wrong").to_string()
    }

    #[test]
    fn an_unknown_key_has_its_place_the_accepted_keys_and_the_nearest() {
        let found = error("[[organizations]]\nname = \"a\"\n  poject = []\n");
        assert!(found.starts_with("line 3, column 3: unknown field `poject`, expected one of "), "{found}");
        assert!(found.contains("`tokens`") && found.ends_with("; did you mean `projects`?"), "{found}");
        let found = error("[switches]\nzzz = 1\n");
        assert!(found.starts_with("line 2, column 1: ") && !found.contains("did you mean"), "{found}");
    }

    #[test]
    fn a_broken_file_has_its_place_and_reason_on_one_line() {
        let found = error("[[organizations]\n");
        assert!(found.starts_with("line 1, column ") && found.lines().count() == 1, "{found}");
        assert!(!found.contains("did you mean"), "{found}");
    }
}
