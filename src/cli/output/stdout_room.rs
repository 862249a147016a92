//! Whether standard output accepts a line without blocking.

/// The most bytes that a pipe with any free space accepts without blocking
#[cfg(unix)]
const PIECE: usize = rustix::pipe::PIPE_BUF;

/// Whether standard output accepts this many bytes without blocking
#[cfg(unix)]
pub(in crate::cli) fn stdout_has_room(bytes: usize) -> bool {
    use rustix::event::PollFd;
    use rustix::event::PollFlags;
    use rustix::event::Timespec;
    use rustix::event::poll;

    let out = std::io::stdout();
    let mut polled = [PollFd::new(&out, PollFlags::OUT)];
    bytes <= PIECE && poll(&mut polled, Some(&Timespec::default())).is_ok_and(|ready| ready > 0)
}

/// Unknown on this system
#[cfg(not(unix))]
pub(in crate::cli) fn stdout_has_room(_bytes: usize) -> bool {
    true
}
