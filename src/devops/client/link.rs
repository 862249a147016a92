//! The links in responses: which of them are followed, and which of them get the token.

use reqwest::Url;

/// How often a link may redirect
pub(crate) const MAX_HOPS: usize = 3;

/// A link that may be followed
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) url: Url,
    /// Whether it belongs to the organization of the session; only then the token is sent
    pub(crate) signed_in: bool,
}

impl Link {
    /// Checks a link in a response of the organization at `base`
    ///
    /// `Err` is the reason, after "the link". Over https any host is allowed, since only the request for the
    /// file is sent there; for an organization on plain http, on loopback, only its own origin is.
    pub(crate) fn check(text: &str, base: &Url) -> Result<Self, &'static str> {
        let url = base.join(text).map_err(|_| "is not a URL")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("contains a user name");
        }
        let same_origin = url.origin() == base.origin();
        match (base.scheme(), url.scheme()) {
            ("https", "https") => {}
            ("http", _) if same_origin => {}
            ("http", _) => return Err("leaves the simulator"),
            _ => return Err("is not https"),
        }
        // All collections of a server have a common path prefix.
        let mut parts = url.path().trim_start_matches('/').split('/');
        let mut organization = base.path().split('/').filter(|part| !part.is_empty());
        let inside =
            organization.all(|name| parts.next().is_some_and(|part| part.eq_ignore_ascii_case(name)));
        Ok(Link { signed_in: same_origin && inside, url })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, link: &str) -> Result<bool, &'static str> {
        Link::check(link, &Url::parse(base).expect("a base")).map(|link| link.signed_in)
    }

    #[test]
    fn only_the_organization_gets_the_token() {
        let base = "https://dev.azure.com/contoso";
        for (link, signed_in) in [
            ("https://dev.azure.com/contoso/_apis/resources/Containers/1?itemPath=drop", true),
            ("https://DEV.azure.com/Contoso/x", true),
            ("/contoso/x", true),
            ("https://dev.azure.com/other/x", false),
            ("https://dev.azure.com:444/contoso/x", false),
            ("https://dev.azure.com.evil.example/contoso/x", false),
            ("https://artprodcus3.artifacts.example/contoso/x?sig=1", false),
        ] {
            assert_eq!(check(base, link), Ok(signed_in), "{link}");
        }
        let collection = "https://tfs.contoso.example/tfs/Main";
        assert_eq!(check(collection, "https://tfs.contoso.example/TFS/main/x"), Ok(true));
        assert_eq!(check(collection, "https://tfs.contoso.example/tfs/Other/x"), Ok(false));
        assert_eq!(check(collection, "https://tfs.contoso.example/tfs"), Ok(false));
        assert_eq!(check("https://contoso.visualstudio.com", "https://contoso.visualstudio.com/x"), Ok(true));
    }

    #[test]
    fn links_that_are_not_followed() {
        for link in [
            "http://dev.azure.com/contoso/x",
            "http://127.0.0.1/contoso/x",
            "file:///etc/passwd",
            "ftp://dev.azure.com/contoso/x",
            "https://user:word@dev.azure.com/contoso/x",
            "https://",
        ] {
            assert!(check("https://dev.azure.com/contoso", link).is_err(), "{link}");
        }
        let simulated = "http://127.0.0.1:8080/fabrikam";
        assert_eq!(check(simulated, "http://127.0.0.1:8080/fabrikam/x"), Ok(true));
        assert_eq!(check(simulated, "http://127.0.0.1:8080/_signed/x"), Ok(false));
        for link in ["http://127.0.0.1:8081/fabrikam/x", "https://dev.azure.com/fabrikam/x"] {
            assert!(check(simulated, link).is_err(), "{link}");
        }
    }
}
