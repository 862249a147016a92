//! Writes a text to a file of a flow, or appends it, in an encoding.

use std::io::Write as _;

use crate::contract::Error;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::file_encoding::FileEncoding;
use crate::hosts::bot::run::Frame;

/// A text for a file
pub(super) struct WrittenText<'a> {
    pub(super) text: &'a str,
    /// Whether it is added at the end of the file, if that exists
    pub(super) append: bool,
    /// The encoding that is asked for; a file that is appended to keeps its own, with a warning
    pub(super) encoding: FileEncoding,
}

impl WrittenText<'_> {
    /// Writes it to the file at a path
    ///
    /// Errors: `input.invalid` for a file that the flow may not write; `file.failed`, `file.no_space`.
    pub(super) fn write(&self, path: &str, place: &Location, frame: &Frame<'_>) -> Result<(), Error> {
        let file = frame.folder().writable(path)?;
        let beginning = if self.append { file.beginning() } else { Vec::new() };
        let encoding = self.encoding.to_append(&beginning);
        let mut writer = file.open(!self.append)?;
        let is_empty = writer.metadata().is_ok_and(|metadata| metadata.len() == 0);
        let (bytes, unknown) = encoding.encode(self.text, is_empty);
        writer.write_all(&bytes).map_err(|error| file.failed(error))?;
        let shown = frame.folder().display(file.path());
        if encoding.name() != self.encoding.name() {
            let (own, asked) = (encoding.name(), self.encoding.name());
            let text =
                format!("the file \"{shown}\" is in {own}, so the text is appended in {own}, not in {asked}");
            frame.reporter().warning(place, &text);
        }
        frame.reporter().not_in_encoding(place, unknown, encoding.name());
        frame.reporter().logged(place, &shown);
        Ok(())
    }
}
