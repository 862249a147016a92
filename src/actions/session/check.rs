//! `check session`

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::SessionReference;

/// Tell whether a session is open, whether its token is still good, and who it is
///
/// A session that is not there is an answer, not an error: `open` is false. An open session's token
/// is tried with one request.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
}

/// What is known of the session
#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// Whether the session is open
    open: bool,
    /// Whether the service accepts its token now; absent when the session is not open
    #[serde(skip_serializing_if = "Option::is_none")]
    token_accepted: Option<bool>,
    /// Which session it is, in words
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    /// The organization it works on
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_url: Option<String>,
    /// The project it works on
    #[serde(skip_serializing_if = "Option::is_none")]
    project_name: Option<String>,
    /// The display name of the token's user
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
}

pub(super) struct CheckSession;

impl Action for CheckSession {
    const NAME: &'static str = "check session";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = Needs::NOTHING;
    const ERRORS: &'static [ErrorCode] = &[];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Is the session Release open?",
            inputs: serde_json::json!({ "session": "Release" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = match cx.session(&input.session) {
            Ok(session) => session,
            Err(error) if matches!(error.code(), ErrorCode::SessionNotFound | ErrorCode::SessionClosed) => {
                return Ok(Output::default());
            }
            Err(error) => return Err(error),
        };
        let connection = session.connection();
        let tokens = cx.tokens();
        let check = connection.check(cx.call, &tokens);
        let (token_accepted, user) = match session.unless_closed(check).await {
            Ok(identity) => (true, identity.name),
            Err(error) if error.code() == ErrorCode::AuthFailed => {
                (false, connection.identity().name.clone())
            }
            Err(error) if error.code() == ErrorCode::SessionClosed => return Ok(Output::default()),
            Err(error) => return Err(error),
        };
        Ok(Output {
            open: true,
            token_accepted: Some(token_accepted),
            session: Some(session.session().target().to_string()),
            organization_url: Some(connection.organization().to_string()),
            project_name: Some(connection.project().name.clone()),
            user: Some(user),
        })
    }
}
