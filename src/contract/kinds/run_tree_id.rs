//! The id of a run tree that several processes share.

use std::fmt;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::ParseError;
use crate::contract::TextKind;

/// The id of a run tree: 128 random bits, with which a process joins it
///
/// Who has the id can use the global sessions of the tree, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct RunTreeId([u8; 16]);

impl RunTreeId {
    /// Creates a new id
    ///
    /// Errors: `internal` if the system's random generator fails.
    pub fn mint() -> Result<Self, Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| {
            Error::new(ErrorCode::Internal, "The system's random generator failed; no run tree was started")
                .caused_by(error)
        })?;
        Ok(RunTreeId(bytes))
    }

    /// Returns the bytes, to derive keys from
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Returns 32 hexadecimal digits, for the process that joins
    pub fn expose(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for RunTreeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RunTreeId(..)")
    }
}

impl TextKind for RunTreeId {
    const EXPECTED: &'static str = "the id of a run tree: 32 hexadecimal digits";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let invalid =
            || ParseError::invalid("the id of a run tree is 32 hexadecimal digits in small letters");
        if text.len() != 32 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(invalid());
        }
        u128::from_str_radix(text, 16).map(|number| RunTreeId(number.to_be_bytes())).map_err(|_| invalid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written_and_never_shown() {
        let id = RunTreeId::mint().expect("the system has random bytes");
        assert_eq!(RunTreeId::parse(&id.expose()), Ok(id.clone()));
        assert_ne!(RunTreeId::mint().expect("the system has random bytes"), id);
        assert_eq!(format!("{id:?}"), "RunTreeId(..)");
        for bad in ["", "0", &"0".repeat(33), &"A".repeat(32), &"+".repeat(32), &"g".repeat(32)] {
            assert!(RunTreeId::parse(bad).is_err(), "{bad}");
        }
    }
}
