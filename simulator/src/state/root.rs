//! The whole state of a running simulator, and the tokens that every organization has.

use super::Organization;
use super::Saved;
use super::Settings;
use super::Snapshot;
use super::allowances::Allowances;
use crate::auth::Token;
use crate::auth::TokenOptions;
use crate::auth::Tokens;
use crate::names;
use crate::world;

/// The name of the token with full access that every organization has.
pub(crate) const FULL_TOKEN: &str = "full-access";

/// The name of the access token of Microsoft Entra that every organization has.
pub(crate) const ENTRA_TOKEN: &str = "entra";

/// The whole state.
pub(crate) struct State {
    pub(crate) organizations: Vec<Organization>,
    pub(crate) tokens: Tokens,
    pub(crate) allowances: Allowances,
    pub(crate) settings: Settings,
}

impl State {
    /// A state with these settings, empty or restored.
    pub(crate) fn new(settings: Settings, saved: Option<Saved>) -> State {
        let mut state = State {
            organizations: Vec::new(),
            tokens: Tokens::default(),
            allowances: Allowances::default(),
            settings,
        };
        if let Some(saved) = saved {
            state.organizations = saved.organizations;
            state.organizations.iter_mut().for_each(|organization| organization.settings = settings);
            for token in saved.tokens {
                state.tokens.add(token);
            }
        }
        state
    }

    pub(crate) fn add_organization(&mut self, described: world::Organization) {
        let position = self.organizations.len();
        let tokens = described.tokens.clone();
        let organization = Organization::new(described, self.settings);
        self.tokens.mint(position, 0, TokenOptions::full().named(FULL_TOKEN));
        self.tokens.mint(position, 0, TokenOptions::full().named(ENTRA_TOKEN).of_entra());
        for token in tokens {
            let user = organization.user_position(token.user.as_deref());
            self.tokens.mint(position, user.unwrap_or(0), token);
        }
        self.organizations.push(organization);
    }

    pub(crate) fn position(&self, organization: &str) -> Option<usize> {
        self.organizations.iter().position(|known| names::same(&known.name, organization))
    }

    /// Returns the contents of the organizations.
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot(self.organizations.clone())
    }

    /// Restores the contents of the organizations. Numbers and times continue, so that nothing new gets an old number.
    pub(crate) fn restore(&mut self, snapshot: &Snapshot) {
        let now = std::mem::replace(&mut self.organizations, snapshot.0.clone());
        for (organization, now) in self.organizations.iter_mut().zip(&now) {
            organization.count_on(now);
        }
    }

    /// Returns the whole state without the texts of the tokens.
    pub(crate) fn saved(&self) -> Saved {
        let mut tokens: Vec<Token> = self.tokens.all().cloned().collect();
        tokens.sort_by(|one, other| (one.organization, &one.name).cmp(&(other.organization, &other.name)));
        Saved { deployment: self.settings.deployment, organizations: self.organizations.clone(), tokens }
    }
}
