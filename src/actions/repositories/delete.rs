//! `delete repository`

use crate::actions::prelude::*;
use crate::actions::repositories::model::Repository;
use crate::actions::repositories::requests::find;
use crate::actions::repositories::requests::read_request;
use crate::actions::shared::by_name::check_exact_name;

/// Delete a Git repository
///
/// The repository moves to the project's recycle bin, from which an administrator can restore it for 30 days. The name
/// must match exactly, including letter case, so that no other repository is deleted.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by its exact name or its id
    repository: RepositoryName,
}

/// The repository that was deleted
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The id for restoring it
    id: String,
    /// Its name
    name: String,
    /// Whether it is in the recycle bin
    in_recycle_bin: bool,
}

pub(super) struct DeleteRepository;

impl Action for DeleteRepository {
    const NAME: &'static str = "delete repository";
    const NODE: &'static str = r#"Delete repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Destroys;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::DELETE_REPOSITORY], scope: Some(Scope::CodeManage) };
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::PermissionDenied, ErrorCode::ServiceOutcomeUnknown];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the repository no longer exists");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("repository", "repository"));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Delete a repository by its name",
            inputs: serde_json::json!({ "repository": "site" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let wanted = input.repository.as_str();
        let found = find(&session, &input.repository, &Self::NEEDS).await?;
        let name = Some(wanted).filter(|wanted| !found.id.eq_ignore_ascii_case(wanted));
        check_exact_name(Self::NAME, "repository", name, &found.name)?;
        let request = Request::delete(&["git", "repositories", &found.id])
            .named(format!("delete the repository \"{}\"", input.repository))
            .needs(&Self::NEEDS)
            .missing(format!("the repository \"{}\"", input.repository));
        let gone = async {
            let id = RepositoryName::of_id(&found.id);
            match session.send::<Repository>(read_request(&id, &Self::NEEDS)).await {
                Err(error) if error.code() == ErrorCode::ResourceNotFound => Ok(Some(())),
                _ => Ok(None),
            }
        };
        session.settle_state(session.send::<()>(request), gone).await?;
        Ok(Output { id: found.id, name: found.name, in_recycle_bin: true })
    }
}
