//! The response to a token that is not accepted.

use serde::Deserialize;
use serde::Serialize;

/// The response to a token that is not accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rejection {
    /// 401 without a body; 302 to the sign-in page when the request does not suppress redirects. Measured.
    #[default]
    Empty,
    /// 401 with a byte order mark and JSON `TF400813`. Reported.
    Json,
    /// 203 with the sign-in page as HTML. Reported.
    SignInPage,
    /// 302 to the sign-in page, whatever the request says. Reported.
    Redirect,
    /// 200 as the anonymous identity where it may see something, as in organizations with public projects.
    Anonymous,
}
