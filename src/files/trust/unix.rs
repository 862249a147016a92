//! Owners and modes of files.

use std::ffi::OsString;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use crate::contract::printable;
use crate::files::readers::Readers;
use crate::files::reason::RefusedFile;

/// The maximum number of links in a path, as on Linux
const MOST_LINKS: usize = 40;

/// The mode bits with which others can write, and with which others have any access
const OTHERS_WRITE: u32 = 0o022;
const OTHERS: u32 = 0o077;
const STICKY: u32 = 0o1000;

/// What is checked
#[derive(Clone, Copy)]
enum Kind {
    File(Readers),
    Folder,
    Link,
}

/// What is wrong with a file, a folder or a link
#[derive(Debug, Clone, Copy)]
enum Fault {
    /// It belongs to this user
    Owner(u32),
    /// Others may write it, with this mode
    OthersWrite(u32),
    /// Others may read it, with this mode
    OthersRead(u32),
}

/// The users whose files are trusted
struct Owners {
    own: u32,
    /// In a user namespace: the owner that files of unmapped users appear to have
    unmapped: Option<u32>,
}

impl Owners {
    fn of_this_process() -> Self {
        Owners { own: rustix::process::geteuid().as_raw(), unmapped: unmapped() }
    }

    fn trusts(&self, owner: u32) -> bool {
        owner == 0 || owner == self.own || Some(owner) == self.unmapped
    }

    /// Returns what is wrong with an owner and a mode, if anything
    fn fault(&self, owner: u32, mode: u32, kind: Kind) -> Option<Fault> {
        let mode = mode & 0o7777;
        if !matches!(kind, Kind::File(Readers::Platform)) && !self.trusts(owner) {
            return Some(Fault::Owner(owner));
        }
        let others_write = match kind {
            Kind::Link => false,
            Kind::Folder => mode & OTHERS_WRITE != 0 && mode & STICKY == 0,
            Kind::File(_) => mode & OTHERS_WRITE != 0,
        };
        match kind {
            _ if others_write => Some(Fault::OthersWrite(mode)),
            Kind::File(Readers::Owner) if mode & OTHERS != 0 => Some(Fault::OthersRead(mode)),
            _ => None,
        }
    }

    fn check(&self, path: &Path, metadata: &Metadata, kind: Kind) -> io::Result<()> {
        let Some(fault) = self.fault(metadata.uid(), metadata.mode(), kind) else { return Ok(()) };
        let path = printable(&path.to_string_lossy(), 512);
        let reason = match fault {
            Fault::Owner(owner) => {
                format!(
                    "{path} belongs to the user {owner}, which is neither the user of this process nor root"
                )
            }
            Fault::OthersWrite(mode) => {
                format!("{path} has the mode {mode:04o}: users other than its owner can change it")
            }
            Fault::OthersRead(mode) => {
                format!("{path} has the mode {mode:04o}: users other than its owner can read it")
            }
        };
        let (what, command) = match (fault, kind) {
            (Fault::Owner(_), Kind::Link) => ("change it", format!("chown -h {} '{path}'", self.own)),
            (Fault::Owner(_), _) => ("change it", format!("chown {} '{path}'", self.own)),
            (_, Kind::File(Readers::Owner | Readers::Platform)) => {
                ("read or change it", format!("chmod 600 '{path}'"))
            }
            _ => ("change it", format!("chmod go-w '{path}'")),
        };
        let help = format!("Allow only its owner, the user of this process or root, to {what}: {command}");
        Err(RefusedFile { reason, help }.into())
    }
}

pub(super) fn file(path: &Path, metadata: &Metadata, readers: Readers) -> io::Result<()> {
    Owners::of_this_process().check(path, metadata, Kind::File(readers))
}

/// Walks from the root to the file as the system does, and checks every folder and link
pub(super) fn folders(path: &Path) -> io::Result<()> {
    let owners = Owners::of_this_process();
    let mut at = PathBuf::from("/");
    let mut ahead: Vec<OsString> = Vec::new();
    push(&mut ahead, path);
    owners.check(&at, &std::fs::symlink_metadata(&at)?, Kind::Folder)?;
    let mut links = 0;
    while let Some(part) = ahead.pop() {
        if part == ".." {
            at.pop();
            continue;
        }
        let next = at.join(&part);
        let found = match std::fs::symlink_metadata(&next) {
            Ok(found) => found,
            // A file that is to be created does not exist yet.
            Err(error) if error.kind() == io::ErrorKind::NotFound && ahead.is_empty() => return Ok(()),
            Err(error) => return Err(error),
        };
        if found.is_symlink() {
            owners.check(&next, &found, Kind::Link)?;
            links += 1;
            if links > MOST_LINKS {
                return Err(rustix::io::Errno::LOOP.into());
            }
            let target = std::fs::read_link(&next)?;
            if target.is_absolute() {
                at = PathBuf::from("/");
            }
            push(&mut ahead, &target);
        } else if !ahead.is_empty() {
            owners.check(&next, &found, Kind::Folder)?;
            at = next;
        }
    }
    Ok(())
}

/// Pushes the parts of a path in front of the remaining parts
fn push(ahead: &mut Vec<OsString>, path: &Path) {
    let parts = path.components().rev().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some(OsString::from("..")),
        Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
    });
    ahead.extend(parts);
}

/// Returns the owner that files of unmapped users appear to have in a user namespace
///
/// A container whose root is not root outside sees the system's folders with this owner.
#[cfg(target_os = "linux")]
fn unmapped() -> Option<u32> {
    let map = std::fs::read_to_string("/proc/self/uid_map").ok()?;
    let known: u64 = map.lines().filter_map(|line| line.split_whitespace().nth(2)?.parse::<u64>().ok()).sum();
    if known >= u64::from(u32::MAX) {
        return None;
    }
    let overflow = std::fs::read_to_string("/proc/sys/kernel/overflowuid").ok();
    Some(overflow.and_then(|text| text.trim().parse().ok()).unwrap_or(65534))
}

#[cfg(not(target_os = "linux"))]
fn unmapped() -> Option<u32> {
    None
}

#[cfg(test)]
#[path = "unix_tests.rs"]
mod tests;
