//! The locks of the registry.
//!
//! In unit tests, a thread that takes one lets the other threads of `shuttle` run first, in an order that it draws.

#[cfg(test)]
pub(super) use self::switching::Mutex;
#[cfg(test)]
pub(super) use self::switching::RwLock;
#[cfg(test)]
pub(super) use self::switching::racing;
#[cfg(not(test))]
pub(super) use std::sync::Mutex;
#[cfg(not(test))]
pub(super) use std::sync::RwLock;

#[cfg(test)]
mod switching {
    use std::cell::Cell;
    use std::sync::LockResult;
    use std::sync::MutexGuard;
    use std::sync::RwLockReadGuard;
    use std::sync::RwLockWriteGuard;
    use std::sync::TryLockError;
    use std::sync::TryLockResult;

    thread_local! {
        /// Whether the threads are those of `shuttle`, which share one thread of the system
        static RACING: Cell<bool> = const { Cell::new(false) };
    }

    /// Runs something in which the locks switch between the threads of `shuttle`
    pub(in crate::sessions) fn racing(run: impl FnOnce()) {
        RACING.set(true);
        run();
        RACING.set(false);
    }

    #[derive(Debug)]
    pub(in crate::sessions) struct Mutex<T>(std::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub(in crate::sessions) fn new(value: T) -> Self {
            Mutex(std::sync::Mutex::new(value))
        }

        pub(in crate::sessions) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
            take(|| self.0.try_lock(), || self.0.lock())
        }

        pub(in crate::sessions) fn is_poisoned(&self) -> bool {
            self.0.is_poisoned()
        }
    }

    pub(in crate::sessions) struct RwLock<T>(std::sync::RwLock<T>);

    impl<T> RwLock<T> {
        pub(in crate::sessions) fn new(value: T) -> Self {
            RwLock(std::sync::RwLock::new(value))
        }

        pub(in crate::sessions) fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
            take(|| self.0.try_read(), || self.0.read())
        }

        pub(in crate::sessions) fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
            take(|| self.0.try_write(), || self.0.write())
        }
    }

    /// Takes a lock: the other threads run first, and as long as one of them has it
    fn take<G>(
        attempt: impl Fn() -> TryLockResult<G>,
        wait: impl FnOnce() -> LockResult<G>,
    ) -> LockResult<G> {
        if !RACING.get() {
            return wait();
        }
        loop {
            shuttle::thread::yield_now();
            match attempt() {
                Ok(guard) => return Ok(guard),
                Err(TryLockError::Poisoned(error)) => return Err(error),
                Err(TryLockError::WouldBlock) => {}
            }
        }
    }
}
