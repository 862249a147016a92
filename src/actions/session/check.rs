//! `check session`

use std::collections::BTreeSet;

use crate::actions::prelude::*;
use crate::actions::session::intended_use;

/// Show whether a session is open, whether its token is valid, and its user
///
/// If the session does not exist, the action succeeds and `open` is false. For an open session, one request checks the
/// token. With an intended usage, the output also shows what the token and its user can do, at project level; a
/// repository, pipeline or folder may have other permissions.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// What the flow intends to do with the session
    #[serde(default)]
    intended_usage: BTreeSet<Usage>,
}

/// The state of the session
#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// Whether the session is open
    open: bool,
    /// Whether the service accepts its token now; absent when the session is not open
    #[serde(skip_serializing_if = "Option::is_none")]
    token_accepted: Option<bool>,
    /// The description of the session
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    /// The organization of the session
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_url: Option<String>,
    /// The project of the session
    #[serde(skip_serializing_if = "Option::is_none")]
    project_name: Option<String>,
    /// The display name of the token's user
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    /// Each intended use with what it needs, the result for the permission, the result for the token scope, and the
    /// overall result
    #[serde(skip_serializing_if = "Option::is_none")]
    uses: Option<Vec<UseEvidence>>,
    /// The intended uses that are granted: permission granted, token scope seen or stated
    #[serde(skip_serializing_if = "Option::is_none")]
    granted: Option<Vec<String>>,
    /// The intended uses that are denied: permission denied, or token scope missing
    #[serde(skip_serializing_if = "Option::is_none")]
    denied: Option<Vec<String>>,
    /// The intended uses that cannot be checked in advance, each with what to check
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<Vec<String>>,
    /// The denied permissions, each with the place to request it
    #[serde(skip_serializing_if = "Option::is_none")]
    ask_for: Option<Vec<String>>,
    /// The missing token scopes
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_scopes: Option<Vec<String>>,
}

pub(super) struct CheckSession;

impl Action for CheckSession {
    const NAME: &'static str = "check session";
    const NODE: &'static str = "Check session {{session}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = Needs::NOTHING;
    const ERRORS: &'static [ErrorCode] = &[];
    const SESSION_USE: SessionUse = SessionUse::Asks;
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Whether the session Release is open",
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
        let check = connection.client(cx.call, &tokens).check();
        let (token_accepted, user) = match session.unless_closed(check).await {
            Ok(identity) => (true, identity.name),
            Err(error) if error.code() == ErrorCode::AuthFailed => {
                (false, connection.identity().name.clone())
            }
            Err(error) if error.code() == ErrorCode::SessionClosed => return Ok(Output::default()),
            Err(error) => return Err(error),
        };
        if let Some(warning) = connection.stated(&tokens).expiry_warning {
            cx.warn(WarningCode::CredentialExpires, warning);
        }
        let mut output = Output {
            open: true,
            token_accepted: Some(token_accepted),
            session: Some(session.session().target().to_string()),
            organization_url: Some(connection.organization().to_string()),
            project_name: Some(connection.project().name.clone()),
            user: Some(user),
            ..Output::default()
        };
        if token_accepted && !input.intended_usage.is_empty() {
            let needs: Vec<Needs> = input.intended_usage.iter().map(|usage| usage.needs()).collect();
            let preflight = connection.client(cx.call, &tokens).preflight(&needs);
            let findings = match session.unless_closed(preflight).await {
                Err(error) if error.code() == ErrorCode::SessionClosed => return Ok(Output::default()),
                findings => findings?,
            };
            let uses = intended_use::evidence(&findings, &input.intended_usage);
            let of = |verdict| intended_use::with_verdict(&uses, verdict);
            let operation = |verdict| of(verdict).map(|one| one.usage.as_str().to_owned()).collect();
            let lacking = findings.lacking(&needs);
            output.granted = Some(operation(Verdict::Granted));
            output.denied = Some(operation(Verdict::Denied));
            output.unknown = Some(of(Verdict::Unknown).map(intended_use::to_check).collect());
            output.ask_for = Some(lacking.to_ask_for());
            output.missing_scopes =
                Some(lacking.scopes.iter().map(|scope| scope.label().to_owned()).collect());
            output.uses = Some(uses);
        }
        Ok(output)
    }
}
