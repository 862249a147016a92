//! What holds for the whole simulator: pace, script, switches, and which server it plays.

use uuid::Uuid;

use super::clock::Clock;
use crate::world::Pace;
use crate::world::Script;
use crate::world::Server;
use crate::world::Switches;

/// What holds for the whole simulator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) pace: Pace,
    pub(crate) script: Script,
    pub(crate) switches: Switches,
    pub(crate) server: Option<Server>,
    /// What `connectionData` and a header of every answer call the deployment.
    pub(crate) deployment: Uuid,
    pub(crate) clock: Clock,
}

impl Default for Settings {
    /// Those of the easy world: what an organization has until it is told.
    fn default() -> Self {
        Settings {
            pace: Pace::easy(),
            script: Script::default(),
            switches: Switches::easy(),
            server: None,
            deployment: Uuid::nil(),
            clock: Clock::started(),
        }
    }
}
