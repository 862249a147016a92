//! How the service compares names, and which it refuses.

/// Whether two names are the same to the service, which ignores case.
pub(crate) fn same(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

/// Whether a repository may have this name: at most 64 UTF-16 units, none of the characters that the service
/// forbids, no `_` in front, no `.` at either end.
pub(crate) fn is_repository_name(name: &str) -> bool {
    const FORBIDDEN: &str = "/:\\~&%;@'\"?<>|#$*}{,+=[]";
    !name.is_empty()
        && name.encode_utf16().count() <= 64
        && !name.starts_with(['_', '.'])
        && !name.ends_with('.')
        && !name.chars().any(|character| character.is_control() || FORBIDDEN.contains(character))
}

#[cfg(test)]
mod tests {
    use super::is_repository_name;
    use super::same;

    #[test]
    fn names_compare_without_case() {
        assert!(same("Fabrikam", "fabrikAM"));
        assert!(same("ÄRGER", "ärger"));
        assert!(!same("site", "site2"));
    }

    #[test]
    fn repository_names_follow_the_rules() {
        for good in ["site", "a b", "ä", "x.y", &"n".repeat(64)] {
            assert!(is_repository_name(good), "{good:?}");
        }
        for bad in ["", "_x", ".x", "x.", "a/b", "a:b", "a\u{7}", "[x]", &"n".repeat(65)] {
            assert!(!is_repository_name(bad), "{bad:?}");
        }
    }
}
