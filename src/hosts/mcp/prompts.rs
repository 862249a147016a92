//! Prompts, which people choose in their client: connect, what a session may do, and why a run failed.
//!
//! A prompt begins a conversation with what people would otherwise look up: the tools to call, or the text of a resource.

use serde_json::Map;
use serde_json::Value as Json;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Failure;
use crate::contract::Masker;
use crate::contract::ParseError;
use crate::contract::TextKind as _;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::mcp::caller::Caller;
use crate::hosts::mcp::resources::access_of;
use crate::hosts::mcp::resources::log_of;
use crate::hosts::mcp::resources::not_sent;

/// The longest argument, in characters
const LONGEST: usize = 512;

/// A prompt
pub(super) struct PromptCard {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    /// The names and the descriptions of the arguments, which are all required
    pub(super) arguments: &'static [(&'static str, &'static str)],
    /// The action that it needs
    action: &'static str,
}

/// The argument that has the reference to a token
const REFERENCE: &str = "token_reference";

const SESSION: (&str, &str) =
    ("session", "The session that connect returned, as the resource of open sessions shows it");

const PROMPTS: &[PromptCard] = &[
    PromptCard {
        name: "connect",
        title: "Connect to a project",
        description: "Connect to a project of Azure DevOps, and say what the session may do",
        arguments: &[
            ("organization_url", "The organization: https://dev.azure.com/fabrikam"),
            ("project", "The name of the project"),
            (
                REFERENCE,
                "Where the server reads the token: env:NAME, file:PATH or vault:PATH#KEY; never the token itself",
            ),
        ],
        action: "connect",
    },
    PromptCard {
        name: "show_access",
        title: "Show what a session may do",
        description: "Say in words what a session may do, and what to ask the administrator for",
        arguments: &[SESSION],
        action: "checkSession",
    },
    PromptCard {
        name: "explain_run",
        title: "Explain why a pipeline run failed",
        description: "Find the first error in the log of a pipeline run, and say what to do about it",
        arguments: &[SESSION, ("run", "The id of the pipeline run, a number")],
        action: "readPipelineRunLogs",
    },
];

/// A part of the conversation that a prompt begins
#[derive(Debug)]
pub(super) enum PromptPart {
    /// What the person asks
    Text(String),
    /// A resource with its text
    Resource { uri: String, text: String },
}

impl Caller {
    /// Returns the prompts whose action the server offers
    pub(super) fn prompts(&self) -> impl Iterator<Item = &'static PromptCard> {
        PROMPTS.iter().filter(|card| self.offered(card.action).is_some())
    }

    /// Returns the conversation that a prompt begins
    ///
    /// Errors: `input.invalid` for an unknown prompt or a missing argument, `credential.invalid_format` for a token instead
    /// of a reference to it, and those of the resource.
    pub(super) async fn prompt(
        &self,
        name: &str,
        arguments: &Map<String, Json>,
        cancelled: impl Future<Output = ()>,
    ) -> Result<(&'static PromptCard, Vec<PromptPart>), Failure> {
        let card = self.prompts().find(|card| card.name == name).ok_or_else(|| {
            let hint = did_you_mean(nearest(name, self.prompts().map(|card| card.name)));
            let message =
                format!("there is no prompt \"{}\"{hint}", printable(&Masker::default().mask(name), 64));
            let error = Error::new(ErrorCode::InputInvalid, message);
            not_sent(error.help("List the prompts; one whose action the server does not offer is not there."))
        })?;
        let text = |name| argument(card, arguments, name).map_err(not_sent);
        let parts = match card.name {
            "connect" => {
                let reference = text(REFERENCE)?;
                CredentialReference::parse(&reference).map_err(|refused| not_sent(no_reference(refused)))?;
                vec![PromptPart::Text(format!(
                    "Connect to the project {:?} of {:?} with the tool connect; the personal access token is the reference \
                     {reference:?}. Then read what the session may do with run_action, check_session and all intended uses, \
                     and say it in a few words.",
                    text("project")?,
                    text("organization_url")?,
                ))]
            }
            "show_access" => {
                let uri = access_of(&text(SESSION.0)?);
                let access = self.read_resource(&uri, cancelled).await?;
                let ask = "Say in a few words what this session of Azure DevOps may do, what it may not, and what to ask the \
                           administrator for.";
                vec![PromptPart::Resource { uri, text: access }, PromptPart::Text(ask.to_owned())]
            }
            _ => {
                let run = text("run")?;
                let uri = log_of(&text(SESSION.0)?, &run);
                let log = self.read_resource(&uri, cancelled).await?;
                let ask = format!(
                    "This is the log of the pipeline run {run:?}. Find the first error in it, say in a few words why the run \
                     failed, and what to change. Quote the line with the error."
                );
                vec![PromptPart::Resource { uri, text: log }, PromptPart::Text(ask)]
            }
        };
        Ok((card, parts))
    }
}

