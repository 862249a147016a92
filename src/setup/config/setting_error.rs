//! The error of a setting in the operator's file.

/// A key such as `network.proxy`, and the reason why its value is invalid
pub(super) type SettingError = (String, String);
