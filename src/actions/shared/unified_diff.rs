//! The differences of two versions of a text file, as a unified diff.

use std::borrow::Cow;
use std::time::Duration;

use encoding_rs::Encoding;
use encoding_rs::WINDOWS_1252;
use similar::TextDiff;

/// The number of first bytes in which a zero makes a file binary, as in Git
const INSPECTED: usize = 8000;

/// The time after which a coarser difference is accepted: files that have little in common take long
const EFFORT: Duration = Duration::from_secs(2);

/// The number of unchanged lines around a change, as in Git
const CONTEXT: usize = 3;

/// A version of a file
pub(crate) struct FileVersion<'a> {
    /// The path from the root of the repository, with its leading slash
    pub(crate) path: &'a str,
    /// The content; `None` for a file that is not there
    pub(crate) content: Option<Vec<u8>>,
}

/// Returns the differences of two versions, or `None` if one of them is binary
///
/// Two equal versions have an empty text.
pub(crate) fn unified_diff(old: FileVersion<'_>, new: FileVersion<'_>) -> Option<String> {
    let (before, after) = (old.content.unwrap_or_default(), new.content.unwrap_or_default());
    let (is_added, is_deleted) = (before.is_empty(), after.is_empty());
    let (before, after) = (text(&before)?, text(&after)?);
    let name = |prefix: &str, path: &str, is_missing: bool| match is_missing {
        true => "/dev/null".to_owned(),
        false => format!("{prefix}{}", crate::contract::printable(path, usize::MAX)),
    };
    let diff = TextDiff::configure().timeout(EFFORT).diff_lines(&*before, &*after);
    let from = name("a", old.path, is_added);
    let to = name("b", new.path, is_deleted);
    Some(diff.unified_diff().context_radius(CONTEXT).header(&from, &to).to_string())
}

/// Returns the text of a file, or `None` for a binary file
fn text(content: &[u8]) -> Option<Cow<'_, str>> {
    if let Some((encoding, mark)) = Encoding::for_bom(content) {
        return Some(encoding.decode_without_bom_handling(&content[mark..]).0);
    }
    if content.iter().take(INSPECTED).any(|byte| *byte == 0) {
        return None;
    }
    Some(match std::str::from_utf8(content) {
        Ok(text) => Cow::Borrowed(text),
        // As the service does for a text that is not UTF-8 and has no mark.
        Err(_) => WINDOWS_1252.decode_without_bom_handling(content).0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(old: Option<&[u8]>, new: Option<&[u8]>) -> Option<String> {
        let version =
            |path, content: Option<&[u8]>| FileVersion { path, content: content.map(<[u8]>::to_vec) };
        unified_diff(version("/a.txt", old), version("/b.txt", new))
    }

    #[test]
    fn the_differences_are_those_that_git_shows() {
        let old: String = (1..=9).map(|line| format!("{line}\n")).collect();
        let new = old.replace("5\n", "five\n");
        assert_eq!(
            diff(Some(old.as_bytes()), Some(new.as_bytes())).as_deref(),
            Some("--- a/a.txt\n+++ b/b.txt\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n")
        );
        assert_eq!(
            diff(Some(b"a"), Some(b"a\n")).as_deref(),
            Some("--- a/a.txt\n+++ b/b.txt\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n")
        );
    }

    #[test]
    fn an_added_and_a_deleted_file_have_one_side() {
        assert_eq!(
            diff(None, Some(b"a\n")).as_deref(),
            Some("--- /dev/null\n+++ b/b.txt\n@@ -0,0 +1 @@\n+a\n")
        );
        assert_eq!(
            diff(Some(b"a\n"), None).as_deref(),
            Some("--- a/a.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n")
        );
        assert_eq!(diff(Some(b"a\n"), Some(b"a\n")).as_deref(), Some(""));
    }

    #[test]
    fn a_text_is_read_in_its_encoding_and_a_binary_file_has_no_differences() {
        let wide = b"\xff\xfe\xe4\x00\n\x00".as_slice();
        assert!(diff(None, Some(wide)).is_some_and(|diff| diff.ends_with("+\u{e4}\n")));
        assert!(diff(None, Some(b"\xe4\x80\n")).is_some_and(|diff| diff.ends_with("+\u{e4}\u{20ac}\n")));
        assert_eq!(diff(Some(b"a\n"), Some(b"\x89PNG\0")), None);
    }
}
