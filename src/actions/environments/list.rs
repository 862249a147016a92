//! `list environments`

use crate::actions::prelude::*;
use crate::actions::shared::wire::Person;

/// List the environments of the session's project, to which pipelines deploy
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The maximum number of environments
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each environment too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The environments of the project
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The environments, in the service's order
    environments: Vec<Environment>,
    /// Whether there are more entries than the limit
    more: bool,
}

/// An environment; fields that the service leaves out are absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Environment {
    /// The environment's id
    id: u32,
    /// The environment's name
    name: String,
    /// The description
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// The name of its creator
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<String>,
    /// When it was created
    #[serde(skip_serializing_if = "Option::is_none")]
    created_date: Option<String>,
    /// When it was changed last
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_date: Option<String>,
    /// The service's own record; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EnvironmentRecord {
    id: u32,
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    created_by: Option<Person>,
    #[serde(default)]
    created_on: Option<String>,
    #[serde(default)]
    last_modified_on: Option<String>,
    #[serde(skip)]
    raw: Option<Raw>,
}

impl Record for EnvironmentRecord {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

impl From<EnvironmentRecord> for Environment {
    fn from(record: EnvironmentRecord) -> Self {
        Environment {
            id: record.id,
            name: record.name,
            description: record.description.filter(|text| !text.is_empty()),
            created_by: record.created_by.and_then(|person| person.display_name),
            created_date: record.created_on,
            modified_date: record.last_modified_on,
            raw: record.raw,
        }
    }
}

/// The needs of reading environments; who sees one is set in the environment
pub(super) const READ_NEEDS: Needs = Needs { permissions: &[], scope: Some(Scope::EnvironmentManage) };

/// Returns the request that lists the environments of the project
pub(super) fn list_request(session: &OpenSession<'_>) -> Request<'static> {
    Request::get(&["pipelines", "environments"])
        .list()
        .named(format!("list the environments of the project \"{}\"", session.project()))
        .needs(&READ_NEEDS)
        .missing(format!("the project \"{}\"", session.project()))
}

pub(super) struct ListEnvironments;

impl Action for ListEnvironments {
    const NAME: &'static str = "list environments";
    const NODE: &'static str = "List environments";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example { title: "The environments of the project", inputs: serde_json::json!({}) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let page = session
            .send_records::<EnvironmentRecord>(list_request(&session), input.limit, input.include_raw)
            .await?;
        let environments = page.items.into_iter().map(Environment::from).collect();
        Ok(Output { environments, more: page.more })
    }
}
