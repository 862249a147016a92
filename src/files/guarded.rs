//! Files in a flow's folders that it must not write: bots, and files that the operator trusts.

use std::fs::Metadata;
use std::path::Path;
use std::path::PathBuf;

/// A file or folder that flows must not change
#[derive(Debug, Clone)]
pub struct Guarded {
    path: PathBuf,
    /// Its path as named and with links resolved, for a comparison that ignores case
    spellings: Vec<String>,
    kind: GuardedKind,
}

/// Why a file is guarded
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuardedKind {
    /// A bot file
    Bot,
    /// A path at which a new file would replace a child bot
    ChildBotPlace,
    /// The operator's file
    OperatorFile,
    /// The audit file
    AuditFile,
    /// A helper program
    Helper,
    /// A file that holds a credential
    Credential,
    /// A folder of credentials, including its subfolders
    CredentialFolder,
    /// A file of certificate authorities
    CertificateAuthority,
    /// The folder of the broker's socket, including what is in it
    BrokerFolder,
    /// Another file that the operator's file names
    NamedByOperator,
}

impl GuardedKind {
    /// Returns the text that follows the file's name in a message
    pub(super) fn words(self) -> &'static str {
        match self {
            GuardedKind::Bot => "is a bot file",
            GuardedKind::ChildBotPlace => "would run instead of a child bot",
            GuardedKind::OperatorFile => "is the operator's file",
            GuardedKind::AuditFile => "is the audit file",
            GuardedKind::Helper => "is a helper program",
            GuardedKind::Credential => "holds a credential",
            GuardedKind::CredentialFolder => "is in a folder of credentials",
            GuardedKind::CertificateAuthority => "holds certificate authorities",
            GuardedKind::BrokerFolder => "is in the folder of the broker",
            GuardedKind::NamedByOperator => "is named in the operator's file",
        }
    }

    /// Returns whether a flow may read it
    pub(super) fn may_be_read(self) -> bool {
        use GuardedKind::BrokerFolder;
        use GuardedKind::Credential;
        use GuardedKind::CredentialFolder;
        !matches!(self, Credential | CredentialFolder | BrokerFolder)
    }
}

impl Guarded {
    /// Guards a path, which need not exist yet
    pub fn new(path: impl Into<PathBuf>, kind: GuardedKind) -> Self {
        let path = path.into();
        let named = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
        let real = named.canonicalize().ok().or_else(|| {
            let folder = named.parent()?.canonicalize().ok()?;
            Some(folder.join(named.file_name()?))
        });
        let mut spellings: Vec<String> =
            [Some(named), real].into_iter().flatten().map(|one| lower(&one)).collect();
        spellings.dedup();
        Guarded { path, spellings, kind }
    }

    /// Why the file is guarded
    pub(super) fn kind(&self) -> GuardedKind {
        self.kind
    }

    /// Returns whether a file, with its metadata if it exists, is this one under any name
    pub(super) fn is(&self, file: &Path, metadata: Option<&Metadata>) -> bool {
        let file = lower(file);
        let by_name = self.spellings.iter().any(|one| match self.kind {
            GuardedKind::CredentialFolder | GuardedKind::BrokerFolder => Path::new(&file).starts_with(one),
            // The names of rotated files begin like it.
            GuardedKind::AuditFile => {
                file.strip_prefix(one.as_str()).is_some_and(|rest| !rest.contains(std::path::is_separator))
            }
            _ => file == *one,
        });
        by_name
            || metadata.is_some_and(|file| std::fs::metadata(&self.path).is_ok_and(|own| is_same(file, &own)))
    }
}

fn lower(path: &Path) -> String {
    path.to_string_lossy().to_lowercase()
}

/// Returns whether both are the same file under any name
#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Returns `false`: without file ids, only names are compared
#[cfg(not(unix))]
fn is_same(_one: &Metadata, _other: &Metadata) -> bool {
    false
}
