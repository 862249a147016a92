//! Who may read a file that the operator names.

/// Who may read a file
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Everyone: the file holds no secret
    Anyone,
    /// Its owner alone
    Owner,
    /// Everyone: the platform mounted it and chose owner and mode, for this container only
    Platform,
}
