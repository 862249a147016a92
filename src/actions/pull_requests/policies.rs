//! The policies that block the completion of a pull request.

use crate::actions::prelude::*;

const NEEDS: Needs = Needs { permissions: &[permissions::READ_REPOSITORY], scope: Some(Scope::CodeRead) };

#[derive(Deserialize)]
struct Evaluation {
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    configuration: Option<Configuration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Configuration {
    #[serde(default)]
    is_blocking: Option<bool>,
    #[serde(default)]
    is_enabled: Option<bool>,
    #[serde(default, rename = "type")]
    kind: Option<Kind>,
    #[serde(default)]
    settings: Option<Settings>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kind {
    #[serde(default)]
    display_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    minimum_approver_count: Option<u32>,
}

/// Returns a description of each blocking policy that a pull request does not meet: `"Build" is not met`
pub(crate) async fn unmet(session: &OpenSession<'_>, id: PullRequestId) -> Result<Vec<String>, Error> {
    let project = &session.connection().project().id;
    let request = Request::get(&["policy", "evaluations"])
        .query("artifactId", &format!("vstfs:///CodeReview/CodeReviewId/{project}/{id}"))
        .preview(1)
        .list()
        .named(format!("read the policies of the pull request {id}"))
        .needs(&NEEDS);
    let evaluations: Vec<Evaluation> = session.send_list(request).await?;
    Ok(evaluations.into_iter().filter_map(describe).collect())
}

fn describe(evaluation: Evaluation) -> Option<String> {
    let configuration = evaluation.configuration?;
    if configuration.is_blocking == Some(false) || configuration.is_enabled == Some(false) {
        return None;
    }
    let how = match evaluation.status.as_deref()? {
        "approved" | "notApplicable" => return None,
        "queued" => "has not started",
        "running" => "is not met yet",
        "rejected" => "is not met",
        "broken" => "cannot be evaluated",
        _ => "is not met",
    };
    let kind = configuration.kind.and_then(|kind| kind.display_name);
    let (own, count) = configuration
        .settings
        .map_or((None, None), |settings| (settings.display_name, settings.minimum_approver_count));
    let name = own.or(kind).unwrap_or_else(|| "a policy without a name".to_owned());
    let count = count.map(|count| format!(" ({count})")).unwrap_or_default();
    Some(format!("\"{}\"{count} {how}", printable(&name, 256)))
}
