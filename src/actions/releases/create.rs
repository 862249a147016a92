//! `create release`

use indexmap::IndexMap;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::actions::prelude::*;
use crate::actions::releases::model::Release;
use crate::actions::releases::release_pipeline::ReleasePipeline;
use crate::actions::releases::release_pipelines::find;
use crate::actions::releases::release_pipelines::read_request;
use crate::actions::releases::requests::READ_NEEDS;
use crate::actions::shared::mark_property;

/// Create a release, which deploys the stages that start automatically
///
/// The request is sent once. When its response is lost, the action finds the release by a mark that no page shows. If
/// the service does not return the mark, the action fails with `service.outcome_unknown` and names the possible
/// releases.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The release pipeline, by name or id
    release_pipeline: PipelineReference,
    /// The pipeline run to release, as the version of the primary artifact; the latest run when it is not given
    #[serde(default)]
    run: Option<RunId>,
    /// Versions of further artifacts: each alias and the id of its version, which is the id of the pipeline run
    #[serde(default)]
    artifact_versions: IndexMap<String, ParameterValue>,
    /// The description
    #[serde(default)]
    description: Option<Remark>,
    /// Values for variables that can be set when a release is created
    #[serde(default)]
    variables: IndexMap<String, ParameterValue>,
    /// Stages that must not start automatically; they wait until they are deployed by hand
    #[serde(default)]
    by_hand: Vec<ReleaseStageName>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    definition_id: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    is_draft: bool,
    reason: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    artifacts: Vec<Version<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    manual_environments: &'a [ReleaseStageName],
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    variables: IndexMap<&'a str, Variable<'a>>,
    properties: mark_property::Marked<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Version<'a> {
    alias: &'a str,
    instance_reference: Instance,
}

#[derive(Serialize)]
struct Instance {
    id: String,
}

#[derive(Serialize)]
struct Variable<'a> {
    value: &'a ParameterValue,
}

pub(super) struct CreateRelease;

impl Action for CreateRelease {
    const NAME: &'static str = "create release";
    const NODE: &'static str = r#"Create release of release pipeline "{{releasePipeline}}""#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::CREATE_RELEASES], scope: Some(Scope::ReleaseExecute) };
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::new("release"));
    const STARTS_RUN: bool = true;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
        ErrorCode::PermissionDenied,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::Marked("a property of the release, which no page shows");
    type Input = Input;
    type Output = Release;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Release a pipeline run",
            inputs: serde_json::json!({ "releasePipeline": "deploy", "run": 1, "description": "Release day" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Release, Error> {
        let session = cx.session(&input.session)?;
        let wanted = &input.release_pipeline;
        let id = find(&session, wanted, &Self::NEEDS).await?;
        let pipeline = if input.run.is_none() && input.artifact_versions.is_empty() {
            None
        } else {
            Some(session.send::<ReleasePipeline>(read_request(id, wanted, &Self::NEEDS)).await?)
        };
        let mark = Mark::new();
        let body = Body {
            definition_id: id,
            description: input.description.as_ref().map(Remark::as_str),
            is_draft: false,
            reason: "manual",
            artifacts: pipeline.as_ref().map_or(Ok(Vec::new()), |pipeline| input.versions(pipeline))?,
            manual_environments: &input.by_hand,
            variables: input
                .variables
                .iter()
                .map(|(name, value)| (name.as_str(), Variable { value }))
                .collect(),
            properties: mark_property::Marked::with(&mark),
        };
        let request = Request::post(&["release", "releases"])
            .release()
            .json(&body)?
            .named(format!("create a release of the release pipeline \"{wanted}\""))
            .needs(&Self::NEEDS)
            .missing(wanted.subject("release pipeline"));
        let search = |since| candidates(&session, id, &input, &mark, since);
        session.settle_creation("release", session.send(request), search).await
    }
}

/// Returns the releases since `since` that this request may have created
async fn candidates(
    session: &OpenSession<'_>,
    pipeline: u32,
    input: &Input,
    mark: &Mark,
    since: OffsetDateTime,
) -> Result<Vec<Candidate<Release>>, Error> {
    let request = Request::get(&["release", "releases"])
        .release()
        .query("definitionId", &pipeline.to_string())
        .query("minCreatedTime", &since.format(&Rfc3339).unwrap_or_default())
        .query("$expand", "environments,artifacts")
        .query("propertyFilters", mark_property::NAME)
        .list()
        .named(format!("look for a release of the release pipeline \"{}\"", input.release_pipeline))
        .needs(&READ_NEEDS);
    let mut found: Vec<Release> = session.send_list(request).await?;
    found.retain(|release| input.can_have_made(release));
    let candidate = |release: Release| {
        let shown = release.mark.clone();
        mark.candidate(release, shown.as_deref())
    };
    Ok(found.into_iter().filter_map(candidate).collect())
}

impl Input {
    fn versions<'a>(&'a self, pipeline: &'a ReleasePipeline) -> Result<Vec<Version<'a>>, Error> {
        let sources = pipeline.artifacts.as_deref().unwrap_or_default();
        let refuse = |field: &str, reason: String| {
            let aliases: Vec<&str> = sources.iter().map(|source| source.alias.as_str()).collect();
            let message = format!("create release: {field}: {reason}");
            Error::new(ErrorCode::InputInvalid, message)
                .help(format!("Its artifacts are: {}.", aliases.join(", ")))
                .with("field", field)
        };
        let mut versions = Vec::new();
        if let Some(run) = self.run {
            let primary = sources.iter().find(|source| source.is_primary).or(sources.first());
            let none = || {
                refuse("run", format!("the release pipeline \"{}\" has no artifacts", self.release_pipeline))
            };
            let alias = &primary.ok_or_else(none)?.alias;
            versions.push(Version { alias, instance_reference: Instance { id: run.to_string() } });
        }
        for (alias, version) in &self.artifact_versions {
            let source = sources.iter().find(|source| source.alias.to_lowercase() == alias.to_lowercase());
            let unknown = || {
                refuse("artifactVersions", "the release pipeline has no artifact with that alias".to_owned())
            };
            let alias = &source.ok_or_else(unknown)?.alias;
            versions
                .push(Version { alias, instance_reference: Instance { id: version.as_str().to_owned() } });
        }
        Ok(versions)
    }

    /// Returns whether a release may come from this input; fields that the service leaves out do not exclude it
    fn can_have_made(&self, release: &Release) -> bool {
        let described = self.description.as_ref().map(Remark::as_str) == release.description.as_deref();
        let run = self.run.map(|run| run.to_string());
        let versions =
            release.artifacts.iter().flatten().filter_map(|artifact| artifact.version_id.as_deref());
        let versions: Vec<&str> = versions.collect();
        described && run.is_none_or(|run| versions.is_empty() || versions.contains(&run.as_str()))
    }
}
