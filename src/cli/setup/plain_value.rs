//! A value of the command line that is not a credential: written out, or read from a variable or a file.

use std::path::Path;

use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::STORES;
use crate::contract::TOKEN_FOR_REFERENCE;
use crate::contract::TOKEN_IN_REFERENCE;
use crate::contract::WRITE_THE_NAME;
use crate::contract::is_token_for_place;
use crate::contract::printable;
use crate::files;
use crate::setup::Lookup;

/// Where a value comes from
pub(in crate::cli) enum Given<'a> {
    /// The text itself; `@@` at its beginning is one `@`
    Text(String),
    /// A variable of the environment: `@env:NAME`
    Variable(&'a str),
    /// A file: `@file:PATH`
    File(&'a Path),
    /// Another store, which holds credentials only: `@keyring:SERVICE#USER`
    Store(&'a str),
}

impl<'a> Given<'a> {
    /// Returns where the value of an argument comes from
    pub(in crate::cli) fn of(text: &'a str) -> Self {
        let Some(reference) = text.strip_prefix('@') else { return Given::Text(text.to_owned()) };
        if reference.starts_with('@') {
            return Given::Text(reference.to_owned());
        }
        match reference.split_once(':') {
            Some(("env", name)) => Given::Variable(name),
            Some(("file", path)) => Given::File(Path::new(path)),
            Some((store, _)) if STORES.contains(&store) => Given::Store(reference),
            // A text may begin with "@", as a mention does.
            _ => Given::Text(text.to_owned()),
        }
    }

    /// Reads the value, whatever it contains; `None` for a store of credentials
    ///
    /// A file of one line has no line end in its value. Errors: `input.invalid` for a token in place of a name, a variable
    /// that is not set, and a value that is not Unicode; `file.failed` for a file that cannot be read.
    pub(in crate::cli) fn read(&self, lookup: &Lookup) -> Result<Option<String>, Fail> {
        let invalid = |message: String, help: &'static str| {
            Fail::new(Error::new(ErrorCode::InputInvalid, message).help(help), USAGE)
        };
        if let Some(message) = self.misplaced_token() {
            return Err(invalid(message.to_owned(), WRITE_THE_NAME));
        }
        match self {
            Given::Text(text) => Ok(Some(text.clone())),
            Given::Variable(name) => {
                let shown = printable(name, 256);
                let value = (**lookup)(name).ok_or_else(|| {
                    let help = "Set it in the environment of this process, or correct its name.";
                    invalid(format!("the environment variable {shown} is not set"), help)
                })?;
                let value = value.into_string().map_err(|_| {
                    let help = "Set it in the encoding of the terminal, or give the value in a file.";
                    invalid(format!("the environment variable {shown} is not Unicode text"), help)
                })?;
                Ok(Some(value))
            }
            Given::File(path) => {
                let shown = printable(&path.to_string_lossy(), 512);
                let bytes = std::fs::read(path).map_err(|error| {
                    let message = format!("the file {shown} cannot be read: {}", files::reason(&error));
                    let help = files::help(&error);
                    Fail::new(Error::new(ErrorCode::FileFailed, message).help(help), USAGE)
                })?;
                let text = text_of(&bytes).ok_or_else(|| {
                    let help = "Save it in UTF-8; a binary file is given in base64.";
                    invalid(format!("the file {shown} is not text in UTF-8 or UTF-16"), help)
                })?;
                Ok(Some(without_line_end(text)))
            }
            Given::Store(_) => Ok(None),
        }
    }

    /// Returns the message about a token that was entered where a place belongs, as when a shell replaces a variable
    fn misplaced_token(&self) -> Option<&'static str> {
        let in_reference = |place: &str| is_token_for_place(place).then_some(TOKEN_IN_REFERENCE);
        match self {
            Given::Text(text) => {
                let place = text.strip_prefix('@')?;
                is_token_for_place(place).then_some(TOKEN_FOR_REFERENCE)
            }
            Given::Variable(name) => in_reference(name),
            Given::File(path) => in_reference(&path.to_string_lossy()),
            // Its parser checks it.
            Given::Store(_) => None,
        }
    }
}

/// Decodes a text file: UTF-8, or UTF-16 with a byte order mark
fn text_of(bytes: &[u8]) -> Option<String> {
    let utf_16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let pairs = rest.chunks_exact(2);
        let is_whole = pairs.remainder().is_empty();
        let units: Vec<u16> = pairs.map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok().filter(|_| is_whole)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => std::str::from_utf8(rest).ok().map(str::to_owned),
    }
}

/// Returns a text of one line without its line end; a text of several lines stays as it is
fn without_line_end(text: String) -> String {
    match text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)) {
        Some(line) if !line.contains('\n') => line.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_stores_are_read() {
        assert!(matches!(Given::of("@env:A"), Given::Variable("A")));
        assert!(matches!(Given::of("@file:a b"), Given::File(path) if path == Path::new("a b")));
        assert!(matches!(Given::of("@keyring:a#b"), Given::Store("keyring:a#b")));
        for (text, value) in
            [("@ann: please", "@ann: please"), ("@@env:A", "@env:A"), ("a@env:A", "a@env:A"), ("@", "@")]
        {
            assert!(matches!(Given::of(text), Given::Text(found) if found == value), "{text}");
        }
    }

    #[test]
    fn a_file_is_read_in_its_encoding_and_keeps_its_lines() {
        for (bytes, expected) in [
            (b"one\n".as_slice(), Some("one")),
            (b"one\r\n", Some("one")),
            (b"one\ntwo\n", Some("one\ntwo\n")),
            (b"  one  ", Some("  one  ")),
            (b"\xef\xbb\xbfone", Some("one")),
            (b"\xff\xfea\x00\xe4\x00", Some("aä")),
            (b"\xfe\xff\x00a", Some("a")),
            (b"\xff\xfea", None),
            (b"\xe4", None),
            (b"", Some("")),
        ] {
            assert_eq!(text_of(bytes).map(without_line_end).as_deref(), expected, "{bytes:?}");
        }
    }
}
