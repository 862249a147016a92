//! The registry's methods for run trees with a part in other processes.

use std::sync::Arc;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::RunTreeId;
use crate::contract::Secret;
use crate::contract::SessionReference;
use crate::sessions::messages;
use crate::sessions::registry::Sessions;
use crate::sessions::reservation::Reservation;
use crate::sessions::session::Session;
use crate::sessions::shared_session::SharedSession;
use crate::sessions::sharing::Found;
use crate::sessions::sharing::Share;
use crate::sessions::sharing::SharedCredential;
use crate::sessions::sharing::TokenPlace;
use crate::sessions::sharing::TreeShare;
use crate::sessions::state::Known;
use crate::sessions::store_calls::ask;
use crate::sessions::store_calls::close_here;
use crate::sessions::store_calls::tree_is_gone;

impl<C: Send + Sync + 'static> Sessions<C> {
    /// Starts a bot run as the first of this process in a run tree that another process began
    ///
    /// Its end closes only what belongs to it; the end of the tree's root ends it. Errors: `input.invalid` when the id
    /// is running.
    pub fn join(&self, run: &BotRunId, id: &RunTreeId) -> Result<(), Error> {
        let share = || self.sharing.as_ref().map(|sharing| sharing.share(id.clone(), false, self.version));
        self.start_in(run, None, || Ok(share()))
    }

    /// Returns the share of a new root
    pub(super) fn share_of_root(&self) -> Result<Option<TreeShare>, Error> {
        let Some(sharing) = &self.sharing else { return Ok(None) };
        Ok(Some(match &sharing.joined {
            Some(id) => sharing.share(id.clone(), false, self.version),
            None => sharing.share(RunTreeId::mint()?, true, self.version),
        }))
    }

    /// Returns the id with which other processes join the bot run's tree, if they can
    pub fn run_tree(&self, run: &BotRunId) -> Result<Option<RunTreeId>, Error> {
        Ok(self.tree(run)?.share().map(|share| share.id.clone()))
    }

    /// Asks the store about a session unless what it said is recent; returns one that only another process has
    ///
    /// After that, [`Sessions::find`] returns what the store knows. The caller opens a connection for the returned
    /// session and calls [`Sessions::adopt`]. A session of this process alone needs no store. Errors:
    /// `store.unavailable` for a global session; `credential.not_found` if only the process that opened it can use it.
    pub async fn refresh(
        &self,
        run: &BotRunId,
        reference: &SessionReference,
    ) -> Result<Option<SharedSession<C>>, Error> {
        let tree = self.tree(run)?;
        let Some(share) = tree.share() else { return Ok(None) };
        let known = match tree.known(run, reference)? {
            Known::Here => return Ok(None),
            Known::Shared(session) if session.share().is_some_and(|known| known.is_recent(share.recent)) => {
                return Ok(None);
            }
            Known::Shared(session) => Some(session),
            Known::Nothing => None,
        };
        let found = match ask(share, reference, known.as_ref()).await {
            Ok(found) => found,
            // A session in a variable that is open in this process works without the store.
            Err(_) if known.as_ref().is_some_and(|known| known.target().name().is_none()) => return Ok(None),
            Err(error) => return Err(error),
        };
        match found {
            Found::Open { entry, replaced } => {
                if let Some(known) = known {
                    match known.share() {
                        Some(of_known) if of_known.id == entry.id => {
                            of_known.confirm();
                            return Ok(None);
                        }
                        _ => close_here(&tree, share, &known, replaced.as_deref()),
                    }
                }
                SharedSession::read(&tree, run, &entry).map(Some)
            }
            Found::Missing(note) => {
                match known {
                    Some(known) => close_here(&tree, share, &known, note.as_deref()),
                    None if note.is_some() => {
                        let closure = share.read_note(note.as_deref(), &tree.first_run());
                        tree.remember_closed(reference, closure);
                    }
                    None => {}
                }
                Ok(None)
            }
            Found::NoTree => {
                tree_is_gone(&tree, share, known)?;
                Ok(None)
            }
        }
    }

    /// Seals a token without a reference for the other processes; nothing if the operator does not allow it
    ///
    /// Errors: `internal` if the system's random generator fails.
    pub fn seal_token(
        &self,
        reservation: &Reservation<C>,
        token: &Secret,
    ) -> Result<Option<SharedCredential>, Error> {
        let tree = reservation.tree();
        let (Some(seal), Some(share)) = (&self.token_seal, tree.share()) else { return Ok(None) };
        let session = share.entry_id(reservation.handle());
        let place = TokenPlace { tree: share.place(), session, name: reservation.target().name() };
        seal.seal(place, token).map(|sealed| Some(SharedCredential::Sealed(sealed)))
    }

    /// Opens the token of a session that another process opened
    ///
    /// Errors: `credential.not_found` if this process does not have the operator's key that it is sealed with.
    pub fn open_token(&self, shared: &SharedSession<C>, sealed: &str) -> Result<Secret, Error> {
        let opened = shared.tree.share().zip(self.token_seal.as_ref()).and_then(|(share, seal)| {
            let session = share.entry_id(&shared.handle);
            seal.open(TokenPlace { tree: share.place(), session, name: shared.target.name() }, sealed)
        });
        opened.ok_or_else(|| messages::sealed_elsewhere(&shared.target))
    }

    /// Adds a session that another process opened, with this process's own connection for it
    ///
    /// Errors: `limit.exceeded`, and `session.closed` if it was closed meanwhile.
    pub fn adopt(&self, shared: SharedSession<C>, connection: C) -> Result<Arc<Session<C>>, Error> {
        let SharedSession { tree, run, handle, target, opened_by, .. } = shared;
        let Some(share) = tree.share() else { return Err(messages::tree_unknown()) };
        let place = self.take_place()?;
        let session = Session::new(handle, target, Arc::new(opened_by), connection);
        let session = Arc::new(session.shared(Share::new(share.entry_id(&handle), true)));
        let here = tree.adopt(&run, Arc::clone(&session), place)?;
        Ok(here.unwrap_or(session))
    }

    /// Waits until the store has done what was asked of it before, such as the end of a run tree
    ///
    /// Errors: `store.unavailable`.
    pub async fn flush(&self) -> Result<(), Error> {
        match &self.sharing {
            Some(sharing) => Ok(sharing.store.flush().await?),
            None => Ok(()),
        }
    }
}
