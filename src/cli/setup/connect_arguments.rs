//! The organization, project and credential of `doctor` and `check`.

use clap::Args;

use crate::cli::output::fail::Fail;
use crate::cli::setup::values::credential;
use crate::contract::CredentialReference;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::TextKind as _;

/// The arguments of Connect
#[derive(Args)]
pub(in crate::cli) struct ConnectArguments {
    /// The organization: https://dev.azure.com/<organization>
    #[arg(long, value_name = "URL")]
    organization_url: String,
    /// The project
    #[arg(long, value_name = "NAME")]
    project: String,
    /// A reference to the token: env:NAME or file:PATH
    #[arg(long, value_name = "REFERENCE")]
    credential: String,
}

/// The arguments of Connect, all three or none
#[derive(Args)]
pub(in crate::cli) struct MaybeConnectArguments {
    /// Compare with this organization: https://dev.azure.com/<organization>
    #[arg(long, value_name = "URL", requires_all = ["project", "credential"])]
    organization_url: Option<String>,
    /// Compare with this project
    #[arg(long, value_name = "NAME", requires_all = ["organization_url", "credential"])]
    project: Option<String>,
    /// Compare with this token: env:NAME or file:PATH
    #[arg(long, value_name = "REFERENCE", requires_all = ["organization_url", "project"])]
    credential: Option<String>,
}

/// The connection to probe
pub(in crate::cli) struct ProbeConnection {
    pub(in crate::cli) organization: OrganizationUrl,
    pub(in crate::cli) project: ProjectName,
    pub(in crate::cli) credential: CredentialReference,
}

impl ConnectArguments {
    pub(in crate::cli) fn target(&self) -> Result<ProbeConnection, Fail> {
        let refused = |name: &str, reason: &str| Fail::usage(format!("{name}: {reason}"));
        Ok(ProbeConnection {
            organization: OrganizationUrl::parse(&self.organization_url)
                .map_err(|refusal| refused("--organization-url", &refusal.reason))?,
            project: ProjectName::parse(&self.project)
                .map_err(|refusal| refused("--project", &refusal.reason))?,
            credential: credential(&self.credential)?,
        })
    }
}

impl MaybeConnectArguments {
    pub(in crate::cli) fn target(self) -> Result<Option<ProbeConnection>, Fail> {
        let (Some(organization_url), Some(project), Some(credential)) =
            (self.organization_url, self.project, self.credential)
        else {
            return Ok(None);
        };
        ConnectArguments { organization_url, project, credential }.target().map(Some)
    }
}
