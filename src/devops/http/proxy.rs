//! The operator's proxy: which requests go through it.

use std::sync::Arc;

use reqwest::Proxy;
use reqwest::Url;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::devops::http::network_options::NetworkOptions;
use crate::devops::http::proxy_exception::ProxyException;
use crate::devops::message::route::Route;

/// The proxy of the operator, and the hosts that are reached without it
#[derive(Clone)]
pub(crate) struct OperatorProxy {
    /// Its address, which may contain a password
    url: Url,
    /// Its host and port, for messages
    shown: String,
    exceptions: Arc<[ProxyException]>,
}

impl OperatorProxy {
    /// Returns the proxy of the options, if they have one
    ///
    /// Errors: `input.invalid`, without the address, which may contain a password.
    pub(crate) fn of(options: &NetworkOptions) -> Result<Option<Self>, Error> {
        let Some(address) = options.proxy.as_deref() else { return Ok(None) };
        let invalid = || {
            Error::new(ErrorCode::InputInvalid, "The proxy's address cannot be read")
                .help("Write it as http://HOST:PORT, with `--proxy` or in the operator's file.")
        };
        let url = Url::parse(address).map_err(|_| invalid())?;
        let host = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")).ok_or_else(invalid)?;
        let shown = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
        Ok(Some(OperatorProxy { url, shown, exceptions: options.proxy_exceptions.clone().into() }))
    }

    /// Returns whether a request to this URL goes through the proxy; plain http never does
    fn serves(&self, url: &Url) -> bool {
        url.scheme() == "https" && !self.exceptions.iter().any(|exception| exception.covers(url))
    }

    /// Returns the way of a request to this URL, with these settings
    pub(crate) fn route(proxy: Option<&Self>, url: &Url) -> Route {
        let host = match (url.host_str().unwrap_or_default(), url.port()) {
            (host, Some(port)) => format!("{host}:{port}"),
            (host, None) => host.to_owned(),
        };
        Route { host, proxy: proxy.filter(|proxy| proxy.serves(url)).map(|proxy| proxy.shown.clone()) }
    }

    /// Returns the proxy as the HTTP client takes it
    pub(crate) fn to_client(&self) -> Proxy {
        let own = self.clone();
        Proxy::custom(move |url| own.serves(url).then(|| own.url.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(address: &str) -> Result<Option<OperatorProxy>, Error> {
        OperatorProxy::of(&NetworkOptions { proxy: Some(address.to_owned()), ..NetworkOptions::default() })
    }

    #[test]
    fn a_proxy_is_shown_without_its_password_and_an_invalid_one_is_not_quoted() {
        let proxy =
            through("http://user:hidden@proxy.example:8080/").expect("it is a proxy").expect("it is given");
        assert_eq!(proxy.shown, "proxy.example:8080");
        for address in ["hidden", "socks5://hidden:1", "http://", "ftp://hidden"] {
            let error = through(address).map(drop).expect_err(address);
            assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
        }
    }

    #[test]
    fn only_the_way_through_the_proxy_names_it() {
        let exceptions = vec![ProxyException::parse(".corp.example").expect("it is a suffix")];
        let proxy = Some("http://proxy.example:8080".to_owned());
        let options = NetworkOptions { proxy, proxy_exceptions: exceptions, ..NetworkOptions::default() };
        let proxy = OperatorProxy::of(&options).expect("it is a proxy");
        for (url, shown) in [
            ("https://dev.azure.com/x", "dev.azure.com through the proxy proxy.example:8080"),
            ("https://tfs.corp.example:8443/tfs/x", "tfs.corp.example:8443"),
            ("http://tfs.example/tfs/x", "tfs.example"),
        ] {
            let route = OperatorProxy::route(proxy.as_ref(), &Url::parse(url).expect("it is a URL"));
            assert_eq!(route.to_string(), shown);
        }
    }
}
