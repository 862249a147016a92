//! Resources, which people open in their client: the open sessions, what a session may do, and the log of a run.
//!
//! Reading one calls the action that the same tool calls, with the same checks; nothing is kept.

use percent_encoding::percent_decode_str;
use serde_json::Value as Json;
use serde_json::json;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Failure;
use crate::contract::Silent;
use crate::contract::Success;
use crate::contract::Value;
use crate::contract::printable;
use crate::hosts::mcp::answer::plain;
use crate::hosts::mcp::answer::shown;
use crate::hosts::mcp::caller::Caller;
use crate::package::ActionCard;
use crate::package::SESSION_ARGUMENT;

/// The resource that has the open sessions
pub(super) const SESSIONS: &str = "azure-devops://sessions";

/// The last part of the address of what a session may do
const ACCESS: &str = "access";

/// The action that says what a session may do
const CHECK_SESSION: &str = "checkSession";

/// The action that reads the log of a run
const READ_LOGS: &str = "readPipelineRunLogs";

/// A resource, or a kind of them with the parts of its address in braces
pub(super) struct ResourceCard {
    pub(super) uri: String,
    pub(super) name: &'static str,
    pub(super) title: String,
    pub(super) description: &'static str,
}

/// What an address names
enum Place {
    Sessions,
    Access { session: String },
    Log { session: String, run: String },
}

impl Place {
    fn parse(uri: &str) -> Option<Self> {
        let rest = uri.strip_prefix(SESSIONS)?;
        let part = |text: &str| percent_decode_str(text).decode_utf8().ok().map(String::from);
        match *rest.split('/').collect::<Vec<_>>() {
            [""] => Some(Place::Sessions),
            ["", session, ACCESS] => Some(Place::Access { session: part(session)? }),
            ["", session, "runs", run, "log"] => {
                Some(Place::Log { session: part(session)?, run: part(run)? })
            }
            _ => None,
        }
    }
}

/// Returns the address of what a session may do
pub(super) fn access_of(session: &str) -> String {
    format!("{SESSIONS}/{session}/{ACCESS}")
}

/// Returns the address of the log of a run
pub(super) fn log_of(session: &str, run: &str) -> String {
    format!("{SESSIONS}/{session}/runs/{run}/log")
}

impl Caller {
    /// Returns the resources that exist now
    pub(super) fn resources(&self) -> Result<Vec<ResourceCard>, Error> {
        let sessions = ResourceCard {
            uri: SESSIONS.to_owned(),
            name: "sessions",
            title: "Open sessions".to_owned(),
            description: "The open sessions, each with its organization, project and user",
        };
        let mut cards = vec![sessions];
        if self.offered(CHECK_SESSION).is_some() {
            let open = self.open_sessions()?;
            cards.extend(open.iter().map(|open| ResourceCard {
                uri: access_of(&open.session.to_string()),
                name: ACCESS,
                title: format!("What the session of {} may do", printable(&open.project_name, 128)),
                description: ACCESS_DESCRIPTION,
            }));
        }
        Ok(cards)
    }

    /// Returns the kinds of resources whose addresses a client completes
    pub(super) fn resource_templates(&self) -> Vec<ResourceCard> {
        let access = ResourceCard {
            uri: access_of("{session}"),
            name: ACCESS,
            title: "What a session may do".to_owned(),
            description: ACCESS_DESCRIPTION,
        };
        let log = ResourceCard {
            uri: log_of("{session}", "{run}"),
            name: "log",
            title: "The log of a pipeline run".to_owned(),
            description: "The latest lines of the log of a pipeline run, by its id",
        };
        let offered = [(CHECK_SESSION, access), (READ_LOGS, log)];
        offered
            .into_iter()
            .filter(|(action, _)| self.offered(action).is_some())
            .map(|(_, card)| card)
            .collect()
    }

