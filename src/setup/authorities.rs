//! Reads the files of certificate authorities that the operator trusts.

use std::path::Path;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::printable;
use crate::files;
use crate::files::NotUtf8;

/// The largest file that is read, in bytes
const MAX_BYTES: usize = 4 << 20;

/// Reads a file of certificate authorities that no other user may write
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let shown = printable(&path.to_string_lossy(), 512);
    let invalid = |message| Error::new(ErrorCode::InputInvalid, message);
    let read = files::read_trusted(path, MAX_BYTES)
        .map_err(|error| files::failed(&format!("{shown} cannot be read"), error))?;
    let read = read.ok_or_else(|| invalid(format!("{shown} is larger than 4 MiB")))?;
    // The text around the certificates may have any encoding; a byte order mark would hide the first one.
    match files::utf8(&read) {
        Ok(text) => Ok(text.as_bytes().to_vec()),
        Err(NotUtf8::Other) => Ok(read),
        Err(NotUtf8::Utf16) => Err(invalid(format!("{shown} cannot be read: {}", NotUtf8::Utf16.reason()))
            .help(NotUtf8::Utf16.help())),
    }
}
