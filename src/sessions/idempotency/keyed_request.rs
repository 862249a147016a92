//! A request with an idempotency key, and its record.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::IdempotencyKey;
use crate::contract::printable;
use crate::sessions::idempotency::key_secrets::KeySecrets;

/// What the record of a key is sealed for
const RECORD: &[u8] = b"idempotency record";

/// A request with an idempotency key
pub struct KeyedRequest<'a> {
    /// The key
    pub key: &'a IdempotencyKey,
    /// The identity of the organization
    pub organization: String,
    /// The id of the project
    pub project: &'a str,
    /// What the request is made for: `pipeline 7`
    pub target: String,
    /// The inputs by their names, each in one form for equal values
    pub inputs: Vec<(&'static str, String)>,
    /// The mark that the request carries, if it can carry one
    pub mark: Option<&'a str>,
    /// The time by the clock of the service, in seconds since 1970, if it is known
    pub since: Option<i64>,
}

/// The record of a key
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeyRecord {
    /// The hashes of the inputs
    inputs: BTreeMap<String, String>,
    /// The mark of the request
    pub(super) mark: Option<String>,
    /// When the request was made, at the earliest
    pub(super) since: Option<i64>,
    /// The id of what was made
    pub(super) made: Option<u32>,
}

impl KeyRecord {
    pub(super) fn of(request: &KeyedRequest<'_>, secrets: &KeySecrets) -> Self {
        let hashed = request.inputs.iter().map(|(name, value)| ((*name).to_owned(), secrets.hash(value)));
        let mark = request.mark.map(str::to_owned);
        KeyRecord { inputs: hashed.collect(), mark, since: request.since, made: None }
    }

    pub(super) fn seal(&self, secrets: &KeySecrets) -> Result<Vec<u8>, Error> {
        let text = serde_json::to_vec(self).map_err(|error| {
            Error::new(ErrorCode::Internal, "The record of an idempotency key cannot be written")
                .caused_by(error)
        })?;
        secrets.sealer.seal(RECORD, text)
    }

    /// Reads a record
    ///
    /// Errors: `store.unavailable` if it was written by a version of another form, or by something else.
    pub(super) fn read(sealed: &[u8], secrets: &KeySecrets) -> Result<Self, Error> {
        let read = secrets.sealer.unseal(RECORD, sealed).and_then(|text| serde_json::from_slice(&text).ok());
        read.ok_or_else(|| {
            Error::new(
                ErrorCode::StoreUnavailable,
                "The session store has a record of this idempotency key that cannot be read",
            )
            .help("Use the same version of azdo-bot on all machines, and a store that only they write to.")
        })
    }

    /// Returns the record of a request that made this
    pub(super) fn made(&self, made: u32) -> Self {
        KeyRecord { inputs: self.inputs.clone(), mark: None, since: self.since, made: Some(made) }
    }

    /// Checks that the request has the inputs of the one that reserved the key
    ///
    /// Errors: `input.invalid`, which names the first input that differs.
    pub(super) fn check(&self, request: &KeyedRequest<'_>, secrets: &KeySecrets) -> Result<(), Error> {
        let differs = |(name, value): &&(&str, String)| self.inputs.get(*name) != Some(&secrets.hash(value));
        let Some((name, _)) = request.inputs.iter().find(differs) else { return Ok(()) };
        let key = printable(request.key.as_str(), 128);
        let message =
            format!("The idempotency key \"{key}\" belongs to a request with another value of `{name}`");
        Err(Error::new(ErrorCode::InputInvalid, message)
            .help("Give equal inputs in all calls with one key, or use another key. A key is kept for 24 hours.")
            .with("field", *name))
    }
}
