//! What is wrong with a setting of the operator's file.

/// A key as in a message, `network.proxy`, and what is wrong with its value
pub(super) type SettingError = (String, String);
