//! Whether standard output takes a line without waiting for who reads it.

/// The most that is written without waiting: what a pipe with any room takes in one piece
#[cfg(unix)]
const PIECE: usize = rustix::pipe::PIPE_BUF;

/// Whether standard output takes this many bytes at once
#[cfg(unix)]
pub(in crate::cli) fn stdout_has_room(bytes: usize) -> bool {
    use rustix::event::PollFd;
    use rustix::event::PollFlags;
    use rustix::event::Timespec;
    use rustix::event::poll;

    let out = std::io::stdout();
    let mut asked = [PollFd::new(&out, PollFlags::OUT)];
    bytes <= PIECE && poll(&mut asked, Some(&Timespec::default())).is_ok_and(|ready| ready > 0)
}

/// Not to be known here
#[cfg(not(unix))]
pub(in crate::cli) fn stdout_has_room(_bytes: usize) -> bool {
    true
}
