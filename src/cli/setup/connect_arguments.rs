//! The organization, project and credential that a command connects with: flags, or a profile of the operator's file.
//!
//! Decision 0186.

use clap::Args;

use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::cli::output::help_text::CONNECTION;
use crate::cli::setup::values::credential;
use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::TextKind as _;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::setup::Configuration;
use crate::setup::DEFAULT_PROFILE;
use crate::setup::Profile;

/// What the simulator of a command is called with if no flag says otherwise; it has a token for every reference
const SIMULATED_CREDENTIAL: &str = "env:AZDO_PAT";

/// The organization, project and credential of a command
#[derive(Args)]
pub(in crate::cli) struct ConnectArguments {
    /// A profile of the operator's file; the next three options replace its values
    #[arg(long, value_name = "NAME", help_heading = CONNECTION)]
    profile: Option<String>,
    /// The organization: https://dev.azure.com/<organization>
    #[arg(long, value_name = "URL", help_heading = CONNECTION)]
    organization_url: Option<String>,
    /// The project
    #[arg(long, value_name = "NAME", help_heading = CONNECTION)]
    project: Option<String>,
    /// A reference to the token, such as env:NAME or file:PATH; never the token itself
    #[arg(long, value_name = "REFERENCE", help_heading = CONNECTION)]
    credential: Option<String>,
}

/// The connection of a command
pub(in crate::cli) struct ProbeConnection {
    pub(in crate::cli) organization: OrganizationUrl,
    pub(in crate::cli) project: ProjectName,
    pub(in crate::cli) credential: CredentialReference,
}

/// The organization and the project that a simulator starts with
#[cfg_attr(not(feature = "simulator"), allow(dead_code, reason = "only a simulator has one"))]
pub(in crate::cli) struct SimulatedTarget {
    /// The name of the organization
    pub(in crate::cli) organization: String,
    /// The name of the project
    pub(in crate::cli) project: String,
}

impl ConnectArguments {
    /// Whether the command line names a connection
    pub(in crate::cli) const fn is_given(&self) -> bool {
        self.profile.is_some()
            || self.organization_url.is_some()
            || self.project.is_some()
            || self.credential.is_some()
    }

    /// Returns the connection: what the flags say, then the profile, then the simulator
    ///
    /// With a simulator, a profile counts only if it is named. Errors: `input.invalid` for a value that is missing or
    /// not valid.
    pub(in crate::cli) fn target(
        &self,
        configuration: &Configuration,
        simulated: Option<SimulatedTarget>,
    ) -> Result<ProbeConnection, Fail> {
        let profile = self.profile(configuration, simulated.is_some())?;
        let refused = |name: &str, reason: &str| Fail::usage(format!("{name}: {reason}"));
        let organization = match (&self.organization_url, profile, &simulated) {
            (Some(url), ..) => parsed_url(url)?,
            (None, Some(profile), _) => profile.organization_url.clone(),
            (None, None, Some(simulated)) => {
                parsed_url(&format!("https://dev.azure.com/{}", simulated.organization))?
            }
            (None, None, None) => return Err(self.missing(configuration)),
        };
        let of_profile = profile.and_then(|profile| profile.project.clone());
        let of_simulator = simulated.as_ref().map(|simulated| simulated.project.as_str());
        let project = match (self.project.as_deref(), of_profile, of_simulator) {
            (None, Some(project), _) => project,
            (Some(name), ..) | (None, None, Some(name)) => {
                ProjectName::parse(name).map_err(|refusal| refused("--project", &refusal.reason))?
            }
            (None, None, None) => return Err(self.missing(configuration)),
        };
        let of_profile = profile.and_then(|profile| profile.credential.clone());
        let of_simulator = simulated.as_ref().map(|_| SIMULATED_CREDENTIAL);
        let credential = match (self.credential.as_deref(), of_profile, of_simulator) {
            (None, Some(reference), _) => reference,
            (Some(reference), ..) | (None, None, Some(reference)) => credential(reference)?,
            (None, None, None) => return Err(self.missing(configuration)),
        };
        Ok(ProbeConnection { organization, project, credential })
    }

    /// The profile: the named one, or else the default one, if there is one
    fn profile<'a>(
        &self,
        configuration: &'a Configuration,
        simulated: bool,
    ) -> Result<Option<&'a Profile>, Fail> {
        let profiles = &configuration.operator.profiles;
        let Some(name) = &self.profile else {
            return Ok(profiles.get(DEFAULT_PROFILE).filter(|_| !simulated));
        };
        let unknown = || {
            let hint = did_you_mean(nearest(name, profiles.keys().map(String::as_str)));
            let shown = printable(name, 256);
            let message = match &configuration.operator_path {
                Some(path) => {
                    let path = printable(&path.to_string_lossy(), 512);
                    format!("--profile: the operator's file {path} has no profile \"{shown}\"{hint}")
                }
                None => {
                    format!("--profile: there is no operator's file, and therefore no profile \"{shown}\"")
                }
            };
            let names: Vec<String> = profiles.keys().map(|name| printable(name, 256)).collect();
            let help = match names.is_empty() {
                true => format!("Add [profiles.NAME] to it. {PROFILE_HELP}"),
                false => format!("Its profiles are: {}.", names.join(", ")),
            };
            Fail::new(Error::new(ErrorCode::InputInvalid, message).help(help), USAGE)
        };
        profiles.get(name).map(Some).ok_or_else(unknown)
    }

    /// The error for values that neither the command line nor a profile gives
    fn missing(&self, configuration: &Configuration) -> Fail {
        let profile = self.profile(configuration, false).ok().flatten();
        let given = [
            ("--organization-url", self.organization_url.is_some() || profile.is_some()),
            ("--project", self.project.is_some() || profile.is_some_and(|one| one.project.is_some())),
            (
                "--credential",
                self.credential.is_some() || profile.is_some_and(|one| one.credential.is_some()),
            ),
        ];
        let missing: Vec<&str> = given.iter().filter(|(_, given)| !given).map(|(name, _)| *name).collect();
        let message = match missing.as_slice() {
            [one] => format!("{one} is missing"),
            some => format!("{} are missing", some.join(", ")),
        };
        let help = format!(
            "Give what is missing, or --profile NAME for a profile of the operator's file. {PROFILE_HELP}"
        );
        Fail::new(Error::new(ErrorCode::InputInvalid, message).help(help), USAGE)
    }
}

/// What a profile has
const PROFILE_HELP: &str =
    "A profile has organization_url, project and credential; [profiles.default] is used without --profile.";

fn parsed_url(text: &str) -> Result<OrganizationUrl, Fail> {
    OrganizationUrl::parse(text)
        .map_err(|refusal| Fail::usage(format!("--organization-url: {}", refusal.reason)))
}
