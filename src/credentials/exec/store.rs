//! The store `exec`: helpers of the operator, such as a password manager's command.
//!
//! A reference names a helper, `exec:NAME` or `exec:NAME#ATTRIBUTE`, never a program.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use indexmap::IndexMap;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::contract::printable;
use crate::credentials::deadline::on_a_thread;
use crate::credentials::env::EnvLookup;
use crate::credentials::exec::Helper;
use crate::credentials::exec::Protocol;
use crate::credentials::exec::store::git_protocol::HelperRequest;
use crate::credentials::exec::store::program::HelperProgram;
use crate::credentials::exec::store::program::MAX_BYTES;
use crate::credentials::resources::StoreResources;
use crate::credentials::store::Opened;
use crate::credentials::store::Reading;
use crate::credentials::store::Store;
use crate::files;
use crate::files::NotUtf8;

mod git_protocol;
mod program;

/// What to do to see the helper's own error
const BY_HAND: &str = "Run it by hand as the user of this process; its standard error is not shown here.";

/// The placeholder for the attribute of a reference in a helper's arguments
const ATTRIBUTE: &str = "{attribute}";

/// The variables that programs need to find their own files, of Unix and of Windows
const ENVIRONMENT: [&str; 13] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "XDG_RUNTIME_DIR",
    "SystemRoot",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "ProgramData",
    "TEMP",
    "PATHEXT",
];

/// Opens the store; the program, if there is one, starts helpers so that they end with this process
pub(in crate::credentials) fn open(
    (helpers, starter): (IndexMap<String, Helper>, Option<PathBuf>),
    resources: &StoreResources,
) -> Opened {
    Opened::Store(Box::new(ExecStore { helpers, lookup: resources.lookup.clone(), starter }))
}

struct ExecStore {
    helpers: IndexMap<String, Helper>,
    lookup: EnvLookup,
    /// The program that starts helpers so that they end with this process, if there is one
    starter: Option<PathBuf>,
}

impl Store for ExecStore {
    fn admit(&self, place: &CredentialReference) -> Result<(), Error> {
        let attribute = place.attribute.as_deref().unwrap_or_default();
        let admitted = self
            .helpers
            .get(&place.path)
            .is_some_and(|helper| helper.bots.iter().any(|one| one == attribute));
        if admitted {
            return Ok(());
        }
        let message = "A bot may reference only helpers and attributes that the operator lists for bots";
        Err(Error::new(ErrorCode::InputInvalid, message).help(
            "The operator can add the attribute to `stores.exec.NAME.bots` in azdo-bot.toml (\"\" for none), \
             or map the reference there as a locker.",
        ))
    }

    fn same(&self, one: &CredentialReference, other: &CredentialReference) -> bool {
        // Without a user, a git helper returns its first credential, which may be any.
        let git = |name: &str| {
            matches!(self.helpers.get(name), Some(Helper { protocol: Protocol::Git { .. }, .. }))
        };
        one.path == other.path
            && (one.attribute == other.attribute
                || (git(&one.path) && (one.attribute.is_none() || other.attribute.is_none())))
    }

    fn read<'a>(&'a self, place: &'a CredentialReference) -> Reading<'a> {
        Box::pin(self.ask(place))
    }

    fn help_when_late(&self, place: &CredentialReference) -> Option<String> {
        let helper = self.helpers.get(&place.path)?;
        let (name, program) =
            (printable(&place.path, 256), printable(&helper.program.to_string_lossy(), 512));
        let unset = self.unset(&name, helper);
        Some(format!(
            "The helper {name} ({program}) was ended. It may wait for input or for its server.{unset} {BY_HAND}"
        ))
    }
}