/// The argument may be a token, so the error does not quote it
fn no_reference(refused: ParseError) -> Error {
    let error = Error::new(refused.code, format!("the prompt connect: {REFERENCE}: {}", refused.reason));
    error.with("field", REFERENCE).help(refused.help.unwrap_or_default())
}

/// Returns an argument on one line, without what has the form of a token
fn argument(card: &PromptCard, arguments: &Map<String, Json>, name: &str) -> Result<String, Error> {
    let given = arguments.get(name).and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty());
    let given = given.ok_or_else(|| {
        let is_known = |name: &&str| card.arguments.iter().any(|(known, _)| known == name);
        let others = arguments.keys().map(String::as_str).filter(|name| !is_known(name));
        let message = match nearest(name, others) {
            Some(other) => {
                let other = printable(&Masker::default().mask(other), 64);
                let hint = did_you_mean(Some(name));
                format!("the prompt {}: there is no argument \"{other}\"{hint}", card.name)
            }
            None => format!("the prompt {}: the argument \"{name}\" is missing", card.name),
        };
        let all: Vec<&str> = card.arguments.iter().map(|(name, _)| *name).collect();
        let error = Error::new(ErrorCode::InputInvalid, message).with("field", name);
        error.help(format!("The arguments are: {}.", all.join(", ")))
    })?;
    if name == REFERENCE {
        return Ok(given.to_owned());
    }
    Ok(printable(&Masker::default().mask(given), LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package;

    #[test]
    fn every_prompt_has_an_action_and_described_arguments() {
        for card in PROMPTS {
            assert!(package::action(card.action).is_some(), "{}", card.name);
            assert!(card.arguments.iter().all(|(name, what)| !name.is_empty() && !what.is_empty()));
        }
    }

    #[test]
    fn an_argument_is_one_line_without_tokens() {
        let token = ["abcdefghijklmnop", "qrstuvwxyz234567", "abcdefghijklmnopqrst"].concat();
        let arguments = serde_json::json!({ "project": format!(" two\nlines {token} "), "empty": " " });
        let arguments = arguments.as_object().expect("it is one");
        let project = argument(&PROMPTS[0], arguments, "project").expect("it is there");
        assert!(
            project.starts_with("two") && !project.contains('\n') && !project.contains(&token),
            "{project}"
        );
        for missing in ["empty", "organization_url"] {
            assert_eq!(
                argument(&PROMPTS[0], arguments, missing).unwrap_err().code(),
                ErrorCode::InputInvalid
            );
        }
        let misspelt = serde_json::json!({ "organisation_url": "x" });
        let misspelt = misspelt.as_object().expect("it is one");
        let refused = argument(&PROMPTS[0], misspelt, "organization_url").expect_err("it is misspelt");
        let expected = "the prompt connect: there is no argument \"organisation_url\"; did you mean \"organization_url\"?";
        assert_eq!(refused.message(), expected);
    }
}
