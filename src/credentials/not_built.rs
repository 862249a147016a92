//! Stands in for a store whose cargo feature is off.

use crate::credentials::resources::StoreResources;
use crate::credentials::store::Opened;

/// Returns [`Opened::NotBuilt`], whatever the settings are
pub(in crate::credentials) fn open<Settings>(_settings: Settings, _resources: &StoreResources) -> Opened {
    Opened::NotBuilt
}
