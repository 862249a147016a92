//! `list git tags`

use crate::actions::branches::refs::list_request;
use crate::actions::git_tags::tags::TAGS;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::READ_NEEDS;
use crate::actions::repositories::requests::in_repository;
use crate::actions::shared::wire::Person;

/// List the Git tags of a repository
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The prefix of the tag names: v1.; all tags when it is not given
    #[serde(default)]
    prefix: Option<GitTagPrefix>,
    /// The maximum number of tags
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each tag too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The repository's tags
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The tags, in the service's order
    tags: Vec<Tag>,
    /// Whether there are more entries than the limit
    more: bool,
}

/// A tag and the commit that it points to
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Tag {
    /// The name: v1.0
    name: String,
    /// The full ref
    r#ref: String,
    /// The commit that it points to
    commit_id: String,
    /// Whether it has a message
    is_annotated: bool,
    /// Who created it
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<String>,
    /// The service's own record; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    name: String,
    object_id: String,
    #[serde(default)]
    peeled_object_id: Option<String>,
    #[serde(default)]
    creator: Option<Person>,
    #[serde(skip)]
    raw: Option<Raw>,
}

impl Record for Wire {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

impl From<Wire> for Tag {
    fn from(wire: Wire) -> Self {
        Tag {
            name: wire.name.strip_prefix(TAGS).unwrap_or(&wire.name).to_owned(),
            r#ref: wire.name,
            is_annotated: wire.peeled_object_id.is_some(),
            commit_id: wire.peeled_object_id.unwrap_or(wire.object_id),
            creator: wire.creator.and_then(|person| person.display_name),
            raw: wire.raw,
        }
    }
}

pub(super) struct ListGitTags;

impl Action for ListGitTags {
    const NAME: &'static str = "list git tags";
    const NODE: &'static str = r#"List git tags of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "All tags", inputs: serde_json::json!({ "repository": "site" }) },
            Example {
                title: "The tags of version 1",
                inputs: serde_json::json!({ "repository": "site", "prefix": "v1." }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let prefix = format!("{TAGS}{}", input.prefix.as_ref().map_or("", GitTagPrefix::as_str));
        let request = list_request(&input.repository, &prefix, &Self::NEEDS)
            .query("peelTags", "true")
            .named(format!("list the tags of the repository \"{}\"", input.repository));
        let records = session.send_records::<Wire>(request, input.limit, input.include_raw);
        let page = in_repository(&session, &input.repository, records).await?;
        Ok(Output { tags: page.items.into_iter().map(Tag::from).collect(), more: page.more })
    }
}
