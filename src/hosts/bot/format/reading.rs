//! Reads the text of a bot file.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::JsonError;
use crate::hosts::bot::format::bot_file::RawBot;
use crate::hosts::bot::format::members::misspelt_members;

/// Reads the text of a bot file, with or without a byte order mark
///
/// Errors: `bot.unreadable` with line and column, without quoting the text.
pub(crate) fn read_bot_file(text: &[u8]) -> Result<RawBot, Error> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    // UTF-8 is checked once for the whole text; if it is wrong, string by string, which finds the line.
    let read = match std::str::from_utf8(text) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(text),
    };
    let mut bot: RawBot = read.map_err(|error| {
        let fault = JsonError::from(error);
        Error::new(ErrorCode::BotUnreadable, format!("the file is not a bot file: {fault}"))
            .with("line", fault.line)
            .with("column", fault.column)
    })?;
    bot.misspelt = misspelt_members(text);
    Ok(bot)
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
