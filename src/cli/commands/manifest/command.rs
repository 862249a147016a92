//! The command: its arguments, and the choice between the manifest and the package for Automation 360.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::cli::commands::manifest::folder::write_files;
use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;
use crate::package;
use crate::package::Automation360;
use crate::package::PackageIdentity;

/// The arguments of `manifest`
#[derive(Args)]
#[command(after_help = help_of!([
    "azdo-bot manifest > package-manifest.json",
    "# The sources of the package for Automation 360, with two groups of actions",
    "azdo-bot manifest --automation-360 package --groups repositories,pipelines",
], [
    "0  it was printed or written",
    "2  the command line is wrong, or the folder cannot be written",
]))]
pub(in crate::cli) struct Arguments {
    /// Write what is generated of the package for Automation 360 to this folder, which is new or was written before
    #[arg(long = "automation-360", value_name = "DIR")]
    automation_360: Option<PathBuf>,
    #[command(flatten)]
    package: PackageArguments,
}

/// What the package for Automation 360 is called and offers
#[derive(Args)]
struct PackageArguments {
    /// The groups of actions that it offers, such as repositories,pipelines; all for every group. Without this, all
    /// groups but work items. The group session is always included.
    #[arg(long, value_name = "LIST", value_delimiter = ',', requires = "automation_360")]
    groups: Vec<String>,
    /// Its name in bot files [default: AzdoBot]
    #[arg(long, value_name = "NAME", requires = "automation_360")]
    package_name: Option<String>,
    /// Its label in the designer [default: Azure DevOps (azdo-bot)]
    #[arg(long, value_name = "LABEL", requires = "automation_360")]
    package_label: Option<String>,
    /// The Java package of its classes [default: azdobot]
    #[arg(long, value_name = "GROUP", requires = "automation_360")]
    package_group: Option<String>,
}

pub(in crate::cli) fn manifest(arguments: &Arguments, json: bool) -> Result<ExitCode, Fail> {
    let Some(folder) = &arguments.automation_360 else {
        writeln!(std::io::stdout(), "{:#}", package::manifest())?;
        return Ok(ExitCode::SUCCESS);
    };
    let files = arguments.package.package()?.files();
    write_files(folder, &files)?;
    let mut out = std::io::stdout().lock();
    if json {
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        writeln!(out, "{}", json!({ "folder": folder.display().to_string(), "files": paths }))?;
    } else {
        writeln!(out, "{} files in {}", files.len(), folder.display())?;
    }
    Ok(ExitCode::SUCCESS)
}

impl PackageArguments {
    fn package(&self) -> Result<Automation360, Fail> {
        let default = PackageIdentity::default();
        let or = |given: &Option<String>, default: String| given.clone().unwrap_or(default);
        let identity = PackageIdentity {
            name: or(&self.package_name, default.name),
            label: or(&self.package_label, default.label),
            group: or(&self.package_group, default.group),
        };
        Ok(Automation360::new(identity, &self.groups)?)
    }
}
