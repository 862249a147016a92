//! `connect`

use std::collections::BTreeSet;
use std::time::Duration;

use crate::actions::prelude::*;
use crate::actions::projects::new_project;
use crate::actions::projects::new_project::NewProject;
use crate::actions::runtime::ChoiceNeeds;
use crate::actions::runtime::RequestedConnection;
use crate::actions::runtime::shared_record;
use crate::actions::session::intended_use;
use crate::devops;
use crate::sessions::IfSessionExists;
use crate::sessions::Reserved;

/// Open an authenticated session on an Azure DevOps organization and project
///
/// Connect checks the token, the organization and the project in one round trip. With an intended usage, a second round
/// trip checks what the token and its user can do, and a denied use fails the action. Later actions use the session: a
/// local session belongs to this bot only, a global session to the whole run tree, and a session in a variable to every
/// bot that gets the variable. Disconnect closes the session, as does the end of the bot run that owns it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// How to authenticate with Azure DevOps
    #[serde(default)]
    #[schemars(title = "Authentication Method")]
    authentication_method: AuthenticationMethod,
    /// For the method PAT, the token: a credential of the vault, a string variable, or an insecure string
    #[serde(default)]
    #[schemars(title = "Personal Access Token", extend("x-inside" = "authenticationMethod=PAT", "x-required" = true))]
    personal_access_token: Option<Credential>,
    /// For the method ENTRA: the application that signs in, as `entra:NAME`, or a credential with an access token
    #[serde(default)]
    #[schemars(title = "Entra credential", extend("x-inside" = "authenticationMethod=ENTRA", "x-required" = true))]
    entra_credential: Option<Credential>,
    /// The organization, as `https://dev.azure.com/<organization>`
    #[schemars(title = "Organization URL")]
    organization_url: OrganizationUrl,
    /// The project in the organization, by name or id
    #[schemars(title = "Project name")]
    project_name: ProjectName,
    /// What the flow intends to do; Connect fails before any work begins if the token or its user may not do it
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    intended_usage: BTreeSet<Usage>,
    /// What to do when the project does not exist
    #[serde(default)]
    #[schemars(title = "If the project is missing", extend("x-group" = "Advanced"))]
    if_project_missing: IfProjectMissing,
    /// With CREATE, the process of the project: Basic, Agile, Scrum, CMMI, or a custom process of the organization
    #[serde(default)]
    #[schemars(extend("x-inside" = "ifProjectMissing=CREATE"))]
    process_template: ProcessName,
    /// With CREATE, who can see the project
    #[serde(default)]
    #[schemars(extend("x-inside" = "ifProjectMissing=CREATE"))]
    visibility: Visibility,
    /// What to do when a session with that name is already open in that scope
    #[serde(default)]
    #[schemars(title = "If the session exists", extend("x-group" = "Advanced"))]
    if_session_exists: IfSessionExists,
    /// The time limit for connecting, in seconds
    #[serde(default = "default_limit")]
    #[schemars(extend("x-group" = "Advanced"))]
    time_limit: TimeLimit,
}

fn default_limit() -> TimeLimit {
    TimeLimit::from_seconds(55)
}

/// How to authenticate
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
enum AuthenticationMethod {
    /// Personal Access Token
    #[default]
    #[serde(rename = "PAT")]
    PersonalAccessToken,
    /// Microsoft Entra
    #[serde(rename = "ENTRA")]
    Entra,
}

/// The session that was opened
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The organization, in its canonical form
    organization_url: String,
    /// The project's id
    project_id: String,
    /// The project's name as the service spells it
    project_name: String,
    /// The display name of the token's user
    user: String,
    /// Whether the project was missing and has been created
    created: bool,
    /// Whether an open session was reused
    reused: bool,
    /// The intended uses that cannot be checked in advance, each with what to check
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<Vec<String>>,
}

pub(super) struct Connect;

