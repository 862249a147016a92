//! The organization URL: the raw string is checked before a URL parser can repair it.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use percent_encoding::AsciiSet;
use percent_encoding::CONTROLS;
use percent_encoding::percent_decode_str;
use percent_encoding::utf8_percent_encode;
use url::Url;

use crate::contract::ErrorCode;
use crate::contract::ParseError;
use crate::contract::ServiceKind;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;

/// Limit of this package: a URL in bytes, longer than any organization has
const MAX_BYTES: usize = 2048;

/// Limit of the service: the name of an organization in characters
const MAX_ORGANIZATION: usize = 50;

/// The characters of a path that are encoded, beside those outside ASCII
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'%');

/// Where an organization is hosted
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganizationForm {
    /// `https://dev.azure.com/<organization>`
    Hosted,
    /// `https://<organization>.visualstudio.com`, the older form of the same URL
    HostedLegacy,
    /// Any other host: an Azure DevOps Server, or the simulator; only if the operator allows it
    Other,
}

/// An organization URL in canonical form
///
/// URL parsers repair their input: they drop line breaks, turn `\` into `/`, decode dots in the
/// host and read `127.1` as an address. So the raw string is checked first, then the parsed URL is
/// compared with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationUrl {
    form: OrganizationForm,
    scheme: &'static str,
    /// In lower case, with the port if it is not the scheme's default
    authority: String,
    /// As typed, with the characters encoded that a URL cannot have; empty for the legacy form
    path: String,
    /// Decoded
    organization: String,
}

impl OrganizationUrl {
    /// Returns where the organization is hosted
    pub fn form(&self) -> OrganizationForm {
        self.form
    }

    /// Returns what serves the organization; plain http to a loopback address is used by simulators of the hosted service
    pub fn service(&self) -> ServiceKind {
        match self.form {
            OrganizationForm::Other if !(self.is_plain_http() && self.is_loopback()) => ServiceKind::Server,
            _ => ServiceKind::Hosted,
        }
    }

    /// Returns the organization's (or collection's) name, which may have blanks and any letters
    pub fn organization(&self) -> &str {
        &self.organization
    }

    /// Returns the host, with the port if it is not the scheme's default
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Returns whether requests are sent without encryption
    pub fn is_plain_http(&self) -> bool {
        self.scheme == "http"
    }

    /// Returns the warning about a token that can be read on the network, if requests send it so
    pub fn plain_http_warning(&self) -> Option<String> {
        (self.is_plain_http() && !self.is_loopback()).then(|| {
            format!("requests to {} are not encrypted: the token can be read on the network", self.authority)
        })
    }

    /// Returns whether the host is a literal loopback address
    pub fn is_loopback(&self) -> bool {
        let host = self.authority.rsplit_once(':').map_or(self.authority.as_str(), |(host, _)| host);
        is_loopback(host) || is_loopback(&self.authority)
    }

    /// Returns the base of every request, without a `/` at its end
    pub fn base(&self) -> String {
        format!("{}://{}{}", self.scheme, self.authority, self.path)
    }

    /// Returns a text that is equal for all spellings of one organization
    ///
    /// `https://Contoso.visualstudio.com` and `https://dev.azure.com/contoso` are the same organization.
    pub fn identity(&self) -> String {
        match self.form {
            OrganizationForm::Other => percent_decode_str(&self.base()).decode_utf8_lossy().to_lowercase(),
            _ => format!("https://dev.azure.com/{}", self.organization.to_ascii_lowercase()),
        }
    }
}

impl fmt::Display for OrganizationUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base())
    }
}

impl TextKind for OrganizationUrl {
    const EXPECTED: &'static str = "an organization URL";

    fn parse(text: &str) -> Result<Self, ParseError> {
        parse(text)
            .map_err(|reason| ParseError::new(ErrorCode::OrganizationInvalidUrl, reason).help(help(text)))
    }
}

