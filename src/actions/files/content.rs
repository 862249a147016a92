//! The content of a file of a repository, streamed into a local file.

use crate::actions::files::version::version;
use crate::actions::prelude::*;
use crate::files::PartFile;
use crate::files::WritableFile;

/// The version of a repository whose files are read
pub(super) struct Source<'a> {
    pub(super) repository: &'a RepositoryName,
    pub(super) branch: Option<&'a BranchName>,
    pub(super) needs: &'a Needs,
}

impl Source<'_> {
    /// Returns a path of the version for messages: `"/a" on "main" of the repository "site"`
    pub(super) fn subject(&self, path: &str) -> String {
        let path = printable(path, 1024);
        match self.branch {
            Some(branch) => format!("\"{path}\" on \"{branch}\" of the repository \"{}\"", self.repository),
            None => format!("\"{path}\" of the repository \"{}\"", self.repository),
        }
    }

    /// Returns a request for files of the version
    pub(super) fn items(&self) -> Result<Request<'static>, Error> {
        let request = Request::get(&["git", "repositories", self.repository.as_str(), "items"]);
        let Some(branch) = self.branch else { return Ok(request.needs(self.needs)) };
        let (kind, version) = version(branch)?;
        Ok(request
            .needs(self.needs)
            .query("versionDescriptor.versionType", kind)
            .query("versionDescriptor.version", version))
    }

    /// Writes a file of the version to a local file, and returns its size in bytes
    ///
    /// The file is written under a temporary name and renamed when it is complete. Errors: those of the request;
    /// `file.failed`, `file.no_space`.
    pub(super) async fn write(
        &self,
        session: &OpenSession<'_>,
        path: &str,
        target: &WritableFile,
    ) -> Result<u64, Error> {
        let subject = self.subject(path);
        let request = self
            .items()?
            .query("path", path)
            .query("$format", "octetStream")
            .named(format!("download {subject}"))
            .missing(subject);
        let mut download = session.open_file(&request).await?;
        let failed = |error| target.failed(error);
        let mut part = PartFile::create(target).map_err(failed)?;
        let mut size = 0;
        while let Some(piece) = session.unless_closed(download.next()).await? {
            part.write(piece.as_ref()).await.map_err(failed)?;
            size += piece.as_ref().len() as u64;
        }
        part.finish().await.map_err(failed)?;
        Ok(size)
    }
}
