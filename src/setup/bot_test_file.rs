//! Files of tests for bots: what a bot gets, and what it is expected to do.

use std::path::Path;

use serde::Deserialize;

use crate::actions;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::decode;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::files;
use crate::setup::config::Located;

/// The largest file that is read, in bytes
const MAX_BYTES: usize = 1 << 20;

/// The end of the name of a test file
pub(crate) const SUFFIX: &str = ".test.toml";

/// A test file
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BotTestFile {
    /// The bot file of all tests, beside the test file; by default the one with the same name
    #[serde(default)]
    bot: Option<String>,
    /// The world file of all tests, beside the test file
    #[serde(default)]
    world: Option<String>,
    /// The tests, in order
    test: Vec<BotTest>,
}

/// A test of a bot
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BotTest {
    /// What the test shows
    pub(crate) name: String,
    /// The bot file, instead of that of the test file
    #[serde(default)]
    pub(crate) bot: Option<String>,
    /// The world file of the simulator, instead of that of the test file
    #[serde(default)]
    pub(crate) world: Option<String>,
    /// The inputs of the bot
    #[serde(default)]
    pub(crate) inputs: Dictionary,
    /// What the bot is expected to do
    #[serde(default)]
    pub(crate) expect: Expectation,
}

/// What a bot is expected to do; what is not given is not compared
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Expectation {
    /// The code of the error that stops the bot, before or during its run; without one it has to succeed
    pub(crate) code: Option<String>,
    /// Outputs and their values
    pub(crate) outputs: Dictionary,
    /// The texts of all message boxes, in order; `*` is any text
    pub(crate) messages: Option<Vec<String>>,
    /// The actions that the bot calls, in order: `connect`, `createRepository`
    pub(crate) actions: Option<Vec<String>>,
    /// Requests that the service gets, in this order, with others between them: `POST /fabrikam/*`
    pub(crate) requests: Vec<String>,
    /// The number of requests
    pub(crate) request_count: Option<u64>,
    /// Files that the bot writes, and their content; `*` is any text
    pub(crate) files: Dictionary,
}

impl Expectation {
    /// Checks the names of codes and actions, which would otherwise never fit; the error has the key and the reason
    fn check(&self) -> Result<(), (String, String)> {
        let codes = ErrorCode::ALL.iter().map(|code| code.as_str());
        if let Some(code) = self.code.as_deref().filter(|code| !codes.clone().any(|known| known == *code)) {
            let hint = did_you_mean(nearest(code, codes));
            let message = format!("names no error: there is no \"{}\"{hint}", printable(code, 256));
            return Err(("code".to_owned(), message));
        }
        for (number, name) in self.actions.iter().flatten().enumerate() {
            // A star is any text.
            if !name.contains('*') && actions::entry(name).is_none_or(|entry| entry.name() != *name) {
                let hint = actions::similar_action(name);
                let message = format!("names no action: there is no \"{}\"{hint}", printable(name, 256));
                return Err((format!("actions.{number}"), message));
            }
        }
        Ok(())
    }
}

impl BotTestFile {
    /// Reads a test file, and gives each test its bot and its world
    ///
    /// Errors: `input.invalid` with the location; `file.failed`.
    pub(crate) fn read(path: &Path) -> Result<Vec<BotTest>, Error> {
        let name = printable(&path.to_string_lossy(), 512);
        let read = files::read(path, MAX_BYTES)
            .map_err(|error| files::failed(&format!("{name} cannot be read"), error))?;
        let read = read.ok_or_else(|| invalid(format!("{name} is larger than 1 MiB")))?;
        let text = files::utf8(&read).map_err(|not_utf8| {
            invalid(format!("{name} cannot be read: {}", not_utf8.reason())).help(not_utf8.help())
        })?;
        let source = Located::parse(&name, text)?;
        let values = source.dictionary();
        let file: BotTestFile = decode(&name, values.clone()).or_else(|error| {
            // Decode again, so that the message begins with the location.
            decode(&source.place_of(error.context_value("field").unwrap_or_default()), values)
        })?;
        for (number, test) in file.test.iter().enumerate() {
            let fault = |(key, message): (String, String)| {
                let key = format!("test.{number}.expect.{key}");
                invalid(format!("{}: \"{key}\" {message}", source.place_of(&key))).with("field", key)
            };
            test.expect.check().map_err(fault)?;
        }
        let own = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let own = format!("{}.bot.json", own.strip_suffix(SUFFIX).unwrap_or(&own));
        let BotTestFile { bot, world, test } = file;
        let with_defaults = |test: BotTest| BotTest {
            bot: test.bot.or_else(|| bot.clone()).or_else(|| Some(own.clone())),
            world: test.world.or_else(|| world.clone()),
            ..test
        };
        Ok(test.into_iter().map(with_defaults).collect())
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::InputInvalid, message)
}
