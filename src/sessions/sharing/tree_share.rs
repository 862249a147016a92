//! A run tree's part in a store: what it asks, and what it writes into the records.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::RunTreeId;
use crate::contract::SessionHandle;
use crate::contract::SessionName;
use crate::contract::SessionReference;
use crate::contract::SessionTarget;
use crate::contract::TextKind as _;
use crate::sessions::closure::Closure;
use crate::sessions::closure::How;
use crate::sessions::sharing::connection_reference::ConnectionReference;
use crate::sessions::sharing::store::EntryId;
use crate::sessions::sharing::store::FindBy;
use crate::sessions::sharing::store::SessionStore;
use crate::sessions::sharing::store::StoredEntry;
use crate::sessions::sharing::store::TreePlace;
use crate::sessions::sharing::tree_keys::TreeKeys;

/// What a record is sealed for: a session, a bot run that connects, or how a session was closed
const RECORD: &[u8] = b"record";
const BOT_RUN: &[u8] = b"bot run";
const NOTE: &[u8] = b"note";

/// A run tree's part in a store
pub(in crate::sessions) struct TreeShare {
    /// The id, which other processes join with
    pub(in crate::sessions) id: RunTreeId,
    /// Whether the root of the tree runs in this process
    pub(in crate::sessions) is_root: bool,
    /// The store
    pub(in crate::sessions) store: Arc<dyn SessionStore>,
    /// How long what the store said counts as recent
    pub(in crate::sessions) recent: Duration,
    /// The version of the package of this process
    version: &'static str,
    keys: TreeKeys,
}

/// A shared session's record, decoded
#[derive(Debug)]
pub(in crate::sessions) struct SharedRecord {
    /// The handle
    pub(in crate::sessions) handle: SessionHandle,
    /// The scope and name
    pub(in crate::sessions) target: SessionTarget,
    /// The bot run that opened it
    pub(in crate::sessions) opened_by: BotRunId,
    /// The version of the package that opened it
    pub(in crate::sessions) version: String,
    /// The connection; `None` if only the process that opened it has the token
    pub(in crate::sessions) connection: Option<ConnectionReference>,
}

/// A shared session's record as it is sealed
#[derive(Debug, Serialize, Deserialize)]
struct WrittenRecord {
    /// The handle, as a number
    handle: String,
    /// The name; without one it is in a variable
    name: Option<String>,
    /// The bot run that opened it
    by: String,
    /// The version of the package that opened it
    version: String,
    connection: Option<ConnectionReference>,
}

/// How a session was closed, for other processes
#[derive(Serialize, Deserialize)]
struct Note {
    by: String,
    how: NoteHow,
}

#[derive(Serialize, Deserialize)]
enum NoteHow {
    Disconnect,
    Replace,
}

impl TreeShare {
    pub(in crate::sessions) fn new(
        id: RunTreeId,
        is_root: bool,
        store: Arc<dyn SessionStore>,
        recent: Duration,
        version: &'static str,
    ) -> Self {
        let keys = TreeKeys::of(&id);
        TreeShare { id, is_root, store, recent, version, keys }
    }

    /// Returns where the store has the tree
    pub(in crate::sessions) fn place(&self) -> TreePlace {
        self.keys.place
    }

    /// Returns a session's id in the store
    pub(in crate::sessions) fn entry_id(&self, handle: &SessionHandle) -> EntryId {
        self.keys.entry(handle)
    }

