//! Git over HTTP: clone, fetch and push of `/{organization}/{project}/_git/{repository}`.
//!
//! An installed git does the work, as a CGI program (`git http-backend`) on a copy of the repository in a temporary folder.
//! The simulator's state is what counts: the copy is brought up to date before each request, and what a push changed is
//! read back, checked against permissions and policies, and applied to the state, or refused in git's own report.

mod mirror;
mod packets;
mod process;
mod push;
mod target;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::Mutex;

use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use tempfile::TempDir;
use uuid::Uuid;

use self::mirror::Mirror;
use self::process::CgiResponse;
pub(crate) use self::target::GitJob;
pub(crate) use self::target::GitTarget;
use crate::http::Content;
use crate::http::Response;
use crate::lock::locked;
use crate::state::State;

/// The copies of repositories, by the identifier of the repository.
#[derive(Default)]
pub(crate) struct GitHost {
    root: Mutex<Option<TempDir>>,
    mirrors: Mutex<HashMap<Uuid, Arc<Mutex<Mirror>>>>,
}

impl GitHost {
    /// Returns the copy of a repository, which is empty at first.
    fn mirror(&self, repository: Uuid) -> io::Result<Arc<Mutex<Mirror>>> {
        let mut mirrors = locked(&self.mirrors);
        if let Some(mirror) = mirrors.get(&repository) {
            return Ok(Arc::clone(mirror));
        }
        let mut root = locked(&self.root);
        let root = match &mut *root {
            Some(root) => root,
            empty => empty.insert(tempfile::Builder::new().prefix("azdo-simulator-").tempdir()?),
        };
        let mirror = Arc::new(Mutex::new(Mirror::new(root.path(), repository)?));
        mirrors.insert(repository, Arc::clone(&mirror));
        Ok(mirror)
    }
}

/// Runs a request that was authenticated. It blocks while git runs.
pub(crate) fn run(
    host: &GitHost,
    state: &Mutex<State>,
    job: &GitJob,
    headers: &HeaderMap,
    body: &[u8],
) -> Response {
    match answer((host, state), job, headers, body) {
        Ok(response) => response,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let message = "The simulator serves clone, fetch and push with an installed git, and finds none.";
            Response::new(StatusCode::NOT_IMPLEMENTED, Content::Text, message)
        }
        Err(error) => {
            let message = format!("The installed git failed: {error}");
            Response::new(StatusCode::INTERNAL_SERVER_ERROR, Content::Text, message)
        }
    }
}

/// The response to a request whose work has panicked.
pub(crate) fn failed() -> Response {
    Response::new(StatusCode::INTERNAL_SERVER_ERROR, Content::Text, "The simulator failed.")
}

fn answer(
    (host, state): (&GitHost, &Mutex<State>),
    job: &GitJob,
    headers: &HeaderMap,
    body: &[u8],
) -> io::Result<Response> {
    let mirror = host.mirror(job.repository)?;
    let mut mirror = locked(&mirror);
    let Some(missing) = job.repository_in(&mut locked(state)).map(|repository| mirror.missing(repository))
    else {
        return Ok(Response::new(StatusCode::NOT_FOUND, Content::Text, "The repository was deleted."));
    };
    mirror.update(missing)?;
    let response = mirror.serve(job, headers, body)?;
    if job.is_push() {
        return Ok(push::receive(state, job, &mut mirror, body, response)?.into());
    }
    Ok(response.into())
}

impl From<CgiResponse> for Response {
    fn from(response: CgiResponse) -> Response {
        let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Response::new(status, Content::None, response.body).with(CONTENT_TYPE, &response.content_type)
    }
}
