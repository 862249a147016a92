//! `create project`

use std::time::Duration;

use crate::actions::prelude::*;
use crate::actions::projects::model::Project;
use crate::actions::projects::new_project;
use crate::actions::projects::new_project::NewProject;

/// Create a project in the session's organization and wait until it is ready
///
/// The session stays on its own project: Connect to work in the new one. The project uses Git. A process that only some
/// organizations have is looked up, which needs the token scope Work items (read).
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The new project's name
    name: ProjectName,
    /// The description
    #[serde(default)]
    description: Option<ProjectDescription>,
    /// The process of its work items: Basic, Agile, Scrum, CMMI, or a custom process of the organization
    #[serde(default)]
    process_template: ProcessName,
    /// Who can see it
    #[serde(default)]
    visibility: Visibility,
    /// How long to wait until the project is ready, in seconds
    #[serde(default = "default_limit")]
    time_limit: TimeLimit,
}

fn default_limit() -> TimeLimit {
    TimeLimit::from_seconds(600)
}

pub(super) struct CreateProject;

impl Action for CreateProject {
    const NAME: &'static str = "create project";
    const NODE: &'static str = r#"Create project "{{name}}""#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = new_project::NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceConflict,
        ErrorCode::ResourceNotFound,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
        ErrorCode::PermissionDenied,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::Never("only its name identifies a project");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("project", "name"));
    type Input = Input;
    type Output = Project;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "A project for the next release",
                inputs: serde_json::json!({ "name": "Release 7" }),
            },
            Example {
                title: "A project with another process",
                inputs: serde_json::json!({
                    "name": "Support",
                    "description": "Requests of customers",
                    "processTemplate": "Scrum",
                    "visibility": "PRIVATE"
                }),
            },
        ]
    }

    fn time_limit(input: &Input) -> Duration {
        input.time_limit.duration()
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Project, Error> {
        let session = cx.session(&input.session)?;
        let new = NewProject {
            name: &input.name,
            description: input.description.as_ref(),
            process: &input.process_template,
            visibility: input.visibility,
        };
        let connection = session.connection();
        session
            .unless_closed(async {
                new_project::check_name_is_free(cx, connection, &new).await?;
                new_project::create(cx, connection, &new).await
            })
            .await
    }
}