    /// Returns what the store looks a reference up by
    pub(in crate::sessions) fn find_by<'a>(&self, reference: &'a SessionReference) -> FindBy<'a> {
        match reference {
            SessionReference::Name(name) => FindBy::Name(name),
            SessionReference::Handle(handle) => FindBy::Id(self.entry_id(handle)),
        }
    }

    /// Returns the record of a session, sealed
    pub(in crate::sessions) fn record(
        &self,
        handle: &SessionHandle,
        target: &SessionTarget,
        by: &BotRunId,
        connection: Option<ConnectionReference>,
    ) -> Result<StoredEntry, Error> {
        let entry = WrittenRecord {
            handle: u128::from_be_bytes(*handle.as_bytes()).to_string(),
            name: target.name().map(|name| name.as_str().to_owned()),
            by: by.as_str().to_owned(),
            version: self.version.to_owned(),
            connection,
        };
        Ok(StoredEntry { id: self.entry_id(handle), sealed: self.seal(RECORD, &entry)? })
    }

    /// Reads a session's record
    ///
    /// Errors: `store.unavailable` if it was not written in this tree, or by a version of another form.
    pub(in crate::sessions) fn read(&self, entry: &StoredEntry) -> Result<SharedRecord, Error> {
        let written: Option<WrittenRecord> = self.unseal(RECORD, &entry.sealed);
        let read = written.and_then(WrittenRecord::read);
        read.filter(|read| self.entry_id(&read.handle) == entry.id).ok_or_else(|| {
            Error::new(
                ErrorCode::StoreUnavailable,
                "The session store has a record of this run tree that cannot be read",
            )
            .help("Use the same version of azdo-bot for all processes of a run tree, and a store that only they write to.")
        })
    }

    /// Returns the id of a bot run, sealed, for the message of another process that wants the same name
    pub(in crate::sessions) fn connecting(&self, run: &BotRunId) -> Result<Vec<u8>, Error> {
        self.seal(BOT_RUN, &run.as_str())
    }

    /// Reads the bot run that connects; one that cannot be read has no id
    pub(in crate::sessions) fn read_connecting(&self, sealed: &[u8]) -> BotRunId {
        bot_run(&self.unseal::<String>(BOT_RUN, sealed).unwrap_or_default())
    }

    /// Returns how a session was closed, sealed
    pub(in crate::sessions) fn note(&self, closure: &Closure) -> Result<Vec<u8>, Error> {
        let how = match closure.how {
            How::Replace => NoteHow::Replace,
            How::Disconnect | How::End | How::Idle(_) | How::Elsewhere => NoteHow::Disconnect,
        };
        self.seal(NOTE, &Note { by: closure.by.as_str().to_owned(), how })
    }

    /// Reads how a session was closed; `root` stands for the bot run if the note does not say it
    pub(in crate::sessions) fn read_note(&self, note: Option<&[u8]>, root: &Arc<BotRunId>) -> Closure {
        match note.and_then(|note| self.unseal::<Note>(NOTE, note)) {
            Some(Note { by, how }) => {
                let how = match how {
                    NoteHow::Disconnect => How::Disconnect,
                    NoteHow::Replace => How::Replace,
                };
                Closure { by: Arc::new(bot_run(&by)), how }
            }
            None => Closure { by: Arc::clone(root), how: How::Elsewhere },
        }
    }

    fn seal<T: Serialize + ?Sized>(&self, purpose: &[u8], value: &T) -> Result<Vec<u8>, Error> {
        let text = serde_json::to_vec(value).map_err(|error| {
            Error::new(ErrorCode::Internal, "A record of the session store cannot be written")
                .caused_by(error)
        })?;
        self.keys.seal(purpose, text)
    }

    fn unseal<T: for<'de> Deserialize<'de>>(&self, purpose: &[u8], sealed: &[u8]) -> Option<T> {
        serde_json::from_slice(&self.keys.unseal(purpose, sealed)?).ok()
    }
}

impl WrittenRecord {
    fn read(self) -> Option<SharedRecord> {
        let handle: u128 = self.handle.parse().ok()?;
        let target = match self.name {
            Some(name) => SessionTarget::Global(SessionName::parse(&name).ok()?),
            None => SessionTarget::Variable,
        };
        Some(SharedRecord {
            handle: SessionHandle::from_bytes(handle.to_be_bytes()),
            target,
            opened_by: bot_run(&self.by),
            version: self.version,
            connection: self.connection,
        })
    }
}

/// Reads the id of a bot run in another process
fn bot_run(id: &str) -> BotRunId {
    BotRunId::parse(id).unwrap_or_else(|_| BotRunId::parse("unknown").expect("it is an id"))
}
