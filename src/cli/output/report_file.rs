//! A file that a command writes for people: tried first, so that long work is not lost for a wrong path, and written last.

use std::io;
use std::io::Read as _;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::printable;
use crate::files;

/// What the file of a flag is
pub(in crate::cli) struct ReportKind {
    /// The flag: `--report`
    flag: &'static str,
    /// What it is: `report`
    what: &'static str,
    /// A usual name: `report.html`
    usual: &'static str,
    /// How every such file begins; a file that begins otherwise is not replaced
    beginning: &'static str,
    /// The content until the command has ended
    unfinished: &'static str,
}

/// A page of `--report`
pub(in crate::cli) const REPORT: ReportKind = ReportKind {
    flag: "--report",
    what: "report",
    usual: "report.html",
    beginning: "<!DOCTYPE html>",
    unfinished: "<!DOCTYPE html>\n<title>Not finished</title>\n<p>The command has not ended.</p>\n",
};

/// A drawing of `--graph`
pub(in crate::cli) const GRAPH: ReportKind = ReportKind {
    flag: "--graph",
    what: "drawing",
    usual: "flow.svg",
    beginning: "<svg ",
    unfinished: "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>\n",
};

/// The file of a report
pub(in crate::cli) struct ReportFile {
    file: PathBuf,
    kind: &'static ReportKind,
}

impl ReportFile {
    /// Creates the file; an earlier one of the same kind is replaced
    ///
    /// Errors: `input.invalid` if the file is something else; `file.failed` if it cannot be written.
    pub(in crate::cli) fn begin(file: &Path, kind: &'static ReportKind) -> Result<Self, Fail> {
        let ReportKind { flag, what, usual, .. } = kind;
        if file == Path::new("-") {
            let message = format!("{flag}: a {what} is written to a file, and not to standard output");
            let help = format!("Name a file, such as {usual}.");
            return Err(Fail::new(Error::new(ErrorCode::InputInvalid, message).help(help), USAGE));
        }
        let this = ReportFile { file: file.to_owned(), kind };
        if !this.is_free().map_err(|error| this.failed(&error, USAGE))? {
            let message = format!("{flag}: {} is not a {what}, and is not replaced", this.shown());
            let help = format!("Name a new file, such as {usual}, or delete this one first.");
            return Err(Fail::new(Error::new(ErrorCode::InputInvalid, message).help(help), USAGE));
        }
        this.put(kind.unfinished, USAGE)?;
        Ok(this)
    }

    /// Writes the whole content
    ///
    /// Errors: `file.failed`.
    pub(in crate::cli) fn write(&self, content: &str) -> Result<(), Fail> {
        self.put(content, FAILED)
    }

    fn put(&self, content: &str, exit_code: u8) -> Result<(), Fail> {
        files::write(&self.file, content.as_bytes()).map_err(|error| self.failed(&error, exit_code))
    }

    /// Returns whether the file is missing, empty or an earlier one of its kind
    fn is_free(&self) -> io::Result<bool> {
        let opened = match std::fs::File::open(&self.file) {
            Ok(opened) => opened,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error),
        };
        let mut beginning = Vec::new();
        opened.take(self.kind.beginning.len() as u64).read_to_end(&mut beginning)?;
        Ok(beginning.is_empty() || beginning == self.kind.beginning.as_bytes())
    }

    fn failed(&self, error: &io::Error, exit_code: u8) -> Fail {
        let (what, reason) = (self.kind.what, files::reason(error));
        let message = format!("the {what} {} cannot be written: {reason}", self.shown());
        Fail::new(Error::new(ErrorCode::FileFailed, message).help(files::help(error)), exit_code)
    }

    fn shown(&self) -> String {
        printable(&self.file.to_string_lossy(), 512)
    }
}
