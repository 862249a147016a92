//! The error of a change whose response is lost: `service.outcome_unknown`.

use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::contract::ChangeInFlight;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::utc_now;
use crate::devops::message::request::Request;

/// Returns the error of a change whose response is lost; it holds the change until its outcome is known
pub(crate) fn outcome_unknown(
    session: Uuid,
    change: ChangeInFlight,
    request: &Request<'_>,
    reason: &str,
) -> Error {
    let message = format!(
        "It is unknown whether this was done: {}. The response was lost: {reason}",
        request.description()
    );
    let time = utc_now().format(&Rfc3339).unwrap_or_default();
    Error::new(ErrorCode::ServiceOutcomeUnknown, message)
        .help(
            "Check whether it was done before you try again. Azure DevOps support finds the request \
             by the session id and the time in the context.",
        )
        .operation(request.label())
        .with("tfsSession", session)
        .with("time", time)
        .of_change(change)
}
