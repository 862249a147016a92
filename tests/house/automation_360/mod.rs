//! The sources of the package for Automation 360 agree with each other, with the vendor's format and with bot files.

mod bot_files;
mod dialogs;
mod files;
mod manifests;
mod support;
