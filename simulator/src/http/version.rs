//! API versions: how a request names one, and which the service accepts.

use super::response::Response;
use crate::http::refusals;
use crate::world::Server;

/// The first version in which a resource was released; `None` if it is still in preview.
pub(crate) type Released = Option<(u32, u32)>;

/// In preview in Server 2020.
pub(crate) const SINCE_7_0: Released = Some((7, 0));

/// In preview in Server 2022.
pub(crate) const SINCE_7_1: Released = Some((7, 1));

/// The API versions of a server, or of the hosted service.
#[derive(Clone, Copy)]
pub(crate) struct ApiVersions(pub(crate) Option<Server>);

impl ApiVersions {
    /// Returns the highest released version, which is the default of a GET.
    pub(crate) fn latest(self) -> &'static str {
        self.0.map_or("7.1", |server| server.names().1)
    }

    /// Returns the highest version. In the hosted service it is one above the highest released version.
    pub(crate) fn highest(self) -> &'static str {
        self.0.map_or("7.2", |server| server.names().1)
    }

    /// Returns whether the service has released a resource.
    pub(crate) fn has_released(self, released: Released) -> bool {
        released.is_some_and(|since| Some(since) <= numbers(self.latest()))
    }
}

/// Returns the version that a request names, in the query or else as a parameter of `Accept`.
pub(crate) fn requested(query: &[(String, String)], accept: &str) -> Option<String> {
    let in_query = query.iter().find(|(name, _)| name.eq_ignore_ascii_case("api-version"));
    if let Some((_, version)) = in_query {
        return Some(version.clone());
    }
    let in_accept = accept.split([';', ',']).find_map(|part| part.trim().strip_prefix("api-version="));
    in_accept.map(|version| version.trim().to_owned())
}

/// Refuses a version that is missing, out of range or needs the preview flag.
pub(crate) fn check(
    versions: ApiVersions,
    version: Option<&str>,
    method: &str,
    released: Released,
) -> Result<(), Response> {
    let Some(version) = version else {
        return if method == "GET" { Ok(()) } else { Err(refusals::version_missing(method)) };
    };
    let (number, stage) =
        version.split_once('-').map_or((version, None), |(number, stage)| (number, Some(stage)));
    let highest = numbers(versions.highest());
    let Some(number) = numbers(number).filter(|&number| (1, 0) <= number && Some(number) <= highest) else {
        return Err(refusals::version_out_of_range(version, versions.highest()));
    };
    let preview = stage.is_some_and(|stage| stage == "preview" || stage.starts_with("preview."));
    if !preview && (!versions.has_released(released) || Some(number) > numbers(versions.latest())) {
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
    use super::ApiVersions;
    use super::check;
    use super::requested;
    use crate::world::Server;

    #[test]
    fn the_query_takes_precedence_over_the_accept_header() {
        let query = [("API-Version".to_owned(), "7.0".to_owned())];
        assert_eq!(requested(&query, "application/json;api-version=7.1").as_deref(), Some("7.0"));
        assert_eq!(requested(&[], "application/json; api-version=7.1, */*").as_deref(), Some("7.1"));
        assert_eq!(requested(&[], "application/json"), None);
    }

    #[test]
    fn versions_are_accepted_or_refused() {
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
            let released = released.then_some((1, 0));
            match (check(ApiVersions(None), version, method, released), refused) {
                (Ok(()), None) => {}
                (Err(response), Some(key)) => {
                    let body = String::from_utf8_lossy(&response.body).into_owned();
                    assert_eq!(response.status, 400);
                    assert!(body.contains(&format!("\"typeKey\":\"{key}\"")), "{version:?}: {body}");
                }
                (outcome, expected) => {
                    panic!("{version:?} {method} {released:?}: {outcome:?}, not {expected:?}")
                }
            }
        }
    }

    #[test]
    fn an_older_server_supports_fewer_versions() {
        let rows = [
            (Server::V2022_1, "7.1", true),
            (Server::V2022_1, "7.2-preview", false),
            (Server::V2022, "7.1", false),
            (Server::V2022, "7.1-preview.1", false),
            (Server::V2022, "7.0", true),
            // A preview in 6.0.
            (Server::V2020, "6.0", false),
            (Server::V2020, "6.0-preview.1", true),
            (Server::V2020, "7.0", false),
        ];
        for (server, version, taken) in rows {
            let checked = check(ApiVersions(Some(server)), Some(version), "GET", Some((7, 0)));
            assert_eq!(checked.is_ok(), taken, "{server:?} {version}");
        }
    }
}
