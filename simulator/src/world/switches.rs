//! The behaviour of the service that is not known for certain: one switch each, with a default.

use serde::Deserialize;
use serde::Serialize;

use super::Unverified;
use crate::auth::ConditionalAccess;
use crate::auth::Rejection;

/// Choices where the service's behaviour is not known for certain, or differs between organizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Switches {
    /// Whether `permissionevaluationbatch` accepts a token with selected scopes; no scope is documented for it.
    /// Both worlds: no, the response is 401.
    pub permission_batch_with_scopes: bool,
    /// The spelling of the organization's own security token. The other spelling grants nothing.
    /// Easy: `NAMESPACE:`; hard: `NAMESPACE`.
    pub collection_token: CollectionToken,
    /// The response to a token that has expired. Both worlds: that of an unknown one.
    pub expired_token: Rejection,
    /// The response to a request that a conditional access policy excludes. Both worlds: 403 with JSON.
    pub conditional_access: ConditionalAccess,
    /// The response for an organization that does not exist. Both worlds: plain text.
    pub unknown_organization: UnknownOrganization,
    /// The identifier of the anonymous identity. Both worlds: the one full of `a`.
    pub anonymous_identity: AnonymousIdentity,
    /// Whether a pipeline for a YAML file that is not on the default branch is refused when it is created.
    /// Both worlds: no, only its runs are refused.
    pub missing_yaml_refused_at_create: bool,
    /// Whether a run may set only variables that are marked as settable (an organization setting).
    /// Easy: no; hard: yes.
    pub only_settable_variables: bool,
    /// How long a new repository, branch, push, pull request, pipeline, run, release or work item stays invisible, in
    /// lists and alone. Both worlds: not at all.
    pub invisible_for: InvisibleFor,
    /// The number of a log's first line in `startLine` and `endLine`. Both worlds: 0.
    pub first_log_line: usize,
    /// How many requests see an import, a completion or the creation of a project in progress before it is done.
    /// Easy: 0; hard: 1.
    pub unfinished_for: u32,
    /// Assumptions about releases, approvals and definitions.
    pub unverified: Unverified,
    /// The length of a page if `$top` is missing. Both worlds: 100.
    pub page_size: usize,
    /// The maximum length of a page, whatever `$top` says, of a list with continuation tokens.
    /// Both worlds: 10,000.
    pub longest_page: usize,
}

impl Default for Switches {
    fn default() -> Self {
        Switches::easy()
    }
}

impl Switches {
    /// The switches of a friendly organization.
    pub fn easy() -> Self {
        Switches {
            permission_batch_with_scopes: false,
            collection_token: CollectionToken::Colon,
            expired_token: Rejection::Empty,
            conditional_access: ConditionalAccess::Forbidden,
            unknown_organization: UnknownOrganization::PlainText,
            anonymous_identity: AnonymousIdentity::PublicAccess,
            missing_yaml_refused_at_create: false,
            only_settable_variables: false,
            invisible_for: InvisibleFor::Requests(0),
            first_log_line: 0,
            unfinished_for: 0,
            unverified: Unverified::default(),
            page_size: 100,
            longest_page: 10_000,
        }
    }

    /// The less friendly behaviour wherever both are possible.
    pub fn hard() -> Self {
        Switches {
            collection_token: CollectionToken::Plain,
            only_settable_variables: true,
            unfinished_for: 1,
            ..Switches::easy()
        }
    }
}

/// How long something new stays invisible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum InvisibleFor {
    /// For this many requests for it.
    Requests(u32),
    /// For this long, on the clock that advances runs.
    Time {
        /// The duration.
        milliseconds: u64,
    },
}

/// The spelling of an organization's security token. Clients use both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CollectionToken {
    /// `NAMESPACE:`.
    Colon,
    /// `NAMESPACE`.
    Plain,
}

impl CollectionToken {
    pub(crate) fn spelling(self) -> &'static str {
        match self {
            CollectionToken::Colon => "NAMESPACE:",
            CollectionToken::Plain => "NAMESPACE",
        }
    }

    pub(crate) fn is(self, token: &str) -> bool {
        token.eq_ignore_ascii_case(self.spelling())
    }
}

/// The response for an organization that does not exist. The status is 404 in both cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownOrganization {
    /// `The resource cannot be found.` as plain text.
    PlainText,
    /// A page, as browsers get it.
    Html,
}

/// The identifier of the anonymous identity. Both were reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnonymousIdentity {
    /// `aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa`.
    PublicAccess,
    /// `00000000-0000-0000-0000-000000000000`.
    Zero,
}
