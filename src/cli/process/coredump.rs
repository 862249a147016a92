//! No dump of this process's memory: it holds tokens, and a dump is a file that others may read.

/// Switches off core files, and on Linux also other processes of the same user reading this one's memory
///
/// Core files stay off for what it starts. On Windows nothing is known that a process can switch off for itself:
/// there it is the administrator's (Windows Error Reporting).
pub(in crate::cli) fn switch_off() {
    // Lowering a limit is always allowed; if it is refused all the same, nothing better can be done.
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
    fn nothing_of_the_process_is_dumped() {
        switch_off();
        let limit = rustix::process::getrlimit(Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
        let behavior = rustix::process::dumpable_behavior().expect("Linux says it");
        assert_eq!(behavior, DumpableBehavior::NotDumpable);
    }
}
