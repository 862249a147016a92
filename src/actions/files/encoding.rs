//! The encoding of a text file: the code page that the service finds, its name, and how a new text is written in it.

use encoding_rs::Encoding;

/// The code page of UTF-8
const UTF_8: u32 = 65_001;

/// The encoding of a text file in a repository
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum TextEncoding {
    /// UTF-8, also for a new file
    Utf8,
    /// UTF-16 with a byte order mark, low byte first
    Utf16Le,
    /// UTF-16 with a byte order mark, high byte first
    Utf16Be,
    /// A code page with a name, such as windows-1252
    Named(&'static Encoding),
    /// A code page that this package cannot write
    Other(u32),
}

impl TextEncoding {
    /// Returns the encoding with the number that the service gives it
    pub(crate) fn of(code_page: Option<u32>) -> Self {
        match code_page {
            // A file without one has only characters that are equal in all encodings.
            None | Some(0 | 20_127 | UTF_8) => TextEncoding::Utf8,
            Some(1200) => TextEncoding::Utf16Le,
            Some(1201) => TextEncoding::Utf16Be,
            Some(number) => Encoding::for_label(label(number).as_bytes())
                .map_or(TextEncoding::Other(number), TextEncoding::Named),
        }
    }

    /// Returns the name: `utf-8`, `utf-16le`, `windows-1252`
    pub(crate) fn name(self) -> String {
        match self {
            TextEncoding::Utf8 => "utf-8".to_owned(),
            TextEncoding::Utf16Le => "utf-16le".to_owned(),
            TextEncoding::Utf16Be => "utf-16be".to_owned(),
            TextEncoding::Named(encoding) => encoding.name().to_ascii_lowercase(),
            TextEncoding::Other(number) => format!("code page {number}"),
        }
    }

    /// Returns the bytes of a text; `None` if the encoding does not have all of its characters
    pub(crate) fn encode(self, text: &str) -> Option<Vec<u8>> {
        // The byte order mark is written once, whether the text begins with it or not.
        let units =
            || std::iter::once(0xfeff).chain(text.strip_prefix('\u{feff}').unwrap_or(text).encode_utf16());
        match self {
            TextEncoding::Utf8 => Some(text.as_bytes().to_vec()),
            TextEncoding::Utf16Le => Some(units().flat_map(u16::to_le_bytes).collect()),
            TextEncoding::Utf16Be => Some(units().flat_map(u16::to_be_bytes).collect()),
            TextEncoding::Named(encoding) => {
                let (bytes, _, has_unknown) = encoding.encode(text);
                (!has_unknown).then(|| bytes.into_owned())
            }
            TextEncoding::Other(_) => text.is_ascii().then(|| text.as_bytes().to_vec()),
        }
    }
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
        20_866 => "koi8-r".to_owned(),
        20_932 | 51_932 => "euc-jp".to_owned(),
        21_866 => "koi8-u".to_owned(),
        28_591..=28_606 => format!("iso-8859-{}", code_page - 28_590),
        54_936 => "gb18030".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_page_has_a_name_and_writes_its_own_bytes() {
        let rows: [(Option<u32>, &str, &[u8]); 7] = [
            (None, "utf-8", "ä€".as_bytes()),
            (Some(65_001), "utf-8", "ä€".as_bytes()),
            (Some(1200), "utf-16le", b"\xff\xfe\xe4\x00\xac\x20"),
            (Some(1201), "utf-16be", b"\xfe\xff\x00\xe4\x20\xac"),
            (Some(1252), "windows-1252", b"\xe4\x80"),
            (Some(28_605), "iso-8859-15", b"\xe4\xa4"),
            (Some(1250), "windows-1250", b"\xe4\x80"),
        ];
        for (number, name, bytes) in rows {
            let encoding = TextEncoding::of(number);
            assert_eq!(encoding.name(), name);
            assert_eq!(encoding.encode("ä€").as_deref(), Some(bytes), "{name}");
        }
        let marked = TextEncoding::Utf16Le.encode("\u{feff}a");
        assert_eq!(marked.as_deref(), Some(b"\xff\xfea\x00".as_slice()));
    }

    #[test]
    fn a_character_that_the_encoding_does_not_have_is_not_replaced() {
        assert_eq!(TextEncoding::of(Some(1252)).encode("✓"), None);
        assert_eq!(TextEncoding::of(Some(37)), TextEncoding::Other(37));
        assert_eq!(TextEncoding::Other(37).encode("ä"), None);
    }
}
