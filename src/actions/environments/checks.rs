//! `list environment checks`

use crate::actions::environments::list::list_request;
use crate::actions::prelude::*;
use crate::actions::shared::by_name;
use crate::actions::shared::wire::Person;

/// The preview version of the checks API, which the service has never released
const PREVIEW: u8 = 1;

/// List the approvals and checks of an environment
///
/// A run that deploys to the environment waits for them. The token needs the scope Environment (read and manage) too, to
/// find the environment.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The environment, by name or id
    environment: ResourceReference,
    /// The maximum number of checks
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each check too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The checks of the environment
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The checks, in the service's order
    checks: Vec<Check>,
    /// Whether there are more entries than the limit
    more: bool,
}

/// A check; fields that the service leaves out are absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Check {
    /// The check's id
    id: u32,
    /// The type: Approval, ExclusiveLock, Task Check
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// The name, such as Business hours or Branch control
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The names of the approvers, for an approval
    approvers: Vec<String>,
    /// How many approvers must approve; 0 for all of them
    #[serde(skip_serializing_if = "Option::is_none")]
    required_approvers: Option<u32>,
    /// The instructions for the approvers
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<String>,
    /// After how many minutes the check fails
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_minutes: Option<u32>,
    /// The service's own record; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
}

#[derive(Deserialize)]
struct CheckRecord {
    id: u32,
    #[serde(default, rename = "type")]
    kind: Option<CheckType>,
    #[serde(default)]
    settings: Option<CheckSettings>,
    #[serde(default)]
    timeout: Option<u32>,
    #[serde(skip)]
    raw: Option<Raw>,
}

#[derive(Deserialize)]
struct CheckType {
    #[serde(default)]
    name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CheckSettings {
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    approvers: Option<Vec<Person>>,
    #[serde(default)]
    min_required_approvers: Option<u32>,
    #[serde(default)]
    instructions: Option<String>,
}

impl Record for CheckRecord {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

impl From<CheckRecord> for Check {
    fn from(record: CheckRecord) -> Self {
        let settings = record.settings.unwrap_or_default();
        let approvers = settings.approvers.into_iter().flatten().filter_map(|person| person.display_name);
        Check {
            id: record.id,
            kind: record.kind.and_then(|kind| kind.name),
            name: settings.display_name,
            approvers: approvers.collect(),
            required_approvers: settings.min_required_approvers,
            instructions: settings.instructions.filter(|text| !text.is_empty()),
            timeout_minutes: record.timeout,
            raw: record.raw,
        }
    }
}

pub(super) struct ListEnvironmentChecks;

impl Action for ListEnvironmentChecks {
    const NAME: &'static str = "list environment checks";
    const NODE: &'static str = r#"List environment checks of "{{environment}}""#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = Needs { permissions: &[], scope: Some(Scope::BuildRead) };
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "The checks of production",
            inputs: serde_json::json!({ "environment": "production" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let kind = ("environment", "environment");
        let list = || list_request(&session);
        let id = by_name::find_reference(&session, kind, &input.environment, "name", list).await?;
        let request = Request::get(&["pipelines", "checks", "configurations"])
            .preview(PREVIEW)
            .query("resourceType", "environment")
            .query("resourceId", &id.to_string())
            .query("$expand", "settings")
            .list()
            .named(format!("list the checks of the environment {id}"))
            .needs(&Self::NEEDS)
            .missing(format!("the environment {id}"));
        let page = session.send_records::<CheckRecord>(request, input.limit, input.include_raw).await?;
        Ok(Output { checks: page.items.into_iter().map(Check::from).collect(), more: page.more })
    }
}
