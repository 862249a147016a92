//! One process that is connected to a broker: its calls are carried out in their order.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Weak;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::AsyncWriteExt as _;
use tokio::io::BufReader;
use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::channel;

use crate::contract::SessionName;
use crate::contract::TextKind as _;
use crate::devops::SharedRateLimit as _;
use crate::sessions::broker::message::BrokerCall;
use crate::sessions::broker::message::BrokerLine;
use crate::sessions::broker::message::BrokerReply;
use crate::sessions::broker::message::CallLine;
use crate::sessions::broker::message::PROTOCOL;
use crate::sessions::broker::message::SealedText;
use crate::sessions::broker::message::WrittenReference;
use crate::sessions::broker::message::read_line;
use crate::sessions::broker::message::write_line;
use crate::sessions::broker::served::Served;
use crate::sessions::idempotency::IdempotencyStore as _;
use crate::sessions::idempotency::KeyPlace;
use crate::sessions::idempotency::KeyState;
use crate::sessions::idempotency::Settled;
use crate::sessions::sharing::Claimed;
use crate::sessions::sharing::EntryId;
use crate::sessions::sharing::FindBy;
use crate::sessions::sharing::Found;
use crate::sessions::sharing::OpenResult;
use crate::sessions::sharing::SessionStore as _;
use crate::sessions::sharing::StoreError;
use crate::sessions::sharing::StoredEntry;
use crate::sessions::sharing::TreePlace;
use crate::sessions::sharing::Watcher;

/// How many lines wait for a process that does not read
const QUEUE: usize = 1024;

/// How many bytes are sent together
const BATCH: usize = 64 << 10;

/// Serves a process until it or its connection ends
pub(super) async fn serve(stream: impl AsyncRead + AsyncWrite + Send, number: u64, served: Arc<Served>) {
    let (read, mut write) = tokio::io::split(stream);
    let mut read = BufReader::new(read);
    let (out, mut waiting) = channel(QUEUE);
    let queue = Arc::new(Queue { lines: out, has_missed: AtomicBool::new(false) });
    let mut process = ConnectedProcess {
        number,
        served,
        queue: Arc::clone(&queue),
        watched: HashMap::new(),
        claims: HashMap::new(),
        reserved: HashMap::new(),
    };
    // Either side may end first: who does not read is not waited for, and what is no message ends the connection.
    tokio::select! {
        () = process.carry_out(&mut read) => {}
        _ = send(&mut write, &mut waiting, &queue) => {}
    }
    process.end();
}

/// The lines that wait for a process
struct Queue {
    lines: Sender<BrokerLine>,
    /// Whether a line about a session was left out
    has_missed: AtomicBool,
}

async fn send(
    write: &mut (impl AsyncWrite + Unpin),
    waiting: &mut Receiver<BrokerLine>,
    queue: &Queue,
) -> std::io::Result<()> {
    let mut lines = Vec::new();
    write_line(
        &mut lines,
        &BrokerLine::Hello { protocol: PROTOCOL, version: env!("CARGO_PKG_VERSION").to_owned() },
    );
    loop {
        write.write_all(&lines).await?;
        write.flush().await?;
        lines.clear();
        let mut next = waiting.recv().await;
        while let Some(line) = next.take() {
            write_line(&mut lines, &line);
            if lines.len() < BATCH {
                next = waiting.try_recv().ok();
            }
        }
        if queue.has_missed.swap(false, Ordering::AcqRel) {
            write_line(&mut lines, &BrokerLine::Missed);
        }
    }
}

/// Passes on what happens in a run tree; it never waits
struct Forwarder {
    tree: TreePlace,
    queue: Arc<Queue>,
    has_ended: AtomicBool,
}

impl Forwarder {
    fn pass_on(&self, line: BrokerLine) {
        if self.queue.lines.try_send(line).is_err() {
            self.queue.has_missed.store(true, Ordering::Release);
        }
    }
}

impl Watcher for Forwarder {
    fn closed(&self, id: EntryId, note: &[u8]) {
        self.pass_on(BrokerLine::Closed { tree: self.tree, entry: id, note: note.into() });
    }

    fn ended(&self) {
        self.has_ended.store(true, Ordering::Release);
        self.pass_on(BrokerLine::Ended { tree: self.tree });
    }

