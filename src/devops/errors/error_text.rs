//! What every error names: the organization, and what the service wrote, made safe to repeat.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Masker;
use crate::contract::OrganizationForm;
use crate::contract::OrganizationUrl;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::printable;

/// The longest words of the service that are quoted, in characters; no longer answer is read for an error
const QUOTED: usize = 64 << 10;

/// The organization as messages name it, and what signs in there
pub(crate) struct ErrorText {
    pub(crate) url: OrganizationUrl,
    pub(crate) scheme: Scheme,
}

impl ErrorText {
    pub(crate) fn new(organization: &OrganizationUrl, scheme: Scheme) -> Self {
        ErrorText { url: organization.clone(), scheme }
    }

    /// Its name as typed
    pub(crate) fn organization(&self) -> &str {
        self.url.organization()
    }

    /// Whether it is a collection of an Azure DevOps Server; plain http is for simulators alone
    pub(crate) fn is_on_a_server(&self) -> bool {
        self.url.form() == OrganizationForm::Other && !self.url.is_plain_http()
    }

    /// Where its tokens are made
    pub(crate) fn token_page(&self) -> String {
        format!("{}/_usersSettings/tokens", self.url.base())
    }

    /// There is nothing at the organization's address
    pub(crate) fn organization_not_found(&self) -> Error {
        let name = self.organization();
        if self.is_on_a_server() {
            let message = format!("There is no collection \"{name}\" at {}", self.url.base());
            return Error::new(ErrorCode::OrganizationNotFound, message).help(
                "Compare the address with the one in a browser: collections often stand below /tfs, and a \
                 project does not belong into the address.",
            );
        }
        Error::new(
            ErrorCode::OrganizationNotFound,
            format!("There is no organization \"{name}\" on Azure DevOps"),
        )
    }
}

/// What the service wrote, safe to show: our token masked, control characters escaped
///
/// It is whole: it may hold another token of the run tree, which the dispatcher masks before it cuts.
pub(crate) fn quote(text: &str, token: &Secret) -> String {
    let masker = Masker::default();
    masker.remember(token);
    printable(&masker.mask(text.trim()), QUOTED)
}

/// Returns the error of an action that ran out of time; `words` complete "could not"
pub(crate) fn out_of_time(description: &str) -> Error {
    Error::new(
        ErrorCode::DeadlineExceeded,
        format!("Could not {description}: the action's time limit is reached"),
    )
}
