//! `disconnect`

use crate::actions::prelude::*;

/// Close a session
///
/// After Disconnect, no request starts on the session, and requests in flight are cancelled. A global session is closed
/// for the whole run tree. The token itself stays valid.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
}

/// The session that was closed
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The description of the session
    closed: String,
}

pub(super) struct Disconnect;

impl Action for Disconnect {
    const NAME: &'static str = "disconnect";
    const NODE: &'static str = "Disconnect session {{session}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = Needs::NOTHING;
    const ERRORS: &'static [ErrorCode] = &[];
    const SESSION_USE: SessionUse = SessionUse::Closes;
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Close the default session",
            inputs: serde_json::json!({ "session": "Default" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let closed = cx.services.sessions.close(cx.bot_run, &input.session).await?;
        Ok(Output { closed: closed.target.to_string() })
    }
}
