//! What a bot run asks the store of its run tree.

use std::sync::Arc;
use std::time::Duration;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::RunTreeId;
use crate::contract::SessionReference;
use crate::sessions::closure::Closure;
use crate::sessions::closure::How;
use crate::sessions::if_exists::IfSessionExists;
use crate::sessions::messages;
use crate::sessions::reservation::Reservation;
use crate::sessions::reservation::Reserved;
use crate::sessions::session::ClosedSession;
use crate::sessions::session::Session;
use crate::sessions::shared_session::SharedSession;
use crate::sessions::sharing::Claimed;
use crate::sessions::sharing::EntryId;
use crate::sessions::sharing::Found;
use crate::sessions::sharing::SessionStore;
use crate::sessions::sharing::StoredEntry;
use crate::sessions::sharing::TreeShare;
use crate::sessions::state::Known;
use crate::sessions::tree::Tree;

/// How often a Connect asks whether the Connect of another process has finished
const POLL: Duration = Duration::from_millis(250);

/// How the run trees of a process are shared with others
#[derive(Clone)]
pub struct SharedTrees {
    /// Where their sessions are recorded
    pub store: Arc<dyn SessionStore>,
    /// How long what the store said counts as recent: so long, a session closed elsewhere may still be used
    pub recent: Duration,
    /// The run tree that every root of this process joins; without one, each root begins its own
    pub joined: Option<RunTreeId>,
}

impl SharedTrees {
    pub(super) fn share(&self, id: RunTreeId, is_root: bool, version: &'static str) -> TreeShare {
        TreeShare::new(id, is_root, Arc::clone(&self.store), self.recent, version)
    }
}

/// Asks the store about a reference
pub(super) async fn ask<C>(
    share: &TreeShare,
    reference: &SessionReference,
    known: Option<&Arc<Session<C>>>,
) -> Result<Found, Error> {
    let known = known.and_then(|known| known.share()).map(|known| known.id);
    Ok(share.store.find(share.place(), share.find_by(reference), known).await?)
}

/// Closes a session of this process that the store has closed
pub(super) fn close_here<C: Send + Sync>(
    tree: &Tree<C>,
    share: &TreeShare,
    session: &Arc<Session<C>>,
    note: Option<&[u8]>,
) {
    tree.close_known(session, share.read_note(note, &tree.first_run()));
}

/// Closes what is known of a run tree that the store does not have
///
/// Errors: `bot_run.ended` if nothing is known, and the root, which begins the tree again, is in another process.
pub(super) fn tree_is_gone<C: Send + Sync>(
    tree: &Tree<C>,
    share: &TreeShare,
    known: Option<Arc<Session<C>>>,
) -> Result<(), Error> {
    match known {
        Some(known) => close_here(tree, share, &known, None),
        None if share.is_root => {}
        None => return Err(messages::tree_unknown()),
    }
    Ok(())
}

/// Reserves a global name in the store; returns nothing while another process connects it and this one has to wait
pub(super) async fn reserve<C: Send + Sync + 'static>(
    reservation: Reservation<C>,
    entry: EntryId,
    if_exists: IfSessionExists,
) -> Result<Option<Reserved<C>>, Error> {
    let tree = reservation.tree();
    let (Some(share), Some(name)) = (tree.share(), reservation.target().name()) else {
        return Ok(Some(Reserved::New(reservation)));
    };
    let by = share.connecting(reservation.run())?;
    let replace = if_exists == IfSessionExists::Replace;
    match share.store.claim(share.place(), name, entry, &by, replace).await? {
        Claimed::Reserved => Ok(Some(Reserved::New(reservation))),
        Claimed::Connecting(_) if if_exists == IfSessionExists::Reuse => Ok(None),
        Claimed::Connecting(by) => {
            Err(messages::name_connecting(reservation.target(), &share.read_connecting(&by)))
        }
        Claimed::Open(open) if if_exists == IfSessionExists::Reuse => reuse(&reservation, &open).map(Some),
        Claimed::Open(open) => Err(messages::name_open(reservation.target(), &share.read(&open)?.opened_by)),
        Claimed::NoTree => Err(messages::tree_unknown()),
    }
}

/// Returns the session that the store has open under the name
fn reuse<C: Send + Sync + 'static>(
    reservation: &Reservation<C>,
    open: &StoredEntry,
) -> Result<Reserved<C>, Error> {
    let (tree, run) = (reservation.tree(), reservation.run());
    let name = reservation.target().name().cloned().unwrap_or_default();
    if let Some(session) = tree.with_entry(open.id) {
        session.share().inspect(|share| share.confirm());
        return Ok(Reserved::Existing(session));
    }
    if let (Some(share), Some(old)) = (tree.share(), tree.open_global(&name)) {
        close_here(tree, share, &old, None);
    }
    SharedSession::read(tree, run, open).map(Reserved::Elsewhere)
}

/// Waits before the next attempt to reserve a name, unless the bot run ends before
pub(super) async fn pause<C>(tree: &Tree<C>, run: &BotRunId) -> Result<(), Error> {
    let ended = tree.ended(run)?;
    tokio::select! {
        () = tokio::time::sleep(POLL) => Ok(()),
        () = ended.cancelled() => Err(messages::ended_while_connecting(run)),
    }
}

/// Closes a session in the store and in this process; returns nothing if the store does not have it
pub(super) async fn close<C: Send + Sync + 'static>(
    tree: &Arc<Tree<C>>,
    run: &BotRunId,
    reference: &SessionReference,
) -> Result<Option<ClosedSession>, Error> {
    let Some(share) = tree.share() else { return Ok(None) };
    let known = match tree.known(run, reference)? {
        Known::Here => return Ok(None),
        Known::Shared(session) => Some(session),
        Known::Nothing => None,
    };
    let is_in_variable = known.as_ref().is_some_and(|known| known.target().name().is_none());
    let found = match ask(share, reference, known.as_ref()).await {
        // A session in a variable that is open in this process is closed here.
        Err(_) if is_in_variable => return Ok(None),
        found => found?,
    };
    let closure = Closure { by: Arc::new(run.clone()), how: How::Disconnect };
    match found {
        Found::Open { entry, replaced } => {
            let record = share.read(&entry)?;
            let note = share.note(&closure)?;
            let name = record.target.name();
            let was_open = share.store.close(share.place(), name, entry.id, &note).await?;
            if let Some(known) = known {
                let is_same = known.share().is_some_and(|known| known.id == entry.id);
                let (note, own) = (replaced.as_deref(), share.note(&closure)?);
                close_here(tree, share, &known, if is_same { Some(&own) } else { note });
            }
            if !was_open {
                return Ok(None);
            }
            tree.remember_closed(reference, closure);
            Ok(Some(ClosedSession::at(record.target, record.handle)))
        }
        Found::Missing(note) => {
            let closure = share.read_note(note.as_deref(), &tree.first_run());
            match known {
                Some(known) => tree.close_known(&known, closure),
                None if note.is_some() => tree.remember_closed(reference, closure),
                None => {}
            }
            Ok(None)
        }
        Found::NoTree => {
            tree_is_gone(tree, share, known)?;
            Ok(None)
        }
    }
}
