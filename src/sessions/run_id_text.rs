//! A bot run's id as messages show it.

use crate::contract::BotRunId;
use crate::contract::printable;

/// The most characters of a bot run's id in a message
const ID_CHARACTERS: usize = 128;

/// Returns a bot run's id in quotes
pub(super) fn quoted(run: &BotRunId) -> String {
    format!("\"{}\"", printable(run.as_str(), ID_CHARACTERS))
}
