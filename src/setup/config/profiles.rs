//! The table `profiles` of the operator's file: organization, project and credential of the command line. Decision 0186.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::contract::CredentialReference;
use crate::contract::LONGEST_NAME;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::TextKind as _;
use crate::contract::printable;
use crate::credentials::Locker;
use crate::credentials::SettingError;

/// The profile that is used if none is named
#[cfg(feature = "cli")]
pub(crate) const DEFAULT_PROFILE: &str = "default";

/// A profile: what a command connects with if its flags do not say otherwise
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    /// The organization, to which the credential is bound
    pub(crate) organization_url: OrganizationUrl,
    /// The project
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only the command line has profiles"))]
    pub(crate) project: Option<ProjectName>,
    /// The reference to the token
    pub(crate) credential: Option<CredentialReference>,
}

/// A profile as written
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenProfile {
    organization_url: OrganizationUrl,
    project: Option<ProjectName>,
    credential: Option<String>,
}

/// Checks the profiles
pub(super) fn check(
    written: IndexMap<String, WrittenProfile>,
) -> Result<IndexMap<String, Profile>, SettingError> {
    written.into_iter().map(|(name, written)| Ok((name.clone(), profile(&name, written)?))).collect()
}

fn profile(name: &str, written: WrittenProfile) -> Result<Profile, SettingError> {
    let WrittenProfile { organization_url, project, credential } = written;
    let credential = credential.map(|text| {
        CredentialReference::parse(&text).map_err(|refusal| {
            let key = format!("profiles.{}.credential", printable(name, LONGEST_NAME));
            (key, format!("is not a reference such as env:NAME or file:PATH: {}", refusal.reason))
        })
    });
    Ok(Profile { organization_url, project, credential: credential.transpose()? })
}

/// Returns what binds the credentials of the profiles to their organizations
pub(super) fn bindings(profiles: &IndexMap<String, Profile>) -> Vec<Locker> {
    let binding = |profile: &Profile| {
        let organization = Some(profile.organization_url.clone());
        let reference = profile.credential.clone()?;
        Some(Locker { reference, organization, expires: None, scopes: Vec::new() })
    };
    profiles.values().filter_map(binding).collect()
}
