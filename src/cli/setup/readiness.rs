//! What stops a bot on this machine: one result, which `check` shows and `run` obeys. Decision 0111.

use std::path::Path;
use std::path::PathBuf;

use clap::Args;

use indexmap::IndexSet;

use crate::cli::output::fail::Fail;
use crate::cli::setup::flow_policy::check_policy;
use crate::cli::setup::values::name_and_value;
use crate::cli::setup::values::plain;
use crate::cli::setup::values::read_at;
use crate::cli::setup::values::refuse_other_stores;
use crate::contract::Credential;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::LockerCredential;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::contract::utc_now;
use crate::credentials::CredentialResolver;
use crate::credentials::Foreseen;
use crate::credentials::Lockers;
use crate::credentials::StorePolicy;
use crate::devops::NetworkOptions;
use crate::files::Guarded;
use crate::files::GuardedKind;
use crate::hosts::bot;
use crate::hosts::bot::Analysis;
use crate::hosts::bot::CredentialSource;
use crate::hosts::bot::CredentialUse;
use crate::hosts::bot::Fault;
use crate::hosts::bot::FlowWarning;
use crate::hosts::bot::LoadOptions;
use crate::hosts::bot::Location;
use crate::setup::Configuration;

/// The bot and its inputs
#[derive(Args, Clone)]
pub(in crate::cli) struct FlowArguments {
    /// The bot file
    #[arg(value_name = "BOT.json")]
    pub(in crate::cli) bot: PathBuf,
    /// An input variable of the bot; @env:NAME and @file:PATH read the value, @@ is an @
    #[arg(long, value_name = "NAME=VALUE", value_parser = name_and_value)]
    input: Vec<(String, String)>,
    /// The folder that repository:/// paths start from [default: the folder of the bot file]
    #[arg(long, value_name = "DIR")]
    repository: Option<PathBuf>,
    /// Show every node of a package that this host does not support
    #[arg(long)]
    pub(in crate::cli) verbose: bool,
}

/// A loaded flow, with everything that stops it on this machine
pub(in crate::cli) struct Readiness {
    /// The analysis of the flow; its errors include those of this machine
    pub(in crate::cli) analysis: Analysis,
    /// The inputs of the root bot
    pub(in crate::cli) inputs: Dictionary,
    /// Warnings about this machine
    pub(in crate::cli) warnings: Vec<FlowWarning>,
    /// The credentials that the operator's file does not map
    pub(in crate::cli) unmapped: Vec<LockerCredential>,
}

impl FlowArguments {
    /// The folder of the flow, from which repository:/// paths start
    pub(in crate::cli) fn own_folder(&self) -> PathBuf {
        let parent = self.bot.parent().filter(|parent| !parent.as_os_str().is_empty());
        self.repository.clone().unwrap_or_else(|| parent.unwrap_or(Path::new(".")).to_owned())
    }

    /// The files that inputs are read from; a flow may not write them
    pub(in crate::cli) fn input_files(&self) -> Vec<Guarded> {
        let files = self.input.iter().filter_map(|(_, text)| text.strip_prefix("@file:"));
        files.map(|path| Guarded::new(path, GuardedKind::Credential)).collect()
    }

    /// Loads the flow and finds everything that stops it on this machine; runs nothing
    ///
    /// Errors: those of the command line and the operator's file, which stop `run` too.
    pub(in crate::cli) async fn readiness(
        &self,
        configuration: &Configuration,
        simulated: bool,
    ) -> Result<Readiness, Fail> {
        let folders = &configuration.operator.folders;
        let mut options = LoadOptions {
            repository: self.repository.clone(),
            writable: folders.write.clone(),
            readable: folders.read.clone(),
            inputs: None,
            guarded: configuration.guarded().to_vec(),
            joins_run_tree: configuration.joins_run_tree(),
        };
        // Whether an input is a credential is known from the bot.
        let has_references = self.input.iter().any(|(_, text)| text.starts_with('@'));
        let declared = has_references.then(|| bot::load(&self.bot, &options));
        let takes_credential = |name: &str| declared.as_ref().is_some_and(|flow| flow.takes_credential(name));
        let inputs = self.inputs(configuration, simulated, takes_credential).await?;
        options.inputs = Some(inputs.clone());
        let analysis = bot::load(&self.bot, &options);
        let mut readiness = Readiness { analysis, inputs, warnings: Vec::new(), unmapped: Vec::new() };
        check_policy(&mut readiness.analysis, configuration);
        if !simulated {
            readiness.check_credentials(configuration).await?;
        }
        if readiness.analysis.faults.is_empty() {
            self.try_setup(configuration, simulated)?;
        }
        Ok(readiness)
    }

    /// Creates and drops what a run uses, to find errors: proxy, certificates, folders, audit file
    fn try_setup(&self, configuration: &Configuration, simulated: bool) -> Result<(), Fail> {
        let options = if simulated { NetworkOptions::default() } else { configuration.network_options()? };
        let tokens =
            CredentialResolver::new(configuration.lookup.clone(), Lockers::default(), StorePolicy::default());
        configuration.dispatcher(Some(&self.own_folder()), options, Box::new(tokens))?;
        Ok(())
    }

