//! The services that all actions of a process share.

use std::time::Duration;

use crate::contract::TokenSource;
use crate::devops::Connection;
use crate::devops::Network;
use crate::files::Folders;
use crate::sessions::Sessions;

/// The services that all actions of a process share
pub struct Services {
    /// The network access to Azure DevOps
    pub network: Network,
    /// The source of tokens
    pub tokens: Box<dyn TokenSource>,
    /// The open sessions
    pub sessions: Sessions<Connection>,
    /// Returns the polling intervals
    pub polling: Polling,
    /// The folders that files may be written to
    pub folders: Folders,
    /// Whether commits may carry a mark in their message, which identifies them when the response is lost
    pub commit_trailer: bool,
}

/// The polling intervals of a waiting action: `first`, then growing up to `most`
#[derive(Debug, Clone, Copy)]
pub struct Polling {
    /// The first interval
    pub first: Duration,
    /// The longest interval
    pub most: Duration,
}

impl Polling {
    /// Returns the interval after this one
    pub fn after(self, wait: Duration) -> Duration {
        self.most.min(wait.mul_f32(1.5))
    }
}

impl Default for Polling {
    fn default() -> Self {
        Polling { first: Duration::from_secs(1), most: Duration::from_secs(15) }
    }
}
