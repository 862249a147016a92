//! Files and folders that this program creates: only their owner can use them, whatever the umask is. Decision 0161.
//!
//! The umask can only take rights away. Where files have no modes (Windows), a new file has the access list of its folder.

use cap_std::fs::OpenOptions;

#[cfg(feature = "cli")]
use crate::files::reason::RefusedFile;

/// Lets only the owner use the file that these options may create
pub(super) fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    cap_std::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Creates a folder in an open folder
pub(super) fn create_folder_in(dir: &cap_std::fs::Dir, name: &std::ffi::OsStr) -> std::io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut builder = cap_std::fs::DirBuilder::new();
    #[cfg(unix)]
    cap_std::fs::DirBuilderExt::mode(&mut builder, 0o700);
    dir.create_dir_with(name, &builder)
}

/// Creates a folder and the missing folders above it
#[cfg(feature = "cli")]
pub(crate) fn create_folder(path: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a whole file that the command line names; an existing file keeps its mode
#[cfg(feature = "cli")]
pub(crate) fn write(path: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    let options = owner_only(options.write(true).create(true).truncate(true));
    let opened = cap_std::fs::File::open_ambient_with(path, options, cap_std::ambient_authority());
    let mut file = opened.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => RefusedFile::without_folder(),
        _ => error,
    })?;
    std::io::Write::write_all(&mut file, bytes)
}

/// Opens a file for writing, and creates it if it is missing
#[cfg(feature = "cli")]
pub(super) fn open_or_create(path: &std::path::Path) -> std::io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    let options = owner_only(options.write(true).create(true));
    cap_std::fs::File::open_ambient_with(path, options, cap_std::ambient_authority())
        .map(cap_std::fs::File::into_std)
}
