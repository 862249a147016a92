//! The changed files of a commit or of a pull request, with their differences.

use std::time::Duration;

use crate::actions::prelude::*;
use crate::actions::shared::unified_diff;
use crate::actions::shared::unified_diff::FileVersion;

/// The page size of the requests
pub(crate) const PAGE: usize = 500;

/// The largest file whose differences are returned, in bytes
const LARGEST_FILE: u64 = 1 << 20;

/// The largest size of all differences together, in bytes: they are in memory at once
const LARGEST_DIFFS: usize = 16 << 20;

/// The time limit of an action that returns differences: each file takes two requests
const DIFF_LIMIT: Duration = Duration::from_secs(600);

/// A changed file
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangedFile {
    /// The path from the root of the repository
    path: String,
    /// The kind of change: add, edit, delete, rename; a file that was renamed and edited has both: edit, rename
    change_type: String,
    /// The path before it was renamed
    #[serde(skip_serializing_if = "Option::is_none")]
    former_path: Option<String>,
    /// The id of the content after the change; absent for a deleted file
    #[serde(skip_serializing_if = "Option::is_none")]
    object_id: Option<String>,
    /// The id of the content before the change; absent for an added file
    #[serde(skip_serializing_if = "Option::is_none")]
    former_object_id: Option<String>,
    /// The differences as a unified diff; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
    /// Why a requested diff is absent: binary, large, submodule, or unavailable
    #[serde(skip_serializing_if = "Option::is_none")]
    diff_omitted: Option<&'static str>,
}

/// A change in a response of the service
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangeRecord {
    #[serde(default)]
    item: Option<Item>,
    #[serde(default)]
    change_type: Option<String>,
    /// The former path in a change of a commit
    #[serde(default)]
    source_server_item: Option<String>,
    /// The former path in a change of a pull request
    #[serde(default)]
    original_path: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    object_id: Option<String>,
    #[serde(default)]
    original_object_id: Option<String>,
    #[serde(default)]
    git_object_type: Option<String>,
    #[serde(default)]
    is_folder: Option<bool>,
}

impl ChangeRecord {
    fn is(&self, kind: &str) -> bool {
        let kinds = self.change_type.as_deref().unwrap_or_default();
        kinds.split(',').any(|one| one.trim().eq_ignore_ascii_case(kind))
    }

    /// Returns whether it is the change of a file; the former path of a renamed file is no change of its own
    pub(crate) fn is_file(&self) -> bool {
        let item = self.item.as_ref();
        let is_folder = item.is_some_and(|item| {
            item.is_folder == Some(true) || item.git_object_type.as_deref() == Some("tree")
        });
        !is_folder && !self.is("sourceRename")
    }

    fn into_file(self) -> (ChangedFile, bool) {
        let (is_added, is_deleted) = (self.is("add"), self.is("delete"));
        let former = self.original_path.or(self.source_server_item);
        let item = self.item.unwrap_or_default();
        let is_submodule = item.git_object_type.as_deref() == Some("commit");
        let path = item.path.or_else(|| former.clone()).unwrap_or_default();
        let is_pure_rename = !self.change_type.as_deref().is_some_and(|kinds| kinds.contains("edit"));
        let (object_id, former_object_id) = match (is_added, is_deleted) {
            (true, _) => (item.object_id, None),
            (_, true) => (None, item.original_object_id.or(item.object_id)),
            // The content of a file that was only renamed is what it was.
            _ if is_pure_rename => (item.object_id.clone(), item.original_object_id.or(item.object_id)),
            _ => (item.object_id, item.original_object_id),
        };
        let file = ChangedFile {
            former_path: former.filter(|former| *former != path),
            path,
            change_type: self.change_type.unwrap_or_default(),
            object_id,
            former_object_id,
            diff: None,
            diff_omitted: None,
        };
        (file, is_submodule)
    }
}

/// Returns the time limit of an action that lists changed files
pub(crate) fn time_limit(includes_diff: bool) -> Duration {
    if includes_diff { DIFF_LIMIT } else { Duration::from_secs(55) }
}

/// Returns the changed files, with their differences on request
///
/// Errors: those of reading the contents.
pub(crate) async fn listed(
    session: &OpenSession<'_>,
    repository: &str,
    records: Vec<ChangeRecord>,
    include_diff: bool,
    needs: &Needs,
) -> Result<Vec<ChangedFile>, Error> {
    let mut files = Vec::with_capacity(records.len());
    let mut size = 0;
    for record in records {
        let (mut file, is_submodule) = record.into_file();
        if include_diff {
            let diff = match is_submodule {
                true => Err("submodule"),
                false if size >= LARGEST_DIFFS => Err("large"),
                false => diff(session, repository, &file, needs).await?,
            };
            match diff {
                Ok(diff) => {
                    size += diff.len();
                    file.diff = Some(diff);
                }
                Err(reason) => file.diff_omitted = Some(reason),
            }
        }
        files.push(file);
    }
    Ok(files)
}

