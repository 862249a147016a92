//! The comparison of a run with what was sent: branch, commit, template parameters, variables and stages.

use indexmap::IndexMap;
use serde_json::value::RawValue;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::actions::branches::refs;
use crate::actions::pipeline_runs::model::Build;
use crate::actions::pipeline_runs::model::PipelineRun;
use crate::actions::pipeline_runs::model::Timeline;
use crate::actions::pipeline_runs::requests::READ_NEEDS;
use crate::actions::pipeline_runs::requests::timeline_request;
use crate::actions::pipelines::definitions;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;
use crate::actions::repositories;
use crate::actions::shared::mark_property;

/// A run that was requested
#[derive(Clone, Copy)]
pub(crate) struct SentRun<'a> {
    pub(crate) pipeline: u32,
    pub(crate) named: &'a PipelineReference,
    pub(crate) branch: Option<&'a BranchName>,
    pub(crate) commit: Option<&'a CommitId>,
    pub(crate) template_parameters: &'a IndexMap<String, TemplateValue>,
    pub(crate) variables: &'a IndexMap<String, ParameterValue>,
    pub(crate) stages_to_skip: &'a [StageName],
    /// The mark of the request, in a variable that the pipeline has for it
    pub(crate) mark: Option<&'a Mark>,
}

/// The values of a run that was requested without any
#[derive(Default)]
struct Usual {
    branch: Option<BranchName>,
    /// The latest commit of the requested branch
    tip: Option<String>,
}

/// A run in a response of the pipelines API, which is the only one that shows its parameters
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Started {
    #[serde(default)]
    template_parameters: Option<IndexMap<String, Box<RawValue>>>,
    #[serde(default)]
    variables: Option<IndexMap<String, Shown>>,
    #[serde(default)]
    resources: Option<StartedResources>,
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    value: Option<Box<RawValue>>,
}

/// The resources of a run in a response of the pipelines API
#[derive(Deserialize)]
pub(crate) struct StartedResources {
    #[serde(default)]
    repositories: Option<Repositories>,
}

#[derive(Deserialize)]
struct Repositories {
    #[serde(default, rename = "self")]
    own: Option<StartedSource>,
}

/// The branch and the commit of a run
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StartedSource {
    #[serde(default)]
    pub(crate) ref_name: Option<String>,
    #[serde(default)]
    pub(crate) version: Option<String>,
}

impl Started {
    /// Returns the mark in the variable for it
    fn mark(&self) -> Option<String> {
        let mut variables = self.variables.iter().flatten();
        let (_, shown) = variables.find(|(name, _)| name.eq_ignore_ascii_case(mark_property::NAME))?;
        serde_json::from_str(shown.value.as_ref()?.get()).ok()
    }
}

impl StartedResources {
    /// Returns the branch and the commit, as far as the service shows them
    pub(crate) fn source(resources: Option<StartedResources>) -> StartedSource {
        resources.and_then(|all| all.repositories?.own).unwrap_or_default()
    }
}

