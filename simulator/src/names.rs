//! How the service compares names, and which names it refuses.

/// Returns whether two names are equal to the service, which ignores case.
pub(crate) fn same(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

/// Returns whether a repository may have this name: at most 64 UTF-16 units, none of the forbidden characters, no `_`
/// at the start, no `.` at either end.
pub(crate) fn is_repository_name(name: &str) -> bool {
    const FORBIDDEN: &str = "/:\\~&%;@'\"?<>|#$*}{,+=[]";
    !name.is_empty()
        && name.encode_utf16().count() <= 64
        && !name.starts_with(['_', '.'])
        && !name.ends_with('.')
        && !name.chars().any(|character| character.is_control() || FORBIDDEN.contains(character))
}

/// Returns whether a name matches a pattern, in which `*` matches any text.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

/// Returns the path of a pipeline folder as the service writes it: with `\`, one at the start and none at the end.
pub(crate) fn folder(typed: &str) -> String {
    let inner: Vec<&str> = typed.split(['\\', '/']).filter(|part| !part.is_empty()).collect();
    format!("\\{}", inner.join("\\"))
}

#[cfg(test)]
mod tests {
    use super::fits;
    use super::folder;
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

    #[test]
    fn folders_have_one_spelling() {
        for (typed, spelled) in [("", "\\"), ("\\", "\\"), ("/", "\\"), ("a/b", "\\a\\b"), ("\\a\\", "\\a")] {
            assert_eq!(folder(typed), spelled, "{typed:?}");
        }
    }

    #[test]
    fn a_star_matches_any_text() {
        for (pattern, expected) in [
            ("Site", true),
            ("s*", true),
            ("*", true),
            ("*te", true),
            ("s*e", true),
            ("*i*t*", true),
            ("x*", false),
            ("sit", false),
            ("*site*site", false),
        ] {
            assert_eq!(fits(pattern, "site"), expected, "{pattern}");
        }
    }
}
