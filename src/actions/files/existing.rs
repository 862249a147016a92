//! The files that a commit replaces, and their encodings.

use std::collections::HashMap;

use futures_util::StreamExt as _;
use futures_util::TryStreamExt as _;
use futures_util::stream;

use crate::actions::files::encoding::TextEncoding;
use crate::actions::files::item::ContentMetadata;
use crate::actions::files::item::RepositoryItem;
use crate::actions::prelude::*;

/// The number of files that are looked at at the same time
const AT_ONCE: usize = 8;

/// The existing files by their paths
pub(crate) type ExistingFiles = HashMap<String, ExistingFile>;

/// A file that exists on the branch
pub(crate) struct ExistingFile {
    metadata: Option<ContentMetadata>,
}

/// Returns which of these files exist on the branch; files of one folder take one request
pub(crate) async fn find<'p>(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    branch: &str,
    paths: impl Iterator<Item = &'p str>,
    needs: &Needs,
) -> Result<ExistingFiles, Error> {
    let mut folders: HashMap<&str, Vec<&str>> = HashMap::new();
    for path in paths {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.entry(folder).or_default().push(path);
    }
    let mut existing = ExistingFiles::new();
    for (folder, files) in folders {
        // A single file is looked up alone, as its folder may be large.
        let scope = match files.as_slice() {
            [only] => only,
            _ if folder.is_empty() => "/",
            _ => folder,
        };
        let request = items(repository, branch, needs)
            .query("scopePath", scope)
            .query("recursionLevel", if files.len() == 1 { "none" } else { "oneLevel" })
            .query("includeContentMetadata", "true")
            .list()
            .named(format!("look for the files in the repository \"{repository}\""))
            .missing("the folder");
        match session.send_list::<RepositoryItem>(request).await {
            Ok(items) => {
                let files = items.into_iter().filter(|item| !item.is_folder());
                existing
                    .extend(files.map(|item| (item.path, ExistingFile { metadata: item.content_metadata })));
            }
            Err(error) if error.context_value("typeKey") == Some("GitItemNotFoundException") => {}
            Err(error) => return Err(error),
        }
    }
    Ok(existing)
}

/// Returns the encoding of each of these files that exists; each has a path of its own beside the one to look at
pub(crate) async fn encodings(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    branch: &str,
    existing: &ExistingFiles,
    paths: Vec<(String, String)>,
    needs: &Needs,
) -> Result<Vec<(String, String, TextEncoding)>, Error> {
    let known = paths.into_iter().filter_map(|(own, path)| existing.get(&path).map(|file| (own, path, file)));
    let looks: Vec<_> = known
        .map(|(own, path, file)| async move {
            let encoding = file.encoding(session, repository, branch, &path, needs).await?;
            Ok::<_, Error>((own, path, encoding))
        })
        .collect();
    stream::iter(looks).buffered(AT_ONCE).try_collect().await
}

impl ExistingFile {
    /// Returns the encoding that a text replacing this file is written in; a binary file has none, so it is UTF-8
    ///
    /// The service does not tell a byte order mark, and guesses code pages, so the file itself is looked at.
    async fn encoding(
        &self,
        session: &OpenSession<'_>,
        repository: &RepositoryName,
        branch: &str,
        path: &str,
        needs: &Needs,
    ) -> Result<TextEncoding, Error> {
        let file = || {
            items(repository, branch, needs)
                .query("path", path)
                .named(format!("look for the encoding of a file in the repository \"{repository}\""))
                .missing("the file")
        };
        let metadata =
            match self.metadata.filter(|metadata| metadata.encoding.is_some() || metadata.is_binary) {
                Some(known) => Some(known),
                // A list of a folder does not always have the encodings.
                None => {
                    let request = file().query("includeContentMetadata", "true").query("$format", "json");
                    session.send::<RepositoryItem>(request).await?.content_metadata
                }
            };
        let code_page = match metadata {
            Some(metadata) if !metadata.is_binary => metadata.encoding,
            _ => None,
        };
        let encoding = TextEncoding::of(code_page);
        if !TextEncoding::is_told_by_content(code_page) {
            return Ok(encoding);
        }
        let start = session.send_for_start(file().query("$format", "octetStream")).await?;
        Ok(encoding.with_content(&start))
    }
}

fn items<'r>(repository: &RepositoryName, branch: &'r str, needs: &Needs) -> Request<'r> {
    Request::get(&["git", "repositories", repository.as_str(), "items"])
        .query("versionDescriptor.versionType", "branch")
        .query("versionDescriptor.version", branch)
        .needs(needs)
}
