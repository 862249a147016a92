//! A credential: a reference to a token, or the token itself.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use schemars::json_schema;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::MapAccess;
use serde::de::Visitor;
use serde::de::value::MapAccessDeserializer;

use crate::contract::ErrorCode;
use crate::contract::ParseError;
use crate::contract::STORES;
use crate::contract::Secret;
use crate::contract::TextKind;
use crate::contract::did_you_mean;
use crate::contract::inputs::parse_error::refuse;
use crate::contract::is_token_for_place;
use crate::contract::kinds::placeholder::placeholder;
use crate::contract::kinds::token::check_token;
use crate::contract::kinds::token_faults::TokenOrigin;
use crate::contract::kinds::token_faults::recognized;
use crate::contract::nearest;
use crate::contract::secrets::misplaced_token::TOKEN_FOR_REFERENCE;
use crate::contract::secrets::misplaced_token::TOKEN_IN_REFERENCE;
use crate::contract::secrets::misplaced_token::WRITE_THE_NAME;

/// Where a token comes from
///
/// `Debug` shows references and lockers, never an insecure string.
#[derive(Debug)]
pub enum Credential {
    /// A reference to a store: `env:NAME`, `file:PATH`
    Reference(CredentialReference),
    /// A credential of the designer's locker, which the operator's file maps to a reference
    Locker(LockerCredential),
    /// The token itself, entered in the flow: accepted with a warning
    Insecure(Secret),
}

/// `store:path` with an optional `#attribute`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CredentialReference {
    /// One of [`STORES`]
    pub store: String,
    /// The path in the store: a variable's name, a file's path
    pub path: String,
    /// The attribute, for stores that keep several values at one path
    pub attribute: Option<String>,
}

/// A credential as the vendor's designer identifies it
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LockerCredential {
    /// The locker
    pub locker_name: String,
    /// The credential in it
    pub name: String,
    /// The credential's attribute
    pub attribute_name: String,
}

impl Credential {
    /// Returns the reference, or that it is an insecure string; never the token
    pub fn shown(&self) -> String {
        match self {
            Credential::Reference(reference) => reference.to_string(),
            Credential::Locker(locker) => locker.to_string(),
            Credential::Insecure(_) => "insecure string".to_owned(),
        }
    }
}

impl fmt::Display for CredentialReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.store, self.path)?;
        match &self.attribute {
            Some(attribute) => write!(f, "#{attribute}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for LockerCredential {
    /// `locker/name/attribute`, its key in the operator's file
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.locker_name, self.name, self.attribute_name)
    }
}

impl TextKind for CredentialReference {
    const EXPECTED: &'static str = "a reference such as env:NAME or file:PATH";

    fn parse(text: &str) -> Result<Self, ParseError> {
        // The text after an unknown store may be a token, so no part of it is quoted.
        let refuse = |reason: &str| {
            Err(ParseError::new(ErrorCode::CredentialInvalidFormat, reason).help(REFERENCE_HELP))
        };
        let names_a_store = |(store, _): &(&str, &str)| STORES.contains(store);
        let Some((store, path)) = text.split_once(':').filter(names_a_store) else {
            if let Some(refusal) = nearly_a_reference(text) {
                return Err(refusal);
            }
            if is_token_for_place(text) {
                return Err(ParseError::new(ErrorCode::CredentialInvalidFormat, TOKEN_FOR_REFERENCE)
                    .help(WRITE_THE_NAME));
            }
            return refuse(&no_known_store(text));
        };
        let (path, attribute) = match path.rsplit_once('#') {
            Some((path, attribute)) => (path, Some(attribute)),
            None => (path, None),
        };
        if is_token_for_place(path) || attribute.is_some_and(is_token_for_place) {
            return Err(
                ParseError::new(ErrorCode::CredentialInvalidFormat, TOKEN_IN_REFERENCE).help(WRITE_THE_NAME)
            );
        }
        if [Some(path), attribute].into_iter().flatten().any(|part| part.trim() != part) {
            return refuse(&blanks_around(store));
        }
        if let Some(placeholder) =
            placeholder(path).filter(|found| found.form.starts_with(['$', '%', '{', '#', '@']))
        {
            let reason = format!(
                "the reference contains a placeholder of the form {}, not replaced",
                placeholder.form
            );
            return refuse(&reason);
        }
        if path.is_empty() || attribute.is_some_and(str::is_empty) || text.chars().any(char::is_control) {
            return refuse("the reference is incomplete or contains control characters");
        }
        Ok(CredentialReference {
            store: store.to_owned(),
            path: path.to_owned(),
            attribute: attribute.map(str::to_owned),
        })
    }
}

const REFERENCE_HELP: &str = "Write env:NAME for an environment variable, file:PATH for a file, exec:NAME for one of the operator's \
    helpers, vault:PATH#KEY for a secret in a HashiCorp vault, keyring:SERVICE#USER for an entry in the system's \
    keyring, entra:NAME for an application of Microsoft Entra, \
    keyvault:NAME/SECRET for a secret of an Azure Key Vault.";

/// Returns the reason to refuse a reference to an unknown store, with the store that it may mean
///
/// The text may be a token, so only a known name is shown.
fn no_known_store(text: &str) -> String {
    let store = text.trim().split_once(':').map(|(store, _)| store);
    format!("the reference names no known store{}", did_you_mean_store(store))
}

