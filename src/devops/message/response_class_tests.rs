//! The table of responses, row by row, as the service, gateways and proxies send them.

use super::*;
use crate::contract::ServiceKind;
use crate::devops::message::response::Destination;
use reqwest::header::HeaderMap;
use reqwest::header::HeaderName;
use reqwest::header::HeaderValue;

const JSON: &str = "application/json; charset=utf-8";

fn response(status: u16, headers: &[(&'static str, &str)], body: &str) -> ServiceResponse {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"));
    }
    ServiceResponse::of_test(status, map, body.as_bytes())
}

/// The same of an Azure DevOps Server
fn of_server(response: ServiceResponse) -> ServiceResponse {
    let from = Destination { service: ServiceKind::Server, ..response.from };
    ServiceResponse { from, ..response }
}

/// A response with an error of the service
fn service_error(status: u16, type_key: &str, message: &str) -> ServiceResponse {
    let body = format!(
        r#"{{"$id":"1","innerException":null,"message":"{message}","typeName":"N.{type_key}, A","typeKey":"{type_key}","errorCode":0,"eventId":3000}}"#
    );
    response(status, &[("content-type", JSON)], &body)
}

#[test]
fn authentication() {
    let sign_in =
        "https://spsprodweu1.vssps.visualstudio.com/_signin?realm=dev.azure.com&reply_to=https%3A%2F%2Fx";
    let rows = [
        response(
            401,
            &[("www-authenticate", "Basic realm=\"https://tfsprodweu1.app.visualstudio.com/\"")],
            "",
        ),
        response(
            401,
            &[("content-type", JSON)],
            "\u{feff}{\"message\":\"TF400813: The user '' is not authorized\"}",
        ),
        of_server(response(
            401,
            &[("www-authenticate", "Negotiate"), ("content-type", "text/html")],
            "<html>401</html>",
        )),
        service_error(
            401,
            "AccessCheckException",
            "Access Denied: The Personal Access Token used has expired.",
        ),
        service_error(
            403,
            "AccessCheckException",
            "Access Denied: The Personal Access Token used has expired.",
        ),
        response(403, &[("x-tfs-serviceerror", "The+token+used+has+expired.")], ""),
        service_error(401, "UnauthorizedRequestException", "TF401444: Please sign-in at least once"),
        service_error(403, "UnauthorizedRequestException", "TF401444: Please sign-in at least once"),
        response(203, &[("content-type", "text/html; charset=utf-8")], "<html><title>Sign In</title></html>"),
        response(203, &[("content-type", JSON)], "{}"),
        response(302, &[("location", sign_in)], "Object moved"),
        response(302, &[("location", "/_signin")], ""),
        response(307, &[("location", "https://login.microsoftonline.com/common/oauth2")], ""),
        service_error(200, "UnauthorizedRequestException", "x"),
        response(200, &[("content-type", JSON)], r#"{"message":"TF400813 The user is not authorized"}"#),
    ];
    for row in rows {
        assert_eq!(row.class(), ResponseClass::Unauthenticated, "{} {:?}", row.status, row.headers);
    }
}

#[test]
fn redirects_are_unexpected_or_foreign_and_never_followed() {
    let unexpected = ResponseClass::Unexpected("is a redirect, and redirects are never followed");
    let foreign = ResponseClass::Foreign { transient: false };
    for status in [300, 301, 302, 303, 304, 305, 307, 308, 399] {
        for (location, class) in [
            ("https://evil.example/", foreign),
            ("//evil.example/x", foreign),
            ("/x", unexpected),
            ("https://evil.example/_signin_/", foreign),
            ("https://login.microsoftonline.com.evil.example/", foreign),
        ] {
            assert_eq!(response(status, &[("location", location)], "").class(), class, "{status} {location}");
            let own = response(status, &[("location", location), ("activityid", "x")], "");
            assert_eq!(own.class(), unexpected, "{status} {location}: the service redirects elsewhere");
        }
        assert!(matches!(response(status, &[], "").class(), ResponseClass::Unexpected(_)));
    }
}

#[test]
fn authorization() {
    let rows = [
        (
            service_error(
                403,
                "GitNeedsPermissionException",
                "TF401027: You need the Git 'GenericContribute' permission",
            ),
            Denial::Permission,
        ),
        (service_error(403, "AccessDeniedException", "TF215106: Access denied."), Denial::Permission),
        (
            service_error(403, "UnauthorizedAccessException", "TF50309: The following account"),
            Denial::Permission,
        ),
        (response(403, &[], ""), Denial::Permission),
        (
            service_error(403, "GitRefUpdateRejectedByPolicyException", "TF402455: Pushes to this branch"),
            Denial::BranchPolicy,
        ),
        (
            service_error(403, "VssServiceException", "VS403463: The conditional access policy defined by"),
            Denial::ConditionalAccess,
        ),
        (
            response(
                403,
                &[("content-type", JSON)],
                r#"{"count":1,"value":{"Message":"VS403463: The policy"}}"#,
            ),
            Denial::ConditionalAccess,
        ),
        (
            response(403, &[("x-tfs-serviceerror", "VS403463%3A%20The%20policy")], ""),
            Denial::ConditionalAccess,
        ),
        // The same with the status of a refused token, and as a page of the service.
        (
            service_error(401, "VssServiceException", "VS403463: The conditional access policy defined by"),
            Denial::ConditionalAccess,
        ),
        (
            response(
                302,
                &[("location", "/_signin"), ("x-tfs-serviceerror", "VS403463%3A%20The%20policy")],
                "",
            ),
            Denial::ConditionalAccess,
        ),
        (
            response(
                403,
                &[("content-type", "text/html")],
                "<html><title>VS403463: The policy</title></html>",
            ),
            Denial::ConditionalAccess,
        ),
        // A code inside the message does not count.
        (service_error(403, "VssServiceException", "It is not VS403463: really"), Denial::Permission),
    ];
    for (row, denial) in rows {
        assert_eq!(row.class(), ResponseClass::Denied(denial), "{}", String::from_utf8_lossy(&row.body));
    }
}

#[test]
fn missing_resources() {
    let resource = [
        service_error(404, "GitRepositoryNotFoundException", "TF401019: The Git repository with name"),
        service_error(404, "BuildNotFoundException", "The requested build 7 could not be found."),
        service_error(500, "PipelineNotFoundException", "The pipeline '999999' does not exist"),
        service_error(404, "GitUnresolvableToCommitException", "TF401175: The version descriptor"),
        response(404, &[("content-type", "text/plain")], "The resource cannot be found."),
        response(
            404,
            &[("content-type", "text/plain; charset=utf-8")],
            "The controller for path '/P/_apis/x' was not found",
        ),
        of_server(response(404, &[("content-type", "text/html")], "<html>")),
        response(404, &[("content-type", "text/html"), ("activityid", "x")], "<html>"),
        response(404, &[], ""),
        response(410, &[], ""),
    ];
    for row in resource {
        assert_eq!(row.class(), ResponseClass::NotFound, "{}", String::from_utf8_lossy(&row.body));
    }
    let project = [
        service_error(
            404,
            "ProjectDoesNotExistWithNameException",
            "TF200016: The following project does not exist: X.",
        ),
        service_error(404, "ProjectDoesNotExistException", "VS800075: The project with id"),
        service_error(400, "VssServiceException", "VS800075: The project with id"),
    ];
    for row in project {
        assert_eq!(row.class(), ResponseClass::ProjectNotFound, "{}", String::from_utf8_lossy(&row.body));
    }
}

#[test]
fn conflicts_and_rejected_content() {
    let conflicts = [
        service_error(
            409,
            "GitRepositoryNameException",
            "TF400948: A Git repository with the name X already exists.",
        ),
        service_error(400, "ProjectAlreadyExistsException", "TF200019: The project already exists"),
        service_error(400, "DefinitionExistsException", "Definition X already exists"),
        service_error(409, "GitReferenceStaleException", "TF401028: The reference has already been updated"),
        response(409, &[], ""),
        response(412, &[], ""),
    ];
    for row in conflicts {
        assert_eq!(row.class(), ResponseClass::Conflict, "{}", String::from_utf8_lossy(&row.body));
    }
    let rejected = [
        service_error(
            400,
            "PipelineValidationException",
            "/azure-pipelines.yml (Line: 3, Col: 3): Unexpected value",
        ),
        service_error(400, "BuildRequestValidationFailedException", "Could not queue the build"),
        service_error(400, "VssVersionNotSpecifiedException", "No api-version was supplied"),
        service_error(
            400,
            "VssVersionOutOfRangeException",
            "The requested REST API version of 7.2 is out of range",
        ),
        service_error(405, "X", "x"),
        response(413, &[("content-type", "text/plain"), ("x-tfs-processid", "x")], "too large"),
        service_error(200, "SomethingException", "x"),
    ];
    for row in rejected {
        assert_eq!(row.class(), ResponseClass::Rejected, "{}", String::from_utf8_lossy(&row.body));
    }
    for row in [
        response(400, &[("content-type", "text/html"), ("x-msedge-ref", "x")], "<html>Bad Request</html>"),
        response(400, &[], ""),
        response(418, &[], ""),
    ] {
        assert_eq!(row.class(), ResponseClass::Unexpected("rejects the request without a reason"));
    }
    assert_eq!(response(407, &[], "").class(), ResponseClass::ProxyAuthRequired);
    assert_eq!(response(600, &[], "").class(), ResponseClass::Unexpected("has an invalid status"));
}

#[test]
fn unavailable() {
    let transient = ResponseClass::Unavailable { transient: true };
    let lasting = ResponseClass::Unavailable { transient: false };
    let rows = [
        (response(408, &[], ""), transient),
        (response(500, &[("content-type", "text/html"), ("activityid", "x")], "<html>"), lasting),
        (service_error(500, "UnexpectedException", "TF401349: An unexpected error has occurred"), lasting),
        (response(501, &[], ""), lasting),
        (response(502, &[], "Bad Gateway"), transient),
        (response(503, &[], ""), transient),
        (response(503, &[("x-vss-hostofflineerror", "1")], ""), lasting),
        (response(504, &[], ""), transient),
        (response(429, &[("content-type", "text/html")], "<html>"), ResponseClass::RateLimited),
        (
            service_error(429, "RequestBlockedException", "TF400733: The request has been canceled"),
            ResponseClass::RateLimited,
        ),
        (service_error(503, "RequestBlockedException", "x"), ResponseClass::RateLimited),
        (
            service_error(
                503,
                "VssServiceException",
                "TF24668: The following team project collection is stopped: NAME.",
            ),
            ResponseClass::OrganizationDisabled,
        ),
        (
            response(
                503,
                &[("content-type", "application/json")],
                "\u{feff}{\"message\":\"TF24668: The following\"}",
            ),
            ResponseClass::OrganizationDisabled,
        ),
    ];
    for (row, class) in rows {
        assert_eq!(row.class(), class, "{} {}", row.status, String::from_utf8_lossy(&row.body));
    }
}

#[test]
fn values_that_only_resemble_an_error_are_values() {
    for body in [
        r#"{"id":1,"message":"anything"}"#,
        r#"{"value":[{"typeKey":"X","message":"TF400813: in a list"}]}"#,
        r#"{"comment":"\"message\": TF24668"}"#,
        "",
        "[]",
    ] {
        assert_eq!(response(200, &[("content-type", JSON)], body).class(), ResponseClass::Success, "{body}");
    }
    for status in [200, 201, 202, 204] {
        assert_eq!(response(status, &[], "").class(), ResponseClass::Success);
    }
}

#[test]
fn the_activity_id_is_found_in_either_header_and_personal_data_is_not() {
    let id = |digit: char| format!("4a1f5e2c-0c4e-4b86-9d7f-00000000000{digit}");
    let both = response(200, &[("activityid", &id('1')), ("x-vss-e2eid", &id('2'))], "");
    assert_eq!(both.activity_id(), Some(id('1')));
    assert_eq!(response(200, &[("x-vss-e2eid", &id('2').to_uppercase())], "").activity_id(), Some(id('2')));
    assert_eq!(response(200, &[("x-vss-userdata", "id:mona@fabrikam.example")], "").activity_id(), None);
    // A value that is not an id may be anything, even a token.
    for odd in ["x", &"x".repeat(36), &id('1').replace('-', "")] {
        assert_eq!(response(200, &[("activityid", odd)], "").activity_id(), None, "{odd}");
    }
}
