//! `download artifact`

use std::time::Duration;

use crate::actions::pipeline_runs::model::Artifact;
use crate::actions::pipeline_runs::model::Build;
use crate::actions::pipeline_runs::requests::READ_NEEDS;
use crate::actions::pipeline_runs::requests::read_request;
use crate::actions::prelude::*;
use crate::files::PartFile;

/// The size of a download between two progress reports
const REPORTED: u64 = 16 << 20;

/// Download an artifact of a pipeline run as a zip file
///
/// The file is written under a temporary name and renamed when it is complete; it replaces an existing file. A failed
/// download leaves no file behind, and remains of a killed process are removed from the folder. Files are written only
/// in folders that the operator allows. The file is streamed, so its size does not matter; the download fails when it
/// is slower than 1 KiB a second over 20 seconds.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The run's id
    id: RunId,
    /// The artifact's name
    artifact: ArtifactName,
    /// The zip file to write: an absolute path, or a path below the bot's own folder
    file: LocalFile,
    /// The time limit, in seconds
    #[serde(default)]
    time_limit: TimeLimit,
}

/// The written file
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The absolute path of the file
    file: String,
    /// The size in bytes
    size: u64,
}

/// An artifact in a response of the pipelines API
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    #[serde(default)]
    signed_content: Option<SignedContent>,
}

#[derive(Deserialize)]
struct SignedContent {
    #[serde(default)]
    url: Option<String>,
}

pub(super) struct DownloadArtifact;

impl Action for DownloadArtifact {
    const NAME: &'static str = "download artifact";
    const NODE: &'static str = r#"Download artifact "{{artifact}}" of pipeline run {{id}} to {{file}}"#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::InputInvalid,
        ErrorCode::FileNoSpace,
        ErrorCode::FileFailed,
        ErrorCode::DeadlineExceeded,
    ];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Download what a run has built",
            inputs: serde_json::json!({ "id": 2, "artifact": "drop", "file": "drop.zip" }),
        }]
    }

    fn time_limit(input: &Input) -> Duration {
        input.time_limit.duration()
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        // A folder that may not be written to fails before any request is sent.
        let target = cx.services.folders.writable(input.file.as_str())?;
        let link = link(&session, &input).await?;
        let operation = Request::get(&["build", "builds"])
            .named(format!("download the artifact \"{}\" of the pipeline run {}", input.artifact, input.id))
            .needs(&READ_NEEDS)
            .missing(format!("the artifact \"{}\"", input.artifact));
        let mut download = session.download(&operation, &link).await?;
        let total = download.size();
        let failed = |error| target.failed(error);
        let mut part = PartFile::create(&target).map_err(failed)?;
        let (mut size, mut denied_text) = (0, 0);
        while let Some(piece) = session.unless_closed(download.next()).await? {
            part.write(piece.as_ref()).await.map_err(failed)?;
            size += piece.as_ref().len() as u64;
            if size - denied_text >= REPORTED {
                denied_text = size;
                let of = total.map(|total| format!(" of {}", total >> 20)).unwrap_or_default();
                cx.progress.report(&format!("{}{of} MiB of the artifact \"{}\"", size >> 20, input.artifact));
            }
        }
        part.finish().await.map_err(failed)?;
        Ok(Output { file: target.path().to_string_lossy().into_owned(), size })
    }
}

/// Returns the link to the content of the artifact
///
/// The content of a pipeline artifact is at another service: its signed link is used without a token. All other content
/// is at the organization.
async fn link(session: &OpenSession<'_>, input: &Input) -> Result<String, Error> {
    let subject = format!("the artifact \"{}\" of the pipeline run {}", input.artifact, input.id);
    let operation = format!("look up {subject}");
    let request = Request::get(&["build", "builds", &input.id.to_string(), "artifacts"])
        .query("artifactName", input.artifact.as_str())
        .named(operation.as_str())
        .needs(&READ_NEEDS)
        .missing(subject.as_str());
    let artifact: Artifact = session.send(request).await?;
    let resource = artifact.resource.unwrap_or_default();
    let direct = match resource.kind.as_deref() {
        Some("PipelineArtifact") => None,
        _ => resource.download_url,
    };
    if let Some(link) = direct {
        return Ok(link);
    }
    let build: Build = session.send(read_request(input.id)).await?;
    let pipeline = build.definition.and_then(|definition| definition.id).unwrap_or_default();
    let request =
        Request::get(&["pipelines", &pipeline.to_string(), "runs", &input.id.to_string(), "artifacts"])
            .query("artifactName", input.artifact.as_str())
            .query("$expand", "signedContent")
            .named(operation.as_str())
            .needs(&READ_NEEDS)
            .missing(subject.as_str());
    let signed: Signed = session.send(request).await?;
    signed.signed_content.and_then(|content| content.url).ok_or_else(|| {
        Error::new(
            ErrorCode::ServiceBadResponse,
            format!("Could not {operation}: the service returned no link to it"),
        )
    })
}
