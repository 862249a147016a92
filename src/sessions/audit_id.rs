//! A session's name in the audit file: a keyed hash of its handle.
//!
//! A reader of the file can distinguish sessions, but cannot derive a handle.

use std::fmt::Write as _;
use std::sync::LazyLock;

use ring::hmac;
use ring::rand::SystemRandom;

use crate::contract::SessionHandle;

/// How many bytes of the hash are written: enough to distinguish the sessions of one process
const BYTES: usize = 8;

/// The key of this process, which is never written
static KEY: LazyLock<hmac::Key> = LazyLock::new(|| {
    hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new())
        .expect("the system's generator works: it also created the handle")
});

/// Returns 16 hexadecimal digits, the same for a handle during the lifetime of the process
pub(super) fn audit_id(handle: &SessionHandle) -> String {
    let tag = hmac::sign(&KEY, handle.as_bytes());
    tag.as_ref()[..BYTES].iter().fold(String::with_capacity(2 * BYTES), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_distinguishes_handles_and_shows_nothing_of_them() {
        let one = SessionHandle::from_bytes([0xab; 16]);
        let other = SessionHandle::from_bytes([0xac; 16]);
        let text = audit_id(&one);
        assert_eq!(text, audit_id(&one));
        assert_ne!(text, audit_id(&other));
        assert_eq!(text.len(), 16);
        assert!(text.bytes().all(|b| b.is_ascii_hexdigit()) && !text.contains("abab"), "{text}");
    }
}
