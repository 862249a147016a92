//! `azdo-bot simulate`: runs the simulator until it is interrupted.

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

use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;
use crate::cli::process::ending::Ending;
use crate::setup::read_world;
use crate::setup::save_world;

/// The arguments of `simulate`
#[derive(Args)]
#[command(after_help = help_of!([
    "azdo-bot simulate --port 8080",
    "# What a bot did stays for the next start",
    "azdo-bot simulate --save-world world.json",
    "# An Azure DevOps Server",
    "azdo-bot simulate --server 2022",
], [
    "0  it was stopped with Ctrl-C or a signal",
    "2  the command line or the world file is wrong, or the port is in use",
]))]
pub(in crate::cli) struct Arguments {
    /// The port on loopback; 0 is any free port
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// A world file, instead of the easy world
    #[arg(long, value_name = "FILE")]
    world: Option<PathBuf>,
    /// Save the world to this file when the simulator stops; --world reads it again
    #[arg(long, value_name = "FILE")]
    save_world: Option<PathBuf>,
    /// Simulate an Azure DevOps Server: 2022.1, 2022 or 2020, or its API version
    #[arg(long, value_name = "VERSION")]
    server: Option<Server>,
    /// Refuse every request with this sentence, as the service does for a policy
    #[arg(long, value_name = "SENTENCE")]
    refuse: Option<String>,
}

pub(in crate::cli) async fn simulate(
    arguments: Arguments,
    json: bool,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let world = match (arguments.world.as_deref(), arguments.server) {
        (Some(file), Some(server)) => read_world(file)?.server(server),
        (Some(file), None) => read_world(file)?,
        (None, Some(server)) => World::easy().collection(server, collection()),
        (None, None) => World::easy(),
    };
    let world = match &arguments.refuse {
        Some(sentence) => world.refuses(&Refusal::new(sentence)),
        None => world,
    };
    let simulator = Simulator::start(world, arguments.port).await.map_err(|error| {
        Fail::usage(format!("the simulator cannot listen on port {}: {}", arguments.port, error.kind()))
    })?;
    let Some(organization) = simulator.organizations().into_iter().next() else {
        return Err(Fail::usage("the world has no organization"));
    };
    let url = simulator.organization_url(&organization);
    let projects = simulator.projects(&organization);
    let token = simulator.token(&organization).unwrap_or_default();
    let mut out = std::io::stdout();
    if json {
        let line = serde_json::json!({ "organizationUrl": url, "projects": projects, "token": token });
        writeln!(out, "{line}")?;
    } else {
        let project = projects.first().map_or("", String::as_str);
        writeln!(out, "The simulator of Azure DevOps is running. Nothing in it is real.")?;
        writeln!(out, "  organization URL  {url}")?;
        writeln!(out, "  projects          {}", projects.join(", "))?;
        writeln!(out, "  token             {token}")?;
        writeln!(out, "\nIn another terminal:")?;
        writeln!(out, "  export AZDO_PAT={token}")?;
        writeln!(out, "  azdo-bot call list-repositories --organization-url {url} --project {project} \\")?;
        writeln!(out, "    --credential env:AZDO_PAT --allow-loopback-http\n\nStop it with Ctrl-C.")?;
    }
    out.flush()?;
    ending.signalled().await;
    if let Some(file) = &arguments.save_world {
        save_world(&simulator, file).await?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The default collection of a server, with the projects of the easy world
fn collection() -> Organization {
    let projects = ["Fabrikam", "Archive"].map(Project::with_site);
    projects.into_iter().fold(Organization::named("DefaultCollection"), Organization::project)
}
