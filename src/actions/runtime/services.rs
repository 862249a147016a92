//! What all actions of a process share.

use std::time::Duration;

use crate::contract::TokenSource;
use crate::devops::Connection;
use crate::devops::Network;
use crate::files::Folders;
use crate::sessions::Sessions;

/// What all actions of a process share
pub struct Services {
    /// The road to Azure DevOps
    pub network: Network,
    /// Where tokens come from
    pub tokens: Box<dyn TokenSource>,
    /// The open sessions
    pub sessions: Sessions<Connection>,
    /// How often a waiting action asks
    pub polling: Polling,
    /// Where files may be written
    pub folders: Folders,
    /// Whether a commit may have a line in its message by which it is found again when its response is lost
    pub commit_trailer: bool,
}

/// How often a waiting action asks: after `first`, then ever more rarely, up to every `most`
#[derive(Debug, Clone, Copy)]
pub struct Polling {
    /// The first wait
    pub first: Duration,
    /// The longest wait
    pub most: Duration,
}

impl Polling {
    /// The wait after this one
    pub fn after(self, wait: Duration) -> Duration {
        self.most.min(wait.mul_f32(1.5))
    }
}

impl Default for Polling {
    fn default() -> Self {
        Polling { first: Duration::from_secs(1), most: Duration::from_secs(15) }
    }
}