    /// Reads a resource: a text, fenced and cut like the results of tools
    ///
    /// Errors: `resource.not_found` for another address, and those of the actions.
    pub(super) async fn read_resource(
        &self,
        uri: &str,
        cancelled: impl Future<Output = ()>,
    ) -> Result<String, Failure> {
        let text = match Place::parse(uri) {
            Some(Place::Sessions) => self.sessions_text().map_err(not_sent)?,
            Some(Place::Access { session }) => {
                let usage = intended_usage(self.action(CHECK_SESSION)?);
                let inputs = json!({ SESSION_ARGUMENT: session, "intendedUsage": usage });
                let success = self.performed(CHECK_SESSION, inputs, cancelled).await?;
                let mut outputs = plain(&success.outputs);
                // The other members have the same in fewer words.
                if let Some(members) = outputs.as_object_mut() {
                    members.shift_remove("uses");
                }
                pretty(&outputs)
            }
            Some(Place::Log { session, run }) => {
                let inputs = json!({ SESSION_ARGUMENT: session, "id": run });
                let success = self.performed(READ_LOGS, inputs, cancelled).await?;
                success.outputs.get("text").and_then(Value::as_text).unwrap_or_default().to_owned()
            }
            None => return Err(not_sent(unknown())),
        };
        shown(text, self.results()).map(|(text, _)| text).map_err(not_sent)
    }

    fn sessions_text(&self) -> Result<String, Error> {
        let open = self.open_sessions()?;
        let open = open.iter().map(|one| {
            json!({
                "session": one.session.to_string(),
                "organizationUrl": one.organization_url,
                "projectName": one.project_name,
                "user": one.user,
            })
        });
        Ok(pretty(&open.collect()))
    }

    fn action(&self, name: &str) -> Result<&'static ActionCard, Failure> {
        self.offered(name).ok_or_else(|| not_sent(unknown()))
    }

    async fn performed(
        &self,
        action: &str,
        inputs: Json,
        cancelled: impl Future<Output = ()>,
    ) -> Result<Success, Failure> {
        let card = self.action(action)?;
        let inputs = match Value::from(inputs) {
            Value::Dictionary(inputs) => inputs,
            _ => Dictionary::default(),
        };
        self.outcome(card, inputs, &Silent, cancelled).await
    }
}

const ACCESS_DESCRIPTION: &str = "What the token and its user can do in the project: the granted, denied and unknown uses, and what to ask for";

/// Returns every intended use that the action knows
fn intended_usage(card: &ActionCard) -> Json {
    let input = Json::Object(card.tool_input());
    input["properties"]["intendedUsage"]["items"]["enum"].clone()
}

fn pretty(value: &Json) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// The failure of a call that sent no request
pub(super) fn not_sent(error: Error) -> Failure {
    Failure { error, requests: 0 }
}

/// The address may be anything that a client has sent, so it is not quoted
fn unknown() -> Error {
    Error::new(ErrorCode::ResourceNotFound, "there is no resource at this address")
        .help("List the resources and the templates of resources.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package;

    #[test]
    fn an_address_names_one_place() {
        let handle = "azdo-session:0123";
        assert!(matches!(Place::parse(SESSIONS), Some(Place::Sessions)));
        for uri in [access_of(handle), access_of("azdo-session%3A0123")] {
            let place = Place::parse(&uri);
            assert!(matches!(place, Some(Place::Access { session }) if session == handle), "{uri}");
        }
        let place = Place::parse(&log_of(handle, "7"));
        assert!(matches!(place, Some(Place::Log { session, run }) if session == handle && run == "7"));
        for other in [
            "",
            "azure-devops://",
            "azure-devops://sessionsx",
            "azure-devops://sessions/",
            "azure-devops://sessions/a",
            "azure-devops://sessions/a/runs/1",
            "azure-devops://sessions/%ff/access",
            "file:///etc/passwd",
        ] {
            assert!(Place::parse(other).is_none(), "{other}");
        }
    }

    #[test]
    fn every_use_is_asked_for() {
        let card = package::action(CHECK_SESSION).expect("it is an action");
        let usage = intended_usage(card);
        assert!(
            usage
                .as_array()
                .is_some_and(|uses| uses.len() > 10 && uses.contains(&json!("repositories.read")))
        );
        assert!(package::action(READ_LOGS).is_some());
    }
}
