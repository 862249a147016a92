//! What the errors of an organization have in common: its name, and safe quotes of the service.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Masker;
use crate::contract::OrganizationUrl;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::ServiceKind;
use crate::contract::printable;
use crate::devops::errors::rate_limit_error::AZURE_DEVOPS;

/// The longest message of the service that is quoted, in characters; longer bodies are not read for an error
const QUOTED: usize = 64 << 10;

/// The organization as error messages name it, and the scheme of its token
pub(crate) struct ErrorText {
    pub(crate) url: OrganizationUrl,
    pub(crate) scheme: Scheme,
}

impl ErrorText {
    pub(crate) fn new(organization: &OrganizationUrl, scheme: Scheme) -> Self {
        ErrorText { url: organization.clone(), scheme }
    }

    /// Returns the name of the organization as it was given
    pub(crate) fn organization(&self) -> &str {
        self.url.organization()
    }

    /// Whether it is a collection of an Azure DevOps Server
    pub(crate) fn is_on_a_server(&self) -> bool {
        self.url.service() == ServiceKind::Server
    }

    /// Returns the error of the URL of a server without a collection, if it is one
    ///
    /// The server itself, at `/tfs`, accepts no token of a collection.
    pub(crate) fn no_collection(&self, code: ErrorCode) -> Option<Error> {
        let base = self.url.base();
        let path = base.split('/').skip(3).collect::<Vec<_>>();
        let lacks =
            self.is_on_a_server() && matches!(path.as_slice(), [only] if only.eq_ignore_ascii_case("tfs"));
        lacks.then(|| {
            Error::new(code, format!("The URL {base} names a server without a collection")).help(format!(
                "Add the collection, as the address in a browser has it: {base}/DefaultCollection."
            ))
        })
    }

    /// Returns the name of the service in messages: Azure DevOps, or the host of a server
    pub(crate) fn service(&self) -> &str {
        if self.is_on_a_server() { self.url.authority() } else { AZURE_DEVOPS }
    }

    /// Returns what the service calls the organization
    pub(crate) fn kind(&self) -> &'static str {
        self.url.service().organization()
    }

    /// Returns the URL of the page where tokens are created
    pub(crate) fn token_page(&self) -> String {
        format!("{}/_usersSettings/tokens", self.url.base())
    }

    /// Returns the error of an organization that does not exist
    pub(crate) fn organization_not_found(&self) -> Error {
        let name = self.organization();
        if let Some(error) = self.no_collection(ErrorCode::OrganizationNotFound) {
            return error;
        }
        if self.is_on_a_server() {
            let message = format!("There is no collection \"{name}\" at {}", self.url.base());
            return Error::new(ErrorCode::OrganizationNotFound, message).help(
                "Compare the address with the one in a browser: many collections are below /tfs, and the address \
                 does not include a project.",
            );
        }
        Error::new(
            ErrorCode::OrganizationNotFound,
            format!("There is no organization \"{name}\" on Azure DevOps"),
        )
    }
}

/// Returns a text of the service that is safe to show: the token masked, control characters escaped
///
/// The text is not shortened: it may contain another token of the run tree, which the dispatcher masks first.
pub(crate) fn quote(text: &str, token: &Secret) -> String {
    let masker = Masker::default();
    masker.remember(token);
    let shown = printable(&masker.mask(text.trim()), QUOTED);
    // An escaped control character may complete the token again: it ends with a hexadecimal digit.
    masker.mask(&shown).into_owned()
}

/// Returns the error of an action that ran out of time; `words` complete "could not"
pub(crate) fn out_of_time(description: &str) -> Error {
    Error::new(
        ErrorCode::DeadlineExceeded,
        format!("Could not {description}: the action's time limit is reached"),
    )
}
