//! The response to a token that is not accepted, or that a policy excludes.

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
    /// 401 without a body; `X-TFS-ServiceError` says that the token has expired. Reported.
    ExpiredHeader,
    /// 401 with JSON, `AccessCheckException`, that says that the token has expired. Reported.
    ExpiredJson,
    /// 401 with a web page whose title says that the token has expired. Reported.
    ExpiredPage,
    /// 403 with the JSON of [`Rejection::ExpiredJson`]. Reported once.
    ExpiredForbidden,
    /// 401 with a web page; `X-TFS-ServiceError` says that a policy excludes tokens for all organizations. Reported.
    GlobalTokenPolicy,
    /// 401 with JSON, `TF400813`, that names the token's user: no member of the organization. Reported.
    NotAMember,
}

/// The response to a request that a conditional access policy excludes. Its sentence begins with `VS403463` in each form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConditionalAccess {
    /// 403 with JSON. Reported.
    #[default]
    Forbidden,
    /// 401 with JSON. Reported.
    Unauthorized,
    /// 403 with a web page that has the sentence as its title. Reported.
    Page,
}

/// A refusal of every request with a valid token, for a reason whose sentence is given.
///
/// The service has reasons whose words are not known, such as a policy for guests or for addresses, a disabled user, or tokens
/// that the organization does not allow. This gives any sentence in one of the forms in which the service says others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    pub(crate) sentence: String,
    #[serde(default)]
    pub(crate) form: RefusalForm,
}

impl Refusal {
    /// A refusal with this sentence, in the default form.
    pub fn new(sentence: &str) -> Self {
        Refusal { sentence: sentence.to_owned(), form: RefusalForm::default() }
    }

    /// Sets the form.
    pub fn form(mut self, form: RefusalForm) -> Self {
        self.form = form;
        self
    }
}

/// Where a refusal has its sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalForm {
    /// 403 with JSON.
    #[default]
    Forbidden,
    /// 401 with JSON.
    Unauthorized,
    /// 401 without a body, the sentence in `X-TFS-ServiceError`.
    Header,
    /// 403 with a web page, the sentence as its title.
    Page,
}
