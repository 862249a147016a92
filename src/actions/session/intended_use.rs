//! The intended uses of a flow, checked against the permissions of the token and its user.

use std::collections::BTreeSet;

use crate::actions::prelude::*;

/// Returns the uses that cannot be checked in advance, each with what to check; `None` if no use was named
///
/// Errors: `permission.denied` or `auth.scope_missing`, one error for all denied uses.
pub(crate) async fn unchecked_uses(
    cx: &Context<'_>,
    connection: &Connection,
    usages: &BTreeSet<Usage>,
) -> Result<Option<Vec<String>>, Error> {
    if usages.is_empty() {
        return Ok(None);
    }
    let needs: Vec<Needs> = usages.iter().map(|usage| usage.needs()).collect();
    let findings = connection.client(cx.call, &cx.tokens()).preflight(&needs).await?;
    let uses = evidence(&findings, usages);
    let denied: Vec<Usage> = with_verdict(&uses, Verdict::Denied).map(|one| one.usage).collect();
    if !denied.is_empty() {
        return Err(denied_error(&findings, &denied, connection));
    }
    Ok(Some(with_verdict(&uses, Verdict::Unknown).map(to_check).collect()))
}

/// Returns the evidence for each use
pub(crate) fn evidence(findings: &Findings, usages: &BTreeSet<Usage>) -> Vec<UseEvidence> {
    usages.iter().map(|usage| UseEvidence::of(*usage, findings)).collect()
}

/// Returns the uses with this result
pub(crate) fn with_verdict(uses: &[UseEvidence], verdict: Verdict) -> impl Iterator<Item = &UseEvidence> {
    uses.iter().filter(move |one| one.verdict == verdict)
}

/// Returns what to check for a use, with the results for its permission and its scope
pub(crate) fn to_check(one: &UseEvidence) -> String {
    format!(
        "{}: the permission is {}; the token scope \"{}\" is {}",
        one.usage.as_str(),
        one.permission_is,
        one.scope,
        one.scope_is
    )
}

/// Returns one error for all that is denied: permissions, scopes, and where to get each
fn denied_error(findings: &Findings, denied: &[Usage], connection: &Connection) -> Error {
    let needs: Vec<Needs> = denied.iter().map(|usage| usage.needs()).collect();
    let lacking = findings.lacking(&needs);
    let code = if lacking.permissions.is_empty() {
        ErrorCode::AuthScopeMissing
    } else {
        ErrorCode::PermissionDenied
    };
    let denied_text: Vec<String> = denied.iter().map(|usage| describe_denied(findings, *usage)).collect();
    let message = format!(
        "The token and its user may not do what the flow intends in the project \"{}\": {}",
        connection.project().shown(),
        denied_text.join("; ")
    );
    let mut help: Vec<String> =
        lacking.to_ask_for().into_iter().map(|permissions| format!("Ask for {permissions}.")).collect();
    if !lacking.scopes.is_empty() {
        let scopes: Vec<&str> = lacking.scopes.iter().map(|scope| scope.label()).collect();
        let page = connection.organization();
        help.push(format!("Create a token with {} at {page}/_usersSettings/tokens.", scopes.join(", ")));
    }
    Error::new(code, message).help(help.join(" "))
}

/// Returns the text for a denied use: its denied permissions, and its scope
fn describe_denied(findings: &Findings, usage: Usage) -> String {
    let needs = usage.needs();
    let denied: Vec<String> = needs
        .permissions
        .iter()
        .filter(|permission| findings.standing(permission) == Standing::Denied)
        .map(|permission| format!("the permission \"{}\" (denied)", permission.words(findings.service)))
        .collect();
    let scope = needs.scope.map(|scope| format!("the token scope \"{scope}\" ({})", findings.sight(scope)));
    let parts: Vec<String> = denied.into_iter().chain(scope).collect();
    format!("{} needs {}", usage.as_str(), parts.join(", "))
}