/// Returns the differences of a file, or the reason why it has none
async fn diff(
    session: &OpenSession<'_>,
    repository: &str,
    file: &ChangedFile,
    needs: &Needs,
) -> Result<Result<String, &'static str>, Error> {
    let (old, new) = (file.former_object_id.as_deref(), file.object_id.as_deref());
    let has_kind = |kind: &str| file.change_type.split(',').any(|one| one.trim().eq_ignore_ascii_case(kind));
    let is_hidden = old.is_none() && !has_kind("add") || new.is_none() && !has_kind("delete");
    if is_hidden {
        return Ok(Err("unavailable"));
    }
    if old == new {
        return Ok(Ok(String::new()));
    }
    let (old, new) =
        tokio::try_join!(content(session, repository, old, needs), content(session, repository, new, needs))?;
    let (Some(old), Some(new)) = (old, new) else { return Ok(Err("large")) };
    let former = file.former_path.clone().unwrap_or_else(|| file.path.clone());
    let path = file.path.clone();
    // The comparison takes the processor, not the network.
    let compared = tokio::task::spawn_blocking(move || {
        unified_diff::unified_diff(
            FileVersion { path: &former, content: old },
            FileVersion { path: &path, content: new },
        )
    });
    let diff = compared.await.unwrap_or_else(|fault| std::panic::resume_unwind(fault.into_panic()));
    Ok(diff.ok_or("binary"))
}

/// Returns the content of a file, `Some(None)` for a file that is not there, or `None` for a large one
async fn content(
    session: &OpenSession<'_>,
    repository: &str,
    id: Option<&str>,
    needs: &Needs,
) -> Result<Option<Option<Vec<u8>>>, Error> {
    let Some(id) = id else { return Ok(Some(None)) };
    let request = Request::get(&["git", "repositories", repository, "blobs", id])
        .query("$format", "octetstream")
        .named(format!("read the content {id} of a changed file"))
        .needs(needs)
        .missing(format!("the content {id}"));
    let mut download = session.open_file(&request).await?;
    let mut content = Vec::new();
    if download.size().is_some_and(|size| size > LARGEST_FILE) {
        return Ok(None);
    }
    while let Some(piece) = session.unless_closed(download.next()).await? {
        content.extend_from_slice(piece.as_ref());
        if content.len() as u64 > LARGEST_FILE {
            return Ok(None);
        }
    }
    Ok(Some(Some(content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(record: serde_json::Value) -> serde_json::Value {
        let record: ChangeRecord = serde_json::from_value(record).expect("it is a change");
        assert!(record.is_file());
        serde_json::to_value(record.into_file().0).expect("it is JSON")
    }

    #[test]
    fn each_kind_of_change_has_the_contents_before_and_after() {
        for (record, expected) in [
            (
                serde_json::json!({ "item": { "path": "/a", "objectId": "1" }, "changeType": "add" }),
                serde_json::json!({ "path": "/a", "changeType": "add", "objectId": "1" }),
            ),
            (
                serde_json::json!({ "item": { "path": "/a", "objectId": "2", "originalObjectId": "1" }, "changeType": "edit" }),
                serde_json::json!({ "path": "/a", "changeType": "edit", "objectId": "2", "formerObjectId": "1" }),
            ),
            (
                serde_json::json!({ "item": { "path": "/a", "objectId": "1" }, "changeType": "delete" }),
                serde_json::json!({ "path": "/a", "changeType": "delete", "formerObjectId": "1" }),
            ),
            (
                serde_json::json!({ "item": { "path": "/b", "objectId": "1" }, "changeType": "rename", "sourceServerItem": "/a" }),
                serde_json::json!({ "path": "/b", "changeType": "rename", "formerPath": "/a", "objectId": "1", "formerObjectId": "1" }),
            ),
            (
                serde_json::json!({ "item": { "path": "/b", "objectId": "2", "originalObjectId": "1" }, "changeType": "edit, rename", "originalPath": "/a" }),
                serde_json::json!({ "path": "/b", "changeType": "edit, rename", "formerPath": "/a", "objectId": "2", "formerObjectId": "1" }),
            ),
        ] {
            assert_eq!(file(record), expected);
        }
    }

    #[test]
    fn folders_and_the_former_paths_of_renamed_files_are_left_out() {
        for record in [
            serde_json::json!({ "item": { "path": "/a", "isFolder": true }, "changeType": "add" }),
            serde_json::json!({ "item": { "path": "/a", "gitObjectType": "tree" }, "changeType": "edit" }),
            serde_json::json!({ "item": { "path": "/a" }, "changeType": "delete, sourceRename" }),
        ] {
            let record: ChangeRecord = serde_json::from_value(record).expect("it is a change");
            assert!(!record.is_file());
        }
    }
}
