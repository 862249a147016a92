//! A location in a flow.

use std::fmt;

use serde::Serialize;

/// A node of a bot file, or the file as a whole
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Location {
    /// The bot file, relative to the repository folder
    pub file: String,
    /// The line number in the designer: nodes are counted from 1 in reading order, branches included; 0 for the file
    /// as a whole
    pub line: usize,
    /// The node's `uid`; empty for the file as a whole
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uid: String,
    /// The package and the command of the node: `AzureDevOps.connect`; empty for the file as a whole
    #[serde(skip_serializing_if = "String::is_empty")]
    pub node: String,
}

impl Location {
    /// Returns the location of a bot file as a whole
    pub fn file(file: &str) -> Self {
        Location { file: file.to_owned(), line: 0, uid: String::new(), node: String::new() }
    }
}

impl fmt::Display for Location {
    /// `release-day.bot.json line 4 (uid 1111…)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, " line {}", self.line)?;
        }
        if !self.uid.is_empty() {
            write!(f, " (uid {})", self.uid)?;
        }
        Ok(())
    }
}
