//! What is generated of the installable package for Automation 360: its manifest, texts, icons and Java classes.

mod groups;
mod icons;
mod java;
mod package;

pub use crate::package::automation_360::package::Automation360;
pub use crate::package::automation_360::package::GeneratedFile;
pub use crate::package::automation_360::package::is_generated;