impl Action for Connect {
    const NAME: &'static str = "connect";
    const NODE: &'static str =
        r#"Connect to project "{{projectName}}" of {{organizationUrl}} as session {{returnTo}}"#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = Needs { permissions: &[permissions::VIEW_PROJECT], scope: Some(Scope::ProjectRead) };
    const CHOICES: &'static [ChoiceNeeds] = &[ChoiceNeeds {
        field: "ifProjectMissing",
        choice: "CREATE",
        needs: Needs {
            permissions: &[permissions::VIEW_PROJECT, permissions::CREATE_PROJECTS],
            scope: new_project::NEEDS.scope,
        },
    }];
    const ALSO_PERFORMS: &'static [AlsoPerforms] =
        &[AlsoPerforms { field: "ifProjectMissing", value: "CREATE", action: "create project" }];
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::OrganizationInvalidUrl,
        ErrorCode::OrganizationNotFound,
        ErrorCode::OrganizationDisabled,
        ErrorCode::ProjectInvalidName,
        ErrorCode::ProjectNotFound,
        ErrorCode::CredentialNotFound,
        ErrorCode::CredentialInvalidFormat,
        ErrorCode::CredentialOrganizationMismatch,
        ErrorCode::AuthFailed,
        ErrorCode::AuthScopeMissing,
        ErrorCode::PermissionDenied,
        ErrorCode::SessionNameInUse,
        ErrorCode::ResourceNotFound,
        ErrorCode::ServiceRejected,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::Never("only its name identifies a project that it creates");
    const OBJECT: Option<AuditedObject> =
        Some(AuditedObject::named_by("project", "projectName").id("projectId").name("projectName"));
    const RETURNS_SESSION: bool = true;
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "Connect with a token from the environment",
                inputs: serde_json::json!({
                    "personalAccessToken": "env:AZDO_PAT",
                    "organizationUrl": "https://dev.azure.com/fabrikam",
                    "projectName": "Fabrikam"
                }),
            },
            Example {
                title: "Connect as an application of Microsoft Entra",
                inputs: serde_json::json!({
                    "authenticationMethod": "ENTRA",
                    "entraCredential": "entra:bot",
                    "organizationUrl": "https://dev.azure.com/fabrikam",
                    "projectName": "Fabrikam"
                }),
            },
            Example {
                title: "Check the needs before the work begins",
                inputs: serde_json::json!({
                    "personalAccessToken": "env:AZDO_PAT",
                    "organizationUrl": "https://dev.azure.com/fabrikam",
                    "projectName": "Fabrikam",
                    "intendedUsage": ["repositories.manage", "pipelineRuns.queue"]
                }),
            },
        ]
    }

    fn time_limit(input: &Input) -> Duration {
        input.time_limit.duration()
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let Input {
            authentication_method,
            personal_access_token,
            entra_credential,
            organization_url,
            project_name,
            intended_usage,
            if_project_missing,
            process_template,
            visibility,
            if_session_exists,
            time_limit: _,
        } = input;
        let (given, field, scheme) = match authentication_method {
            AuthenticationMethod::PersonalAccessToken => {
                (personal_access_token, "personalAccessToken", Scheme::Basic)
            }
            AuthenticationMethod::Entra => (entra_credential, "entraCredential", Scheme::Bearer),
        };
        let credential = given.ok_or_else(|| {
            Error::new(ErrorCode::InputInvalid, format!("connect: the field \"{field}\" is missing"))
                .with("field", field)
        })?;
        // A token that was passed as text is masked in all further output of this run tree, also when connecting fails.
        if let Credential::Insecure(token) = &credential {
            cx.masker.remember(token);
            cx.warn(
                WarningCode::InsecureString,
                "the token was passed as an insecure string; keep it in a credential",
            );
        }
        if let Some(warning) = organization_url.plain_http_warning() {
            cx.warn(WarningCode::PlainHttp, warning);
        }
        cx.note_connecting(RequestedConnection {
            organization: organization_url.to_string(),
            service: organization_url.service(),
            project: project_name.to_string(),
            credential: credential.shown(),
        });
        let request = devops::ConnectRequest {
            organization: &organization_url,
            project: &project_name,
            credential,
            scheme,
        };
        let reserved = cx.services.sessions.reserve(cx.bot_run, cx.target, if_session_exists).await?;
        let open = match reserved {
            Reserved::New(reservation) => Err(reservation),
            Reserved::Existing(session) => Ok(session),
            Reserved::Elsewhere(shared) => Ok(cx.adopt(shared).await?),
        };
        let reservation = match open {
            Err(reservation) => reservation,
            Ok(session) => {
                if !session.connection().same_access(&request) {
                    let kind = organization_url.service().organization();
                    return Err(Error::new(
                        ErrorCode::SessionNameInUse,
                        format!("the {} is open with another {kind}, project, credential or method", cx.target),
                    )
                    .help(format!(
                        "REUSE needs the same {kind}, project, credential and method; use another name, or REPLACE."
                    )));
                }
                let unknown = intended_use::unchecked_uses(cx, session.connection(), &intended_usage).await?;
                cx.note_opened(&session);
                return Ok(summary(session.connection(), true, unknown));
            }
        };
        let (connection, created) = match if_project_missing {
            IfProjectMissing::Fail => {
                (cx.services.network.connect(request, &cx.tokens(), cx.call).await?, false)
            }
            IfProjectMissing::Create => {
                let new = NewProject {
                    name: &project_name,
                    description: None,
                    process: &process_template,
                    visibility,
                };
                connect_or_create(cx, request, &new).await?
            }
        };
        let unknown = intended_use::unchecked_uses(cx, &connection, &intended_usage).await?;
        if let Some(warning) = connection.stated(&cx.tokens()).expiry_warning {
            cx.warn(WarningCode::CredentialExpires, warning);
        }
        let record = shared_record(&cx.services.sessions, &reservation, &connection, &cx.tokens())?;
        let session = reservation.complete(connection, record).await?;
        cx.note_opened(&session);
        Ok(Output { created, ..summary(session.connection(), false, unknown) })
    }
}

/// Connects to the project and creates it if it does not exist; returns whether it was created
async fn connect_or_create(
    cx: &Context<'_>,
    request: devops::ConnectRequest<'_>,
    new: &NewProject<'_>,
) -> Result<(devops::Connection, bool), Error> {
    let arrival = cx.services.network.connect_organization(request, &cx.tokens(), cx.call).await?;
    // An unknown id is not a name for a new project.
    if !arrival.is_project_missing() || uuid::Uuid::try_parse(new.name.as_str()).is_ok() {
        return Ok((arrival.connected()?, false));
    }
    match new_project::create(cx, arrival.organization(), new).await {
        Ok(project) => Ok((arrival.with_project(project.into()), true)),
        // Someone else created it in the meantime, or it exists and is not visible.
        Err(error) if error.code() == ErrorCode::ResourceConflict => {
            let ready = new_project::wait_until_ready(cx, arrival.organization(), new).await;
            let ready = ready.map_err(|unseen| unseen.caused_by(error))?;
            Ok((arrival.with_project(ready.into()), false))
        }
        Err(error) => Err(error),
    }
}

fn summary(connection: &devops::Connection, reused: bool, unknown: Option<Vec<String>>) -> Output {
    Output {
        organization_url: connection.organization().to_string(),
        project_id: connection.project().id.clone(),
        project_name: connection.project().name.clone(),
        user: connection.identity().name.clone(),
        created: false,
        reused,
        unknown,
    }
}
