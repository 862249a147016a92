//! The connection with the scripts: what the methods of the store and its worker share.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use redis::PushInfo;
use redis::Script;
use redis::ScriptInvocation;
use tokio::sync::mpsc::UnboundedSender;

use crate::contract::SessionName;
use crate::sessions::redis_store::connection::RedisConnection;
use crate::sessions::redis_store::connection::RedisOptions;
use crate::sessions::redis_store::connection::failed;
use crate::sessions::redis_store::scripts::Scripts;
use crate::sessions::sharing::EntryId;
use crate::sessions::sharing::FindBy;
use crate::sessions::sharing::StoreError;
use crate::sessions::sharing::StoredEntry;
use crate::sessions::sharing::TreePlace;

/// How long the store remembers how a session was closed
const NOTES: Duration = Duration::from_secs(600);

/// What the methods and the worker share
pub(super) struct RedisAccess {
    connection: RedisConnection,
    pub(super) scripts: Scripts,
    lease: Duration,
    roots: Mutex<HashSet<TreePlace>>,
}

impl RedisAccess {
    /// Checks the settings; nothing is sent
    pub(super) fn new(options: &RedisOptions, pushes: UnboundedSender<PushInfo>) -> Result<Self, StoreError> {
        Ok(RedisAccess {
            connection: RedisConnection::new(options, pushes)?,
            scripts: Scripts::new(),
            lease: options.lease,
            roots: Mutex::default(),
        })
    }

    /// Runs a script on a run tree
    pub(super) async fn run(
        &self,
        script: &Script,
        tree: TreePlace,
        arguments: impl FnOnce(&mut ScriptInvocation<'_>),
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        self.run_at(script, key(tree), arguments).await
    }

    /// Runs a script on a key
    pub(super) async fn run_at(
        &self,
        script: &Script,
        key: String,
        arguments: impl FnOnce(&mut ScriptInvocation<'_>),
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let mut connection = self.connection.get().await?;
        let mut invocation = script.prepare_invoke();
        invocation.key(key);
        arguments(&mut invocation);
        invocation.invoke_async(&mut connection).await.map_err(failed)
    }

    /// Subscribes to what happens in a run tree
    pub(super) async fn subscribe(&self, tree: TreePlace) -> Result<(), StoreError> {
        self.connection.get().await?.subscribe(key(tree)).await.map_err(failed)
    }

    /// Ends the subscription
    pub(super) async fn unsubscribe(&self, tree: TreePlace) -> Result<(), StoreError> {
        self.connection.get().await?.unsubscribe(key(tree)).await.map_err(failed)
    }

    /// The run trees whose root runs in this process
    pub(super) fn roots(&self) -> MutexGuard<'_, HashSet<TreePlace>> {
        self.roots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long a run tree lives that is not renewed, in ms
    pub(super) fn lease(&self) -> u64 {
        milliseconds(self.lease)
    }

    /// Reads a session whose id is known; nothing if it is not open, or not under the name any more
    ///
    /// It is a plain command, which costs the server much less than a script. Decision 0330.
    pub(super) async fn read(
        &self,
        tree: TreePlace,
        by: FindBy<'_>,
        known: Option<EntryId>,
    ) -> Result<Option<StoredEntry>, StoreError> {
        let (id, name) = match (by, known) {
            (FindBy::Id(id), _) => (id, None),
            (FindBy::Name(name), Some(id)) => (id, Some(name)),
            (FindBy::Name(_), None) => return Ok(None),
        };
        let mut command = redis::cmd("HMGET");
        command.arg(key(tree)).arg([b"s:", &id.0[..]].concat());
        if let Some(name) = name {
            command.arg(format!("n:{}", name.as_str()));
        }
        let mut connection = self.connection.get().await?;
        let fields: Vec<Option<Vec<u8>>> = command.query_async(&mut connection).await.map_err(failed)?;
        let mut fields = fields.into_iter();
        let (sealed, open) = (fields.next().flatten(), fields.next().flatten());
        let is_open = name.is_none() || open.as_deref() == Some(&id.0);
        Ok(sealed.filter(|_| is_open).map(|sealed| StoredEntry { id, sealed }))
    }

    /// Closes a session with a note; returns whether it was open
    pub(super) async fn close(
        &self,
        tree: TreePlace,
        name: Option<&SessionName>,
        id: EntryId,
        note: &[u8],
    ) -> Result<bool, StoreError> {
        let reply = self
            .run(&self.scripts.close, tree, |invocation| {
                invocation.arg(&id.0).arg(written(name)).arg(note).arg(notes_are_kept());
            })
            .await?;
        match result(&reply) {
            (b"closed", []) => Ok(true),
            (b"missing", []) => Ok(false),
            _ => Err(garbage()),
        }
    }

    /// Whether this process began a run tree, for a script
    pub(super) fn is_root(&self, tree: TreePlace) -> &'static str {
        if self.roots().contains(&tree) { "1" } else { "0" }
    }
}

/// Returns the key of a run tree, which is its channel too
///
/// The braces keep what belongs to a tree together in a cluster.
pub(super) fn key(tree: TreePlace) -> String {
    format!("azdo-bot:{{{tree}}}")
}

/// Returns a time for a script
pub(super) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Returns a name, or nothing, for a script
pub(super) fn written(name: Option<&SessionName>) -> &str {
    name.map_or("", SessionName::as_str)
}

/// Splits a reply into the result and its texts
pub(super) fn result(reply: &[Vec<u8>]) -> (&[u8], &[Vec<u8>]) {
    reply.split_first().map_or((b"", &[]), |(first, rest)| (first.as_slice(), rest))
}

/// Returns the error for a reply that no script gives
pub(super) fn garbage() -> StoreError {
    StoreError("gave a response that is not one of its scripts".to_owned())
}

/// Returns a record from a reply
pub(super) fn entry(id: &[u8], sealed: &[u8]) -> Result<StoredEntry, StoreError> {
    let id = id.try_into().map(EntryId).map_err(|_| garbage())?;
    Ok(StoredEntry { id, sealed: sealed.to_vec() })
}

/// How long the store remembers how a session was closed, in ms
pub(super) fn notes_are_kept() -> u64 {
    milliseconds(NOTES)
}
