//! Requests for releases that several actions send.

use crate::actions::prelude::*;

/// The needs of reading a release
pub(crate) const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::VIEW_RELEASES], scope: Some(Scope::ReleaseRead) };

/// Returns the request that reads a release
pub(crate) fn read_request<'a>(id: ReleaseId, needs: &Needs) -> Request<'a> {
    Request::get(&["release", "releases", &id.to_string()])
        .release()
        .named(format!("read the release {id}"))
        .needs(needs)
        .missing(format!("the release {id}"))
}
