//! The refusals of tokens, versions, bodies and projects.

use axum::http::HeaderName;
use axum::http::StatusCode;
use serde_json::json;

use crate::auth::ConditionalAccess;
use crate::auth::Permission;
use crate::auth::Refusal;
use crate::auth::RefusalForm;
use crate::http::Content;
use crate::http::Response;
use crate::http::response::percent_encoded;

/// The header that repeats the message of an error.
const SERVICE_ERROR: HeaderName = HeaderName::from_static("x-tfs-serviceerror");

pub(super) const PROJECTS: &str = "Microsoft.TeamFoundation.Core.WebApi";
pub(super) const SERVICES: &str = "Microsoft.VisualStudio.Services";

pub(super) fn refusal(status: StatusCode, namespace: &str, key: &str, message: &str) -> Response {
    Response::refusal(status, &format!("{namespace}.{key}"), message)
}

// Refusals before a request is routed.

pub(crate) fn organization_deactivated(name: &str) -> Response {
    let message = format!(
        "TF24668: The following team project collection is stopped: {name}. Start the collection and then try \
         again. Administrator Reason: This Azure DevOps organization has been deactivated due to inactivity."
    );
    let kind = "Microsoft.VisualStudio.Services.Common.VssServiceException";
    Response::front_door_refusal(StatusCode::SERVICE_UNAVAILABLE, Content::BareJson, kind, &message)
}

pub(crate) fn conditional_access(form: ConditionalAccess) -> Response {
    let message = "VS403463: The conditional access policy defined by your Azure Active Directory administrator \
                   has failed.";
    let json =
        |status| refusal(status, "Microsoft.VisualStudio.Services.Common", "VssServiceException", message);
    match form {
        ConditionalAccess::Forbidden => json(StatusCode::FORBIDDEN),
        ConditionalAccess::Unauthorized => json(StatusCode::UNAUTHORIZED),
        ConditionalAccess::Page => titled(StatusCode::FORBIDDEN, message),
    }
}

/// A refusal with a given sentence.
pub(crate) fn stated(Refusal { sentence, form }: &Refusal) -> Response {
    let json =
        |status| refusal(status, "Microsoft.VisualStudio.Services.Common", "VssServiceException", sentence);
    match form {
        RefusalForm::Forbidden => json(StatusCode::FORBIDDEN),
        RefusalForm::Unauthorized => json(StatusCode::UNAUTHORIZED),
        RefusalForm::Header => Response::new(StatusCode::UNAUTHORIZED, Content::None, "")
            .with(SERVICE_ERROR, &percent_encoded(sentence)),
        RefusalForm::Page => titled(StatusCode::FORBIDDEN, sentence),
    }
}

/// A web page of the service with this title.
fn titled(status: StatusCode, title: &str) -> Response {
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('\'', "&#39;");
    let page = format!("<!DOCTYPE html>\n<html><head><title>{title}</title></head></html>\n");
    Response::new(status, Content::Html, page)
}

const EXPIRED: &str = "Access Denied: The Personal Access Token used has expired.";

/// The reason is in the header alone.
pub(crate) fn expired_in_header() -> Response {
    Response::new(StatusCode::UNAUTHORIZED, Content::None, "").with(SERVICE_ERROR, &percent_encoded(EXPIRED))
}

pub(crate) fn expired_page() -> Response {
    titled(StatusCode::UNAUTHORIZED, EXPIRED).with(SERVICE_ERROR, &percent_encoded(EXPIRED))
}

/// The access check is for no resource: it is the token that is refused.
pub(crate) fn expired_json(status: StatusCode) -> Response {
    let body = json!({
        "$id": "1",
        "customProperties": {
            "Descriptor": null,
            "IdentityDisplayName": null,
            "Token": null,
            "RequestedPermissions": 0,
            "NamespaceId": "00000000-0000-0000-0000-000000000000",
        },
        "innerException": null,
        "message": EXPIRED,
        "typeName": "Microsoft.VisualStudio.Services.Security.AccessCheckException, Microsoft.VisualStudio.Services.WebApi",
        "typeKey": "AccessCheckException",
        "errorCode": 0,
        "eventId": 3000,
    });
    Response::new(status, Content::FailureJson, body.to_string())
}