impl ExecStore {
    async fn ask(&self, place: &CredentialReference) -> Result<Secret, Error> {
        let name = printable(&place.path, 256);
        let Some(helper) = self.helpers.get(&place.path) else {
            return Err(not_found(format!("The operator's file has no helper \"{name}\"")).help(format!(
                "Add it to azdo-bot.toml as [stores.exec.{name}], or correct the reference."
            )));
        };
        let attribute = attribute(&name, helper, place)?;
        let arguments: Vec<&str> = helper
            .arguments
            .iter()
            .map(|one| if one == ATTRIBUTE { attribute.unwrap_or_default() } else { one })
            .collect();
        let request = match &helper.protocol {
            Protocol::Plain => None,
            Protocol::Git { url } => Some(HelperRequest { url, user: attribute }),
        };
        let input = request.as_ref().map(HelperRequest::lines).unwrap_or_default();
        let program = helper.program.clone();
        let trusted = on_a_thread(move || Ok(files::trusted_program(&program))).await?;
        let cannot_run = |error: io::Error| {
            let program = printable(&helper.program.to_string_lossy(), 512);
            let why = files::reason(&error);
            let help = match files::is_refused(&error) {
                true => files::help(&error),
                false => format!("Correct `stores.exec.{name}.program` in azdo-bot.toml.").into(),
            };
            not_found(format!("The helper {name} cannot be run: {program}: {why}")).help(help)
        };
        trusted.map_err(cannot_run)?;
        let program =
            HelperProgram { path: &helper.program, arguments: &arguments, starter: self.starter.as_deref() };
        let written = program.run(self.environment(helper), &input).await.map_err(cannot_run)?;
        let by_hand = format!("{BY_HAND}{}", self.unset(&name, helper));
        if written.output.len() > MAX_BYTES {
            return Err(invalid(format!("The helper {name} wrote more than 64 KiB and was ended"))
                .help(by_hand.clone()));
        }
        let is_success = written.status.is_some_and(|status| status.success());
        if is_success && request.is_none() && written.output.trim_ascii().is_empty() {
            return Err(not_found(format!("The helper {name} wrote nothing")).help(by_hand.clone()));
        }
        if !is_success {
            let end = match written.status.and_then(|status| status.code()) {
                Some(program::NOT_STARTED) if self.starter.is_some() => {
                    "could not be started, or ended with exit code 125".to_owned()
                }
                Some(code) => format!("ended with exit code {code}"),
                None => "was ended by a signal".to_owned(),
            };
            return Err(not_found(format!("The helper {name} {end}")).help(by_hand.clone()));
        }
        let output = files::utf8(&written.output).map_err(|not_utf8| match not_utf8 {
            NotUtf8::Utf16 => invalid(format!("The helper {name} wrote UTF-16"))
                .help("Let it write UTF-8: in PowerShell, set [Console]::OutputEncoding first."),
            NotUtf8::Other => {
                invalid(format!("The helper {name} wrote characters that no token has")).help(by_hand.clone())
            }
        })?;
        let token = match request {
            None => output,
            Some(request) => request
                .password(output)
                .map_err(|reason| not_found(format!("The helper {name} {reason}")).help(by_hand.clone()))?,
        };
        Ok(Secret::new(token.to_owned()))
    }

    /// Returns a sentence about the variables that the operator lists for a helper and that are not set; empty if all are
    fn unset(&self, name: &str, helper: &Helper) -> String {
        let unset = helper.environment.iter().filter(|variable| (self.lookup)(variable).is_none());
        let unset: Vec<String> = unset.map(|variable| printable(variable, 256)).collect();
        match unset.as_slice() {
            [] => String::new(),
            unset => format!(
                " Not set in this process, but listed in `stores.exec.{name}.environment`: {}.",
                unset.join(", ")
            ),
        }
    }

    fn environment(&self, helper: &Helper) -> Vec<(String, OsString)> {
        let names = ENVIRONMENT.into_iter().chain(helper.environment.iter().map(String::as_str));
        names.filter_map(|name| Some((name.to_owned(), (self.lookup)(name)?))).collect()
    }
}

/// Returns the attribute of a reference, if its helper takes one
///
/// The attribute may become an argument, so it must not look like an option.
fn attribute<'a>(
    name: &str,
    helper: &Helper,
    place: &'a CredentialReference,
) -> Result<Option<&'a str>, Error> {
    let attribute = place.attribute.as_deref();
    let refuse =
        |reason: &str| Err(Error::new(ErrorCode::InputInvalid, format!("The helper {name} {reason}")));
    match attribute {
        Some(_) if !helper.takes_attribute() => {
            refuse("takes no attribute: remove \"#\" and the text after it")
        }
        Some(text) if text.starts_with('-') => refuse("takes no attribute that begins with \"-\""),
        None if helper.arguments.iter().any(|one| one == ATTRIBUTE) => {
            refuse(&format!("requires an attribute: exec:{name}#ATTRIBUTE"))
        }
        _ => Ok(attribute),
    }
}

fn not_found(message: String) -> Error {
    Error::new(ErrorCode::CredentialNotFound, message)
}

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::CredentialInvalidFormat, message)
}

impl Helper {
    /// Returns whether a reference to the helper may have an attribute
    fn takes_attribute(&self) -> bool {
        matches!(self.protocol, Protocol::Git { .. }) || self.arguments.iter().any(|one| one == ATTRIBUTE)
    }
}
