//! Git tags as the service describes them.

use crate::actions::branches::refs;
use crate::actions::prelude::*;

/// The prefix of the refs of tags
pub(super) const TAGS: &str = "refs/tags/";

/// An object that a tag names
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tagged {
    #[serde(default)]
    pub(super) object_id: Option<String>,
}

/// The object of an annotated tag
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AnnotatedTag {
    #[serde(default)]
    pub(super) object_id: Option<String>,
    #[serde(default)]
    pub(super) message: Option<String>,
    #[serde(default)]
    pub(super) tagged_object: Option<Tagged>,
}

/// A tag in the list of refs
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TagRef {
    name: String,
    pub(super) object_id: String,
    /// The commit of an annotated tag
    #[serde(default)]
    pub(super) peeled_object_id: Option<String>,
}

impl TagRef {
    /// Returns the commit that it points to
    pub(super) fn commit(self) -> String {
        self.peeled_object_id.unwrap_or(self.object_id)
    }
}

/// Returns a tag, or `None` when it does not exist
pub(super) async fn find(
    session: &OpenSession<'_>,
    repository: &RepositoryName,
    tag: &BranchName,
    needs: &Needs,
) -> Result<Option<TagRef>, Error> {
    let request = refs::list_request(repository, tag.full(), needs).query("peelTags", "true");
    let found: Vec<TagRef> = session.send_list(request).await?;
    Ok(found.into_iter().find(|one| one.name == tag.full()))
}
