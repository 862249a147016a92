//! The file of a report: tried before the run, so that a long run is not lost for a wrong path, and written after it.

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
use crate::hosts::bot::NodeNeeds;
use crate::hosts::bot::Summary;
use crate::report::RunRecorder;
use crate::report::RunReport;

/// How every report begins; a file that begins otherwise is not replaced
const BEGINNING: &[u8] = b"<!DOCTYPE html>";

/// What the file has until the run has ended
const UNFINISHED: &str = "<!DOCTYPE html>\n<title>Not finished</title>\n<p>This run has not ended.</p>\n";

/// The report of a run and its file
pub(in crate::cli) struct ReportFile {
    file: PathBuf,
    report: RunReport,
}

impl ReportFile {
    /// Creates the file; an earlier report is replaced
    ///
    /// Errors: `input.invalid` if the file is something else than a report; `file.failed` if it cannot be written.
    pub(in crate::cli) fn begin(file: &Path, bot: &Path, needs: Vec<NodeNeeds>) -> Result<Self, Fail> {
        if !is_free(file).map_err(|error| failed(file, &error, USAGE))? {
            let message = format!("--report: {} is not a report, and is not replaced", shown(file));
            let help = "Name a new file, such as report.html, or delete this one first.";
            return Err(Fail::new(Error::new(ErrorCode::InputInvalid, message).help(help), USAGE));
        }
        files::write(file, UNFINISHED.as_bytes()).map_err(|error| failed(file, &error, USAGE))?;
        let report = RunReport { file: bot.display().to_string(), started: jiff::Zoned::now(), needs };
        Ok(ReportFile { file: file.to_owned(), report })
    }

    /// Writes the report of a run that has ended
    ///
    /// Errors: `file.failed`.
    pub(in crate::cli) fn finish(&self, recorder: RunRecorder, summary: &Summary) -> Result<(), Fail> {
        let page = self.report.page(recorder, summary);
        files::write(&self.file, page.as_bytes()).map_err(|error| failed(&self.file, &error, FAILED))
    }
}

/// Returns whether a file is missing, empty or an earlier report
fn is_free(file: &Path) -> io::Result<bool> {
    let opened = match std::fs::File::open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    let mut beginning = Vec::new();
    opened.take(BEGINNING.len() as u64).read_to_end(&mut beginning)?;
    Ok(beginning.is_empty() || beginning == BEGINNING)
}

fn failed(file: &Path, error: &io::Error, exit_code: u8) -> Fail {
    let message = format!("the report {} cannot be written: {}", shown(file), files::reason(error));
    Fail::new(Error::new(ErrorCode::FileFailed, message).help(files::help(error)), exit_code)
}

fn shown(file: &Path) -> String {
    printable(&file.to_string_lossy(), 512)
}
