//! A broker that a test can stop and start again: it has a thread of its own.

use std::path::Path;
use std::thread::JoinHandle;

use azdo_bot::sessions::Broker;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// Returns a runtime, which stands for a process: its connections are closed with it
pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts")
}

/// A broker on a thread of its own, which ends when this is dropped
pub(crate) struct Threaded {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Threaded {
    /// Starts a broker that holds the sessions itself
    pub(crate) fn start(folder: &Path) -> Self {
        let folder = folder.to_owned();
        Self::serving(move || Broker::bind(&folder))
    }

    /// Starts a broker that is created on its thread
    pub(crate) fn serving(bind: impl FnOnce() -> std::io::Result<Broker> + Send + 'static) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            runtime().block_on(async {
                let broker = bind().expect("the socket can be created");
                ready.send(()).expect("the test waits");
                tokio::select! {
                    () = broker.serve(None) => {}
                    _ = stopped => {}
                }
            });
        });
        is_ready.recv().expect("the broker starts");
        Threaded { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Threaded {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