pub(crate) fn global_token_policy() -> Response {
    let message = "The organization's security policy prohibits access by global Personal Access Token (PAT) unless \
                   you are on an allowlist. Contact your organization administrator to be included on the allowlist.";
    titled(StatusCode::UNAUTHORIZED, "The organization's security policy prohibits access")
        .with(SERVICE_ERROR, &percent_encoded(message))
}

pub(crate) fn not_a_member(user: &str) -> Response {
    let message = format!("TF400813: The user '{user}' is not authorized to access this resource.");
    let kind = "Microsoft.TeamFoundation.Framework.Server.UnauthorizedRequestException";
    Response::refusal(StatusCode::UNAUTHORIZED, kind, &message)
}

pub(crate) fn rate_limited() -> Response {
    let message = "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource \
                   'Requests' in namespace 'User'.";
    refusal(
        StatusCode::TOO_MANY_REQUESTS,
        "Microsoft.TeamFoundation.Framework.Server",
        "RequestBlockedException",
        message,
    )
}

/// The response of IIS instead of the service.
pub(crate) fn not_a_windows_password() -> Response {
    let page = "<!DOCTYPE html>\n<html><head><title>401 - Unauthorized: Access is denied due to invalid credentials.\
                </title></head></html>\n";
    ["Negotiate", "NTLM", "Basic realm=\"127.0.0.1\""]
        .into_iter()
        .fold(Response::new(StatusCode::UNAUTHORIZED, Content::Html, page), |response, challenge| {
            response.with(axum::http::header::WWW_AUTHENTICATE, challenge)
        })
        .foreign()
}

pub(crate) fn never_signed_in(user: &str) -> Response {
    let tenant = "5f2a8d1e-0b6c-4c39-9d57-3e1a7c40b8f2";
    let message = format!(
        "TF401444: Please sign-in at least once as {tenant}\\{tenant}\\{user} in a web browser to enable access to the \
         service."
    );
    let kind = "Microsoft.TeamFoundation.Framework.Server.UnauthorizedRequestException";
    Response::front_door_refusal(StatusCode::UNAUTHORIZED, Content::FailureJson, kind, &message)
}

pub(crate) fn unauthorized_json() -> Response {
    let message = "TF400813: The user '' is not authorized to access this resource.";
    let kind = "Microsoft.TeamFoundation.Framework.Server.UnauthorizedRequestException";
    Response::front_door_refusal(StatusCode::UNAUTHORIZED, Content::FailureJson, kind, message)
}

pub(crate) fn not_for_anonymous() -> Response {
    let message = "TF400813: Resource not available for anonymous access. Client authentication required.";
    let kind = "Microsoft.TeamFoundation.Framework.Server.UnauthorizedRequestException";
    Response::front_door_refusal(StatusCode::UNAUTHORIZED, Content::FailureJson, kind, message)
}

// Versions and bodies.

pub(crate) fn version_missing(method: &str) -> Response {
    let message = format!(
        "No api-version was supplied for the \"{method}\" request. The version must be supplied either as part \
         of the Accept header (e.g. \"application/json; api-version=1.0\") or as a query parameter (e.g. \
         \"?api-version=1.0\")."
    );
    refusal(
        StatusCode::BAD_REQUEST,
        &format!("{SERVICES}.WebApi"),
        "VssVersionNotSpecifiedException",
        &message,
    )
}

pub(crate) fn version_under_preview(version: &str) -> Response {
    let message = format!(
        "The requested version \"{version}\" of the resource is under preview. The -preview flag must be \
         supplied in the api-version for such requests. For example: \"{version}-preview\""
    );
    refusal(
        StatusCode::BAD_REQUEST,
        &format!("{SERVICES}.WebApi"),
        "VssInvalidPreviewVersionException",
        &message,
    )
}