text_kind!(OrganizationUrl, { "minLength": 1, "maxLength": MAX_BYTES, "x-example": "https://dev.azure.com/<organization>" });

/// Returns how to write the URL: that of a server, if the host is that of one
fn help(text: &str) -> &'static str {
    let text = text.to_lowercase();
    let host = text.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
    let is_hosted = ["azure", "visualstudio"].iter().any(|word| host.contains(word));
    match is_hosted || !host.contains(|c: char| c.is_ascii_alphanumeric()) {
        true => "Write only the URL of the organization: https://dev.azure.com/<organization>.",
        false => {
            "Write the URL of the server's collection, without a project: https://<server>/tfs/<collection>. For the \
             hosted service, write https://dev.azure.com/<organization>."
        }
    }
}

fn parse(text: &str) -> Result<OrganizationUrl, &'static str> {
    let (scheme, rest) = check_raw(text)?;
    let (raw_authority, raw_path) = match rest.find('/') {
        Some(slash) => rest.split_at(slash),
        None => (rest, ""),
    };
    let authority = raw_authority.to_ascii_lowercase();
    let (host, port) = check_authority(&authority)?;
    compare_with_parser(text, scheme, host, port)?;
    let path = raw_path.strip_suffix('/').unwrap_or(raw_path);
    let segments: Vec<String> = path.split('/').skip(1).map(decoded).collect::<Result<_, _>>()?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    if segments.iter().any(|segment| segment.is_empty() || matches!(*segment, "." | "..")) {
        return Err("the path has an empty part, \".\" or \"..\"");
    }
    let path: String = segments
        .iter()
        .flat_map(|segment| ["/".into(), Cow::from(utf8_percent_encode(segment, PATH))])
        .collect();

    let default_port = if scheme == "https" { 443 } else { 80 };
    let port = port.filter(|port| *port != default_port);
    let authority = match port {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    let label = host.strip_suffix(".visualstudio.com");
    let (form, path, organization) = if host == "dev.azure.com" {
        let organization = match segments.as_slice() {
            [organization] => *organization,
            [] => return Err("the organization is missing after dev.azure.com/"),
            _ => {
                return Err(
                    "there is more than the organization after the host; enter the project in its own field",
                );
            }
        };
        (OrganizationForm::Hosted, path, organization)
    } else if let Some(organization) = label {
        let collection =
            matches!(segments.as_slice(), [only] if only.eq_ignore_ascii_case("DefaultCollection"));
        if !segments.is_empty() && !collection {
            return Err("there is more than the organization; enter the project in its own field");
        }
        (OrganizationForm::HostedLegacy, String::new(), organization)
    } else {
        let collection = segments.last().copied().ok_or("the collection is missing after the host")?;
        (OrganizationForm::Other, path, collection)
    };
    if form != OrganizationForm::Other {
        if scheme != "https" {
            return Err("the hosted service requires https");
        }
        if port.is_some() {
            return Err("the hosted service has no custom port");
        }
        check_organization(organization)?;
    }
    // What is sent, and read again by other programs, has the same bound.
    if scheme.len() + "://".len() + authority.len() + path.len() > MAX_BYTES {
        return Err("it is longer than 2,048 bytes when its special characters are encoded");
    }
    let organization = organization.to_owned();
    Ok(OrganizationUrl { form, scheme, authority, path, organization })
}

