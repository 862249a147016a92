//! Disables core dumps: the memory holds tokens, and others may be able to read a dump file.

/// Disables core files, and on Linux also access of the user's other processes to this memory
///
/// Child processes inherit the limit. On Windows no way is known for a process to do this for itself; the administrator
/// configures Windows Error Reporting.
pub(in crate::cli) fn switch_off() {
    // Lowering a limit is always allowed. If it fails nevertheless, nothing better can be done.
    #[cfg(unix)]
    {
        use rustix::process::Resource;
        use rustix::process::Rlimit;
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        let _ = rustix::process::setrlimit(Resource::Core, none);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::DumpableBehavior;
        let _ = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::DumpableBehavior;
    use rustix::process::Resource;

    use super::*;

    #[test]
    fn the_process_leaves_no_dump() {
        switch_off();
        let limit = rustix::process::getrlimit(Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
        let behavior = rustix::process::dumpable_behavior().expect("Linux reports it");
        assert_eq!(behavior, DumpableBehavior::NotDumpable);
    }
}
