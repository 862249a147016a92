//! Who sent a response: the table of what the service, web servers, proxies, gateways and networks send.

use super::*;
use crate::contract::ServiceKind;
use crate::devops::message::response::Destination;
use reqwest::header::HeaderMap;
use reqwest::header::HeaderName;
use reqwest::header::HeaderValue;

const HTML: (&str, &str) = ("content-type", "text/html; charset=utf-8");
const TEXT: (&str, &str) = ("content-type", "text/plain");
const JSON: (&str, &str) = ("content-type", "application/json");

fn response(status: u16, headers: &[(&'static str, &str)], body: &str) -> ServiceResponse {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"));
    }
    ServiceResponse::of_test(status, map, body.as_bytes())
}

type Row = (u16, &'static [(&'static str, &'static str)], &'static str);

fn assert_senders(rows: &[Row], hosted: Sender, server: Sender) {
    for (status, headers, body) in rows {
        let one = response(*status, headers, body);
        assert_eq!(one.sender(), hosted, "hosted: {status} {headers:?} {body}");
        let from = Destination { service: ServiceKind::Server, ..one.from.clone() };
        let one = ServiceResponse { from, ..one };
        assert_eq!(one.sender(), server, "server: {status} {headers:?} {body}");
    }
}

#[test]
fn the_headers_challenges_errors_and_sign_in_pages_of_the_service_are_recognized() {
    let rows: &[Row] = &[
        (200, &[("activityid", "x"), HTML], "<html>"),
        (403, &[("x-vss-e2eid", "x"), HTML], "<html>"),
        (500, &[("x-tfs-processid", "x")], ""),
        (503, &[("x-msedge-ref", "Ref A"), HTML], "<html>"),
        (302, &[("x-vss-resourcetenant", "x"), ("location", "https://elsewhere.example/")], ""),
        (401, &[("www-authenticate", "Basic realm=\"https://tfsprodweu1.app.visualstudio.com/\"")], ""),
        (401, &[("www-authenticate", "Bearer"), ("www-authenticate", "TFS-Federated")], ""),
        (401, &[("www-authenticate", "Bearer authorization_uri=https://login.microsoftonline.com/x")], ""),
        (403, &[JSON], r#"{"message":"TF401027: You need","typeKey":"GitNeedsPermissionException"}"#),
        (403, &[JSON], r#"{"count":1,"value":{"Message":"VS403463: The policy"}}"#),
        (403, &[HTML], "<html><title>VS403463: The policy</title></html>"),
        (203, &[HTML], "<html><title>Azure DevOps Services | Sign In</title></html>"),
        (302, &[("location", "https://x.vssps.visualstudio.com/_signin?realm=x")], "moved"),
        (302, &[("location", "https://login.microsoftonline.com/common")], "moved"),
        (302, &[("location", "https://aex.dev.azure.com/signin")], "moved"),
        (301, &[("location", "https://contoso.visualstudio.com/")], "moved"),
    ];
    assert_senders(rows, Sender::Service, Sender::Service);
}

#[test]
fn proxies_gateways_and_networks_are_recognized() {
    let both: &[Row] = &[
        (200, &[HTML], "<html><title>Guest network</title></html>"),
        (200, &[], "<!DOCTYPE html><html>"),
        (302, &[("location", "https://portal.example/login")], ""),
        (307, &[("location", "http://portal.example/"), HTML], "<html>"),
        (302, &[("location", "https://xdev.azure.com/")], ""),
        (302, &[("location", "https://dev.azure.com.mcas.ms/fabrikam")], ""),
        (403, &[HTML], "<html><title>Access blocked</title></html>"),
        (403, &[("x-squid-error", "ERR_ACCESS_DENIED 0")], ""),
        (502, &[HTML, ("server", "nginx")], "<html><title>502 Bad Gateway</title></html>"),
        (504, &[HTML], "<html>"),
        (511, &[], ""),
        (511, &[("activityid", "x")], ""),
    ];
    assert_senders(both, Sender::Other, Sender::Other);
    let hosted_only: &[Row] = &[
        (403, &[TEXT], "Blocked by the policy of your company"),
        (403, &[JSON], r#"{"error":"blocked"}"#),
        (503, &[TEXT], "upstream connect error"),
    ];
    let challenged: &[Row] = &[
        (401, &[("www-authenticate", "NTLM")], ""),
        (401, &[("www-authenticate", "Basic realm=\"Web gateway\"")], ""),
    ];
    assert_senders(challenged, Sender::Other, Sender::Unknown);
    assert_senders(hosted_only, Sender::Other, Sender::Unknown);
}

#[test]
fn the_web_server_in_front_of_a_server_is_not_a_proxy() {
    let rows: &[Row] = &[
        (401, &[HTML, ("www-authenticate", "Negotiate"), ("www-authenticate", "NTLM")], "<html>"),
        (401, &[HTML, ("www-authenticate", "Basic realm=\"tfs.example\"")], "<html>"),
        (404, &[HTML], "<html>"),
        (403, &[HTML, ("server", "Microsoft-IIS/10.0")], "<html><title>403 - Forbidden</title></html>"),
        (503, &[HTML, ("server", "Microsoft-HTTPAPI/2.0")], "<html>"),
        (500, &[HTML, ("x-powered-by", "ASP.NET")], "<html>"),
    ];
    assert_senders(rows, Sender::Other, Sender::WebServer);
}

#[test]
fn a_response_without_any_mark_may_be_one_of_the_service() {
    let rows: &[Row] = &[
        (200, &[JSON], "{}"),
        (200, &[], ""),
        (401, &[], ""),
        (403, &[], ""),
        (404, &[TEXT], "The resource cannot be found."),
        (429, &[HTML], "<html>"),
        (500, &[], "no content type"),
        (503, &[], ""),
        (301, &[("location", "/elsewhere")], ""),
        (304, &[], ""),
    ];
    assert_senders(rows, Sender::Unknown, Sender::Unknown);
}

#[test]
fn a_response_leads_to_its_redirect_or_to_the_refresh_of_its_page() {
    let target = |one: ServiceResponse| one.target().map(|target| target.to_string());
    let page = "<meta http-equiv=refresh content='0;url=https://login.example/a?b'>";
    assert_eq!(
        target(response(302, &[("location", "//portal.example/x")], "")).as_deref(),
        Some("https://portal.example/x")
    );
    assert_eq!(target(response(511, &[HTML], page)).as_deref(), Some("https://login.example/a?b"));
    assert_eq!(target(response(511, &[TEXT], page)), None);
    assert_eq!(target(response(302, &[("location", "https://[")], "")), None);
}
