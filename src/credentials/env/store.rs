//! The store `env`: variables of the process's environment.

use secrecy::zeroize::Zeroizing;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::contract::printable;
use crate::credentials::env::EnvLookup;
use crate::credentials::store::Reading;
use crate::credentials::store::Store;
use crate::credentials::store::no_attribute;

/// The prefix of variables that are for this package
const OWN_PREFIX: &str = "AZDO_";

/// The variable that the Azure DevOps CLI reads
const COMMAND_LINE_VARIABLE: &str = "AZURE_DEVOPS_EXT_PAT";

pub(in crate::credentials) struct EnvStore {
    pub(in crate::credentials) lookup: EnvLookup,
    /// More variables that a bot may reference
    pub(in crate::credentials) names: Vec<String>,
}

impl Store for EnvStore {
    fn admit(&self, place: &CredentialReference) -> Result<(), Error> {
        no_attribute(place)?;
        let name = &place.path;
        let usual = name.starts_with(OWN_PREFIX) || name == COMMAND_LINE_VARIABLE;
        if usual || self.names.iter().any(|listed| listed == name) {
            return Ok(());
        }
        let message = format!(
            "A bot may reference only environment variables that begin with {OWN_PREFIX}, {COMMAND_LINE_VARIABLE}, \
             and those that the operator lists"
        );
        Err(Error::new(ErrorCode::InputInvalid, message).help(
            "Rename the variable, or ask the operator to add its name to `stores.env.names` in azdo-bot.toml.",
        ))
    }

    fn same(&self, one: &CredentialReference, other: &CredentialReference) -> bool {
        let (one, other) = (&one.path, &other.path);
        // Windows ignores case in the names of variables.
        if cfg!(windows) { one.eq_ignore_ascii_case(other) } else { one == other }
    }

    fn read<'a>(&'a self, place: &'a CredentialReference) -> Reading<'a> {
        Box::pin(async move {
            no_attribute(place)?;
            self.variable(&place.path)
        })
    }
}

impl EnvStore {
    fn variable(&self, name: &str) -> Result<Secret, Error> {
        let shown = printable(name, 256);
        let Some(value) = (self.lookup)(name) else {
            let message = format!("The environment variable {shown} is not set");
            return Err(Error::new(ErrorCode::CredentialNotFound, message)
                .help("Set it in the environment of this process, or correct the reference."));
        };
        value.into_string().map(Secret::new).map_err(|value| {
            drop(Zeroizing::new(value.into_encoded_bytes()));
            let message = format!("The environment variable {shown} contains characters that no token has");
            Error::new(ErrorCode::CredentialInvalidFormat, message)
        })
    }
}
