//! The settings of the store `exec`: helpers, which are programs that return one token.

use std::path::PathBuf;

use url::Url;

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
