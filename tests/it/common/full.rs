//! Full outputs: a pipe that is full and not read, and a disk without space.

use std::fs::File;
use std::io::PipeReader;
use std::io::Write as _;
use std::process::Stdio;

/// A pipe on which every write waits as long as its reader exists
pub(crate) fn pipe() -> (PipeReader, Stdio) {
    let (reader, mut writer) = std::io::pipe().expect("a pipe can be made");
    let size = rustix::pipe::fcntl_setpipe_size(&writer, 4096).expect("a pipe can be small");
    writer.write_all(&vec![b'x'; size]).expect("it has room for this much");
    (reader, writer.into())
}

/// A disk on which every write fails
pub(crate) fn disk() -> Stdio {
    File::options().write(true).open("/dev/full").expect("Linux has it").into()
}
