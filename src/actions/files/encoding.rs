//! The encoding of a text file: the code page that the service finds, its name, and how a new text is written in it.

use encoding_rs::Encoding;

/// The code page of UTF-8
const UTF_8: u32 = 65_001;

/// The byte order mark, as a character
const MARK: char = '\u{feff}';

/// The characters of a file and their bytes
#[derive(Debug, Clone, Copy, PartialEq)]
enum Charset {
    /// UTF-8, also for a new file
    Utf8,
    /// UTF-16, low byte first
    Utf16Le,
    /// UTF-16, high byte first
    Utf16Be,
    /// UTF-32, low byte first
    Utf32Le,
    /// UTF-32, high byte first
    Utf32Be,
    /// A part of ISO 8859 that the encoding standard of the web replaces by a Windows code page with more characters
    Iso8859(u32, &'static Encoding),
    /// Another code page of the encoding standard, such as windows-1252
    Named(&'static Encoding),
    /// A code page that this package cannot write
    Other(u32),
}

/// The encoding of a text file in a repository
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TextEncoding {
    charset: Charset,
    /// Whether the file begins with a byte order mark
    is_marked: bool,
}

impl TextEncoding {
    /// UTF-8 without a byte order mark
    pub(crate) const UTF_8: TextEncoding = TextEncoding { charset: Charset::Utf8, is_marked: false };

    /// Returns the encoding with the number that the service gives it
    pub(crate) fn of(code_page: Option<u32>) -> Self {
        let charset = match code_page {
            None | Some(0 | ASCII | UTF_8) => Charset::Utf8,
            Some(1200) => Charset::Utf16Le,
            Some(1201) => Charset::Utf16Be,
            Some(12_000) => Charset::Utf32Le,
            Some(12_001) => Charset::Utf32Be,
            Some(number) => match Encoding::for_label(label(number).as_bytes()) {
                Some(encoding) if is_iso_8859(number) && encoding.name().starts_with("windows-") => {
                    Charset::Iso8859(number - 28_590, encoding)
                }
                Some(encoding) => Charset::Named(encoding),
                None => Charset::Other(number),
            },
        };
        TextEncoding { charset, is_marked: false }
    }

    /// Whether a file with this number may have bytes that the number does not tell: a byte order mark, or those of UTF-8
    pub(crate) fn is_told_by_content(code_page: Option<u32>) -> bool {
        // A file in ASCII, or without a number, has only characters that are equal in all encodings.
        !matches!(code_page, None | Some(0 | ASCII))
    }

    /// Returns the encoding of a file with this beginning
    ///
    /// The service guesses code pages: a file whose content is UTF-8 is in UTF-8.
    pub(crate) fn with_content(self, start: &[u8]) -> Self {
        let is_utf8 = std::str::from_utf8(start).is_ok();
        let charset = match self.charset {
            Charset::Iso8859(..) | Charset::Named(_) | Charset::Other(_) if is_utf8 => Charset::Utf8,
            charset => charset,
        };
        let mark = charset.encode(MARK.encode_utf8(&mut [0; 4]));
        let is_marked = mark.is_some_and(|mark| start.starts_with(&mark));
        TextEncoding { charset, is_marked }
    }

    /// Returns the name: `utf-8`, `utf-16le`, `iso-8859-1`
    pub(crate) fn name(self) -> String {
        match self.charset {
            Charset::Utf8 => "utf-8".to_owned(),
            Charset::Utf16Le => "utf-16le".to_owned(),
            Charset::Utf16Be => "utf-16be".to_owned(),
            Charset::Utf32Le => "utf-32le".to_owned(),
            Charset::Utf32Be => "utf-32be".to_owned(),
            Charset::Iso8859(part, _) => format!("iso-8859-{part}"),
            Charset::Named(encoding) => encoding.name().to_ascii_lowercase(),
            Charset::Other(number) => format!("code page {number}"),
        }
    }

    /// Returns the bytes of a text; `None` if the encoding does not have all of its characters
    ///
    /// The byte order mark of the file is written once, whether the text begins with it or not.
    pub(crate) fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self.is_marked && !text.starts_with(MARK) {
            true => self.charset.encode(&format!("{MARK}{text}")),
            false => self.charset.encode(text),
        }
    }
}

/// The code page of ASCII
const ASCII: u32 = 20_127;

/// Returns the text of a file as the service gives it, without its byte order mark
pub(crate) fn without_mark(text: String) -> String {
    match text.strip_prefix(MARK) {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

impl Charset {
    fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Charset::Utf8 => Some(text.as_bytes().to_vec()),
            Charset::Utf16Le => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Charset::Utf16Be => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Charset::Utf32Le => Some(text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()),
            Charset::Utf32Be => Some(text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect()),
            // The characters that only the Windows code page has are from 0x80 to 0x9f.
            Charset::Iso8859(_, encoding) => {
                encoded(encoding, text).filter(|bytes| !bytes.iter().any(|byte| matches!(byte, 0x80..=0x9f)))
            }
            Charset::Named(encoding) => encoded(encoding, text),
            Charset::Other(number) => {
                (has_ascii(number) && text.is_ascii()).then(|| text.as_bytes().to_vec())
            }
        }
    }
}

fn encoded(encoding: &'static Encoding, text: &str) -> Option<Vec<u8>> {
    let (bytes, _, has_unknown) = encoding.encode(text);
    (!has_unknown).then(|| bytes.into_owned())
}

/// Whether a code page is a part of ISO 8859
fn is_iso_8859(code_page: u32) -> bool {
    matches!(code_page, 28_591..=28_606)
}

/// Whether the characters of ASCII have their own bytes in this code page: those of DOS do, those of mainframes do not
fn has_ascii(code_page: u32) -> bool {
    matches!(code_page, 437 | 708 | 720 | 737 | 775 | 850..=869 | 1361)
}

/// Returns the name of a code page by the encoding standard of the web
fn label(code_page: u32) -> String {
    match code_page {
        866 => "ibm866".to_owned(),
        874 => "windows-874".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        1250..=1258 => format!("windows-{code_page}"),
        10_000 => "macintosh".to_owned(),
        10_007 | 10_017 => "x-mac-cyrillic".to_owned(),
        20_866 => "koi8-r".to_owned(),
        20_932 | 51_932 => "euc-jp".to_owned(),
        20_936 | 51_936 => "gbk".to_owned(),
        20_949 | 51_949 => "euc-kr".to_owned(),
        21_866 => "koi8-u".to_owned(),
        28_591..=28_606 => format!("iso-8859-{}", code_page - 28_590),
        38_598 => "iso-8859-8-i".to_owned(),
        50_220..=50_222 => "iso-2022-jp".to_owned(),
        54_936 => "gb18030".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_page_has_a_name_and_writes_its_own_bytes() {
        let rows: [(Option<u32>, &str, &str, &[u8]); 13] = [
            (None, "utf-8", "ä€", "ä€".as_bytes()),
            (Some(65_001), "utf-8", "ä€", "ä€".as_bytes()),
            (Some(1200), "utf-16le", "ä€", b"\xe4\x00\xac\x20"),
            (Some(1201), "utf-16be", "ä🚀", b"\x00\xe4\xd8\x3d\xde\x80"),
            (Some(12_000), "utf-32le", "🚀", b"\x80\xf6\x01\x00"),
            (Some(12_001), "utf-32be", "🚀", b"\x00\x01\xf6\x80"),
            (Some(1252), "windows-1252", "ä€", b"\xe4\x80"),
            (Some(28_591), "iso-8859-1", "ä\u{a0}", b"\xe4\xa0"),
            (Some(28_599), "iso-8859-9", "ğ", b"\xf0"),
            (Some(28_601), "iso-8859-11", "ก", b"\xa1"),
            (Some(28_605), "iso-8859-15", "ä€", b"\xe4\xa4"),
            (Some(1250), "windows-1250", "ä€", b"\xe4\x80"),
            (Some(932), "shift_jis", "日本", b"\x93\xfa\x96\x7b"),
        ];
        for (number, name, text, bytes) in rows {
            let encoding = TextEncoding::of(number);
            assert_eq!(encoding.name(), name);
            assert_eq!(encoding.encode(text).as_deref(), Some(bytes), "{name}");
        }
    }

    #[test]
    fn a_character_that_the_encoding_does_not_have_is_not_replaced() {
        for (number, text) in [
            (1252, "✓"),
            (932, "ä"),
            // windows-1252 has these; ISO 8859 has not.
            (28_591, "€"),
            (28_599, "€"),
            (28_601, "“"),
            (850, "ä"),
            // A mainframe's code page and UTF-7 have other bytes for ASCII.
            (37, "a"),
            (65_000, "a+b"),
        ] {
            assert_eq!(TextEncoding::of(Some(number)).encode(text), None, "{number}: {text}");
        }
        assert_eq!(TextEncoding::of(Some(850)).encode("a").as_deref(), Some(b"a".as_slice()));
    }

    #[test]
    fn a_file_keeps_its_byte_order_mark_or_its_lack_of_one() {
        let rows: [(u32, &[u8], &[u8]); 9] = [
            (65_001, b"\xef\xbb\xbfold", b"\xef\xbb\xbfa"),
            (65_001, b"old", b"a"),
            (1200, b"\xff\xfeo\x00", b"\xff\xfea\x00"),
            (1200, b"o\x00", b"a\x00"),
            (1201, b"\xfe\xff\x00o", b"\xfe\xff\x00a"),
            (12_000, b"\xff\xfe\x00\x00o\x00\x00\x00", b"\xff\xfe\x00\x00a\x00\x00\x00"),
            (54_936, b"\x84\x31\x95\x33old", b"\x84\x31\x95\x33a"),
            // The guess of a code page is not right: this is UTF-8.
            (1252, b"\xef\xbb\xbf\xc3\xa4", b"\xef\xbb\xbfa"),
            (1252, b"\xe4", b"a"),
        ];
        for (number, content, expected) in rows {
            let encoding = TextEncoding::of(Some(number)).with_content(content);
            assert_eq!(encoding.encode("a").as_deref(), Some(expected), "{number}: {content:?}");
            if encoding.is_marked {
                assert_eq!(encoding.encode("\u{feff}a").as_deref(), Some(expected), "{number}: once");
            }
        }
        let guessed = |content| TextEncoding::of(Some(1252)).with_content(content).name();
        assert_eq!(guessed("ä".as_bytes()), "utf-8");
        assert_eq!(guessed(b"caf\xe9"), "windows-1252", "not a cut character");
        assert_eq!(guessed(b"\xe4"), "windows-1252");
    }
}
