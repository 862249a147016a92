//! A resolver with an environment and files of the test.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::CredentialReference;
use azdo_bot::contract::Error;
use azdo_bot::contract::LockerCredential;
use azdo_bot::contract::OrganizationUrl;
use azdo_bot::contract::ProjectName;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::Secret;
use azdo_bot::contract::TextKind as _;
use azdo_bot::contract::TokenSource as _;
use azdo_bot::credentials::CredentialResolver;
use azdo_bot::credentials::EnvLookup;
use azdo_bot::credentials::Locker;
use azdo_bot::credentials::Lockers;
use azdo_bot::credentials::StorePolicy;

pub(crate) const CONTOSO: &str = "https://dev.azure.com/contoso";

/// Returns a text of that length that looks like a token but is none
pub(crate) fn token(length: usize) -> String {
    let letter = |at: usize| char::from(b"bcdfghjklm"[(at * 7 + at / 3) % 10]);
    (0..length).map(letter).collect()
}

/// Returns an environment with only these variables
pub(crate) fn environment(variables: &[(&str, &str)]) -> EnvLookup {
    let variables: HashMap<String, OsString> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(*value))).collect();
    Arc::new(move |name| variables.get(name).cloned())
}

/// Returns a resolver with only an environment
pub(crate) fn over(variables: &[(&str, &str)]) -> CredentialResolver {
    CredentialResolver::new(environment(variables), Lockers::default(), StorePolicy::default())
}

/// Returns a resolver that lets bots reference the files of a folder
pub(crate) fn over_folder(folder: &Path) -> CredentialResolver {
    let policy = StorePolicy { file_folders: vec![folder.to_owned()], ..StorePolicy::default() };
    CredentialResolver::new(environment(&[]), Lockers::default(), policy)
}

/// Returns lockers from keys, references and organizations
pub(crate) fn lockers(rows: &[(&str, &str, Option<&str>)]) -> Lockers {
    let locker = |(key, place, organization): &(&str, &str, Option<&str>)| {
        let organization = organization.map(organization_url);
        let locker = Locker { reference: reference(place), organization, expires: None, scopes: Vec::new() };
        ((*key).to_owned(), locker)
    };
    Lockers::new(rows.iter().map(locker).collect())
}

pub(crate) fn organization_url(text: &str) -> OrganizationUrl {
    OrganizationUrl::parse(text).expect("the test's URL is one")
}

pub(crate) fn reference(text: &str) -> CredentialReference {
    CredentialReference::parse(text).expect("the test's reference is one")
}

pub(crate) fn by_reference(text: &str) -> Credential {
    Credential::Reference(reference(text))
}

pub(crate) fn by_locker(locker: &str, name: &str, attribute: &str) -> Credential {
    Credential::Locker(LockerCredential {
        locker_name: locker.to_owned(),
        name: name.to_owned(),
        attribute_name: attribute.to_owned(),
    })
}

/// Returns the reference to a file
pub(crate) fn file(path: &Path) -> String {
    format!("file:{}", path.to_str().expect("the test's paths are UTF-8"))
}

/// Resolves a credential for an organization
pub(crate) fn resolve(
    vault: &CredentialResolver,
    credential: &Credential,
    organization: &str,
) -> Result<String, Error> {
    let (organization, project) =
        (organization_url(organization), ProjectName::parse("Website").expect("it is a name"));
    let target = ConnectTarget::new(&organization, &project, Scheme::Basic);
    block_on(vault.token(credential, target)).map(|secret| secret.expose().to_owned())
}

/// Resolves a reference as the command line does
pub(crate) fn read(vault: &CredentialResolver, text: &str) -> Result<Secret, Error> {
    block_on(vault.read_reference(&reference(text)))
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
    runtime.block_on(work)
}

/// Writes a file that only its owner can read
pub(crate) fn write(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).expect("the test's folder can be written");
    set_mode(&path, 0o600);
    path
}

#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .expect("the file is the test's own");
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_path: &Path, _mode: u32) {}
