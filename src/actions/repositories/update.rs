//! `update repository`

use crate::actions::prelude::*;
use crate::actions::repositories::model::Repository;
use crate::actions::repositories::requests::find;
use crate::actions::repositories::requests::in_repository;
use crate::actions::repositories::requests::read_request;
use crate::actions::shared::differences::Differences;

/// Rename a Git repository, choose its default branch, disable or enable it
///
/// Inputs that are not given leave the repository unchanged. A disabled repository keeps its content, which is not
/// accessible until it is enabled.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The new name
    #[serde(default)]
    new_name: Option<RepositoryName>,
    /// The new default branch; it must exist
    #[serde(default)]
    default_branch: Option<BranchName>,
    /// Whether to disable the repository; false enables it
    #[serde(default)]
    is_disabled: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_branch: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_disabled: Option<bool>,
}

pub(super) struct UpdateRepository;

impl Action for UpdateRepository {
    const NAME: &'static str = "update repository";
    const NODE: &'static str = r#"Update repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::RENAME_REPOSITORY], scope: Some(Scope::CodeManage) };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByState("the given name, default branch and disabled state");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("repository", "repository"));
    type Input = Input;
    type Output = Repository;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "Rename a repository",
                inputs: serde_json::json!({ "repository": "site", "newName": "website" }),
            },
            Example {
                title: "Disable a repository",
                inputs: serde_json::json!({ "repository": "site", "isDisabled": true }),
            },
        ]
    }

    fn check(input: &Input) -> Result<(), Error> {
        if input.new_name.is_none() && input.default_branch.is_none() && input.is_disabled.is_none() {
            let message = "update repository: give newName, defaultBranch or isDisabled";
            return Err(Error::new(ErrorCode::InputInvalid, message));
        }
        Ok(())
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Repository, Error> {
        let body = Body {
            name: input.new_name.as_ref().map(RepositoryName::as_str),
            default_branch: input.default_branch.as_ref().map(BranchName::full),
            is_disabled: input.is_disabled,
        };
        let session = cx.session(&input.session)?;
        let found = find(&session, &input.repository, &Self::NEEDS).await?;
        let branch = input.default_branch.as_ref().map(|branch| format!("the branch \"{branch}\" or "));
        let request = Request::patch(&["git", "repositories", &found.id])
            .json(&body)?
            .named(format!("update the repository \"{}\"", input.repository))
            .needs(&Self::NEEDS)
            .missing(format!("{}the repository \"{}\"", branch.unwrap_or_default(), input.repository));
        let lookup = async {
            let id = RepositoryName::of_id(&found.id);
            let now: Repository = session.send(read_request(&id, &Self::NEEDS)).await?;
            let is_so = body.name.is_none_or(|name| name == now.name)
                && body.default_branch.is_none_or(|branch| Some(branch) == now.default_branch.as_deref())
                && body.is_disabled.is_none_or(|disabled| Some(disabled) == now.is_disabled);
            Ok(is_so.then_some(now))
        };
        let updating = session.settle_state(session.send(request), lookup);
        let now = in_repository(&session, &input.repository, updating).await?;
        let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
        let (wanted, actual) = (flag(body.is_disabled), flag(now.is_disabled));
        Differences::of(&format!("the repository \"{}\"", input.repository))
            .value("newName", body.name, Some(&now.name))
            .value("defaultBranch", body.default_branch, now.default_branch.as_deref())
            .value("isDisabled", wanted.as_deref(), actual.as_deref())
            .warn(&session);
        Ok(now)
    }
}
