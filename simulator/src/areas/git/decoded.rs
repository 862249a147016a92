//! The text of a file, and the code page that the service would find for it.

/// A file's text, if it is one.
pub(super) struct Decoded {
    pub(super) text: Option<String>,
    pub(super) code_page: u32,
}

/// The characters of windows-1252 from 0x80 to 0x9f. The five bytes without one stand for themselves.
const UPPER: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

impl Decoded {
    pub(super) fn of(content: &[u8]) -> Decoded {
        let utf_16 = |content: &[u8], unit: fn([u8; 2]) -> u16| {
            let units: Vec<u16> = content.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
            String::from_utf16(&units).ok()
        };
        if let Some(rest) = content.strip_prefix(b"\xff\xfe\0\0") {
            let characters =
                rest.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
            return Decoded { text: characters.map(char::from_u32).collect(), code_page: 12_000 };
        }
        if let Some(rest) = content.strip_prefix(b"\xff\xfe") {
            return Decoded { text: utf_16(rest, u16::from_le_bytes), code_page: 1200 };
        }
        if let Some(rest) = content.strip_prefix(b"\xfe\xff") {
            return Decoded { text: utf_16(rest, u16::from_be_bytes), code_page: 1201 };
        }
        if let Ok(text) = std::str::from_utf8(content) {
            return Decoded { text: Some(text.to_owned()), code_page: 65001 };
        }
        let is_text = content.iter().all(|byte| *byte >= 0x20 || matches!(byte, b'\t' | b'\r' | b'\n'));
        let character = |byte: &u8| match byte {
            0x80..=0x9f => UPPER.chars().nth(usize::from(byte - 0x80)).unwrap_or(char::from(*byte)),
            byte => char::from(*byte),
        };
        Decoded { text: is_text.then(|| content.iter().map(character).collect()), code_page: 1252 }
    }
}
