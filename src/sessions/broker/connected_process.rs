//! What a broker does for one process: its calls, and what ends with its connection.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::Weak;

use crate::contract::SessionName;
use crate::contract::TextKind as _;
use crate::sessions::broker::message::BrokerCall;
use crate::sessions::broker::message::BrokerReply;
use crate::sessions::broker::message::SealedText;
use crate::sessions::broker::message::WrittenReference;
use crate::sessions::broker::outgoing::Forwarder;
use crate::sessions::broker::outgoing::Queue;
use crate::sessions::broker::served::Served;
use crate::sessions::idempotency::KeyPlace;
use crate::sessions::idempotency::KeyState;
use crate::sessions::idempotency::Settled;
use crate::sessions::shared_stores::SharedStores;
use crate::sessions::sharing::Claimed;
use crate::sessions::sharing::EntryId;
use crate::sessions::sharing::FindBy;
use crate::sessions::sharing::Found;
use crate::sessions::sharing::OpenResult;
use crate::sessions::sharing::StoreError;
use crate::sessions::sharing::StoredEntry;
use crate::sessions::sharing::TreePlace;

/// A process that is connected to a broker
pub(super) struct ConnectedProcess {
    number: u64,
    served: Arc<Served>,
    queue: Arc<Queue>,
    belongings: Mutex<Belongings>,
}

/// What belongs to a process, and ends with its connection
#[derive(Default)]
struct Belongings {
    watched: HashMap<TreePlace, Arc<Forwarder>>,
    claims: HashMap<EntryId, (TreePlace, SessionName)>,
    /// The idempotency keys whose requests it makes, with their records
    reserved: HashMap<KeyPlace, Vec<u8>>,
}

impl ConnectedProcess {
    pub(super) fn new(number: u64, served: Arc<Served>, queue: Arc<Queue>) -> Self {
        ConnectedProcess { number, served, queue, belongings: Mutex::default() }
    }

    fn belongings(&self) -> MutexGuard<'_, Belongings> {
        self.belongings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries a call out and responds; returns whether the process can still be served
    pub(super) async fn answer(&self, id: Option<u64>, call: BrokerCall) -> bool {
        let reply = match self.run(call).await {
            Ok(Some(reply)) => reply,
            Ok(None) => return false,
            Err(StoreError(reason)) => BrokerReply::Failed { reason },
        };
        match id {
            Some(id) => self.queue.reply(id, reply).await,
            None => true,
        }
    }

