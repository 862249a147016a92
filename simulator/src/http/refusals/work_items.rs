//! The refusals of work items.

use axum::http::StatusCode;
use serde_json::json;

use super::general::SERVICES;
use super::general::refusal;
use crate::http::Response;

const WORK_ITEMS: &str = "Microsoft.TeamFoundation.WorkItemTracking.Server";

pub(crate) fn relation_type_not_found(name: &str) -> Response {
    let message = format!("The work item relation type '{name}' does not exist.");
    refusal(StatusCode::NOT_FOUND, WORK_ITEMS, "WorkItemRelationTypeNotFoundException", &message)
}

pub(crate) fn work_item_not_found(id: &str) -> Response {
    let message =
        format!("TF401232: Work item {id} does not exist, or you do not have permissions to read it.");
    refusal(StatusCode::NOT_FOUND, WORK_ITEMS, "WorkItemUnauthorizedAccessException", &message)
}

pub(crate) fn work_item_type_not_found(name: &str, project: &str) -> Response {
    let message = format!(
        "VS402323: Work item type {name} does not exist in project {project} or you do not have permission to \
         access it."
    );
    refusal(StatusCode::NOT_FOUND, WORK_ITEMS, "WorkItemTypeNotFoundException", &message)
}

pub(crate) fn work_item_changed(revision: u32, tested: &str) -> Response {
    let message = format!(
        "VS403351: Test Operation for path /rev failed, value {revision} was not equal to test value {tested}."
    );
    let namespace = "Microsoft.VisualStudio.Services.WebApi.Patch";
    refusal(StatusCode::PRECONDITION_FAILED, namespace, "TestPatchOperationFailedException", &message)
}

/// The refusal of fields that break a rule: their reference names, and the code of each rule.
pub(crate) fn work_item_rules(broken: &[(String, &str)]) -> Response {
    let message = |(field, rule): &(String, &str)| {
        let label = field.rsplit('.').next().unwrap_or(field);
        format!("TF401320: Rule Error for field {label}. Error code: {rule}.")
    };
    let each = |one: &(String, &str)| {
        json!({
            "fieldReferenceName": one.0,
            "fieldStatusFlags": "hasValues",
            "errorMessage": message(one),
            "fieldStatusCode": 524_289,
            "ruleValidationErrors": null,
        })
    };
    let (text, properties) = match broken {
        [one] => (
            message(one),
            json!({ "ReferenceName": one.0, "ErrorMessage": message(one), "RuleValidationErrors": null }),
        ),
        several => {
            let all: Vec<_> = several.iter().map(each).collect();
            let text = several.iter().map(message).collect::<Vec<_>>().join("\r\n");
            (text, json!({ "ReferenceName": null, "ErrorMessage": null, "RuleValidationErrors": all }))
        }
    };
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "RuleValidationException", &text)
        .with_member("customProperties", properties)
}

pub(crate) fn unknown_identity(name: &str) -> Response {
    let message = format!("The identity value '{name}' for field 'Assigned To' is an unknown identity.");
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "RuleValidationException", &message)
}

pub(crate) fn value_is_null() -> Response {
    let message = "Value cannot be null.\r\nParameter name: value";
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "ArgumentNullException", message)
}

pub(crate) fn invalid_tree_path(field: &str) -> Response {
    let message = format!("TF401347: Invalid tree name given for work item -1, field '{field}'.");
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "WorkItemInvalidTreeNameException", &message)
}

pub(crate) fn field_not_found(name: &str) -> Response {
    let message = format!("TF51535: Cannot find field {name}.");
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "WorkItemTrackingFieldDefinitionNotFoundException", &message)
}

pub(crate) fn needs_work_item_permission() -> Response {
    let message = "TF237111: The current user does not have permissions to save work items under the specified area \
                   path.";
    refusal(StatusCode::FORBIDDEN, WORK_ITEMS, "WorkItemTrackingServiceException", message)
}

pub(crate) fn too_many_work_items(requested: usize, most: usize) -> Response {
    let message =
        format!("VS403474: You requested {requested} work items which exceeds the limit of {most}.");
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "VssPropertyValidationException", &message)
}

