//! API versions: where a request names one, and which the service takes.

use crate::answer::Answer;
use crate::refusals;

/// What is served when a GET names no version.
pub(crate) const LATEST: &str = "7.1";

/// The highest version there is, and the highest that is not a preview.
pub(crate) const HIGHEST_TEXT: &str = "7.2";
const HIGHEST: (u32, u32) = (7, 2);
const RELEASED: (u32, u32) = (7, 1);

/// The version that a request names: in the query or else as a parameter of `Accept`.
pub(crate) fn requested(query: &[(String, String)], accept: &str) -> Option<String> {
    let in_query = query.iter().find(|(name, _)| name.eq_ignore_ascii_case("api-version"));
    if let Some((_, version)) = in_query {
        return Some(version.clone());
    }
    let in_accept = accept.split([';', ',']).find_map(|part| part.trim().strip_prefix("api-version="));
    in_accept.map(|version| version.trim().to_owned())
}

/// Refuses a version that does not fit. `released` says whether the route ever left preview.
pub(crate) fn check(version: Option<&str>, method: &str, released: bool) -> Result<(), Answer> {
    let Some(version) = version else {
        return if method == "GET" { Ok(()) } else { Err(refusals::version_missing(method)) };
    };
    let (number, stage) =
        version.split_once('-').map_or((version, None), |(number, stage)| (number, Some(stage)));
    let Some(number) = numbers(number).filter(|number| ((1, 0)..=HIGHEST).contains(number)) else {
        return Err(refusals::version_out_of_range(version));
    };
    let preview = stage.is_some_and(|stage| stage == "preview" || stage.starts_with("preview."));
    if !preview && (!released || number > RELEASED) {
        return Err(refusals::version_under_preview(version));
    }
    Ok(())
}

fn numbers(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::check;
    use super::requested;

    #[test]
    fn the_query_goes_before_the_accept_header() {
        let query = [("API-Version".to_owned(), "7.0".to_owned())];
        assert_eq!(requested(&query, "application/json;api-version=7.1").as_deref(), Some("7.0"));
        assert_eq!(requested(&[], "application/json; api-version=7.1, */*").as_deref(), Some("7.1"));
        assert_eq!(requested(&[], "application/json"), None);
    }

    #[test]
    fn versions_are_taken_or_refused() {
        let rows: &[(Option<&str>, &str, bool, Option<&str>)] = &[
            (None, "GET", true, None),
            (None, "GET", false, None),
            (None, "POST", true, Some("VssVersionNotSpecifiedException")),
            (Some("7.1"), "GET", true, None),
            (Some("5.0"), "GET", true, None),
            (Some("7.1-preview.1"), "GET", true, None),
            (Some("7.1-preview.1"), "GET", false, None),
            (Some("7.1-preview"), "GET", false, None),
            (Some("7.1"), "GET", false, Some("VssInvalidPreviewVersionException")),
            (Some("7.2"), "GET", true, Some("VssInvalidPreviewVersionException")),
            (Some("7.2-preview.1"), "GET", true, None),
            (Some("7.3"), "GET", true, Some("VssVersionOutOfRangeException")),
            (Some("8"), "GET", true, Some("VssVersionOutOfRangeException")),
            (Some("0.9"), "GET", true, Some("VssVersionOutOfRangeException")),
            (Some("latest"), "GET", true, Some("VssVersionOutOfRangeException")),
        ];
        for &(version, method, released, refused) in rows {
            match (check(version, method, released), refused) {
                (Ok(()), None) => {}
                (Err(answer), Some(key)) => {
                    let body = String::from_utf8_lossy(&answer.body).into_owned();
                    assert_eq!(answer.status, 400);
                    assert!(body.contains(&format!("\"typeKey\":\"{key}\"")), "{version:?}: {body}");
                }
                (outcome, expected) => {
                    panic!("{version:?} {method} {released}: {outcome:?}, not {expected:?}")
                }
            }
        }
    }
}
