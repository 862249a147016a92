//! `list branches`

use crate::actions::branches::refs::list_request;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::READ_NEEDS;
use crate::actions::repositories::requests::in_repository;
use crate::actions::shared::wire::Person;

/// List the branches of a Git repository
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The prefix of the branch names: release/; all branches when it is not given
    #[serde(default)]
    prefix: Option<BranchPrefix>,
    /// The maximum number of branches
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each branch too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The repository's branches
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The branches, in the service's order
    branches: Vec<Branch>,
    /// Whether there are more entries than the limit
    more: bool,
}

/// A branch and the commit that it points to
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Branch {
    /// The short name: release/7
    name: String,
    /// The full ref
    r#ref: String,
    /// The commit that it points to
    commit_id: String,
    /// Who created it
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<String>,
    /// Whether it is locked
    is_locked: bool,
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
    creator: Option<Person>,
    #[serde(default)]
    is_locked: Option<bool>,
    #[serde(skip)]
    raw: Option<Raw>,
}

impl Record for Wire {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

impl From<Wire> for Branch {
    fn from(wire: Wire) -> Self {
        Branch {
            name: wire.name.strip_prefix("refs/heads/").unwrap_or(&wire.name).to_owned(),
            r#ref: wire.name,
            commit_id: wire.object_id,
            creator: wire.creator.and_then(|person| person.display_name),
            is_locked: wire.is_locked.unwrap_or(false),
            raw: wire.raw,
        }
    }
}

pub(super) struct ListBranches;

impl Action for ListBranches {
    const NAME: &'static str = "list branches";
    const NODE: &'static str = r#"List branches of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "All branches", inputs: serde_json::json!({ "repository": "site" }) },
            Example {
                title: "The release branches",
                inputs: serde_json::json!({ "repository": "site", "prefix": "release/" }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let prefix = format!("refs/heads/{}", input.prefix.as_ref().map_or("", BranchPrefix::as_str));
        let request = list_request(&input.repository, &prefix, &Self::NEEDS);
        let records = session.send_records::<Wire>(request, input.limit, input.include_raw);
        let page = in_repository(&session, &input.repository, records).await?;
        Ok(Output { branches: page.items.into_iter().map(Branch::from).collect(), more: page.more })
    }
}
