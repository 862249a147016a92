//! Values of the command line: `name=value`, and references to secrets.

use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::cli::setup::plain_value::Given;
use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::contract::TextKind as _;
use crate::credentials::CredentialResolver;
use crate::setup::Lookup;

/// Splits `name=value`
pub(in crate::cli) fn name_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as name=value".to_owned()),
    }
}

/// Parses `--credential`; errors do not quote the text, since it may be a token
pub(in crate::cli) fn credential(text: &str) -> Result<CredentialReference, Fail> {
    CredentialReference::parse(text).map_err(|refusal| {
        let message = format!(
            "--credential takes a reference such as env:NAME or file:PATH, never the token itself: {}",
            refusal.reason
        );
        let error = Error::new(ErrorCode::InputInvalid, message);
        usage(match refusal.help {
            Some(help) => error.help(help),
            None => error,
        })
    })
}

/// Reads the text that `@env:NAME`, or another reference, refers to
pub(in crate::cli) async fn read_at(vault: &CredentialResolver, text: &str) -> Result<Secret, Fail> {
    let reference = CredentialReference::parse(text).map_err(|refusal| {
        let error = Error::new(ErrorCode::InputInvalid, refusal.reason);
        usage(match refusal.help {
            Some(help) => error.help(help),
            None => error,
        })
    })?;
    vault.read_reference(&reference).await.map_err(usage)
}

/// Refuses a reference to a store that would leave this machine, for a run against the simulator
pub(in crate::cli) fn refuse_other_stores(text: &str) -> Result<(), Fail> {
    match Given::of(text) {
        Given::Store(_) => Err(Fail::usage(
            "with --simulate only @env:NAME and @file:PATH are read; other stores would leave this machine",
        )),
        Given::Text(_) | Given::Variable(_) | Given::File(_) => Ok(()),
    }
}

/// Returns the value of a field that is not a credential: the text itself, or what its reference leads to
pub(in crate::cli) async fn plain(
    text: &str,
    lookup: &Lookup,
    vault: &CredentialResolver,
) -> Result<String, Fail> {
    let given = Given::of(text);
    match (given.read(lookup)?, &given) {
        (None, Given::Store(reference)) => Ok(read_at(vault, reference).await?.expose().to_owned()),
        (value, _) => Ok(value.unwrap_or_default()),
    }
}

fn usage(error: Error) -> Fail {
    Fail::new(error, USAGE)
}