    async fn inputs(
        &self,
        configuration: &Configuration,
        simulated: bool,
        takes_credential: impl Fn(&str) -> bool,
    ) -> Result<Dictionary, Fail> {
        let mut inputs = Dictionary::new();
        for (name, text) in &self.input {
            if simulated {
                refuse_other_stores(text)?;
            }
            let value = match text.strip_prefix('@').filter(|_| takes_credential(name)) {
                Some(reference) => {
                    let secret = read_at(&configuration.credential_resolver()?, reference).await?;
                    Value::from(secret.expose().to_owned())
                }
                None => {
                    let vault = configuration.credential_resolver()?;
                    Value::from(plain(text, &configuration.lookup, &vault).await?)
                }
            };
            if inputs.insert(name.clone(), value).is_some() {
                return Err(Fail::usage(format!("the input {name} is given twice")));
            }
        }
        Ok(inputs)
    }
}

impl Readiness {
    /// Finds credentials that cannot be resolved here, each with the location of its first use
    ///
    /// With an operator's file they are errors. Without one they are warnings, since this may not be the machine of the bot.
    /// Decision 0110.
    async fn check_credentials(&mut self, configuration: &Configuration) -> Result<(), Fail> {
        let vault = configuration.credential_resolver()?;
        let mut found: Vec<(Location, Problem)> = Vec::new();
        for one in &self.analysis.credentials {
            for source in one.sources() {
                if let CredentialSource::Locker(name) = source
                    && configuration.operator.lockers.get(name).is_none()
                    && !self.unmapped.contains(name)
                {
                    self.unmapped.push(name.clone());
                }
                let Some(problem) = problem(one, source, configuration, &vault).await else { continue };
                if !found.iter().any(|(_, other)| other.error.to_string() == problem.error.to_string()) {
                    found.push((one.place.clone(), problem));
                }
            }
        }
        for (place, Problem { error, may_pass }) in found {
            if configuration.operator_path.is_some() && !may_pass {
                self.analysis.add_fault(Fault { place, error });
            } else {
                self.warnings.push(FlowWarning { place, text: error.message().to_owned(), may_fail: true });
            }
        }
        Ok(())
    }
}

/// Why a credential cannot be resolved
struct Problem {
    error: Error,
    /// Whether it may exist when the bot runs, with the same flow and operator's file
    may_pass: bool,
}

/// Checks whether a credential can be resolved, as far as that is known
async fn problem(
    one: &CredentialUse,
    source: &CredentialSource,
    configuration: &Configuration,
    vault: &CredentialResolver,
) -> Option<Problem> {
    let (credential, name) = match source {
        CredentialSource::Locker(name) if configuration.operator.lockers.get(name).is_none() => {
            return Some(Problem { error: not_mapped(name, one, configuration), may_pass: false });
        }
        CredentialSource::Locker(name) => {
            let shown = format!("the credential {}: ", printable(&name.to_string(), 512));
            (Credential::Locker(name.clone()), shown)
        }
        CredentialSource::Reference(reference) => (Credential::Reference(reference.clone()), String::new()),
        CredentialSource::Variable(_) | CredentialSource::Insecure => return None,
    };
    let (error, may_pass) = match vault.foresee(&credential, one.organization.as_ref()).await.err()? {
        Foreseen::Refused(error) => (error, false),
        Foreseen::Missing(error) => (error, true),
    };
    let message = format!("{name}{}", error.message());
    Some(Problem { error: Error::new(error.code(), message).help(error.help_text().to_owned()), may_pass })
}

/// The operator's file does not map a credential, or there is no file
fn not_mapped(name: &LockerCredential, one: &CredentialUse, configuration: &Configuration) -> Error {
    let key = printable(&name.to_string(), 512);
    let Some(path) = &configuration.operator_path else {
        let message =
            format!("the credential \"{key}\" has no token on this machine: there is no operator's file");
        return Error::new(ErrorCode::CredentialNotFound, message);
    };
    let file = printable(&path.to_string_lossy(), 512);
    let hint = did_you_mean(nearest(&name.to_string(), configuration.operator.lockers.names()));
    let organization = one.organization.as_ref().map(|url| format!("organization = \"{url}\"\n"));
    let in_toml = key.replace('\\', "\\\\").replace('"', "\\\"");
    Error::new(
        ErrorCode::CredentialNotFound,
        format!("the operator's file {file} does not map the credential \"{key}\"{hint}"),
    )
    .help(format!(
        "Add it to {file}, or correct its name in the flow:\n\n\
         [lockers.\"{in_toml}\"]\n\
         reference = \"file:/run/secrets/azdo-pat\"\n{}",
        organization.unwrap_or_default()
    ))
}

/// Credentials of a flow whose tokens expire soon, or have expired
pub(in crate::cli) fn expiry_warnings(
    configuration: &Configuration,
    credentials: &[CredentialUse],
) -> Vec<String> {
    let today = utc_now().date();
    let warned = credentials.iter().flat_map(CredentialUse::sources).filter_map(|source| match source {
        CredentialSource::Locker(name) => {
            configuration.operator.lockers.get(name)?.expiry_warning(&name.to_string(), today)
        }
        _ => None,
    });
    // A flow names one credential in many places.
    warned.collect::<IndexSet<String>>().into_iter().collect()
}
