//! Responses that refuse a sign-in: of the service, of the web server of a server, and of what is in between.

use crate::fixture::envelope;
use crate::server::Script;
use crate::server::Step;
use crate::server::json;
use crate::server::reply;

pub(crate) const HTML: &str = "content-type: text/html; charset=utf-8\r\n";

pub(crate) const HTML_OF_THE_SERVICE: &str = "content-type: text/html; charset=utf-8\r\n\
    activityid: 4a1f5e2c-0c4e-4b86-9d7f-0000000000a1\r\n";

pub(crate) const EXPIRED: &str = "Access Denied: The Personal Access Token used has expired.";

pub(crate) const POLICY: &str =
    "The organization's security policy prohibits access by global Personal Access Token (PAT).";

// The service

/// A refusal whose reason is in a header
pub(crate) fn with_reason(status: &str, reason: &str, page: &str) -> Script {
    let reason = reason.replace(' ', "%20");
    reply(status, &format!("x-tfs-serviceerror: {reason}\r\n{HTML}"), page)
}

/// A refusal whose reason is in the access check of the token itself
pub(crate) fn expired(status: &str) -> Script {
    let check = r#""customProperties":{"Token":null,"NamespaceId":"00000000-0000-0000-0000-000000000000"}"#;
    json(status, format!(r#"{{"message":"{EXPIRED}","typeKey":"AccessCheckException",{check}}}"#))
}

pub(crate) fn not_a_member() -> Script {
    let message = "TF400813: The user 'fb80544b-3a07-6095-8fcc-5e895f9d39c4' is not authorized";
    envelope("401 Unauthorized", "UnauthorizedRequestException", message)
}

pub(crate) fn never_signed_in() -> Script {
    envelope("401 Unauthorized", "UnauthorizedRequestException", "TF401444: Please sign-in at least once")
}

pub(crate) fn limited() -> Script {
    reply("429 Too Many Requests", "retry-after: 90\r\n", "")
}

pub(crate) fn nothing() -> Script {
    vec![Step::Close]
}

// The web server of a server

pub(crate) fn challenged_by_iis() -> Script {
    let challenges = "www-authenticate: Negotiate\r\nwww-authenticate: NTLM\r\n\
                      www-authenticate: Basic realm=\"tfs.contoso.example\"\r\n";
    reply("401 Unauthorized", &format!("{HTML}{challenges}"), "<html>401 - Unauthorized</html>")
}

pub(crate) fn forbidden_by_iis() -> Script {
    let headers = format!("{HTML}server: Microsoft-IIS/10.0\r\n");
    reply("403 Forbidden", &headers, "<html><title>403 - Forbidden: Access is denied.</title></html>")
}

// What is in between

pub(crate) fn blocked_page() -> Script {
    reply("403 Forbidden", HTML, "<html><title>Access blocked - Web gateway</title></html>")
}

pub(crate) fn blocked_text() -> Script {
    reply("403 Forbidden", "content-type: text/plain\r\n", "Blocked by the policy of your company")
}

pub(crate) fn portal() -> Script {
    reply("302 Found", "location: https://portal.hotel.example/login?from=dev.azure.com\r\n", "")
}

pub(crate) fn guest_page() -> Script {
    reply("200 OK", HTML, "<html><title>Guest network</title></html>")
}

pub(crate) fn gateway() -> Script {
    reply("502 Bad Gateway", HTML, "<html><title>502 Bad Gateway</title></html>")
}

pub(crate) fn network_sign_in() -> Script {
    let page =
        "<title>Network sign-in</title><meta http-equiv=refresh content='0; url=https://login.example/'>";
    reply("511 Network Authentication Required", HTML, page)
}
