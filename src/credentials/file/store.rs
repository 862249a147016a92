//! The store `file`: secrets that systemd, Docker and Kubernetes mount, and files of the operator.

use std::io;
use std::io::Read as _;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use secrecy::zeroize::Zeroizing;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::contract::printable;
use crate::credentials::deadline::on_a_thread;
use crate::credentials::store::Reading;
use crate::credentials::store::Store;
use crate::credentials::store::no_attribute;
use crate::files;
use crate::files::NotUtf8;
use crate::files::Readers;

/// The maximum size of a file in bytes; no token is as long
const MAX_BYTES: usize = 64 * 1024;

/// The folders where Docker and Kubernetes mount secrets
pub(in crate::credentials) const MOUNTED: [&str; 2] = ["/run/secrets", "/var/run/secrets"];

pub(in crate::credentials) struct FileStore {
    /// The folders where platforms mount secrets, with modes that the platform chooses
    mounted: Vec<PathBuf>,
    /// More folders whose files a bot may reference
    folders: Vec<PathBuf>,
}

impl FileStore {
    pub(in crate::credentials) fn new(folders: Vec<PathBuf>, credentials_directory: Option<PathBuf>) -> Self {
        let mounted = MOUNTED.iter().map(PathBuf::from).chain(credentials_directory).collect();
        FileStore { mounted, folders }
    }
}

impl Store for FileStore {
    fn admit(&self, place: &CredentialReference) -> Result<(), Error> {
        no_attribute(place)?;
        let path = Path::new(&place.path);
        let plain = path.is_absolute() && !path.components().any(|part| part == Component::ParentDir);
        let below = |folder: &PathBuf| plain && path.starts_with(folder) && stays_below(path, folder);
        if self.mounted.iter().chain(&self.folders).any(below) {
            return Ok(());
        }
        let message = "A bot may reference only files in /run/secrets, /var/run/secrets, the service's credentials \
                       directory, and the folders that the operator lists";
        Err(Error::new(ErrorCode::InputInvalid, message).help(
            "Move the file there, or ask the operator to add its folder to `stores.file.folders` in azdo-bot.toml \
             or to map it there as a locker.",
        ))
    }

    fn same(&self, one: &CredentialReference, other: &CredentialReference) -> bool {
        let (one, other) = (&one.path, &other.path);
        one == other
            || matches!((std::fs::canonicalize(one), std::fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
    }

    fn read<'a>(&'a self, place: &'a CredentialReference) -> Reading<'a> {
        let (mounted, text) = (self.mounted.clone(), place.path.clone());
        Box::pin(async move {
            no_attribute(place)?;
            on_a_thread(move || read(&mounted, &text)).await
        })
    }
}

fn read(mounted: &[PathBuf], text: &str) -> Result<Secret, Error> {
    let shown = printable(text, 512);
    if !Path::new(text).is_absolute() {
        let message = "The file of a credential needs an absolute path";
        return Err(Error::new(ErrorCode::InputInvalid, message));
    }
    let failed = |error: io::Error| cannot_read(&shown, &error);
    let path = std::fs::canonicalize(text).map_err(failed)?;
    let mounted = mounted.iter().any(|folder| is_below(&path, folder));
    let readers = if mounted { Readers::Platform } else { Readers::Owner };
    let file = files::open_trusted(Path::new(text), readers).map_err(failed)?;
    // Full capacity from the start: a reallocation would leave a copy in memory.
    let mut content = Zeroizing::new(Vec::with_capacity(2 * MAX_BYTES));
    let limit = u64::try_from(MAX_BYTES).expect("64 KiB fit into 64 bits");
    file.take(limit).read_to_end(&mut content).map_err(failed)?;
    let token = files::utf8(&content).map_err(|not_utf8| {
        let message = match not_utf8 {
            NotUtf8::Utf16 => format!("The file {shown} is in UTF-16"),
            NotUtf8::Other => format!("The file {shown} contains characters that no token has"),
        };
        Error::new(ErrorCode::CredentialInvalidFormat, message).help(not_utf8.help())
    })?;
    Ok(Secret::new(token.to_owned()))
}

/// Returns whether a path stays in the folder after links are resolved
fn stays_below(path: &Path, folder: &Path) -> bool {
    match std::fs::canonicalize(path) {
        Ok(real) => is_below(&real, folder),
        // Reading it returns the reason.
        Err(_) => true,
    }
}

/// Returns whether a canonical path is below a folder, which may itself be a link
fn is_below(real: &Path, folder: &Path) -> bool {
    std::fs::canonicalize(folder).is_ok_and(|folder| real.starts_with(folder))
}

fn cannot_read(shown: &str, error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::NotFound {
        return Error::new(ErrorCode::CredentialNotFound, format!("The file {shown} does not exist"))
            .help("Mount or write the token there, or correct the reference.");
    }
    let why = files::reason(error);
    Error::new(ErrorCode::CredentialNotFound, format!("The file {shown} cannot be read: {why}"))
        .help(files::help(error))
}
