//! What a flow means to do with a session, compared with what the token and its user can.

use std::collections::BTreeSet;

use crate::actions::prelude::*;

/// The uses that nothing tells about, each with what to check; nothing if no use was named
///
/// Errors: `permission.denied` or `auth.scope_missing`, one for all uses that are denied.
pub(crate) async fn found(
    cx: &Context<'_>,
    connection: &Connection,
    usages: &BTreeSet<Usage>,
) -> Result<Option<Vec<String>>, Error> {
    if usages.is_empty() {
        return Ok(None);
    }
    let needs: Vec<Needs> = usages.iter().map(|usage| usage.needs()).collect();
    let findings = connection.preflight(cx.call, &cx.tokens(), &needs).await?;
    let uses = evidence(&findings, usages);
    let denied: Vec<Usage> = with_verdict(&uses, Verdict::Denied).map(|one| one.usage).collect();
    if !denied.is_empty() {
        return Err(refusal(&findings, &denied, connection));
    }
    Ok(Some(with_verdict(&uses, Verdict::Unknown).map(to_check).collect()))
}

/// What the findings say of each use
pub(crate) fn evidence(findings: &Findings, usages: &BTreeSet<Usage>) -> Vec<UseEvidence> {
    usages.iter().map(|usage| UseEvidence::of(*usage, findings)).collect()
}

/// The uses that come to this
pub(crate) fn with_verdict(uses: &[UseEvidence], verdict: Verdict) -> impl Iterator<Item = &UseEvidence> {
    uses.iter().filter(move |one| one.verdict == verdict)
}

/// What to check of a use that nothing tells about, with both answers
pub(crate) fn to_check(one: &UseEvidence) -> String {
    format!(
        "{}: the permission is {}; the token scope \"{}\" is {}",
        one.usage.as_str(),
        one.permission_is,
        one.scope,
        one.scope_is
    )
}

/// One error for all that is denied: permissions, scopes, and where each is mended
fn refusal(findings: &Findings, denied: &[Usage], connection: &Connection) -> Error {
    let needs: Vec<Needs> = denied.iter().map(|usage| usage.needs()).collect();
    let lacking = findings.lacking(&needs);
    let code = if lacking.permissions.is_empty() {
        ErrorCode::AuthScopeMissing
    } else {
        ErrorCode::PermissionDenied
    };
    let told: Vec<String> = denied.iter().map(|usage| told(findings, *usage)).collect();
    let message = format!(
        "The token and its user lack what the flow intends in project \"{}\": {}",
        connection.project().name,
        told.join("; ")
    );
    let mut help: Vec<String> =
        lacking.to_ask_for().into_iter().map(|permissions| format!("Ask for {permissions}.")).collect();
    if !lacking.scopes.is_empty() {
        let scopes: Vec<&str> = lacking.scopes.iter().map(|scope| scope.label()).collect();
        let page = connection.organization();
        help.push(format!("Make a token with {} at {page}/_usersSettings/tokens.", scopes.join(", ")));
    }
    Error::new(code, message).help(help.join(" "))
}

/// A denied use: its denied permissions, and its scope
fn told(findings: &Findings, usage: Usage) -> String {
    let needs = usage.needs();
    let denied: Vec<String> = needs
        .permissions
        .iter()
        .filter(|permission| findings.standing(permission) == Standing::Denied)
        .map(|permission| format!("the permission \"{permission}\" (denied)"))
        .collect();
    let scope = needs.scope.map(|scope| format!("the token scope \"{scope}\" ({})", findings.sight(scope)));
    let parts: Vec<String> = denied.into_iter().chain(scope).collect();
    format!("{} takes {}", usage.as_str(), parts.join(", "))
}
