//! `delete git tag`

use crate::actions::branches::refs;
use crate::actions::branches::refs::NO_OBJECT;
use crate::actions::git_tags::tags;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::in_repository;

/// Delete a Git tag
///
/// The commit stays: the output has its id, from which the tag can be created again. If the tag moves in the meantime,
/// it is not deleted and the action fails with `resource.conflict`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// The exact name of the tag
    tag: GitTagName,
}

/// The tag that was deleted
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The name: v1.0
    name: String,
    /// The commit that it pointed to
    commit_id: String,
}

pub(super) struct DeleteGitTag;

impl Action for DeleteGitTag {
    const NAME: &'static str = "delete git tag";
    const NODE: &'static str = r#"Delete git tag "{{tag}}" of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Destroys;
    const NEEDS: Needs = Needs {
        permissions: &[permissions::FORCE_PUSH, permissions::CONTRIBUTE],
        scope: Some(Scope::CodeWrite),
    };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the tag no longer exists");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("git tag", "tag").id(""));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Delete a tag",
            inputs: serde_json::json!({ "repository": "site", "tag": "v1.0" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        in_repository(&session, &input.repository, delete(&session, &input)).await
    }
}

async fn delete(session: &OpenSession<'_>, input: &Input) -> Result<Output, Error> {
    let (repository, tag, needs) = (&input.repository, input.tag.full(), &DeleteGitTag::NEEDS);
    let Some(found) = tags::find(session, repository, tag, needs).await? else {
        return Err(refs::tag_not_found(session, repository, tag, needs).await);
    };
    let old = found.object_id.clone();
    let gone = async {
        let now = tags::find(session, repository, tag, needs).await?;
        Ok(now.is_none().then(|| NO_OBJECT.to_owned()))
    };
    session.settle_state(refs::update(session, repository, tag, (&old, NO_OBJECT), needs), gone).await?;
    Ok(Output { name: input.tag.as_str().to_owned(), commit_id: found.commit() })
}
