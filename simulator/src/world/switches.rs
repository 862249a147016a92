//! What nobody has seen the service do for certain: one switch each, with a default.

use serde::Deserialize;
use serde::Serialize;

use super::Unverified;

/// Choices where the service's behaviour is not known for certain, or differs between organizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Switches {
    /// Whether a token with chosen scopes may ask `permissionevaluationbatch`, for which no scope is documented.
    /// Both worlds: no, it is answered with 401.
    pub permission_batch_with_scopes: bool,
    /// How the organization's own security token is written; the other spelling is nobody's and grants nothing.
    /// Easy: `NAMESPACE:`; hard: `NAMESPACE`.
    pub collection_token: CollectionToken,
    /// How an organization that does not exist is answered. Both worlds: plain text.
    pub unknown_organization: UnknownOrganization,
    /// Which identifier an anonymous identity has. Both worlds: the one full of `a`.
    pub anonymous_identity: AnonymousIdentity,
    /// Whether creating a pipeline on a YAML file that is not on the default branch is refused at once.
    /// Both worlds: no, only running it is.
    pub missing_yaml_refused_at_create: bool,
    /// Whether only variables marked as settable may be set when a run is started (an organization setting).
    /// Easy: no; hard: yes.
    pub only_settable_variables: bool,
    /// How long something just made (a repository, branch, push, pull request, pipeline, run, release or work item) is
    /// not seen, in lists or alone. Both worlds: not at all.
    pub invisible_for: InvisibleFor,
    /// What the first line of a log is called in `startLine` and `endLine`. Both worlds: 0.
    pub first_log_line: usize,
    /// How many requests see an import, the completion of a pull request or the making of a project under way before it is done.
    /// Easy: 0; hard: 1.
    pub unfinished_for: u32,
    /// What is believed of releases, approvals and definitions.
    pub unverified: Unverified,
    /// How many elements a page has when `$top` is not given. Both worlds: 100.
    pub page_size: usize,
    /// How many elements a page has at most, whatever `$top` says, of a list that goes on with a continuation token.
    /// Both worlds: 10,000.
    pub longest_page: usize,
}

impl Default for Switches {
    fn default() -> Self {
        Switches::easy()
    }
}

impl Switches {
    /// What a friendly organization does.
    pub fn easy() -> Self {
        Switches {
            permission_batch_with_scopes: false,
            collection_token: CollectionToken::Colon,
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

    /// The less friendly answer wherever both are possible.
    pub fn hard() -> Self {
        Switches {
            collection_token: CollectionToken::Plain,
            only_settable_variables: true,
            unfinished_for: 1,
            ..Switches::easy()
        }
    }
}

/// How long something is not seen that was just made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum InvisibleFor {
    /// For so many requests that ask for it.
    Requests(u32),
    /// For so long, on the clock that moves runs.
    Time {
        /// How long.
        milliseconds: u64,
    },
}

/// How the security token of an organization is written; clients use both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CollectionToken {
    /// `NAMESPACE:`.
    Colon,
    /// `NAMESPACE`.
    Plain,
}

impl CollectionToken {
    pub(crate) fn is(self, token: &str) -> bool {
        let own = match self {
            CollectionToken::Colon => "NAMESPACE:",
            CollectionToken::Plain => "NAMESPACE",
        };
        token.eq_ignore_ascii_case(own)
    }
}

/// How an organization that does not exist is answered; the status is 404 in both cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownOrganization {
    /// `The resource cannot be found.` as plain text.
    PlainText,
    /// A page, as browsers get it.
    Html,
}

/// Which identifier the anonymous identity has; both were reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnonymousIdentity {
    /// `aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa`.
    PublicAccess,
    /// `00000000-0000-0000-0000-000000000000`.
    Zero,
}
