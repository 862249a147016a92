//! Creating a project, for the action and for Connect when the project is missing.
//!
//! The service creates a project in the background: its operation is polled until it is done, then the project until it
//! is ready.

use std::future::Future;

use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::actions::prelude::*;
use crate::actions::projects::model::Project;
use crate::actions::runtime::web_url;
use crate::actions::runtime::with_candidates;
use crate::actions::shared::not_found;
use crate::actions::shared::not_found::ResourceName;
use crate::actions::shared::wait_state::WaitState;

/// The needs of making a project
pub(crate) const NEEDS: Needs =
    Needs { permissions: &[permissions::CREATE_PROJECTS], scope: Some(Scope::ProjectManage) };

/// A project to create
pub(crate) struct NewProject<'a> {
    pub(crate) name: &'a ProjectName,
    pub(crate) description: Option<&'a ProjectDescription>,
    pub(crate) process: &'a ProcessName,
    pub(crate) visibility: Visibility,
}

#[derive(Serialize)]
struct Body<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    visibility: &'static str,
    capabilities: Capabilities<'a>,
}

#[derive(Serialize)]
struct Capabilities<'a> {
    versioncontrol: VersionControl,
    #[serde(rename = "processTemplate")]
    process_template: ProcessTemplate<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VersionControl {
    source_control_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProcessTemplate<'a> {
    template_type_id: &'a str,
}

/// The service's operation that creates a project
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    id: uuid::Uuid,
    #[serde(default)]
    status: String,
    #[serde(default)]
    result_message: Option<String>,
    #[serde(default)]
    detailed_message: Option<String>,
}

#[derive(Deserialize)]
struct Process {
    id: uuid::Uuid,
    name: String,
}

#[derive(Deserialize)]
struct Processes {
    value: Vec<Process>,
}

/// Creates a project with an unused name, and waits until it is ready
///
/// Errors: `resource.conflict` if a project has that name, `permission.denied`, `auth.scope_missing`,
/// `resource.not_found` for the process, `service.rejected` if the operation fails, `deadline.exceeded` if it takes
/// longer than the call may.
pub(crate) async fn create(
    cx: &Context<'_>,
    connection: &Connection,
    new: &NewProject<'_>,
) -> Result<Project, Error> {
    let creation = Creation { cx, connection, new, waiting: WaitState::new(cx) };
    let process = creation.process().await?;
    match creation.send_request(&process).await {
        Ok(operation) => creation.in_time(creation.wait_for_operation(operation).await)?,
        // The request is not repeated, and nothing in a project shows who created it.
        Err(lost) if lost.code() == ErrorCode::ServiceOutcomeUnknown => {
            let existing = creation.read().await.ok();
            let named = |project: Project| {
                format!("the project {}: {}", project.name, web_url(connection, &project.name, &[]))
            };
            return Err(with_candidates(lost, existing.map(named).as_slice()));
        }
        Err(error) => return Err(error),
    }
    creation.in_time(creation.wait_until_ready().await)
}

/// Fails with `resource.conflict` if there is a project of that name
pub(crate) async fn check_name_is_free(
    cx: &Context<'_>,
    connection: &Connection,
    new: &NewProject<'_>,
) -> Result<(), Error> {
    match (Creation { cx, connection, new, waiting: WaitState::new(cx) }).read().await {
        Err(error) if error.code() == ErrorCode::ProjectNotFound => Ok(()),
        Err(error) => Err(error),
        Ok(_) => {
            let message =
                format!("Could not create the project \"{}\": a project with that name exists", new.name);
            Err(Error::new(ErrorCode::ResourceConflict, message))
        }
    }
}

/// Waits until an existing project is ready
///
/// Errors: `project.not_found` if it is not visible.
pub(crate) async fn wait_until_ready(
    cx: &Context<'_>,
    connection: &Connection,
    new: &NewProject<'_>,
) -> Result<Project, Error> {
    let creation = Creation { cx, connection, new, waiting: WaitState::new(cx) };
    creation.read().await?;
    creation.in_time(creation.wait_until_ready().await)
}

struct Creation<'a> {
    cx: &'a Context<'a>,
    connection: &'a Connection,
    new: &'a NewProject<'a>,
    waiting: WaitState<'a>,
}

