//! `link work item`

use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;
use crate::actions::work_item_links::end::LinkEnd;
use crate::actions::work_item_links::target::LinkTarget;
use crate::actions::work_item_links::target::LinkToSend;
use crate::actions::work_items::fields::LinkAttributes;
use crate::actions::work_items::fields::NewLink;
use crate::actions::work_items::fields::Operation;
use crate::actions::work_items::model::Relation;
use crate::actions::work_items::model::WorkItem;
use crate::actions::work_items::model::WorkItemRecord;
use crate::actions::work_items::requests::WRITE_NEEDS;
use crate::actions::work_items::requests::read_request;
use crate::actions::work_items::requests::revision_of;
use crate::actions::work_items::requests::write_revision;

/// Link a work item to another one, a pull request, a run, a commit or a page
///
/// Give one of Work item, Pull request, Run, Commit, Branch and URL. A link that exists already stays as it is. For a
/// link between work items, the service adds the other direction to the other one. To link a pull request, a commit or
/// a branch, the token needs the scope Code (read) too, and Build (read) to link a pipeline run.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item's id
    id: WorkItemId,
    /// The link type: `Parent`, `Child`, `Related`, `Successor` or another one for a work item; `Build`, `Found in build`
    /// or `Integrated in build` for a run; `Related`, `Build` or the only possible type when it is not given
    #[serde(default)]
    link_type: Option<LinkTypeName>,
    /// The other work item, by its id
    #[serde(default)]
    work_item: Option<WorkItemId>,
    /// The pull request, by its id
    #[serde(default)]
    pull_request: Option<PullRequestId>,
    /// The pipeline run, by its id
    #[serde(default)]
    run: Option<RunId>,
    /// The commit, by its id; give its repository too
    #[serde(default)]
    commit: Option<CommitId>,
    /// The branch, or a full ref such as refs/tags/v1; give its repository too
    #[serde(default)]
    branch: Option<BranchName>,
    /// The repository of the commit or branch, by name or id
    #[serde(default)]
    repository: Option<RepositoryName>,
    /// The address of a web page
    #[serde(default)]
    url: Option<HyperlinkUrl>,
    /// A comment on the link
    #[serde(default)]
    comment: Option<WorkItemText>,
}

pub(super) struct LinkWorkItem;

impl Action for LinkWorkItem {
    const NAME: &'static str = "link work item";
    const NODE: &'static str = "Link work item {{id}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByState("the work item has a link of the type to the same target");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("work item", "id").name("title"));
    type Input = Input;
    type Output = WorkItem;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "Link a bug to the pull request that fixes it",
                inputs: serde_json::json!({ "id": 1, "pullRequest": 1 }),
            },
            Example {
                title: "Link a bug to the run in which it was found",
                inputs: serde_json::json!({ "id": 1, "run": 2, "linkType": "Found in build" }),
            },
            Example {
                title: "Make a task the child of a bug",
                inputs: serde_json::json!({ "id": 2, "workItem": 1, "linkType": "Parent" }),
            },
        ]
    }

    fn check(input: &Input) -> Result<(), Error> {
        target(input)?.type_name(input.link_type.as_ref()).map(drop)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<WorkItem, Error> {
        let target = target(&input)?;
        let session = cx.session(&input.session)?;
        let read = || {
            session.send::<WorkItemRecord>(read_request(input.id, &Self::NEEDS).query("$expand", "relations"))
        };
        let before = read().await?;
        let link = target.link(&session, input.link_type.as_ref()).await?;
        if has(&before, &link, None) {
            return Ok(before.into_output(&session));
        }
        let comment = input.comment.as_ref().map(WorkItemText::as_str);
        let attributes = LinkAttributes { name: link.name, comment };
        let add = [Operation::link(NewLink { rel: &link.rel, url: &link.url, attributes })];
        let operation = format!("link the work item {} to {}", input.id, target.named());
        let revision = revision_of(&before, input.id)?;
        let send = write_revision(&session, input.id, revision, add.into_iter(), operation);
        let lookup = async { Ok(Some(read().await?).filter(|now| has(now, &link, comment))) };
        let now = session.settle_state(send, lookup).await?;
        Differences::of(&format!("the work item {}", input.id))
            .state("the link", "there", now.relations.is_none() || has(&now, &link, comment))
            .warn(&session);
        Ok(now.into_output(&session))
    }
}

/// Returns what the link is to lead to
///
/// Errors: `input.invalid` unless exactly one target is given.
fn target(input: &Input) -> Result<LinkTarget<'_>, Error> {
    let repository = |field: &str| {
        input.repository.as_ref().ok_or_else(|| {
            let message = format!("link work item: give repository with {field}");
            Error::new(ErrorCode::InputInvalid, message).with("field", "repository")
        })
    };
    let commit = input.commit.as_ref().map(|id| Ok(LinkTarget::Commit(repository("commit")?, id)));
    let branch = input.branch.as_ref().map(|name| Ok(LinkTarget::Branch(repository("branch")?, name)));
    let is_in_repository = commit.is_some() || branch.is_some();
    let given = [
        input.work_item.map(LinkTarget::WorkItem).map(Ok),
        input.pull_request.map(LinkTarget::PullRequest).map(Ok),
        input.run.map(LinkTarget::Run).map(Ok),
        commit,
        branch,
        input.url.as_ref().map(LinkTarget::Address).map(Ok),
    ];
    let mut given = given.into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(target), None) if is_in_repository || input.repository.is_none() => target,
        (Some(_), None) => {
            let message = "link work item: repository belongs to commit or branch";
            Err(Error::new(ErrorCode::InputInvalid, message).with("field", "repository"))
        }
        _ => {
            let message = "link work item: give one of workItem, pullRequest, run, commit, branch and url";
            Err(Error::new(ErrorCode::InputInvalid, message))
        }
    }
}

/// Returns whether a work item has a link, with a comment if one is given
fn has(item: &WorkItemRecord, link: &LinkToSend, comment: Option<&str>) -> bool {
    let relation = |rel: &str, url: &str| Relation {
        rel: Some(rel.to_owned()),
        url: Some(url.to_owned()),
        attributes: None,
    };
    let wanted = LinkEnd::of(&relation(&link.rel, &link.url));
    item.relations.iter().flatten().any(|there| {
        let attributes = there.attributes.as_ref();
        let name = attributes.and_then(|attributes| attributes.name.as_deref());
        let shown = attributes.and_then(|attributes| attributes.comment.as_deref()).unwrap_or_default();
        there.rel.as_deref().is_some_and(|rel| rel.eq_ignore_ascii_case(&link.rel))
            && link.name.is_none_or(|wanted| name.is_some_and(|name| name.eq_ignore_ascii_case(wanted)))
            && comment.is_none_or(|comment| comment == shown)
            && LinkEnd::of(there) == wanted
    })
}
