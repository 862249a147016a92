//! The settings of the whole simulator: pace, script, switches, and the version of a server.

use uuid::Uuid;

use super::clock::Clock;
use crate::world::Pace;
use crate::world::Script;
use crate::world::Server;
use crate::world::Switches;

/// The settings of the whole simulator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) pace: Pace,
    pub(crate) script: Script,
    pub(crate) switches: Switches,
    pub(crate) server: Option<Server>,
    /// The identifier of the deployment in `connectionData` and in a header of every response.
    pub(crate) deployment: Uuid,
    pub(crate) clock: Clock,
}

impl Default for Settings {
    /// The settings of the easy world.
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