/// Rejects a text that a URL parser would have to repair
fn check_raw(text: &str) -> Result<(&'static str, &str), &'static str> {
    if text.is_empty() {
        return Err("it is empty");
    }
    if text.len() > MAX_BYTES {
        return Err("it is longer than 2,048 bytes");
    }
    if text.trim() != text {
        return Err("there is a blank or a line break before or after it");
    }
    if !text.chars().all(is_plain) {
        return Err("it contains a control character or an invisible character");
    }
    if text.contains('\\') {
        return Err("it contains \"\\\"");
    }
    let has = |scheme: &str| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    let (scheme, rest) = if has("https://") {
        ("https", &text[8..])
    } else if has("http://") {
        ("http", &text[7..])
    } else {
        return Err("it does not begin with https://");
    };
    if !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[') {
        return Err("there is no host after https://");
    }
    if text.contains('@') {
        return Err("it contains \"@\": a user or token does not belong in the URL");
    }
    if text.contains(['?', '#', ';']) {
        return Err("it contains a query or fragment");
    }
    if !rest.split('/').next().unwrap_or_default().bytes().all(|b| b.is_ascii_graphic() && b != b'%') {
        return Err("the host contains a space, \"%\" or a character outside ASCII");
    }
    Ok((scheme, rest))
}

/// Whether a character may be in a path: a letter, digit, sign or blank that everyone can see
fn is_plain(c: char) -> bool {
    let invisible = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..);
    !c.is_control() && (c == ' ' || !c.is_whitespace()) && !invisible
}

/// Returns a part of the path without percent-encoding
///
/// What the decoded part may not contain would be another part, a query, or another text than the reader sees.
fn decoded(segment: &str) -> Result<String, &'static str> {
    let bytes = segment.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    if bytes.iter().enumerate().any(|(at, b)| *b == b'%' && !(is_hex(at + 1) && is_hex(at + 2))) {
        return Err("it contains \"%\" without two hexadecimal digits behind it");
    }
    let text = percent_decode_str(segment).decode_utf8().map_err(|_| "an encoded part of it is not UTF-8")?;
    if !text.chars().all(is_plain) || text.contains(['/', '\\', '?', '#', ';', '@', ':', '%']) {
        return Err("an encoded part of it contains a character that no collection has");
    }
    if text.trim() != text {
        return Err("a part of the path begins or ends with a blank");
    }
    Ok(text.into_owned())
}

/// Returns host and port of a lower-case authority
fn check_authority(authority: &str) -> Result<(&str, Option<u16>), &'static str> {
    let after_host =
        if authority.starts_with('[') { authority.find(']').map_or(0, |end| end + 1) } else { 0 };
    let (host, port) = match authority[after_host..].rfind(':') {
        Some(colon) => {
            let (host, port) = authority.split_at(after_host + colon);
            let digits = &port[1..];
            let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            let port = digits.parse::<u16>().ok().filter(|port| all_digits && *port > 0);
            (host, Some(port.ok_or("the port is not a number from 1 to 65535")?))
        }
        None => (authority, None),
    };
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'-' | b'.' | b'_');
    if host.starts_with('[') {
        if ip(host).is_none() {
            return Err("the address in brackets is not an IPv6 address");
        }
    } else if !host.bytes().all(plain) || host.split('.').any(str::is_empty) {
        return Err("the host is not a host name");
    }
    Ok((host, port))
}

/// Checks that the URL parser reads the same host and port
fn compare_with_parser(text: &str, scheme: &str, host: &str, port: Option<u16>) -> Result<(), &'static str> {
    let parsed = Url::parse(text).map_err(|_| "it is not a URL")?;
    let same = parsed.scheme() == scheme
        && parsed.host_str() == Some(host)
        && parsed.port_or_known_default() == port.or(Some(if scheme == "https" { 443 } else { 80 }))
        && parsed.username().is_empty()
        && parsed.password().is_none();
    if same { Ok(()) } else { Err("the host is ambiguous; write it in its plain form") }
}

fn check_organization(name: &str) -> Result<(), &'static str> {
    let letters = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !letters || name.len() > MAX_ORGANIZATION || name.starts_with('-') || name.ends_with('-') {
        return Err("an organization's name is 1 to 50 letters, digits and inner hyphens");
    }
    Ok(())
}

fn ip(host: &str) -> Option<IpAddr> {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).parse().ok()
}

fn is_loopback(host: &str) -> bool {
    ip(host).is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
#[path = "organization_url_tests.rs"]
mod tests;
