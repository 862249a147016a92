//! `azdo-bot manifest`: prints the manifest, or writes what is generated of the package for Automation 360.

mod command;
mod folder;

pub(in crate::cli) use crate::cli::commands::manifest::command::Arguments;
pub(in crate::cli) use crate::cli::commands::manifest::command::manifest;
