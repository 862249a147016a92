//! The table of answers, row by row, as the service and what stands before it give them.

use super::*;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use reqwest::header::HeaderName;
use reqwest::header::HeaderValue;

const JSON: &str = "application/json; charset=utf-8";

fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> ServiceResponse {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"));
    }
    let status = StatusCode::from_u16(status).expect("a status");
    ServiceResponse { status, headers: map, body: body.into(), change: None }
}

/// An error in the service's envelope
fn envelope(status: u16, type_key: &str, message: &str) -> ServiceResponse {
    let body = format!(
        r#"{{"$id":"1","innerException":null,"message":"{message}","typeName":"N.{type_key}, A","typeKey":"{type_key}","errorCode":0,"eventId":3000}}"#
    );
    answer(status, &[("content-type", JSON)], &body)
}

#[test]
fn authentication() {
    let sign_in =
        "https://spsprodweu1.vssps.visualstudio.com/_signin?realm=dev.azure.com&reply_to=https%3A%2F%2Fx";
    let rows = [
        answer(401, &[("www-authenticate", "Basic realm=\"https://tfsprodweu1.app.visualstudio.com/\"")], ""),
        answer(
            401,
            &[("content-type", JSON)],
            "\u{feff}{\"message\":\"TF400813: The user '' is not authorized\"}",
        ),
        answer(401, &[("www-authenticate", "Negotiate"), ("content-type", "text/html")], "<html>401</html>"),
        envelope(401, "AccessCheckException", "Access Denied: The Personal Access Token used has expired."),
        envelope(401, "UnauthorizedRequestException", "TF401444: Please sign-in at least once"),
        answer(203, &[("content-type", "text/html; charset=utf-8")], "<html><title>Sign In</title></html>"),
        answer(203, &[("content-type", JSON)], "{}"),
        answer(302, &[("location", sign_in)], "Object moved"),
        answer(302, &[("location", "/_signin")], ""),
        answer(307, &[("location", "https://login.microsoftonline.com/common/oauth2")], ""),
        envelope(200, "UnauthorizedRequestException", "x"),
        answer(200, &[("content-type", JSON)], r#"{"message":"TF400813 The user is not authorized"}"#),
    ];
    for row in rows {
        assert_eq!(row.meaning(), ResponseClass::NotSignedIn, "{} {:?}", row.status, row.headers);
    }
}

#[test]
fn redirects_are_answers_and_never_followed() {
    for status in [300, 301, 302, 303, 304, 305, 307, 308, 399] {
        for location in [
            "https://evil.example/",
            "//evil.example/x",
            "/x",
            "https://evil.example/_signin_/",
            "https://login.microsoftonline.com.evil.example/",
        ] {
            let meaning = answer(status, &[("location", location)], "").meaning();
            assert_eq!(
                meaning,
                ResponseClass::Strange("is a redirect, and redirects are never followed"),
                "{status} {location}"
            );
        }
        assert!(matches!(answer(status, &[], "").meaning(), ResponseClass::Strange(_)));
    }
}

#[test]
fn authorization() {
    let rows = [
        (
            envelope(
                403,
                "GitNeedsPermissionException",
                "TF401027: You need the Git 'GenericContribute' permission",
            ),
            Denial::Permission,
        ),
        (envelope(403, "AccessDeniedException", "TF215106: Access denied."), Denial::Permission),
        (envelope(403, "UnauthorizedAccessException", "TF50309: The following account"), Denial::Permission),
        (answer(403, &[], ""), Denial::Permission),
        (
            envelope(403, "GitRefUpdateRejectedByPolicyException", "TF402455: Pushes to this branch"),
            Denial::BranchPolicy,
        ),
        (
            envelope(403, "VssServiceException", "VS403463: The conditional access policy defined by"),
            Denial::ConditionalAccess,
        ),
        (
            answer(
                403,
                &[("content-type", JSON)],
                r#"{"count":1,"value":{"Message":"VS403463: The policy"}}"#,
            ),
            Denial::ConditionalAccess,
        ),
        (answer(403, &[("x-tfs-serviceerror", "VS403463%3A%20The%20policy")], ""), Denial::ConditionalAccess),
        // The words alone decide nothing.
        (envelope(403, "VssServiceException", "It is not VS403463: really"), Denial::Permission),
    ];
    for (row, denial) in rows {
        assert_eq!(row.meaning(), ResponseClass::Denied(denial), "{}", String::from_utf8_lossy(&row.body));
    }
}

#[test]
fn what_is_not_there() {
    let thing = [
        envelope(404, "GitRepositoryNotFoundException", "TF401019: The Git repository with name"),
        envelope(404, "BuildNotFoundException", "The requested build 7 could not be found."),
        envelope(500, "PipelineNotFoundException", "The pipeline '999999' does not exist"),
        envelope(404, "GitUnresolvableToCommitException", "TF401175: The version descriptor"),
        answer(404, &[("content-type", "text/plain")], "The resource cannot be found."),
        answer(
            404,
            &[("content-type", "text/plain; charset=utf-8")],
            "The controller for path '/P/_apis/x' was not found",
        ),
        answer(404, &[("content-type", "text/html")], "<html>"),
        answer(404, &[], ""),
        answer(410, &[], ""),
    ];
    for row in thing {
        assert_eq!(row.meaning(), ResponseClass::NoSuchThing, "{}", String::from_utf8_lossy(&row.body));
    }
    let project = [
        envelope(
            404,
            "ProjectDoesNotExistWithNameException",
            "TF200016: The following project does not exist: X.",
        ),
        envelope(404, "ProjectDoesNotExistException", "VS800075: The project with id"),
        envelope(400, "VssServiceException", "VS800075: The project with id"),
    ];
    for row in project {
        assert_eq!(row.meaning(), ResponseClass::NoSuchProject, "{}", String::from_utf8_lossy(&row.body));
    }
}

#[test]
fn conflicts_and_refused_content() {
    let conflicts = [
        envelope(
            409,
            "GitRepositoryNameException",
            "TF400948: A Git repository with the name X already exists.",
        ),
        envelope(400, "ProjectAlreadyExistsException", "TF200019: The project already exists"),
        envelope(400, "DefinitionExistsException", "Definition X already exists"),
        envelope(409, "GitReferenceStaleException", "TF401028: The reference has already been updated"),
        answer(409, &[], ""),
        answer(412, &[], ""),
    ];
    for row in conflicts {
        assert_eq!(row.meaning(), ResponseClass::Conflict, "{}", String::from_utf8_lossy(&row.body));
    }
    let rejected = [
        envelope(
            400,
            "PipelineValidationException",
            "/azure-pipelines.yml (Line: 3, Col: 3): Unexpected value",
        ),
        envelope(400, "BuildRequestValidationFailedException", "Could not queue the build"),
        envelope(400, "VssVersionNotSpecifiedException", "No api-version was supplied"),
        envelope(
            400,
            "VssVersionOutOfRangeException",
            "The requested REST API version of 7.2 is out of range",
        ),
        envelope(405, "X", "x"),
        answer(413, &[("content-type", "text/plain")], "too large"),
        envelope(200, "SomethingException", "x"),
    ];
    for row in rejected {
        assert_eq!(row.meaning(), ResponseClass::Rejected, "{}", String::from_utf8_lossy(&row.body));
    }
    for row in [
        answer(400, &[("content-type", "text/html")], "<html>Bad Request</html>"),
        answer(400, &[], ""),
        answer(418, &[], ""),
    ] {
        assert_eq!(row.meaning(), ResponseClass::Strange("refuses the request without saying why"));
    }
    assert_eq!(answer(407, &[], "").meaning(), ResponseClass::ProxyRefused);
    assert_eq!(answer(600, &[], "").meaning(), ResponseClass::Strange("has a status that does not exist"));
}

#[test]
fn not_now() {
    let transient = ResponseClass::Unavailable { transient: true };
    let lasting = ResponseClass::Unavailable { transient: false };
    let rows = [
        (answer(408, &[], ""), transient),
        (answer(500, &[("content-type", "text/html")], "<html>"), lasting),
        (envelope(500, "UnexpectedException", "TF401349: An unexpected error has occurred"), lasting),
        (answer(501, &[], ""), lasting),
        (answer(502, &[], "Bad Gateway"), transient),
        (answer(503, &[], ""), transient),
        (answer(503, &[("x-vss-hostofflineerror", "1")], ""), lasting),
        (answer(504, &[], ""), transient),
        (answer(429, &[("content-type", "text/html")], "<html>"), ResponseClass::RateLimited),
        (
            envelope(429, "RequestBlockedException", "TF400733: The request has been canceled"),
            ResponseClass::RateLimited,
        ),
        (envelope(503, "RequestBlockedException", "x"), ResponseClass::RateLimited),
        (
            envelope(
                503,
                "VssServiceException",
                "TF24668: The following team project collection is stopped: NAME.",
            ),
            ResponseClass::Disabled,
        ),
        (
            answer(
                503,
                &[("content-type", "application/json")],
                "\u{feff}{\"message\":\"TF24668: The following\"}",
            ),
            ResponseClass::Disabled,
        ),
    ];
    for (row, meaning) in rows {
        assert_eq!(row.meaning(), meaning, "{} {}", row.status, String::from_utf8_lossy(&row.body));
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
        assert_eq!(answer(200, &[("content-type", JSON)], body).meaning(), ResponseClass::Done, "{body}");
    }
    for status in [200, 201, 202, 204] {
        assert_eq!(answer(status, &[], "").meaning(), ResponseClass::Done);
    }
}

#[test]
fn the_activity_id_is_found_in_either_header_and_personal_data_is_not() {
    let id = |digit: char| format!("4a1f5e2c-0c4e-4b86-9d7f-00000000000{digit}");
    let both = answer(200, &[("activityid", &id('1')), ("x-vss-e2eid", &id('2'))], "");
    assert_eq!(both.activity(), Some(id('1')));
    assert_eq!(answer(200, &[("x-vss-e2eid", &id('2').to_uppercase())], "").activity(), Some(id('2')));
    assert_eq!(answer(200, &[("x-vss-userdata", "id:mona@fabrikam.example")], "").activity(), None);
    // What is no id may be anything, a token among others.
    for odd in ["x", &"x".repeat(36), &id('1').replace('-', "")] {
        assert_eq!(answer(200, &[("activityid", odd)], "").activity(), None, "{odd}");
    }
}
