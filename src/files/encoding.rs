//! The text of a file that an operator wrote: UTF-8, with or without a byte order mark.

/// Why bytes are not text in UTF-8
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotUtf8 {
    /// They are text in UTF-16
    Utf16,
    /// They are not text, or text in another encoding
    Other,
}

impl NotUtf8 {
    /// Returns the reason, which follows "the file … cannot be read:"
    pub(crate) fn reason(self) -> &'static str {
        match self {
            NotUtf8::Utf16 => "it is in UTF-16",
            NotUtf8::Other => "it is not UTF-8",
        }
    }

    /// Returns how to fix it, as a sentence
    pub(crate) fn help(self) -> &'static str {
        "Save it as UTF-8: in Notepad with the encoding UTF-8, in PowerShell with `Set-Content -Encoding ascii`."
    }
}

/// Returns the text without a byte order mark
///
/// # Errors
///
/// The encoding, as far as it is known.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, NotUtf8> {
    let is_wide = |low: usize| {
        bytes.len() >= 4
            && bytes.len().is_multiple_of(2)
            && bytes.iter().skip(1 - low).step_by(2).all(|b| *b == 0)
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || is_wide(0) || is_wide(1) {
        return Err(NotUtf8::Utf16);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|_| NotUtf8::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_removed_and_utf16_is_named() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        assert_eq!(utf8(b"text"), Ok("text"));
        assert_eq!(utf8("\u{feff}text".as_bytes()), Ok("text"));
        assert_eq!(utf8(b""), Ok(""));
        for bytes in [wide("\u{feff}text"), wide("text"), big("\u{feff}text"), big("text\r\n")] {
            assert_eq!(utf8(&bytes), Err(NotUtf8::Utf16), "{bytes:?}");
        }
        assert_eq!(utf8(b"t\xe4xt"), Err(NotUtf8::Other));
    }
}
