//! Downloads of artifacts: zip archives, and signed links that need no token.

use std::io::Cursor;
use std::io::Write;

use axum::body::Bytes;
use axum::http::StatusCode;
use zip::CompressionMethod;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::http::Content;
use crate::http::Response;
use crate::http::refusals;
use crate::state::State;
use crate::world::Artifact;

/// The start of signed links. No organization can have this name.
pub(crate) const PATH: &str = "/_signed";

/// The response with an artifact: an archive of its files in a folder with its name, as the service packs them.
pub(crate) fn response(artifact: &Artifact) -> Response {
    let response = Response::new(StatusCode::OK, Content::Bytes, packed(artifact));
    if artifact.filler > 0 { response.filled(artifact.filler) } else { response }
}

fn packed(artifact: &Artifact) -> Bytes {
    let name = |path: &str| format!("{}/{}", artifact.name, path.trim_start_matches('/'));
    zip(artifact.files.iter().map(|(path, content)| (name(path), content.as_bytes())))
}

/// Packs files into an archive.
pub(crate) fn zip<'f>(files: impl IntoIterator<Item = (String, &'f [u8])>) -> Bytes {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        // Writing to memory fails only for a name that an archive cannot have; that file is left out.
        if writer.start_file(name, options).is_ok() {
            let _ = writer.write_all(content);
        }
    }
    writer.finish().map(Cursor::into_inner).unwrap_or_default().into()
}

/// The size in the API: of the files, not of the archive.
pub(crate) fn size(artifact: &Artifact) -> u64 {
    let files: usize = artifact.files.values().map(String::len).sum();
    artifact.filler.max(files as u64)
}

/// Returns the artifact of a signed link: `/{organization}/{project}/{run}/{artifact}`.
pub(crate) fn fetch(state: &State, path: &str) -> Response {
    let parts: Vec<String> = path
        .trim_start_matches('/')
        .split('/')
        .map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let found = || {
        let [organization, project, run, artifact] = parts.as_slice() else { return None };
        let organization = &state.organizations[state.position(organization)?];
        let project = &organization.projects[organization.project_position(project)?];
        let run = project.runs.iter().find(|known| known.id.to_string() == *run)?;
        let pipeline = project.pipeline(run.pipeline)?;
        pipeline.artifacts.iter().find(|known| known.name == *artifact)
    };
    found().map_or_else(|| refusals::artifact_not_found(path, 0), response)
}
