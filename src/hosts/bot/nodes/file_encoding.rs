//! The encodings of the text files that a flow reads and writes, as designers name them.

use encoding_rs::Encoding;
use encoding_rs::UTF_8;
use encoding_rs::UTF_16BE;
use encoding_rs::UTF_16LE;
use encoding_rs::WINDOWS_1252;

use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;

/// The encoding of a text file
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileEncoding {
    /// UTF-8 without a byte order mark
    Utf8,
    /// UTF-16 with a byte order mark, low byte first
    Utf16,
    /// UTF-16 with a byte order mark, high byte first; only of a file that exists
    Utf16Big,
    /// Windows-1252, which designers call ANSI
    Ansi,
}

impl FileEncoding {
    /// Reads the attribute with this name; UTF-8 if it is not set
    pub(super) fn read(checker: &mut Checker<'_>, raw: &RawNode, name: &str) -> Option<Self> {
        let given = raw.attribute(name).map_or("", |found| found.value.string.as_str());
        Some(match given.to_ascii_uppercase().replace('_', "-").as_str() {
            "" | "UTF8" | "UTF-8" | "UTF-8-WITHOUT-BOM" => FileEncoding::Utf8,
            "UTF16" | "UTF-16" | "UTF-16LE" | "UNICODE" => FileEncoding::Utf16,
            "ANSI" | "WINDOWS-1252" => FileEncoding::Ansi,
            _ => return checker.unknown_word(name, given, &["ANSI", "UTF-8", "UTF-16"]),
        })
    }

    /// The name that messages use
    pub(super) const fn name(self) -> &'static str {
        match self {
            FileEncoding::Utf8 => "UTF-8",
            FileEncoding::Utf16 | FileEncoding::Utf16Big => "UTF-16",
            FileEncoding::Ansi => "windows-1252 (ANSI)",
        }
    }

    /// Returns the encoding in which a text is appended to a file with this beginning
    ///
    /// A byte order mark decides; a file without one is not in UTF-16.
    pub(super) fn to_append(self, beginning: &[u8]) -> Self {
        match Encoding::for_bom(beginning) {
            Some((found, _)) if found == UTF_16LE => FileEncoding::Utf16,
            Some((found, _)) if found == UTF_16BE => FileEncoding::Utf16Big,
            Some(_) => FileEncoding::Utf8,
            None if self == FileEncoding::Utf16 && !beginning.is_empty() => FileEncoding::Utf8,
            None => self,
        }
    }

    /// Returns the bytes of a text, and the first character that the encoding does not have; each of these is a `?`
    pub(super) fn encode(self, text: &str, at_start: bool) -> (Vec<u8>, Option<char>) {
        match self {
            FileEncoding::Utf8 => (text.as_bytes().to_vec(), None),
            FileEncoding::Utf16 | FileEncoding::Utf16Big => {
                let bytes = if self == FileEncoding::Utf16 { u16::to_le_bytes } else { u16::to_be_bytes };
                let mark = at_start.then_some(0xfeff);
                (mark.into_iter().chain(text.encode_utf16()).flat_map(bytes).collect(), None)
            }
            FileEncoding::Ansi => {
                let (bytes, _, has_unknown) = WINDOWS_1252.encode(text);
                if !has_unknown {
                    return (bytes.into_owned(), None);
                }
                let (mut written, mut unknown) = (Vec::with_capacity(text.len()), None);
                let mut buffer = [0; 4];
                for c in text.chars() {
                    let (bytes, _, is_unknown) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
                    match is_unknown {
                        false => written.extend_from_slice(&bytes),
                        true => {
                            written.push(b'?');
                            unknown = unknown.or(Some(c));
                        }
                    }
                }
                (written, unknown)
            }
        }
    }

    /// Returns the text of bytes; a byte order mark decides, and what is no text in the encoding is `U+FFFD`
    pub(super) fn decode(self, bytes: &[u8]) -> String {
        let encoding = match self {
            FileEncoding::Utf8 => UTF_8,
            FileEncoding::Utf16 => UTF_16LE,
            FileEncoding::Utf16Big => UTF_16BE,
            FileEncoding::Ansi => WINDOWS_1252,
        };
        let encoding = Encoding::for_bom(bytes).map_or(encoding, |(found, _)| found);
        encoding.decode(bytes).0.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_and_read_in_each_encoding() {
        for (encoding, bytes) in [
            (FileEncoding::Utf8, "ä€".as_bytes()),
            (FileEncoding::Utf16, b"\xff\xfe\xe4\x00\xac\x20".as_slice()),
            (FileEncoding::Ansi, b"\xe4\x80"),
        ] {
            assert_eq!(encoding.encode("ä€", true), (bytes.to_vec(), None), "{encoding:?}");
            assert_eq!(encoding.decode(bytes), "ä€", "{encoding:?}");
        }
        assert_eq!(FileEncoding::Utf16Big.encode("a", false).0, b"\x00a");
        assert_eq!(FileEncoding::Utf16.encode("a", false).0, b"a\x00");
        assert_eq!(FileEncoding::Ansi.encode("ä → ✓!", true), (b"\xe4 ? ?!".to_vec(), Some('→')));
        assert_eq!(FileEncoding::Ansi.decode("\u{feff}ä".as_bytes()), "ä", "a byte order mark decides");
    }
    #[test]
    fn a_byte_order_mark_decides_the_encoding_of_appended_text() {
        use FileEncoding::*;
        for (asked, beginning, expected) in [
            (Utf8, b"\xff\xfea\x00".as_slice(), Utf16),
            (Ansi, b"\xfe\xff\x00a", Utf16Big),
            (Ansi, b"\xef\xbb\xbfa", Utf8),
            (Utf16, b"\xef\xbb\xbf", Utf8),
            (Utf16, b"text", Utf8),
            (Utf16, b"", Utf16),
            (Utf8, b"text", Utf8),
            (Ansi, b"te", Ansi),
        ] {
            assert_eq!(asked.to_append(beginning), expected, "{asked:?}, {beginning:?}");
        }
    }
}
