//! Git's credential helper protocol: `key=value` lines in, `key=value` lines out.
//!
//! A helper may return less or more than requested, or a different credential. A response that does not
//! match the request is an error.

use url::Url;

/// The credential that is requested from a helper
pub(super) struct HelperRequest<'a> {
    pub(super) url: &'a Url,
    pub(super) user: Option<&'a str>,
}

impl HelperRequest<'_> {
    /// Returns the parts of the URL under git's names, in git's order; none contains a line break
    fn fields(&self) -> Vec<(&'static str, String)> {
        let host = match (self.url.host_str().unwrap_or_default(), self.url.port()) {
            (host, Some(port)) => format!("{host}:{port}"),
            (host, None) => host.to_owned(),
        };
        let mut fields = vec![("protocol", self.url.scheme().to_owned()), ("host", host)];
        let path = self.url.path().trim_matches('/');
        if !path.is_empty() {
            fields.push(("path", path.to_owned()));
        }
        fields.extend(self.user.map(|user| ("username", user.to_owned())));
        fields
    }

    /// Returns the input of the helper
    pub(super) fn lines(&self) -> String {
        self.fields().iter().map(|(key, value)| format!("{key}={value}\n")).chain(["\n".to_owned()]).collect()
    }

    /// Returns the password of a response that matches the request
    ///
    /// The error completes a sentence that begins with "The helper".
    pub(super) fn password<'a>(&self, response: &'a str) -> Result<&'a str, &'static str> {
        let mut password = None;
        for line in response.lines().take_while(|line| !line.is_empty()) {
            let (key, value) = line.split_once('=').ok_or("does not follow git's credential protocol")?;
            if key == "password" && password.replace(value).is_some() {
                return Err("returned two passwords");
            }
            if self.fields().iter().any(|(own, requested)| *own == key && requested != value) {
                return Err("returned a different credential than requested");
            }
        }
        password.ok_or("has no such credential")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url() -> Url {
        Url::parse("https://dev.azure.com:8443/contoso/").unwrap()
    }

    #[test]
    fn a_request_has_the_fields_of_git() {
        let lines = |user| HelperRequest { url: &url(), user }.lines();
        assert_eq!(lines(None), "protocol=https\nhost=dev.azure.com:8443\npath=contoso\n\n");
        assert!(lines(Some("bot")).ends_with("path=contoso\nusername=bot\n\n"));
        let bare = Url::parse("https://dev.azure.com").unwrap();
        assert_eq!(
            HelperRequest { url: &bare, user: None }.lines(),
            "protocol=https\nhost=dev.azure.com\n\n"
        );
    }

    #[test]
    fn only_a_response_that_matches_the_request_is_accepted() {
        let url = url();
        let request = HelperRequest { url: &url, user: Some("bot") };
        let rows = [
            ("username=bot\npassword=p=q\n", Ok("p=q")),
            ("protocol=https\r\npassword=p\r\n", Ok("p")),
            ("capability[]=authtype\npassword=p\n\npassword=q\n", Ok("p")),
            ("", Err("has no such credential")),
            ("username=bot\n", Err("has no such credential")),
            ("username=other\npassword=p\n", Err("returned a different credential than requested")),
            ("password=p\nhost=evil.example\n", Err("returned a different credential than requested")),
            ("password=p\npassword=q\n", Err("returned two passwords")),
            ("p\n", Err("does not follow git's credential protocol")),
        ];
        for (response, expected) in rows {
            assert_eq!(request.password(response), expected, "{response:?}");
        }
    }
}
