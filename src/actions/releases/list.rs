//! `list releases`

use crate::actions::prelude::*;
use crate::actions::releases::model::Release;
use crate::actions::releases::release_pipelines::find;
use crate::actions::releases::requests::READ_NEEDS;

/// As many as are asked for in one page
const PAGE: usize = 100;

/// List the releases of the session's project, newest first
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// Only those of this release pipeline, by name or id
    #[serde(default)]
    release_pipeline: Option<PipelineReference>,
    /// Only those whose names contain this
    #[serde(default)]
    name: Option<NamePattern>,
    /// Only those that are so
    #[serde(default)]
    status: Status,
    /// Only those that were made from then on: 2026-11-01, or 2026-11-01T08:00:00Z
    #[serde(default)]
    from: Option<Moment>,
    /// Only those that were made until then
    #[serde(default)]
    to: Option<Moment>,
    /// How many releases at most
    #[serde(default)]
    limit: Limit,
    /// Whether each release also has the service's own record, as `raw`
    #[serde(default)]
    include_raw: bool,
}

/// What becomes of a release
#[derive(Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum Status {
    /// Whatever they are
    #[default]
    All,
    /// Those that are deployed or can be
    Active,
    /// Those that have not begun
    Draft,
    /// Those that were given up
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
    /// Whether there are more than the limit let through
    more: bool,
}

pub(super) struct ListReleases;

impl Action for ListReleases {
    const NAME: &'static str = "list releases";
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
            ("minCreatedTime", input.from.as_ref().map(Moment::as_str)),
            ("maxCreatedTime", input.to.as_ref().map(Moment::as_str)),
        ] {
            if let Some(value) = value {
                request = request.query(name, value);
            }
        }
        let Page { items, more } = session.send_records(request, input.limit, input.include_raw).await?;
        Ok(Output { releases: items, more })
    }
}