pub(crate) fn query_not_read(why: &str) -> Response {
    let message = format!("TF51006: The query statement is not valid: {why}.");
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "WorkItemTrackingQueryException", &message)
}

pub(crate) fn query_field_not_found(name: &str) -> Response {
    let message = format!(
        "TF51005: The query references a field that does not exist. The error is caused by \u{ab}[{name}]\u{bb}."
    );
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "WorkItemTrackingQueryException", &message)
}

pub(crate) fn query_has_a_time(date: &str) -> Response {
    let message = format!(
        "You cannot supply a time with the date when running a query using date precision. The error is caused by \
         \u{ab}'{date}'\u{bb}."
    );
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "WorkItemTrackingQueryException", &message)
}

pub(crate) fn query_not_found(name: &str) -> Response {
    let message =
        format!("TF401243: The query {name} does not exist, or you do not have permission to read it.");
    refusal(StatusCode::NOT_FOUND, WORK_ITEMS, "QueryItemNotFoundException", &message)
}

/// The words of this and the next refusal are assumptions.
pub(crate) fn query_exists(name: &str) -> Response {
    let message = format!("TF237018: The name '{name}' is already used in this folder. Use another name.");
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "WorkItemTrackingQueryItemException", &message)
}

pub(crate) fn query_is_a_root() -> Response {
    let message = "My Queries and Shared Queries cannot be changed.";
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "WorkItemTrackingQueryItemException", message)
}

pub(crate) fn query_finds_too_many(most: usize) -> Response {
    let message = format!(
        "VS402337: The number of work items returned exceeds the size limit of {most}. Change the query to return \
         fewer items."
    );
    refusal(
        StatusCode::BAD_REQUEST,
        WORK_ITEMS,
        "WorkItemTrackingQueryResultSizeLimitExceededException",
        &message,
    )
}

/// The words of the refusals of links are assumptions.
pub(crate) fn link_target_not_found(url: &str) -> Response {
    let message = format!(
        "TF401232: The work item of the link {url} does not exist, or you do not have permissions to read it."
    );
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "WorkItemLinkEndUnauthorizedAccessException", &message)
}

pub(crate) fn link_type_not_found(reference: &str) -> Response {
    let message = format!("TF401019: The link type {reference} does not exist.");
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "WorkItemTrackingLinkTypeNotFoundException", &message)
}

pub(crate) fn link_exists() -> Response {
    let message = "VS402625: The link between the two ends already exists.";
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "WorkItemLinkAlreadyExistsException", message)
}

pub(crate) fn link_is_single(name: &str) -> Response {
    let message =
        format!("TF201036: You cannot add a {name} link because a work item can have only one {name} link.");
    refusal(StatusCode::BAD_REQUEST, WORK_ITEMS, "WorkItemLinkInvalidException", &message)
}

pub(crate) fn link_not_found(path: &str) -> Response {
    let message = format!("The path {path} does not exist.");
    let namespace = "Microsoft.VisualStudio.Services.WebApi.Patch";
    refusal(StatusCode::BAD_REQUEST, namespace, "InvalidPatchPathException", &message)
}

pub(crate) fn comment_not_found(id: &str, item: u32) -> Response {
    let message = format!("The comment {id} of the work item {item} does not exist.");
    refusal(StatusCode::NOT_FOUND, WORK_ITEMS, "CommentNotFoundException", &message)
}

/// An assumption.
pub(crate) fn comment_of_another() -> Response {
    let message = "TF237111: Only its author can change a comment.";
    refusal(StatusCode::FORBIDDEN, WORK_ITEMS, "CommentUpdateException", message)
}

pub(crate) fn attachment_not_found(id: &str) -> Response {
    let message = format!("The attachment {id} could not be found.");
    refusal(StatusCode::NOT_FOUND, WORK_ITEMS, "AttachmentNotFoundException", &message)
}

pub(crate) fn media_not_supported(media: &str) -> Response {
    let message = format!(
        "The request indicated a Content-Type of \"{media}\" which is not supported for this resource."
    );
    let kind = "VssRequestContentTypeNotSupportedException";
    refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, &format!("{SERVICES}.WebApi"), kind, &message)
}