/// Returns `; did you mean "env:"?`, if a store is named like this
fn did_you_mean_store(store: Option<&str>) -> String {
    let near = store.and_then(|store| nearest(store, STORES.iter().copied()));
    did_you_mean(near.map(|store| format!("{store}:")).as_deref())
}

/// Returns the reason to refuse a reference with white space around it or around one of its parts
fn blanks_around(store: &str) -> String {
    format!(
        "the reference to the store {store} has a blank or a line break before or after it, or around its \":\" or \"#\""
    )
}

/// Returns what is wrong with a text that is a reference except for white space, quotes, `@` or capital letters
fn nearly_a_reference(text: &str) -> Option<ParseError> {
    let is_around = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '@');
    let (store, place) = text.trim_matches(is_around).split_once(':')?;
    let known = STORES.iter().find(|known| known.eq_ignore_ascii_case(store.trim_end()))?;
    if is_token_for_place(place.trim()) {
        return Some(
            ParseError::new(ErrorCode::CredentialInvalidFormat, TOKEN_IN_REFERENCE).help(WRITE_THE_NAME),
        );
    }
    let reason = match text.trim_matches(char::is_whitespace) {
        inner if inner != text || store.trim_end() != store => blanks_around(known),
        inner if inner.starts_with('@') => {
            "the reference begins with \"@\", which only the command line takes".to_owned()
        }
        inner if inner.starts_with(['"', '\'']) => "the reference is in quotes".to_owned(),
        _ => format!("the name of the store is not in small letters: {known}"),
    };
    Some(ParseError::new(ErrorCode::CredentialInvalidFormat, reason).help(REFERENCE_HELP))
}

impl TextKind for Credential {
    const EXPECTED: &'static str = "a credential";

    /// Parses a reference after a known store and `:`, rejects any other `:` or `/`, and takes the rest as a token
    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.split_once(':').is_some_and(|(store, _)| STORES.contains(&store)) {
            return CredentialReference::parse(text).map(Credential::Reference);
        }
        if let Some(refusal) = nearly_a_reference(text) {
            return Err(refusal);
        }
        if text.contains([':', '/']) {
            let store = text.split_once(':').map(|(store, _)| store);
            let hint = did_you_mean_store(store);
            if hint.is_empty()
                && let Some(fault) = recognized(text, TokenOrigin::Typed)
            {
                return Err(
                    ParseError::new(ErrorCode::CredentialInvalidFormat, fault.reason).help(fault.help)
                );
            }
            let reason = format!("the text is neither a reference to a known store nor a token{hint}");
            return Err(ParseError::new(ErrorCode::CredentialInvalidFormat, reason).help(REFERENCE_HELP));
        }
        check_token(text, TokenOrigin::Typed).map(Credential::Insecure)
    }
}

/// The object forms, which differ by their keys
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Fields {
    #[serde(default)]
    reference: Option<String>,
    #[serde(default)]
    insecure: Option<Secret>,
    #[serde(default)]
    locker_name: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    attribute_name: Option<String>,
}

impl Fields {
    fn credential(self) -> Result<Credential, ParseError> {
        match self {
            Fields {
                reference: Some(text),
                insecure: None,
                locker_name: None,
                name: None,
                attribute_name: None,
            } => CredentialReference::parse(&text).map(Credential::Reference),
            Fields {
                insecure: Some(token),
                reference: None,
                locker_name: None,
                name: None,
                attribute_name: None,
            } => check_token(token.expose(), TokenOrigin::Typed).map(Credential::Insecure),
            Fields {
                locker_name: Some(locker_name),
                name: Some(name),
                attribute_name: Some(attribute_name),
                reference: None,
                insecure: None,
            } => Ok(Credential::Locker(LockerCredential { locker_name, name, attribute_name })),
            _ => Err(ParseError::new(
                ErrorCode::CredentialInvalidFormat,
                "a credential is one of reference, insecure, or lockerName with name and attributeName",
            )),
        }
    }
}

impl<'de> Deserialize<'de> for Credential {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Forms;
        impl<'de> Visitor<'de> for Forms {
            type Value = Credential;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(Credential::EXPECTED)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Credential, E> {
                Credential::parse(text).map_err(refuse)
            }

            fn visit_string<E: serde::de::Error>(self, text: String) -> Result<Credential, E> {
                // The text may be the token itself.
                self.visit_str(&Zeroizing::new(text))
            }

            fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Credential, A::Error> {
                Fields::deserialize(MapAccessDeserializer::new(access))?.credential().map_err(refuse)
            }
        }
        deserializer.deserialize_any(Forms)
    }
}

impl JsonSchema for Credential {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Credential".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "x-attribute": "CREDENTIAL",
            "writeOnly": true,
            "anyOf": [
                // Limit of this package: the longest token that is sent
                { "type": "string", "minLength": 1, "maxLength": 8192 },
                { "type": "object", "additionalProperties": false, "required": ["reference"],
                  "properties": { "reference": { "type": "string", "pattern": format!("^({}):.", STORES.join("|")) } } },
                { "type": "object", "additionalProperties": false, "required": ["lockerName", "name", "attributeName"],
                  "properties": { "lockerName": { "type": "string" }, "name": { "type": "string" },
                                  "attributeName": { "type": "string" } } },
                { "type": "object", "additionalProperties": false, "required": ["insecure"],
                  "properties": { "insecure": { "type": "string" } } }
            ]
        })
    }
}

#[cfg(test)]
#[path = "credential_tests.rs"]
mod tests;
