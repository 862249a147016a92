//! Where this process runs: the names of the machine and of the user, for the audit records.

use crate::dispatch::ProcessOrigin;

/// Returns where this process runs, as the system states it, not the environment
pub(super) fn origin() -> ProcessOrigin {
    ProcessOrigin { machine: whoami::hostname().ok(), user: whoami::username().ok() }
}
