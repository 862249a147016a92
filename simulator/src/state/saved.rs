//! What a simulator holds, as a saved world keeps it: everything but the texts of the tokens.

use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

use super::Organization;
use super::State;
use crate::tokens::Token;
use crate::world::World;

/// What was there, and is there again when a simulator starts with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Saved {
    pub(super) deployment: Uuid,
    pub(crate) organizations: Vec<Organization>,
    /// Tokens have new texts when they are there again, and are found by their names.
    pub(super) tokens: Vec<Token>,
}

/// What the organizations of a running simulator held at a moment; see [`crate::Simulator::restore`].
pub struct Snapshot(Vec<Organization>);

impl State {
    /// What its organizations hold now.
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot(self.organizations.clone())
    }

    /// Puts back what they held then. Numbers and times go on: what is made later has none that was given before.
    pub(crate) fn restore(&mut self, snapshot: &Snapshot) {
        let now = std::mem::replace(&mut self.organizations, snapshot.0.clone());
        for (organization, now) in self.organizations.iter_mut().zip(&now) {
            organization.count_on(now);
        }
    }

    /// All of it, as a world that another simulator can start with.
    pub(crate) fn saved(&self) -> World {
        let settings = self.settings;
        let mut tokens: Vec<Token> = self.tokens.all().cloned().collect();
        tokens.sort_by(|one, other| (one.organization, &one.name).cmp(&(other.organization, &other.name)));
        World {
            pace: settings.pace,
            script: settings.script,
            switches: settings.switches,
            server: settings.server,
            organizations: Vec::new(),
            saved: Some(Saved {
                deployment: settings.deployment,
                organizations: self.organizations.clone(),
                tokens,
            }),
        }
    }
}
