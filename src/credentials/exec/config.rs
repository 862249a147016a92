//! A helper of the operator's: a program that is started to give one token.

use std::path::PathBuf;

use url::Url;

/// A program that gives a token, as the operator's file has it: `stores.exec.NAME`
#[derive(Debug, Clone)]
pub struct Helper {
    /// The program, by its whole path
    pub program: PathBuf,
    /// Its arguments; no shell reads them. One that is `{attribute}` stands for the reference's attribute
    pub arguments: Vec<String>,
    /// How it is asked and answers
    pub protocol: Protocol,
    /// Environment variables that it gets beside those that every program needs
    pub environment: Vec<String>,
    /// The attributes that a bot may name by itself; an empty text is a reference without one
    pub bots: Vec<String>,
}

/// How a helper is asked and answers
#[derive(Debug, Clone)]
pub enum Protocol {
    /// It is told nothing and writes the token on its standard output
    Plain,
    /// Git's: `protocol`, `host`, `path` and `username` on its standard input, `password` on its output
    Git {
        /// What the credential is for; its user is the reference's attribute, if there is one
        url: Url,
    },
}