    fn missed(&self) {
        self.queue.has_missed.store(true, Ordering::Release);
    }
}

/// What belongs to a connection, and ends with it
struct ConnectedProcess {
    number: u64,
    served: Arc<Served>,
    queue: Arc<Queue>,
    watched: HashMap<TreePlace, Arc<Forwarder>>,
    claims: HashMap<EntryId, (TreePlace, SessionName)>,
    /// The idempotency keys whose requests it makes, with their records
    reserved: HashMap<KeyPlace, Vec<u8>>,
}

impl ConnectedProcess {
    async fn carry_out(&mut self, read: &mut (impl tokio::io::AsyncBufRead + Unpin)) {
        let mut line = Vec::new();
        while let Some(CallLine { id, call }) = read_line(read, &mut line).await {
            let reply = match self.run(call).await {
                Ok(Some(reply)) => reply,
                Ok(None) => return,
                Err(StoreError(reason)) => BrokerReply::Failed { reason },
            };
            if let Some(id) = id
                && self.queue.lines.send(BrokerLine::Reply { id, reply }).await.is_err()
            {
                return;
            }
        }
    }

    /// Carries a call out; nothing if a name in it is none
    async fn run(&mut self, call: BrokerCall) -> Result<Option<BrokerReply>, StoreError> {
        let served = Arc::clone(&self.served);
        let store = &served.store;
        Ok(Some(match call {
            BrokerCall::Begin { tree } => {
                self.served.owners().insert(tree, self.number);
                store.begin(tree);
                BrokerReply::Done
            }
            BrokerCall::Watch { tree } => {
                let has_ended = AtomicBool::new(false);
                let forwarder = Arc::new(Forwarder { tree, queue: Arc::clone(&self.queue), has_ended });
                let watcher: Weak<Forwarder> = Arc::downgrade(&forwarder);
                self.watched.retain(|_, forwarder| !forwarder.has_ended.load(Ordering::Acquire));
                // One for each tree is enough: the one before is dropped.
                self.watched.insert(tree, forwarder);
                store.watch(tree, watcher);
                BrokerReply::Done
            }
            BrokerCall::Claim { tree, name, entry, by: SealedText(by), replace } => {
                let Ok(name) = SessionName::parse(&name) else { return Ok(None) };
                let claimed = store.claim(tree, &name, entry, &by, replace).await?;
                if claimed == Claimed::Reserved {
                    self.claims.insert(entry, (tree, name));
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
                self.claims.remove(&entry.id);
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
                self.claims.remove(&entry);
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
            BrokerCall::Draw { user, draw } => match served.limits.draw(user, draw).await {
                Some(granted) => BrokerReply::Granted(granted),
                None => return Ok(None),
            },
            BrokerCall::UserOf { token } => {
                BrokerReply::User { user: served.limits.user_of(token).await.flatten() }
            }
            BrokerCall::TellUser { token, user } => {
                served.limits.tell_user(token, user);
                BrokerReply::Done
            }
            BrokerCall::ReserveKey { key, record: SealedText(record), lease } => {
                match served.keys.reserve(key, &record, lease).await? {
                    KeyState::Reserved => {
                        self.reserved.insert(key, record);
                        BrokerReply::Reserved
                    }
                    KeyState::Pending(record) => BrokerReply::KeyPending { record: SealedText(record) },
                    KeyState::Lost(record) => BrokerReply::KeyLost { record: SealedText(record) },
                    KeyState::Done(record) => BrokerReply::KeyDone { record: SealedText(record) },
                }
            }
            BrokerCall::RenewKey { key, record: SealedText(record), lease } => {
                served.keys.renew(key, &record, lease).await?;
                BrokerReply::Done
            }
            BrokerCall::SettleKey { key, record: SealedText(record), settled } => {
                self.reserved.remove(&key);
                served.keys.settle(key, &record, settled.into()).await?;
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
            self.served.store.end(tree);
        }
    }

    /// Ends the run trees of the process, releases what it was connecting, and says that its requests are lost
    fn end(self) {
        for (key, record) in &self.reserved {
            self.served.keys.settle_later(*key, record, Settled::Lost);
        }
        for (id, (tree, name)) in &self.claims {
            self.served.store.release(*tree, Some(name), *id);
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
