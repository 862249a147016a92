//! A program that embeds the package: one sign-in, then one action, against the simulator.

use azdo_bot::Package;
use azdo_bot::Simulation;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without the simulation, the same program works on Azure DevOps.
    let simulation = Simulation::start(None).await?;
    let package = Package::builder().simulation(&simulation).build()?;

    let bot = package.start_bot_run()?;
    let connect = [
        ("personalAccessToken", "env:AZDO_PAT"),
        ("organizationUrl", "https://dev.azure.com/fabrikam"),
        ("projectName", "Fabrikam"),
    ];
    bot.execute("connect", connect).await?;

    let listed = bot.execute("listRepositories", [("limit", 10)]).await?;
    serde_json::to_writer_pretty(std::io::stdout(), &listed)?;
    Ok(())
}
