//! The address that the HTTP server listens on: loopback, or any with TLS.

use std::net::SocketAddr;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::hosts::mcp::tls::TlsIdentity;

/// An address and port
#[derive(Debug, Clone, Copy)]
pub struct HttpAddress(SocketAddr);

impl HttpAddress {
    /// Parses `ADDRESS:PORT`, or a port on 127.0.0.1; port 0 is any free one
    ///
    /// Errors: `input.invalid` for an address that other machines reach, unless requests are encrypted.
    pub fn parse(text: &str, tls: Option<&TlsIdentity>) -> Result<Self, Error> {
        let invalid = |message: &str, help: &str| {
            Error::new(ErrorCode::InputInvalid, format!("--http: {message}")).help(help.to_owned())
        };
        let port = text.parse::<u16>().map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let address = port.or_else(|_| text.parse::<SocketAddr>());
        let address = address.map_err(|_| {
            invalid("it is not a port or ADDRESS:PORT", "Write a port, or 127.0.0.1:PORT or [::1]:PORT.")
        })?;
        if tls.is_some() || address.ip().is_loopback() {
            return Ok(HttpAddress(address));
        }
        Err(invalid(
            "only a loopback address is accepted, since requests are not encrypted",
            "Pass a certificate with --tls-certificate and --tls-key, or write 127.0.0.1:PORT.",
        ))
    }

    /// Returns the address to listen on
    pub(super) fn socket(self) -> SocketAddr {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_tls_only_loopback_addresses_are_accepted() {
        for good in ["8931", "127.0.0.1:0", "[::1]:8931", "127.0.0.2:1"] {
            assert!(HttpAddress::parse(good, None).is_ok(), "{good}");
        }
        for bad in
            ["", "localhost", "0.0.0.0:8931", "[::]:8931", "192.168.0.1:80", "10.0.0.1:1", "1.2.3.4", "70000"]
        {
            let refused = HttpAddress::parse(bad, None).expect_err(bad);
            assert_eq!(refused.code(), ErrorCode::InputInvalid);
        }
    }

    #[test]
    fn with_tls_every_address_is_accepted() {
        let identity = crate::hosts::mcp::tls::example(&["bots.example"]);
        for good in ["8931", "0.0.0.0:8931", "[::]:8931", "192.168.0.1:80"] {
            assert!(HttpAddress::parse(good, Some(&identity)).is_ok(), "{good}");
        }
        assert!(HttpAddress::parse("bots.example:8931", Some(&identity)).is_err());
    }
}
