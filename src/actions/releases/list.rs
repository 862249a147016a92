//! `list releases`

use crate::actions::prelude::*;
use crate::actions::releases::model::Release;
use crate::actions::releases::release_pipelines::find;
use crate::actions::releases::requests::READ_NEEDS;

/// The page size of the requests
const PAGE: usize = 100;

/// List the releases of the session's project, newest first
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// Only releases of this release pipeline, by name or id
    #[serde(default)]
    release_pipeline: Option<PipelineReference>,
    /// Only releases whose names contain this text
    #[serde(default)]
    name: Option<NamePattern>,
    /// Only releases with this status
    #[serde(default)]
    status: Status,
    /// Only releases created since this time: 2026-11-01T08:00:00Z, or 2026-11-01T08:00:00 or 2026-11-01 in the local
    /// time of the machine
    #[serde(default)]
    from: Option<Moment>,
    /// Only releases created until this time, in the same forms
    #[serde(default)]
    to: Option<Moment>,
    /// The maximum number of releases
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each release too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The status of a release
#[derive(Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum Status {
    /// All
    #[default]
    All,
    /// Active
    Active,
    /// Draft
    Draft,
    /// Abandoned
    Abandoned,
}

impl Status {
    const fn as_str(self) -> Option<&'static str> {
        match self {
            Status::All => None,
            Status::Active => Some("active"),
            Status::Draft => Some("draft"),
            Status::Abandoned => Some("abandoned"),
        }
    }
}

/// The project's releases
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The releases, newest first
    releases: Vec<Release>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListReleases;

impl Action for ListReleases {
    const NAME: &'static str = "list releases";
    const NODE: &'static str = "List releases";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "The latest release of a release pipeline",
            inputs: serde_json::json!({ "releasePipeline": "deploy", "limit": 1 }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let from = input.from.as_ref().map(|moment| session.moment("from", moment)).transpose()?;
        let to = input.to.as_ref().map(|moment| session.moment("to", moment)).transpose()?;
        let mut request = Request::get(&["release", "releases"])
            .release()
            .query("$expand", "environments,artifacts")
            .query("queryOrder", "descending")
            .list_by(PAGE)
            .named(format!("list the releases of the project \"{}\"", session.project()))
            .needs(&Self::NEEDS)
            .missing(format!("the project \"{}\"", session.project()));
        if let Some(pipeline) = &input.release_pipeline {
            let id = find(&session, pipeline, &Self::NEEDS).await?;
            request = request.query("definitionId", &id.to_string());
        }
        for (name, value) in [
            ("searchText", input.name.as_ref().map(NamePattern::as_str)),
            ("statusFilter", input.status.as_str()),
            ("minCreatedTime", from.as_deref()),
            ("maxCreatedTime", to.as_deref()),
        ] {
            if let Some(value) = value {
                request = request.query(name, value);
            }
        }
        let Page { items, more } = session.send_records(request, input.limit, input.include_raw).await?;
        Ok(Output { releases: items, more })
    }
}
