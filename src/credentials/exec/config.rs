//! The settings of the store `exec`: helpers, which are programs that return one token.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use crate::credentials::setting_error::SettingError;
use crate::credentials::setting_error::absolute_path;
use crate::credentials::setting_error::is_name;

/// A program that returns a token: `stores.exec.NAME` in the operator's file
#[derive(Debug, Clone)]
pub struct Helper {
    /// The absolute path of the program
    pub program: PathBuf,
    /// Its arguments, which no shell interprets; `{attribute}` is replaced with the reference's attribute
    pub arguments: Vec<String>,
    /// The protocol between this package and the helper
    pub protocol: Protocol,
    /// Environment variables that it gets besides those that every program needs
    pub environment: Vec<String>,
    /// The attributes that a bot may reference directly; an empty text is a reference without one
    pub bots: Vec<String>,
}

/// The protocol of a helper
#[derive(Debug, Clone)]
pub enum Protocol {
    /// It gets no input and writes the token to its standard output
    Plain,
    /// Git's credential protocol: `protocol`, `host`, `path` and `username` on its standard input, `password` on its output
    Git {
        /// The URL of the credential; the user is the reference's attribute, if there is one
        url: Url,
    },
}

/// The table `stores.exec.NAME` as written
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HelperSettings {
    program: PathBuf,
    #[serde(default)]
    arguments: Vec<String>,
    #[serde(default)]
    protocol: HelperProtocol,
    url: Option<String>,
    #[serde(default)]
    environment: Vec<String>,
    #[serde(default)]
    bots: Vec<String>,
}

/// The protocol of a helper as written
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum HelperProtocol {
    #[default]
    Plain,
    Git,
}

impl HelperSettings {
    /// Checks what the types cannot express
    pub(crate) fn check(self, name: &str) -> Result<Helper, SettingError> {
        let error = |part: &str, reason: &str| Err((format!("stores.exec.{name}{part}"), reason.to_owned()));
        if !is_name(name) {
            return error("", "must be a name of letters, digits, - and _");
        }
        absolute_path(&format!("stores.exec.{name}.program"), &self.program)?;
        let protocol = match (self.protocol, self.url) {
            (HelperProtocol::Plain, None) => Protocol::Plain,
            (HelperProtocol::Plain, Some(_)) => {
                return error(".url", "is allowed with the protocol git only");
            }
            (HelperProtocol::Git, None) => return error("", "needs a url for the protocol git"),
            (HelperProtocol::Git, Some(text)) => match Url::parse(&text) {
                Ok(url) if url.password().is_some() || !url.username().is_empty() => {
                    return error(".url", "must not contain a user or a password");
                }
                Ok(url) if url.has_host() && url.query().is_none() && url.fragment().is_none() => {
                    Protocol::Git { url }
                }
                _ => return error(".url", "is not a URL such as https://dev.azure.com/contoso"),
            },
        };
        let HelperSettings { program, arguments, environment, bots, .. } = self;
        Ok(Helper { program, arguments, protocol, environment, bots })
    }
}
