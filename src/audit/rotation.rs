//! Rotation of the audit file: a new file takes its name, and its first line continues the chain of the old one.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::io::ErrorKind;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

use crate::audit::tail;
use crate::contract::utc_now;
use crate::files;

/// What the name of the next file ends with until it takes the place of the old one
const NEXT: &str = ".next";

/// Begins a new file with this line, and returns it; the old one is locked and gets the time as an addition to its name
///
/// At every moment, the path names a complete file: a second name is given to the old file first, then the new one
/// replaces it.
pub(super) fn rotate(path: &Path, old: &File, first: &str) -> io::Result<File> {
    let next = with_suffix(path, NEXT);
    match std::fs::remove_file(&next) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = files::append_trusted(&next)?;
    file.set_permissions(old.metadata()?.permissions())?;
    file.write_all(first.as_bytes())?;
    let kept = keep(path, old)?;
    if let Err(error) = std::fs::rename(&next, path) {
        kept.map(std::fs::remove_file);
        return Err(error);
    }
    Ok(file)
}

/// Gives the file at the path a second name, and returns it; none if it has one, from a rotation that did not end
fn keep(path: &Path, old: &File) -> io::Result<Option<PathBuf>> {
    if files::name_count(old)? > 1 {
        return Ok(None);
    }
    let now = utc_now();
    let (date, (hour, minute, second, milli)) = (now.date(), now.time().as_hms_milli());
    let time = format!(
        "{:04}{:02}{:02}T{hour:02}{minute:02}{second:02}.{milli:03}Z",
        date.year(),
        u8::from(date.month()),
        date.day()
    );
    // Two files of one millisecond keep their order.
    for more in 0..100 {
        let kept = match more {
            0 => with_suffix(path, &format!(".{time}")),
            _ => with_suffix(path, &format!(".{time}-{more:02}")),
        };
        match std::fs::hard_link(path, &kept) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            linked => return linked.map(|()| Some(kept)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Returns the hash of the last line of the file that had this path before, if another program moved it away
///
/// It is the file in the same folder whose name begins like that of the path, that no other one continues, and that was
/// written last. The clock may have been set back in the meantime, so the time alone does not decide.
pub(super) fn last_line_before(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let entries = std::fs::read_dir(path.parent()?).ok()?.filter_map(Result::ok);
    let older = entries.filter(|entry| {
        let other = entry.file_name();
        let rest = other.to_str().and_then(|other| other.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(['.', '-']) && rest != NEXT)
    });
    let dated = older.filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())));
    let mut dated: Vec<_> = dated.collect();
    dated.sort();
    let mut continued = HashSet::new();
    let mut ends = Vec::new();
    for (_, older) in dated {
        let Ok(file) = files::open_trusted(&older, files::Readers::Anyone) else { continue };
        let Ok(length) = file.metadata().map(|metadata| metadata.len()) else { continue };
        ends.extend(tail::chain_end(&file, length).ok().flatten().map(|end| end.hash));
        continued.extend(tail::continues(&file).ok().flatten());
    }
    ends.into_iter().rev().find(|end| !continued.contains(end))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
