//! The tests in a folder.

use std::path::Path;
use std::path::PathBuf;

use crate::cli::output::fail::Fail;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::files;
use crate::setup::BOT_TEST_SUFFIX;
use crate::setup::BotTest;
use crate::setup::BotTestFile;

/// A test and its file
pub(super) struct FoundTest {
    /// The test file, relative to the folder, with `/`
    pub(super) file: String,
    /// The folder of the test file, relative to the folder of all tests
    pub(super) folder: PathBuf,
    pub(super) test: BotTest,
}

/// Finds the tests in a folder and the folders below whose file or name contains a text, by file
///
/// Errors: those of a test file; wrong usage if there is no test.
pub(super) fn tests(folder: &Path, filter: &str) -> Result<Vec<FoundTest>, Fail> {
    let mut paths = Vec::new();
    search(folder, &mut paths).map_err(|error| {
        Fail::from(files::failed(&format!("the folder {} cannot be read", folder.display()), error))
    })?;
    paths.sort();
    if paths.is_empty() {
        let shown = folder.display();
        let message = format!("there is no test file (NAME{BOT_TEST_SUFFIX}) in {shown} or below");
        let help = "Name a folder that has one; docs/testing-bots.md describes the files.";
        return Err(Error::new(ErrorCode::InputInvalid, message).help(help).into());
    }
    let mut found = Vec::new();
    for path in paths {
        let relative = path.strip_prefix(folder).unwrap_or(&path);
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        let file = parts.join("/");
        let own = relative.parent().unwrap_or(Path::new("")).to_owned();
        let tests = BotTestFile::read(&path)?.into_iter();
        found.extend(tests.map(|test| FoundTest { file: file.clone(), folder: own.clone(), test }));
    }
    found.retain(|found| found.file.contains(filter) || found.test.name.contains(filter));
    if found.is_empty() {
        let message = format!("no test has \"{filter}\" in its file or name");
        let help = "Leave out --filter to run all tests, and see their names.";
        return Err(Error::new(ErrorCode::InputInvalid, message).help(help).into());
    }
    Ok(found)
}

/// Collects the test files, without folders whose name begins with a dot, and without links
fn search(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (kind, name) = (entry.file_type()?, entry.file_name());
        let name = name.to_string_lossy();
        if kind.is_dir() && !name.starts_with('.') && name != "target" && name != "node_modules" {
            search(&entry.path(), found)?;
        } else if kind.is_file() && name.ends_with(BOT_TEST_SUFFIX) {
            found.push(entry.path());
        }
    }
    Ok(())
}
