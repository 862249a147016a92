//! What a process and a broker say to each other: one JSON document a line.
//!
//! The broker speaks first, with [`BrokerLine::Hello`].

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error as _;
use tokio::io::AsyncBufRead;
use tokio::io::AsyncBufReadExt as _;
use tokio::io::AsyncReadExt as _;

use crate::devops::GrantedSlots;
use crate::devops::SlotDraw;
use crate::devops::UserKey;
use crate::sessions::idempotency::KeyPlace;
use crate::sessions::sharing::EntryId;
use crate::sessions::sharing::TreePlace;

/// The version of these messages
pub(super) const PROTOCOL: u32 = 3;

/// The longest line, in bytes
const LONGEST: u64 = 256 << 10;

/// A line of a process
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallLine {
    /// Comes back with the response; a call without it has none
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<u64>,
    pub(super) call: BrokerCall,
}

/// A method of what is shared: of the sessions, of the rate limits, and of the idempotency keys
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(super) enum BrokerCall {
    Begin { tree: TreePlace },
    Watch { tree: TreePlace },
    Claim { tree: TreePlace, name: String, entry: EntryId, by: SealedText, replace: bool },
    Open { tree: TreePlace, name: Option<String>, entry: EntryId, sealed: SealedText, replaced: SealedText },
    Find { tree: TreePlace, by: WrittenReference, known: Option<EntryId> },
    Close { tree: TreePlace, name: Option<String>, entry: EntryId, note: SealedText },
    Release { tree: TreePlace, name: Option<String>, entry: EntryId },
    End { tree: TreePlace },
    Flush,
    Draw { user: UserKey, draw: SlotDraw },
    UserOf { token: UserKey },
    TellUser { token: UserKey, user: UserKey },
    ReserveKey { key: KeyPlace, record: SealedText, lease: Duration },
    RenewKey { key: KeyPlace, record: SealedText, lease: Duration },
    SettleKey { key: KeyPlace, record: SealedText, settled: WrittenOutcome },
}

/// What became of a request with an idempotency key
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum WrittenOutcome {
    NotMade,
    Lost,
    Done(SealedText),
}

/// What a session is looked for by
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum WrittenReference {
    Name(String),
    Entry(EntryId),
}

/// A line of a broker
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum BrokerLine {
    /// The first line; the store is what the operator's file of the broker names
    Hello {
        protocol: u32,
        version: String,
        #[serde(default)]
        store: String,
    },
    /// The response to a call
    Reply { id: u64, reply: BrokerReply },
    /// A session was closed
    Closed { tree: TreePlace, entry: EntryId, note: SealedText },
    /// The root of a run tree has ended
    Ended { tree: TreePlace },
    /// Lines about closed sessions were left out, since this process did not read them
    Missed,
}

/// The response to a call
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum BrokerReply {
    Done,
    Reserved,
    Connecting {
        by: SealedText,
    },
    Open {
        entry: EntryId,
        sealed: SealedText,
        replaced: Option<SealedText>,
    },
    Opened,
    Lost,
    Missing {
        note: Option<SealedText>,
    },
    Closed {
        was_open: bool,
    },
    NoTree,
    Granted(GrantedSlots),
    User {
        user: Option<UserKey>,
    },
    KeyPending {
        record: SealedText,
    },
    KeyLost {
        record: SealedText,
    },
    KeyDone {
        record: SealedText,
    },
    /// The store behind the broker did not respond; the reason ends a sentence that begins with the store
    Failed {
        reason: String,
    },
}

/// A sealed text, as base64
pub(super) struct SealedText(pub(super) Vec<u8>);

impl From<&[u8]> for SealedText {
    fn from(bytes: &[u8]) -> Self {
        SealedText(bytes.to_vec())
    }
}

impl Serialize for SealedText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD_NO_PAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for SealedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD_NO_PAD.decode(text).map(SealedText).map_err(|_| D::Error::custom("not base64"))
    }
}

/// Writes a key of 16 bytes as base64
macro_rules! sixteen_bytes {
    ($($key:ident),*) => {$(
        impl Serialize for $key {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&STANDARD_NO_PAD.encode(self.0))
            }
        }

        impl<'de> Deserialize<'de> for $key {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                sixteen_bytes(deserializer).map($key)
            }
        }
    )*};
}

sixteen_bytes!(TreePlace, EntryId, UserKey, KeyPlace);

fn sixteen_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 16], D::Error> {
    let SealedText(bytes) = SealedText::deserialize(deserializer)?;
    bytes.try_into().map_err(|_| D::Error::custom("not 16 bytes"))
}

/// Appends a message as a line
pub(super) fn write_line<T: Serialize>(lines: &mut Vec<u8>, message: &T) {
    serde_json::to_writer(&mut *lines, message).expect("a message has no map with other keys than texts");
    lines.push(b'\n');
}

/// Reads the next message; nothing at the end of the connection, and if the line is no message
pub(super) async fn read_line<T: for<'de> Deserialize<'de>>(
    reader: &mut (impl AsyncBufRead + Unpin),
    line: &mut Vec<u8>,
) -> Option<T> {
    line.clear();
    reader.take(LONGEST).read_until(b'\n', line).await.ok()?;
    // A line that was cut by its length or by the end of the connection is none.
    serde_json::from_slice(line.strip_suffix(b"\n")?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(mut text: &[u8]) -> Option<CallLine> {
        read_line(&mut text, &mut Vec::new()).await
    }

    #[tokio::test]
    async fn only_a_whole_line_with_a_known_message_is_read() {
        let mut line = Vec::new();
        let call = BrokerCall::Release { tree: TreePlace([7; 16]), name: None, entry: EntryId([255; 16]) };
        write_line(&mut line, &CallLine { id: Some(3), call });
        let found = read(&line).await.expect("it was written here");
        assert!(
            matches!(found, CallLine { id: Some(3), call: BrokerCall::Release { entry: EntryId(id), .. } } if id == [255; 16])
        );
        for cut in 0..line.len() {
            assert!(read(&line[..cut]).await.is_none(), "{cut} bytes");
        }
        for text in ["GET / HTTP/1.1\r\n", "{}\n", "\u{0}\n", r#"{"call":{"begin":{"tree":"AAAA"}}}"#] {
            assert!(read(text.as_bytes()).await.is_none(), "{text}");
        }
        let endless = vec![b'['; usize::try_from(LONGEST).expect("it is small") + 2];
        assert!(read(&endless).await.is_none(), "a line has a limit");
    }
}
