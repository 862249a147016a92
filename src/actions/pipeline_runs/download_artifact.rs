//! `download artifact`

use std::time::Duration;

use crate::actions::pipeline_runs::model::Artifact;
use crate::actions::pipeline_runs::model::Build;
use crate::actions::pipeline_runs::requests::READ_NEEDS;
use crate::actions::pipeline_runs::requests::read_request;
use crate::actions::prelude::*;
use crate::files::PartFile;

/// How much is downloaded between two reports of progress
const REPORTED: u64 = 16 << 20;

/// Download an artifact of a pipeline run as a zip file
///
/// The file is written beside its place and renamed when it is whole, over an older one: a download that
/// fails leaves nothing behind, and what a killed process left in the folder is removed. It is written only in folders that the operator allows, and streamed, so its
/// size does not matter; it fails when less than 1 KiB a second comes over 20 seconds.
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
    /// The zip file to write: a whole path, or one below the bot's own folder
    file: LocalFile,
    /// How long it may take, in seconds
    #[serde(default)]
    time_limit: TimeLimit,
}

/// The file that was written
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The file's whole path
    file: String,
    /// Its size in bytes
    size: u64,
}

/// An artifact as the pipelines API answers it
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
            title: "Fetch what a run has built",
            inputs: serde_json::json!({ "id": 2, "artifact": "drop", "file": "drop.zip" }),
        }]
    }

    fn time_limit(input: &Input) -> Duration {
        input.time_limit.duration()
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        // A place that may not be written in is refused before anything is asked for.
        let target = cx.services.folders.writable(input.file.as_str())?;
        let link = link(&session, &input).await?;
        let words = Request::get(&["build", "builds"])
            .named(format!("download the artifact \"{}\" of the pipeline run {}", input.artifact, input.id))
            .needs(&READ_NEEDS)
            .missing(format!("the artifact \"{}\"", input.artifact));
        let mut download = session.download(&words, &link).await?;
        let total = download.size();
        let failed = |error| target.failed(error);
        let mut part = PartFile::create(&target).map_err(failed)?;
        let (mut size, mut told) = (0, 0);
        while let Some(piece) = session.unless_closed(download.next()).await? {
            part.write(piece.as_ref()).await.map_err(failed)?;
            size += piece.as_ref().len() as u64;
            if size - told >= REPORTED {
                told = size;
                let of = total.map(|total| format!(" of {}", total >> 20)).unwrap_or_default();
                cx.progress.report(&format!("{}{of} MiB of the artifact \"{}\"", size >> 20, input.artifact));
            }
        }
        part.finish().await.map_err(failed)?;
        Ok(Output { file: target.path().to_string_lossy().into_owned(), size })
    }
}

/// The link that the artifact is behind
///
/// A pipeline artifact lies with another service, which is reached by a signed link and gets no token; anything
/// else lies with the organization.
async fn link(session: &OpenSession<'_>, input: &Input) -> Result<String, Error> {
    let thing = format!("the artifact \"{}\" of the pipeline run {}", input.artifact, input.id);
    let words = format!("look up {thing}");
    let request = Request::get(&["build", "builds", &input.id.to_string(), "artifacts"])
        .query("artifactName", input.artifact.as_str())
        .named(words.as_str())
        .needs(&READ_NEEDS)
        .missing(thing.as_str());
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
            .named(words.as_str())
            .needs(&READ_NEEDS)
            .missing(thing.as_str());
    let signed: Signed = session.send(request).await?;
    signed.signed_content.and_then(|content| content.url).ok_or_else(|| {
        Error::new(
            ErrorCode::ServiceBadResponse,
            format!("Could not {words}: the service gives no link to it"),
        )
    })
}
