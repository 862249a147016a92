//! Addresses of pages of the service.

use url::Url;

use crate::devops::Connection;

/// Returns the address in a browser of a page in a project
pub(crate) fn web_url(connection: &Connection, project: &str, path: &[&str]) -> String {
    let Ok(mut url) = Url::parse(&connection.organization().base()) else { return String::new() };
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().push(project).extend(path);
    }
    url.into()
}
