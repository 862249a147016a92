//! Git's credential helper protocol: `key=value` lines in, `key=value` lines out.
//!
//! A helper may answer less, more, or for something else than it was asked; what does not fit the
//! question is no answer.

use url::Url;

/// What a helper is asked for
pub(super) struct HelperRequest<'a> {
    pub(super) url: &'a Url,
    pub(super) user: Option<&'a str>,
}

impl HelperRequest<'_> {
    /// What git names the parts of the address, in its order; none has a line break
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

    /// What the helper reads
    pub(super) fn lines(&self) -> String {
        self.fields().iter().map(|(key, value)| format!("{key}={value}\n")).chain(["\n".to_owned()]).collect()
    }

    /// The password of an answer, if there is one and it is for what was asked
    ///
    /// Errors: what is wrong, in words that go on after "the helper".
    pub(super) fn password<'a>(&self, answer: &'a str) -> Result<&'a str, &'static str> {
        let mut password = None;
        for line in answer.lines().take_while(|line| !line.is_empty()) {
            let (key, value) = line.split_once('=').ok_or("does not speak git's credential protocol")?;
            if key == "password" && password.replace(value).is_some() {
                return Err("gave two passwords");
            }
            if self.fields().iter().any(|(own, asked)| *own == key && asked != value) {
                return Err("answered for something else than it was asked for");
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
    fn a_question_has_gits_fields() {
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
    fn only_an_answer_to_the_question_counts() {
        let url = url();
        let question = HelperRequest { url: &url, user: Some("bot") };
        let rows = [
            ("username=bot\npassword=p=q\n", Ok("p=q")),
            ("protocol=https\r\npassword=p\r\n", Ok("p")),
            ("capability[]=authtype\npassword=p\n\npassword=q\n", Ok("p")),
            ("", Err("has no such credential")),
            ("username=bot\n", Err("has no such credential")),
            ("username=other\npassword=p\n", Err("answered for something else than it was asked for")),
            ("password=p\nhost=evil.example\n", Err("answered for something else than it was asked for")),
            ("password=p\npassword=q\n", Err("gave two passwords")),
            ("p\n", Err("does not speak git's credential protocol")),
        ];
        for (answer, expected) in rows {
            assert_eq!(question.password(answer), expected, "{answer:?}");
        }
    }
}
