//! `azdo-bot simulate`: runs the simulator until it is interrupted.

use std::io::ErrorKind;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use azdo_simulator::Organization;
use azdo_simulator::Project;
use azdo_simulator::Refusal;
use azdo_simulator::Server;
use azdo_simulator::Simulator;
use azdo_simulator::World;
use clap::Args;
use clap::builder::PathBufValueParser;
use clap::builder::TypedValueParser as _;

use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;
use crate::cli::process::ending::Ending;
use crate::setup::WorldSource;
use crate::setup::save_journal;
use crate::setup::save_world;

/// The arguments of `simulate`
#[derive(Args)]
#[command(after_help = help_of!([
    "azdo-bot simulate --port 8080",
    "# What a bot did stays for the next start",
    "azdo-bot simulate --save-world world.json",
    "# An Azure DevOps Server",
    "azdo-bot simulate --server 2022",
    "# For clients with a fixed address, where dev.azure.com is 127.0.0.1",
    "azdo-bot simulate --tls --hosts dev.azure.com --port 443",
], [
    "0  it was stopped with Ctrl-C or a signal",
    "2  the command line or the world file is wrong, or the port is in use",
]))]
pub(in crate::cli) struct Arguments {
    /// The port on loopback; 0 is any free port
    #[arg(long, default_value_t = 0, value_parser = port)]
    port: u16,
    /// A world file instead of the easy world, or examples: the world in which every example of an action succeeds
    #[arg(long, value_name = "FILE", value_parser = PathBufValueParser::new().map(WorldSource::named))]
    world: Option<WorldSource>,
    /// Save the world to this file when the simulator stops; --world reads it again
    #[arg(long, value_name = "FILE")]
    save_world: Option<PathBuf>,
    /// Write the requests to this file when the simulator stops, one JSON object on each line
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Simulate an Azure DevOps Server: 2022.1, 2022 or 2020, or its API version
    #[arg(long, value_name = "VERSION")]
    server: Option<Server>,
    /// Serve HTTPS, with an authority that exists only while the simulator runs
    #[arg(long)]
    tls: bool,
    /// Answer for these hosts and the hosts below them, separated by commas
    #[arg(long, value_name = "HOST", value_delimiter = ',', requires = "tls")]
    hosts: Vec<String>,
    /// Refuse every request with this sentence, as the service does for a policy
    #[arg(long, value_name = "SENTENCE")]
    refuse: Option<String>,
}

/// Parses a port
fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "must be a number from 0 to 65535".to_owned())
}

pub(in crate::cli) async fn simulate(
    arguments: Arguments,
    json: bool,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let world = match (&arguments.world, arguments.server) {
        (Some(source), Some(server)) => source.world().await?.server(server),
        (Some(source), None) => source.world().await?,
        (None, Some(server)) => World::easy().collection(server, collection()),
        (None, None) => World::easy(),
    };
    let world = match &arguments.refuse {
        Some(sentence) => world.refuses(&Refusal::new(sentence)),
        None => world,
    };
    let hosts: Vec<&str> = arguments.hosts.iter().map(String::as_str).collect();
    let started = match arguments.tls {
        true => Simulator::start_with_tls(world, arguments.port, &hosts).await,
        false => Simulator::start(world, arguments.port).await,
    };
    let simulator = started.map_err(|error| match error.kind() {
        ErrorKind::InvalidInput => Fail::usage(format!("the simulator cannot start: {error}")),
        kind => Fail::usage(format!("the simulator cannot listen on port {}: {kind}", arguments.port)),
    })?;
    let Some(organization) = simulator.organizations().into_iter().next() else {
        return Err(Fail::usage("the world has no organization"));
    };
    let url = simulator.organization_url(&organization);
    let projects = simulator.projects(&organization);
    let token = simulator.token(&organization).unwrap_or_default();
    let mut out = std::io::stdout();
    if json {
        let mut line = serde_json::json!({ "organizationUrl": url, "projects": projects, "token": token });
        if let Some(file) = simulator.authority() {
            line["authority"] = serde_json::json!(file);
        }
        writeln!(out, "{line}")?;
    } else {
        let project = projects.first().map_or("", String::as_str);
        writeln!(out, "The simulator of Azure DevOps is running. Nothing in it is real.")?;
        writeln!(out, "  organization URL  {url}")?;
        writeln!(out, "  projects          {}", projects.join(", "))?;
        writeln!(out, "  token             {token}")?;
        if let Some(file) = simulator.authority() {
            trust(&mut out, &file.display().to_string())?;
        } else {
            writeln!(out, "\nIn another terminal:")?;
            writeln!(out, "  export AZDO_PAT={token}")?;
            writeln!(out, "  azdo-bot call list-repositories --organization-url {url} \\")?;
            writeln!(out, "    --project {project} --credential env:AZDO_PAT --allow-loopback-http")?;
        }
        writeln!(out, "\nStop it with Ctrl-C.")?;
    }
    out.flush()?;
    ending.signalled().await;
    if let Some(file) = &arguments.save_world {
        save_world(&simulator, file).await?;
    }
    if let Some(file) = &arguments.journal {
        save_journal(&simulator, file).await?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints how clients trust the authority of the simulator
fn trust(out: &mut impl std::io::Write, file: &str) -> std::io::Result<()> {
    writeln!(out, "  authority         {file}")?;
    writeln!(out, "\nClients trust it with one of these variables:")?;
    for (variable, clients) in [
        ("CURL_CA_BUNDLE", "curl"),
        ("GIT_SSL_CAINFO", "git"),
        ("NODE_EXTRA_CA_CERTS", "Node.js"),
        ("REQUESTS_CA_BUNDLE", "Python, the Azure CLI"),
        ("SSL_CERT_FILE", "Go, Terraform, OpenSSL"),
    ] {
        writeln!(out, "  export {variable}={file}  # {clients}")?;
    }
    writeln!(out, "\nThe file is removed when the simulator stops.")
}

/// The default collection of a server, with the projects of the easy world
fn collection() -> Organization {
    let projects = ["Fabrikam", "Archive"].map(Project::with_site);
    projects.into_iter().fold(Organization::named("DefaultCollection"), Organization::project)
}
