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
    #[serde(default)]
    allow_no_fast_forward: Option<bool>,
    #[serde(default)]
    allow_squash: Option<bool>,
    #[serde(default)]
    allow_rebase: Option<bool>,
    #[serde(default)]
    allow_rebase_merge: Option<bool>,
    /// The older form of the policy, which allows a squash commit only
    #[serde(default)]
    use_squash_merge: Option<bool>,
}

/// The policies of a pull request that prevent its completion
#[derive(Default)]
pub(crate) struct Obstacles {
    /// A description of each blocking policy that is not met: `"Build" is not met`
    pub(crate) unmet: Vec<String>,
    /// The allowed merge strategies, by the service's names, if a blocking policy limits them
    pub(crate) strategies: Option<Vec<&'static str>>,
}

/// Returns the policies of a pull request that prevent its completion
pub(crate) async fn obstacles(session: &OpenSession<'_>, id: PullRequestId) -> Result<Obstacles, Error> {
    let project = &session.connection().project().id;
    let request = Request::get(&["policy", "evaluations"])
        .query("artifactId", &format!("vstfs:///CodeReview/CodeReviewId/{project}/{id}"))
        .preview(1)
        .list()
        .named(format!("read the policies of the pull request {id}"))
        .needs(&NEEDS);
    let evaluations: Vec<Evaluation> = session.send_list(request).await?;
    let mut obstacles = Obstacles::default();
    for evaluation in evaluations {
        let strategies = evaluation.configuration.as_ref().and_then(Configuration::strategies);
        match (&mut obstacles.strategies, strategies) {
            (Some(all), Some(these)) => all.retain(|one| these.contains(one)),
            (all @ None, these @ Some(_)) => *all = these,
            // The status of a policy for merge strategies does not show which one was chosen.
            (_, None) => obstacles.unmet.extend(describe(evaluation)),
        }
    }
    Ok(obstacles)
}

impl Configuration {
    fn is_blocking(&self) -> bool {
        self.is_blocking != Some(false) && self.is_enabled != Some(false)
    }

    /// Returns the merge strategies that it allows, if it is a blocking policy for them
    fn strategies(&self) -> Option<Vec<&'static str>> {
        let settings = self.settings.as_ref().filter(|_| self.is_blocking())?;
        let rows = [
            ("noFastForward", settings.allow_no_fast_forward),
            ("squash", settings.allow_squash.or(settings.use_squash_merge)),
            ("rebase", settings.allow_rebase),
            ("rebaseMerge", settings.allow_rebase_merge),
        ];
        if rows.iter().all(|(_, allowed)| allowed.is_none()) {
            return None;
        }
        Some(rows.into_iter().filter(|(_, allowed)| *allowed == Some(true)).map(|(name, _)| name).collect())
    }
}

fn describe(evaluation: Evaluation) -> Option<String> {
    let configuration = evaluation.configuration?;
    if !configuration.is_blocking() {
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