impl Creation<'_> {
    async fn send<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, Error> {
        self.connection.client(self.cx.call, &self.cx.tokens()).send(request.organization_level()).await
    }

    /// Returns the id of the process; one that only some organizations have is looked up
    async fn process(&self) -> Result<String, Error> {
        let wanted = self.new.process;
        if let Some(id) = wanted.built_in() {
            return Ok(id.to_owned());
        }
        let all: Processes = self
            .send(
                Request::get(&["process", "processes"])
                    .list()
                    .named(format!("look up the process \"{wanted}\""))
                    .scope(Scope::WorkRead),
            )
            .await?;
        if let Some(found) = all.value.iter().find(|one| one.name.eq_ignore_ascii_case(wanted.as_str())) {
            return Ok(found.id.to_string());
        }
        let message = format!(
            "Could not create the project \"{}\": the process \"{wanted}\" does not exist",
            self.new.name
        );
        let names = all.value.into_iter().map(|one| ResourceName { name: Some(one.name) }).collect();
        let error = Error::new(ErrorCode::ResourceNotFound, message);
        Err(not_found::with_similar_names(error, wanted.as_str(), async { Ok(names) }).await)
    }

    async fn send_request(&self, process: &str) -> Result<Operation, Error> {
        let body = Body {
            name: self.new.name.as_str(),
            description: self.new.description.map(ProjectDescription::as_str),
            visibility: self.new.visibility.as_str(),
            capabilities: Capabilities {
                versioncontrol: VersionControl { source_control_type: "Git" },
                process_template: ProcessTemplate { template_type_id: process },
            },
        };
        let request = Request::post(&["projects"])
            .named(format!("create the project \"{}\"", self.new.name))
            .needs(&NEEDS)
            .json(&body)?;
        self.send(request).await
    }

    /// Polls the operation until it is done
    async fn wait_for_operation(&self, mut operation: Operation) -> Result<(), Error> {
        let id = operation.id.to_string();
        let mut wait = self.cx.services.polling.first;
        loop {
            let request = Request::get(&["operations", &id])
                .named(format!("check whether the project \"{}\" is ready", self.new.name));
            operation = self.send(request).await?;
            match operation.status.to_ascii_lowercase().as_str() {
                "succeeded" => return Ok(()),
                "failed" | "cancelled" => return Err(self.failed(&operation)),
                "queued" | "notset" => {
                    self.pause(&mut wait, "the creation of the project waits for its start").await?
                }
                _ => self.pause(&mut wait, "the creation of the project is in progress").await?,
            }
        }
    }

    /// Polls the project until it is ready, which takes a moment longer
    async fn wait_until_ready(&self) -> Result<Project, Error> {
        let mut wait = self.cx.services.polling.first;
        loop {
            match self.read().await {
                Ok(project) if project.is_ready() => return Ok(project),
                Ok(project) if project.is_deleted() => return Err(self.deleted(&project)),
                Ok(project) => {
                    let state =
                        self.cx.masker.mask(project.state.as_deref().unwrap_or_default()).excerpt(300);
                    self.pause(&mut wait, &format!("the project is created, and its state is \"{state}\""))
                        .await?;
                }
                Err(error) if error.code() == ErrorCode::ProjectNotFound => {
                    self.pause(&mut wait, "the project is created, and not visible yet").await?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn read(&self) -> impl Future<Output = Result<Project, Error>> {
        let request = Request::get(&["projects", self.new.name.as_str()])
            .named(format!("look up the project \"{}\"", self.new.name))
            .scope(Scope::ProjectRead)
            .permission(permissions::VIEW_PROJECT);
        self.send(request)
    }

    /// Waits with growing intervals; fails when the wait would exceed the deadline of the call
    ///
    /// `what` says what is waited for.
    async fn pause(&self, wait: &mut std::time::Duration, what: &str) -> Result<(), Error> {
        self.waiting.report(what.to_owned());
        if Instant::now() + *wait >= self.cx.call.deadline() {
            return Err(self.late());
        }
        tokio::time::sleep(*wait).await;
        *wait = (*wait * 2).min(self.cx.services.polling.most);
        Ok(())
    }

    /// Returns the error of a project that is not ready when the time ends
    fn late(&self) -> Error {
        let name = self.new.name;
        let message = format!(
            "The project \"{name}\" is being created and was not ready in time{}",
            self.waiting.last()
        );
        Error::new(ErrorCode::DeadlineExceeded, message)
            .help("Connect to it in a moment, or set a longer time limit.")
    }

    /// Replaces the error of a request that was cut by the deadline of the call
    fn in_time<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| match error.code() {
            ErrorCode::DeadlineExceeded => self.late(),
            _ => error,
        })
    }

    /// Returns the error of a project that will not become ready any more
    fn deleted(&self, project: &Project) -> Error {
        let state = self.cx.masker.mask(project.state.as_deref().unwrap_or_default()).excerpt(300);
        let message =
            format!("The project \"{}\" will not be ready: its state is \"{state}\"", self.new.name);
        Error::new(ErrorCode::ResourceConflict, message).help(format!(
            "It was deleted in the meantime: restore it in the settings of the {}, or use another name.",
            self.connection.organization().service().organization()
        ))
    }

    fn failed(&self, operation: &Operation) -> Error {
        let detail = [&operation.detailed_message, &operation.result_message];
        let detail = detail.into_iter().flatten().find(|text| !text.is_empty());
        let why = detail.unwrap_or(&operation.status);
        let message = format!(
            "Azure DevOps failed to create the project \"{}\": \"{}\"",
            self.new.name,
            self.cx.masker.mask(why).excerpt(500)
        );
        Error::new(ErrorCode::ServiceRejected, message)
    }
}
