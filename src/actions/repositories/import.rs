//! `import repository`

use std::time::Duration;

use serde::de::IgnoredAny;

use crate::actions::prelude::*;
use crate::actions::repositories::model::Repository;
use crate::actions::repositories::requests::create;
use crate::actions::repositories::requests::read_request;
use crate::actions::shared::wait_state::WaitState;

/// Create a Git repository by importing another one
///
/// Azure DevOps fetches the address itself, without credentials, so it must be public. The action waits until the
/// import is complete. When the import fails, the new repository stays empty; the message says so.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The name of the new repository
    name: RepositoryName,
    /// The https address of the Git repository to import
    source_url: SourceUrl,
    /// The time limit, in seconds
    #[serde(default)]
    time_limit: TimeLimit,
}

#[derive(Serialize)]
struct Body<'a> {
    parameters: Parameters<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameters<'a> {
    git_source: Source<'a>,
}

#[derive(Serialize)]
struct Source<'a> {
    url: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Import {
    import_request_id: u32,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    detailed_status: Option<Detail>,
    #[serde(default)]
    parameters: Option<Imported>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Imported {
    #[serde(default)]
    git_source: Option<ImportedFrom>,
}

#[derive(Deserialize)]
struct ImportedFrom {
    #[serde(default)]
    url: Option<String>,
}

impl Import {
    fn source(&self) -> Option<&str> {
        self.parameters.as_ref()?.git_source.as_ref()?.url.as_deref()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    #[serde(default)]
    error_message: Option<String>,
    #[serde(default)]
    current_step: Option<u32>,
    #[serde(default)]
    all_steps: Option<Vec<IgnoredAny>>,
}

impl Detail {
    /// Returns ` (step 2 of 5)`, if the service says so
    fn step(&self) -> Option<String> {
        let all = self.all_steps.as_ref().map(Vec::len).filter(|all| *all > 0)?;
        Some(format!(" (step {} of {all})", self.current_step?))
    }
}

pub(super) struct ImportRepository;

impl Action for ImportRepository {
    const NAME: &'static str = "import repository";
    const NODE: &'static str = r#"Import repository "{{name}}" from {{sourceUrl}}"#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = Needs {
        permissions: &[permissions::CREATE_REPOSITORY, permissions::CONTRIBUTE],
        scope: Some(Scope::CodeManage),
    };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceConflict,
        ErrorCode::ServiceRejected,
        ErrorCode::PermissionDenied,
        ErrorCode::DeadlineExceeded,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::Never("the service does not show who created the new repository or when");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("repository", "name"));
    type Input = Input;
    type Output = Repository;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Import a public repository",
            inputs: serde_json::json!({ "name": "tools", "sourceUrl": "https://git.example.com/tools.git" }),
        }]
    }

    fn time_limit(input: &Input) -> Duration {
        // One second more than requested: the wait ends by itself and its error has the state of the import.
        input.time_limit.duration() + Duration::from_secs(1)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Repository, Error> {
        let session = cx.session(&input.session)?;
        let limit = input.time_limit.duration();
        let waiting = WaitState::new(cx);
        match tokio::time::timeout(limit, import(cx, &session, &input, &waiting)).await {
            Ok(result) => result,
            Err(_) => Err(Error::new(
                ErrorCode::DeadlineExceeded,
                format!(
                    "the import of {} did not finish within the time limit of {} s{}",
                    input.source_url,
                    limit.as_secs(),
                    waiting.last()
                ),
            )
            .help("The import continues: get the repository later; it is complete when it has a default branch.")
            .retry(Retry::Later)),
        }
    }
}

async fn import(
    cx: &Context<'_>,
    session: &OpenSession<'_>,
    input: &Input,
    waiting: &WaitState<'_>,
) -> Result<Repository, Error> {
    let needs = &ImportRepository::NEEDS;
    let made = create(session, &input.name, None, needs).await?;
    let path = ["git", "repositories", &made.id, "importRequests"];
    let operation = format!("import {} into the repository \"{}\"", input.source_url, input.name);
    let subject = format!("the repository \"{}\"", input.name);
    let body = Body { parameters: Parameters { git_source: Source { url: input.source_url.as_str() } } };
    let request =
        Request::post(&path).json(&body)?.named(operation.clone()).needs(needs).missing(subject.clone());
    // This action has created the repository, so any import from that source is the requested one.
    let lookup = async {
        let all = Request::get(&path).list().named(operation.clone()).needs(needs).missing(subject.clone());
        let all: Vec<Import> = session.send_list(all).await?;
        Ok(all.into_iter().find(|import| import.source() == Some(input.source_url.as_str())))
    };
    let mut state: Import = session.settle_state(session.send(request), lookup).await?;
    let number = state.import_request_id.to_string();
    let mut interval = cx.services.polling.first;
    loop {
        match state.status.as_deref() {
            Some("completed") => break,
            Some("failed" | "abandoned") => return Err(failed(session, &state, input)),
            Some("queued") => waiting.report("the import waits for its start".to_owned()),
            Some("inProgress") | None => {
                let step = state.detailed_status.as_ref().and_then(Detail::step).unwrap_or_default();
                waiting.report(format!("the import is in progress{step}"));
            }
            Some(other) => {
                waiting.report(format!("the import is in the state \"{}\"", session.excerpt(other, 300)))
            }
        }
        session.pause(interval).await?;
        interval = session.polling().after(interval);
        let read = Request::get(&["git", "repositories", &made.id, "importRequests", &number]);
        state = session.send(read.named(operation.clone()).needs(needs).missing("the import")).await?;
    }
    session.send(read_request(&RepositoryName::of_id(&made.id), needs)).await
}

fn failed(session: &OpenSession<'_>, state: &Import, input: &Input) -> Error {
    let said = state.detailed_status.as_ref().and_then(|detail| detail.error_message.as_deref());
    let said = said.map(|said| format!(": \"{}\"", session.excerpt(said, 300))).unwrap_or_default();
    Error::new(
        ErrorCode::ServiceRejected,
        format!("Azure DevOps could not import {}{said}", input.source_url),
    )
    .help(format!("The repository \"{}\" stays empty: delete it before you try again.", input.name))
}