    /// Carries a call out; nothing if a name in it is none
    async fn run(&self, call: BrokerCall) -> Result<Option<BrokerReply>, StoreError> {
        let SharedStores { sessions: store, limits, keys } = &self.served.stores;
        Ok(Some(match call {
            BrokerCall::Begin { tree } => {
                self.served.owners().insert(tree, self.number);
                store.begin(tree);
                BrokerReply::Done
            }
            BrokerCall::Watch { tree } => {
                let forwarder = Arc::new(Forwarder::new(tree, Arc::clone(&self.queue)));
                let watcher: Weak<Forwarder> = Arc::downgrade(&forwarder);
                let mut belongings = self.belongings();
                belongings.watched.retain(|_, forwarder| !forwarder.has_ended());
                // One for each tree is enough: the one before is dropped.
                belongings.watched.insert(tree, forwarder);
                drop(belongings);
                store.watch(tree, watcher);
                BrokerReply::Done
            }
            BrokerCall::Claim { tree, name, entry, by: SealedText(by), replace } => {
                let Ok(name) = SessionName::parse(&name) else { return Ok(None) };
                let claimed = store.claim(tree, &name, entry, &by, replace).await?;
                if claimed == Claimed::Reserved {
                    self.belongings().claims.insert(entry, (tree, name));
                }
                match claimed {
                    Claimed::Reserved => BrokerReply::Reserved,
                    Claimed::Connecting(by) => BrokerReply::Connecting { by: SealedText(by) },
                    Claimed::Open(entry) => reply_open(entry, None),
                    Claimed::NoTree => BrokerReply::NoTree,
                }
            }
            BrokerCall::Open { tree, name, entry, sealed: SealedText(sealed), replaced } => {
                let Ok(name) = parsed(name) else { return Ok(None) };
                let entry = StoredEntry { id: entry, sealed };
                let opened = store.open(tree, name.as_ref(), &entry, &replaced.0).await?;
                self.belongings().claims.remove(&entry.id);
                match opened {
                    OpenResult::Opened => BrokerReply::Opened,
                    OpenResult::Lost => BrokerReply::Lost,
                    OpenResult::NoTree => BrokerReply::NoTree,
                }
            }
            BrokerCall::Find { tree, by, known } => {
                let found = match by {
                    WrittenReference::Name(name) => {
                        let Ok(name) = SessionName::parse(&name) else { return Ok(None) };
                        store.find(tree, FindBy::Name(&name), known).await?
                    }
                    WrittenReference::Entry(id) => store.find(tree, FindBy::Id(id), known).await?,
                };
                match found {
                    Found::Open { entry, replaced } => reply_open(entry, replaced),
                    Found::Missing(note) => BrokerReply::Missing { note: note.map(SealedText) },
                    Found::NoTree => BrokerReply::NoTree,
                }
            }
            BrokerCall::Close { tree, name, entry, note: SealedText(note) } => {
                let Ok(name) = parsed(name) else { return Ok(None) };
                BrokerReply::Closed { was_open: store.close(tree, name.as_ref(), entry, &note).await? }
            }
            BrokerCall::Release { tree, name, entry } => {
                let Ok(name) = parsed(name) else { return Ok(None) };
                self.belongings().claims.remove(&entry);
                store.release(tree, name.as_ref(), entry);
                BrokerReply::Done
            }
            BrokerCall::End { tree } => {
                self.end_tree(tree);
                BrokerReply::Done
            }
            BrokerCall::Flush => {
                store.flush().await?;
                BrokerReply::Done
            }
            BrokerCall::Draw { user, draw } => match limits.draw(user, draw).await {
                Some(granted) => BrokerReply::Granted(granted),
                None => return Err(not_responding()),
            },
            BrokerCall::UserOf { token } => match limits.user_of(token).await {
                Some(user) => BrokerReply::User { user },
                None => return Err(not_responding()),
            },
            BrokerCall::TellUser { token, user } => {
                limits.tell_user(token, user);
                BrokerReply::Done
            }
            BrokerCall::ReserveKey { key, record: SealedText(record), lease } => {
                match keys.reserve(key, &record, lease).await? {
                    KeyState::Reserved => {
                        self.belongings().reserved.insert(key, record);
                        BrokerReply::Reserved
                    }
                    KeyState::Pending(record) => BrokerReply::KeyPending { record: SealedText(record) },
                    KeyState::Lost(record) => BrokerReply::KeyLost { record: SealedText(record) },
                    KeyState::Done(record) => BrokerReply::KeyDone { record: SealedText(record) },
                }
            }
            BrokerCall::RenewKey { key, record: SealedText(record), lease } => {
                keys.renew(key, &record, lease).await?;
                BrokerReply::Done
            }
            BrokerCall::SettleKey { key, record: SealedText(record), settled } => {
                self.belongings().reserved.remove(&key);
                keys.settle(key, &record, settled.into()).await?;
                BrokerReply::Done
            }
        }))
    }

    /// Ends a run tree, if its root runs in this process
    fn end_tree(&self, tree: TreePlace) {
        let is_own = {
            let mut owners = self.served.owners();
            let is_own = owners.get(&tree) == Some(&self.number);
            if is_own {
                owners.remove(&tree);
            }
            is_own
        };
        if is_own {
            self.served.stores.sessions.end(tree);
        }
    }

    /// Ends the run trees of the process, releases what it was connecting, and says that its requests are lost
    pub(super) fn end(&self) {
        let Belongings { claims, reserved, .. } = std::mem::take(&mut *self.belongings());
        let SharedStores { sessions, keys, .. } = &self.served.stores;
        for (key, record) in &reserved {
            keys.settle_later(*key, record, Settled::Lost);
        }
        for (id, (tree, name)) in &claims {
            sessions.release(*tree, Some(name), *id);
        }
        let of_process = self
            .served
            .owners()
            .iter()
            .filter(|(_, owner)| **owner == self.number)
            .map(|(tree, _)| *tree)
            .collect::<Vec<_>>();
        of_process.into_iter().for_each(|tree| self.end_tree(tree));
    }
}

/// The rate limits say no more about it
fn not_responding() -> StoreError {
    StoreError("does not respond".to_owned())
}

fn reply_open(entry: StoredEntry, replaced: Option<Vec<u8>>) -> BrokerReply {
    BrokerReply::Open {
        entry: entry.id,
        sealed: SealedText(entry.sealed),
        replaced: replaced.map(SealedText),
    }
}

fn parsed(name: Option<String>) -> Result<Option<SessionName>, ()> {
    name.map(|name| SessionName::parse(&name)).transpose().map_err(|_| ())
}
