//! Writes generated files to a folder, and removes those of an earlier run. Files of other origin are never touched.

use std::fs;
use std::io;
use std::path::Path;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::files;
use crate::package::GeneratedFile;
use crate::package::is_generated;

/// Writes the files to the folder, which is created if it does not exist
///
/// Errors: `input.invalid` if the folder has a file that is not generated; `file.failed` if a file cannot be read or
/// written.
pub(super) fn write_files(folder: &Path, generated: &[GeneratedFile]) -> Result<(), Fail> {
    let mut earlier = Vec::new();
    if folder.exists() {
        collect(folder, "", &mut earlier)?;
    }
    for path in earlier.iter().filter(|path| !generated.iter().any(|file| file.path == **path)) {
        let path = folder.join(path);
        fs::remove_file(&path).map_err(|error| failed("removed", &path, error))?;
        // A folder that still has files stays, and so do those above it.
        let mut above = path.ancestors().skip(1).take_while(|above| *above != folder);
        while above.next().is_some_and(|above| fs::remove_dir(above).is_ok()) {}
    }
    for file in generated {
        let path = folder.join(&file.path);
        let parent = path.parent().unwrap_or(folder);
        files::create_folder(parent).map_err(|error| failed("created", parent, error))?;
        files::write(&path, file.text.as_bytes()).map_err(|error| failed("written", &path, error))?;
    }
    Ok(())
}

/// Collects the generated files below a folder
fn collect(folder: &Path, below: &str, found: &mut Vec<String>) -> Result<(), Fail> {
    let entries = fs::read_dir(folder).map_err(|error| failed("read", folder, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| failed("read", folder, error))?;
        let (path, kind) = (entry.path(), entry.file_type());
        let kind = kind.map_err(|error| failed("read", &path, error))?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if kind.is_dir() {
            collect(&path, &format!("{name}/"), found)?;
        } else if kind.is_file() && fs::read_to_string(&path).is_ok_and(|text| is_generated(&name, &text)) {
            found.push(name);
        } else {
            return Err(foreign(&path));
        }
    }
    Ok(())
}

fn foreign(path: &Path) -> Fail {
    let message = format!("{} is not a file that azdo-bot generates", path.display());
    let help = "Choose a folder that is new or empty, or that has only files that this command wrote.";
    Fail::from(Error::new(ErrorCode::InputInvalid, message).help(help))
}

fn failed(what: &str, path: &Path, error: io::Error) -> Fail {
    Fail::new(files::failed(&format!("{} cannot be {what}", path.display()), error), FAILED)
}
