//! A request as a handler sees it: its target, parameters, body and user.

use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::response::Response;
use crate::auth::RequiredPermissions;
use crate::http::refusals;
use crate::world::Switches;

/// The parts of a path, decoded: `/{organization}[/{project}[/{team}]]/_apis/{segments…}`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) organization: String,
    pub(crate) project: Option<String>,
    pub(crate) team: Option<String>,
    pub(crate) segments: Vec<String>,
}

impl Target {
    /// Returns `None` for a path that does not have this form.
    pub(crate) fn of(path: &str) -> Option<Target> {
        let mut parts = path.trim_matches('/').split('/').map(decoded);
        let organization = parts.next()?;
        let mut before = Vec::new();
        loop {
            let part = parts.next()?;
            if part.eq_ignore_ascii_case("_apis") {
                break;
            }
            before.push(part);
        }
        let mut before = before.into_iter();
        let (project, team) = (before.next(), before.next());
        before.next().is_none().then(|| Target { organization, project, team, segments: parts.collect() })
    }
}

fn decoded(part: &str) -> String {
    percent_decode_str(part).decode_utf8_lossy().into_owned()
}

/// Returns the decoded parameters of a query, in order.
pub(crate) fn query_pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " ")))
        })
        .collect()
}

/// A request that was authenticated and routed.
pub(crate) struct Call<'a> {
    pub(crate) target: &'a Target,
    /// The segments that the placeholders of the route's template match, in order.
    pub(crate) captured: Vec<&'a str>,
    pub(crate) query: &'a [(String, String)],
    pub(crate) accept: &'a str,
    /// The value of the `Content-Type` header.
    pub(crate) content_type: &'a str,
    pub(crate) body: &'a [u8],
    /// Position of the user; none for the anonymous identity.
    pub(crate) user: Option<usize>,
    /// The permissions that the route requires of the user.
    pub(crate) permissions: RequiredPermissions,
    /// `http://127.0.0.1:PORT/{organization}`, the start of links.
    pub(crate) base: String,
}

impl Call<'_> {
    /// Returns the first value of a query parameter. Case is ignored.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns whether a query parameter is `true`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.query(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Returns a query parameter as a number.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.query(name)?.parse().ok()
    }

    /// Returns a query parameter as a time.
    pub(crate) fn moment(&self, name: &str) -> Result<Option<OffsetDateTime>, Response> {
        let Some(text) = self.query(name) else { return Ok(None) };
        OffsetDateTime::parse(text, &Rfc3339)
            .map(Some)
            .map_err(|_| refusals::bad_argument(&format!("The value '{text}' is not valid for {name}.")))
    }

    /// Returns the form in which the client wants a content. `$format` takes precedence over `Accept`, and a known type
    /// in `Accept` over the default of the resource.
    pub(crate) fn format(&self, default: Format) -> Format {
        match self.query("$format").map(str::to_ascii_lowercase).as_deref() {
            Some("json") => return Format::Json,
            Some("text") => return Format::Text,
            Some("zip") => return Format::Zip,
            Some("octetstream") => return Format::Bytes,
            _ => {}
        }
        let known = [
            ("application/json", Format::Json),
            ("application/zip", Format::Zip),
            ("text/plain", Format::Text),
            ("application/octet-stream", Format::Bytes),
        ];
        let wanted = self.accept.to_ascii_lowercase();
        let wanted = wanted.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
        let mut wanted = wanted.filter_map(|part| known.iter().find(|(name, _)| *name == part));
        wanted.next().map_or(default, |(_, format)| *format)
    }

    /// Returns the page length for a list with continuation tokens.
    pub(crate) fn page_length(&self, switches: &Switches) -> usize {
        self.number("$top").unwrap_or(switches.page_size).min(switches.longest_page)
    }

    /// Deserializes the body, a JSON object. `parameter` is the service's name for it in the refusal.
    pub(crate) fn json<T: DeserializeOwned>(&self, parameter: &str) -> Result<T, Response> {
        // Without this check a derived type would also accept an array with its fields in order.
        self.parsed(b'{').ok_or_else(|| refusals::body_missing(parameter))
    }

    /// Deserializes the body, a JSON array.
    pub(crate) fn json_list<T: DeserializeOwned>(&self, parameter: &str) -> Result<Vec<T>, Response> {
        self.parsed(b'[').ok_or_else(|| refusals::body_missing(parameter))
    }

    fn parsed<T: DeserializeOwned>(&self, first: u8) -> Option<T> {
        let bytes = self.body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(self.body).trim_ascii();
        if bytes.first() == Some(&first) { serde_json::from_slice(bytes).ok() } else { None }
    }
}

/// The form in which a client wants a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Text,
    Zip,
    Bytes,
}

/// Returns one page of a list, and the start of the next page if there is one.
pub(crate) fn page<T>(all: Vec<T>, skip: usize, top: usize) -> (Vec<T>, Option<String>) {
    let end = skip.saturating_add(top);
    let more = (all.len() > end).then(|| end.to_string());
    (all.into_iter().skip(skip).take(top).collect(), more)
}

#[cfg(test)]
mod tests {
    use super::Target;
    use super::page;
    use super::query_pairs;

    #[test]
    fn a_path_is_parsed() {
        let target = Target::of("/fabrikam/My%20Project/_APIS/git/repositories/a%2Fb").unwrap();
        assert_eq!(target.organization, "fabrikam");
        assert_eq!(target.project.as_deref(), Some("My Project"));
        assert_eq!(target.segments, ["git", "repositories", "a/b"]);
        assert_eq!(Target::of("/fabrikam/_apis/projects/").unwrap().segments, ["projects"]);
        let target = Target::of("/fabrikam/p/Two%20Words/_apis/wit/wiql").unwrap();
        assert_eq!((target.project.as_deref(), target.team.as_deref()), (Some("p"), Some("Two Words")));
        for other in ["/", "/fabrikam", "/fabrikam/p", "/fabrikam/p/team/board/_apis/wit/wiql"] {
            assert_eq!(Target::of(other), None, "{other}");
        }
    }

    #[test]
    fn a_query_is_decoded() {
        let pairs = query_pairs("%24top=2&filter=heads%2Fa+b&x");
        let expected = [("$top", "2"), ("filter", "heads/a b"), ("x", "")];
        assert!(pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).eq(expected));
    }

    #[test]
    fn a_page_has_the_start_of_the_next() {
        assert_eq!(page(vec![1, 2, 3], 0, 2), (vec![1, 2], Some("2".to_owned())));
        assert_eq!(page(vec![1, 2, 3], 2, 2), (vec![3], None));
        assert_eq!(page(vec![1, 2], 0, 2), (vec![1, 2], None));
    }
}