pub(crate) fn version_out_of_range(version: &str, highest: &str) -> Response {
    let message = format!(
        "The requested REST API version of {version} is out of range for this server. The latest REST API \
         version this server supports is {highest}."
    );
    refusal(StatusCode::BAD_REQUEST, &format!("{SERVICES}.WebApi"), "VssVersionOutOfRangeException", &message)
}

/// The refusal of a body that cannot be read. The service says that it is missing.
pub(crate) fn body_missing(parameter: &str) -> Response {
    let message = format!("Value cannot be null.\r\nParameter name: {parameter}");
    Response::refusal(StatusCode::BAD_REQUEST, "System.ArgumentNullException", &message)
}

pub(crate) fn bad_argument(message: &str) -> Response {
    refusal(
        StatusCode::BAD_REQUEST,
        "Microsoft.TeamFoundation.SourceControl.WebServer",
        "InvalidArgumentValueException",
        message,
    )
}

// Projects.

pub(crate) fn project_name_not_found(name: &str) -> Response {
    let message = format!(
        "TF200016: The following project does not exist: {name}. Verify that the name of the project is correct \
         and that the project exists on the specified Azure DevOps Server."
    );
    refusal(StatusCode::NOT_FOUND, PROJECTS, "ProjectDoesNotExistWithNameException", &message)
}

pub(crate) fn team_not_found(name: &str) -> Response {
    let message = format!("The team with id '{name}' does not exist.");
    refusal(StatusCode::NOT_FOUND, PROJECTS, "TeamNotFoundException", &message)
}

/// `status` is 404, but 400 in the build area.
pub(crate) fn project_id_not_found(status: StatusCode, id: &str) -> Response {
    let message = format!(
        "VS800075: The project with id 'vstfs:///Classification/TeamProject/{id}' does not exist, or you do not \
         have permission to access it."
    );
    refusal(status, PROJECTS, "ProjectDoesNotExistException", &message)
}

pub(crate) fn project_exists(name: &str) -> Response {
    let message = format!(
        "TF200019: The following project already exists on the Azure DevOps Server: {name}. You cannot create a \
         new project with the same name as an existing project. Provide a different name."
    );
    refusal(StatusCode::BAD_REQUEST, PROJECTS, "ProjectAlreadyExistsException", &message)
}

pub(crate) fn project_name_invalid(name: &str) -> Response {
    bad_argument(&format!("TF200022: The following name is not valid: {name}."))
}

/// The status is an assumption.
pub(crate) fn needs_project_permission(permission: Permission, user: &str) -> Response {
    let message = format!(
        "TF50309: The following account does not have sufficient permissions to complete the operation: {user}. \
         The following permissions are needed to perform this operation: {}.",
        permission.label()
    );
    refusal(StatusCode::FORBIDDEN, SERVICES, "UnauthorizedAccessException", &message)
}

pub(crate) fn team_exists(name: &str) -> Response {
    let message = format!("The team with the name '{name}' already exists.");
    refusal(StatusCode::BAD_REQUEST, PROJECTS, "TeamAlreadyExistsException", &message)
}

pub(crate) fn process_not_found(id: &str) -> Response {
    let message = format!("The process with the identifier {id} does not exist.");
    refusal(StatusCode::NOT_FOUND, PROJECTS, "ProcessNotFoundException", &message)
}

pub(crate) fn namespace_not_found(id: &str) -> Response {
    let message = format!("The security namespace {id} does not exist.");
    refusal(
        StatusCode::NOT_FOUND,
        &format!("{SERVICES}.Security"),
        "InvalidSecurityNamespaceException",
        &message,
    )
}

pub(crate) fn subject_not_found(descriptor: &str) -> Response {
    let message = format!("The graph subject with the descriptor '{descriptor}' could not be found.");
    refusal(StatusCode::NOT_FOUND, &format!("{SERVICES}.Graph"), "GraphSubjectNotFoundException", &message)
}

pub(crate) fn operation_not_found(id: &str) -> Response {
    let message = format!("The operation {id} was not found.");
    refusal(StatusCode::NOT_FOUND, SERVICES, "OperationNotFoundException", &message)
}