impl SentRun<'_> {
    /// Returns the runs since `since` that this request may have started
    pub(crate) async fn candidates(
        &self,
        session: &OpenSession<'_>,
        since: OffsetDateTime,
    ) -> Result<Vec<Candidate<PipelineRun>>, Error> {
        let request = Request::get(&["build", "builds"])
            .query("definitions", &self.pipeline.to_string())
            .query("minTime", &since.format(&Rfc3339).unwrap_or_default())
            .query("queryOrder", "queueTimeDescending")
            .list();
        let builds: Vec<Build> = session.send_list(self.search_request(request)).await?;
        let mut candidates = Vec::new();
        if builds.is_empty() {
            return Ok(candidates);
        }
        let usual = self.usual(session).await;
        for build in builds {
            let run = PipelineRun::from(build);
            let path = ["pipelines", &self.pipeline.to_string(), "runs", &run.id.to_string()];
            // A run that cannot be read by itself is an unproven candidate.
            let started = session.send::<Started>(self.search_request(Request::get(&path))).await;
            if let (Some(mark), Ok(started)) = (self.mark, &started) {
                candidates.extend(mark.candidate(run, started.mark().as_deref()));
                continue;
            }
            let compared = started.map_or_else(|_| Comparison::default(), |one| self.compare(one, &usual));
            // This takes one more request, only for a run that is equal in everything else.
            let compared = compared.field("stages", self.has_all_stages(session, &run).await);
            candidates.extend(compared.candidate(run));
        }
        Ok(candidates)
    }

    fn compare(&self, started: Started, usual: &Usual) -> Comparison {
        let own = StartedResources::source(started.resources);
        let branch = self.branch.or(usual.branch.as_ref()).zip(own.ref_name);
        let commit = match (self.commit, own.version) {
            (Some(wanted), Some(shown)) => Some(wanted.as_str().eq_ignore_ascii_case(&shown)),
            // The branch may have moved since then, so another commit does not exclude the run.
            (None, Some(shown)) => (usual.tip.as_ref() == Some(&shown)).then_some(true),
            (_, None) => None,
        };
        // A run without variables is shown without any; secret values are not shown.
        let none = self.variables.is_empty().then(IndexMap::new);
        let variables = started.variables.or(none).and_then(|all| {
            let shown = all.into_iter().map(|(name, shown)| Some((name, shown.value?)));
            shown.collect::<Option<IndexMap<String, Box<RawValue>>>>()
        });
        Comparison::default()
            .field("branch", branch.map(|(wanted, shown)| wanted.full() == shown))
            .field("commit", commit)
            .field("template parameters", are(started.template_parameters.as_ref(), self.template_parameters))
            .field("variables", are(variables.as_ref(), self.variables))
    }

    /// Returns whether no stage is skipped, if none was to be skipped; the service does not show skipped stages
    async fn has_all_stages(&self, session: &OpenSession<'_>, run: &PipelineRun) -> Option<bool> {
        if !self.stages_to_skip.is_empty() {
            return None;
        }
        let timeline: Timeline = session.send(timeline_request(run.id)).await.ok()?;
        let mut stages = timeline.stages().peekable();
        stages.peek()?;
        stages.all(|stage| stage.result.as_deref() != Some("skipped")).then_some(true)
    }

    /// Returns the values of a run that was requested without any; unknown values are not compared
    async fn usual(&self, session: &OpenSession<'_>) -> Usual {
        let pipeline = definitions::read_request(self.pipeline, self.named, &READ_NEEDS);
        let Ok(pipeline) = session.send::<Pipeline>(pipeline).await else { return Usual::default() };
        let branch = pipeline.default_branch.and_then(|branch| BranchName::parse(&branch).ok());
        let repository = pipeline.repository_id.filter(|_| self.commit.is_none());
        let tip = match (repository, self.branch.or(branch.as_ref())) {
            (Some(id), Some(branch)) => {
                let needs = &repositories::requests::READ_NEEDS;
                refs::tip(session, &RepositoryName::of_id(&id), branch, needs).await.ok().flatten()
            }
            _ => None,
        };
        Usual { branch, tip }
    }

    fn search_request<'r>(&self, request: Request<'r>) -> Request<'r> {
        request.named(format!("look for a run of the pipeline \"{}\"", self.named)).needs(&READ_NEEDS)
    }
}

/// Returns whether the service shows these values and no others; further values may be the pipeline's own
fn are(
    shown: Option<&IndexMap<String, Box<RawValue>>>,
    wanted: &IndexMap<String, impl AsRef<str>>,
) -> Option<bool> {
    let shown = shown?;
    for (name, wanted) in wanted {
        let Some((_, value)) = shown.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else {
            return Some(false);
        };
        let text: Result<String, _> = serde_json::from_str(value.get());
        let text = text.as_deref().unwrap_or(value.get());
        let wanted = wanted.as_ref();
        if text != wanted && !same_list_or_dictionary(text, wanted) {
            // The service may spell true and false differently.
            return if text.eq_ignore_ascii_case(wanted) { None } else { Some(false) };
        }
    }
    (shown.len() == wanted.len()).then_some(true)
}

/// Returns whether two texts are the same list or dictionary in JSON, whatever their blanks
fn same_list_or_dictionary(one: &str, other: &str) -> bool {
    let read = |text: &str| {
        let value: Option<serde_json::Value> = serde_json::from_str(text).ok();
        value.filter(|value| value.is_array() || value.is_object())
    };
    matches!((read(one), read(other)), (Some(one), Some(other)) if one == other)
}
