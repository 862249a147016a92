//! Files of version control systems: a file written there can make the next command run a program.

use cap_std::fs::Dir;
use std::path::Path;

/// The folders of version control systems, and the file `.git` of a worktree or a submodule
const RESERVED: [&str; 4] = [".git", ".hg", ".jj", ".svn"];

/// Returns the part of a path that belongs to a version control system, on any file system
pub(super) fn reserved(path: &Path) -> Option<&'static str> {
    let text = path.to_string_lossy();
    let reserved = |name: String| {
        let short =
            name.strip_prefix("git~").is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()));
        RESERVED.into_iter().find(|one| *one == name).or(short.then_some(".git"))
    };
    text.split(['/', '\\']).find_map(|part| reserved(folded(part)))
}

/// Returns whether a folder is the internal folder of a Git repository, or a file of that name would make it one
///
/// A bare repository and the folder that `$GIT_DIR` names have no `.git` in their path.
pub(super) fn is_repository(dir: &Dir, name: Option<&str>) -> bool {
    let has = |entry: &str| dir.symlink_metadata(entry).is_ok();
    let named = name.map(folded);
    let makes = |entry: &str| named.as_deref() == Some(&entry.to_lowercase());
    let would_have = |entry: &str| has(entry) || makes(entry);
    let head = would_have("HEAD");
    (head && would_have("objects") && would_have("refs")) || (head && has("commondir")) || makes("commondir")
}

/// Returns a name as the most lenient file system compares it
///
/// HFS+, APFS and ext4 with case folding ignore case and invisible characters. NTFS ignores trailing spaces and dots, and
/// the text after a colon is a stream of the same file.
pub(super) fn folded(name: &str) -> String {
    let visible = name.chars().filter(|c| !is_ignorable(*c));
    let folded: String = visible.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    folded.split(':').next().unwrap_or_default().trim_end_matches([' ', '.']).to_owned()
}

/// Returns whether Unicode classifies a character as default ignorable
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_reserved_name_is_recognized() {
        for path in [
            ".git",
            "/a/.git/config",
            ".GIT/config",
            ".Git",
            "a/.git./x",
            ".git /x",
            ".git . .",
            "git~1/config",
            "GIT~2",
            ".git:",
            ".git::$INDEX_ALLOCATION/config",
            ".g\u{200c}it/config",
            "\u{feff}.git",
            ".gi\u{ad}t",
            ".git\\config",
            "a\\.git\\hooks\\x",
            ".hg/hgrc",
            ".\u{17f}vn/x",
            ".jj/repo",
        ] {
            assert!(reserved(Path::new(path)).is_some(), "{path:?}");
        }
        for path in [
            "",
            ".",
            "..",
            ".gitignore",
            "a.git/x",
            "git",
            "git~x",
            ".github/x",
            "x.git~1",
            "run.log",
            ".gi t",
        ] {
            assert_eq!(reserved(Path::new(path)), None, "{path:?}");
        }
    }

    #[test]
    fn a_repository_is_recognized_without_its_name_and_cannot_be_created() {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let dir = Dir::open_ambient_dir(keep.path(), cap_std::ambient_authority()).expect("it is there");
        assert!(is_repository(&dir, Some("commondir")) && is_repository(&dir, Some("CommonDir.")));
        dir.create_dir("objects").expect("a folder");
        assert!(!is_repository(&dir, Some("HEAD")));
        dir.create_dir("refs").expect("a folder");
        assert!(!is_repository(&dir, Some("config")), "two folders of these names are no repository yet");
        assert!(is_repository(&dir, Some("head")));
        dir.remove_dir("refs").expect("it is empty");
        dir.write("HEAD", "ref: refs/heads/main\n").expect("a file");
        assert!(!is_repository(&dir, None) && is_repository(&dir, Some("Refs")));
        dir.create_dir("refs").expect("a folder");
        assert!(is_repository(&dir, None));
    }
}
