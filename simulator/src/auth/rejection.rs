//! How a token that is not accepted is answered.

use serde::Deserialize;
use serde::Serialize;

/// How a token that is not accepted is answered.
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
    /// 200 as the anonymous identity where that may see something, as organizations with public projects do.
    Anonymous,
}
