//! What a link is to lead to, from the inputs of an action to the link that is sent.

use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

use crate::actions::branches::refs;
use crate::actions::pipeline_runs;
use crate::actions::prelude::*;
use crate::actions::pull_requests;
use crate::actions::repositories;
use crate::actions::work_item_links::end::ARTIFACT;
use crate::actions::work_item_links::end::HYPERLINK;
use crate::actions::work_item_links::link_types::between_work_items;
use crate::actions::work_item_links::link_types::to_others;

/// The characters of an id in an address of the service that stay as they are
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a link is to lead to
pub(super) enum LinkTarget<'a> {
    WorkItem(WorkItemId),
    PullRequest(PullRequestId),
    Run(RunId),
    Commit(&'a RepositoryName, &'a CommitId),
    Branch(&'a RepositoryName, &'a BranchName),
    Address(&'a HyperlinkUrl),
}

/// A link to send
pub(super) struct LinkToSend {
    /// The reference name of its type
    pub(super) rel: String,
    /// The name of its type, for a link to another part of the service
    pub(super) name: Option<&'static str>,
    pub(super) url: String,
}

impl LinkTarget<'_> {
    /// Returns the words for messages
    pub(super) fn named(&self) -> String {
        match self {
            LinkTarget::WorkItem(id) => format!("the work item {id}"),
            LinkTarget::PullRequest(id) => format!("the pull request {id}"),
            LinkTarget::Run(id) => format!("the pipeline run {id}"),
            LinkTarget::Commit(_, id) => format!("the commit {id}"),
            LinkTarget::Branch(_, name) => format!("the branch \"{name}\""),
            LinkTarget::Address(url) => format!("the address \"{url}\""),
        }
    }

    /// Returns the name of the link's type; `None` for a link between work items, whose types the organization defines
    ///
    /// Errors: `input.invalid` for a type that does not lead there.
    pub(super) fn type_name(&self, given: Option<&LinkTypeName>) -> Result<Option<&'static str>, Error> {
        match self {
            LinkTarget::WorkItem(_) => Ok(None),
            LinkTarget::PullRequest(_) => to_others("pull request", &["Pull Request"], given).map(Some),
            LinkTarget::Run(_) => {
                let names = &["Build", "Found in build", "Integrated in build"];
                to_others("pipeline run", names, given).map(Some)
            }
            LinkTarget::Commit(..) => to_others("commit", &["Fixed in Commit"], given).map(Some),
            LinkTarget::Branch(_, name) if name.tag().is_some() => {
                to_others("Git tag", &["Tag"], given).map(Some)
            }
            LinkTarget::Branch(..) => to_others("branch", &["Branch"], given).map(Some),
            LinkTarget::Address(_) => to_others("web page", &[HYPERLINK], given).map(Some),
        }
    }

    /// Returns the link to send, after reading what it is to lead to: the service takes a link to what does not exist
    ///
    /// Errors: `resource.not_found` for a target or a link type that does not exist; those of [`type_name`](Self::type_name).
    pub(super) async fn link(
        &self,
        session: &OpenSession<'_>,
        given: Option<&LinkTypeName>,
    ) -> Result<LinkToSend, Error> {
        let name = self.type_name(given)?;
        let project = session.connection().project().id.as_str();
        let artifact = |kind: &str, parts: &[&str]| {
            let id = parts.join("/");
            format!("vstfs:///{kind}/{}", utf8_percent_encode(&id, PLAIN))
        };
        let url = match self {
            LinkTarget::WorkItem(id) => {
                let rel = between_work_items(session, given).await?;
                let base = session.connection().organization().base();
                let url = format!("{}/_apis/wit/workItems/{id}", base.trim_end_matches('/'));
                return Ok(LinkToSend { rel, name: None, url });
            }
            LinkTarget::PullRequest(id) => {
                let needs = &pull_requests::requests::READ_NEEDS;
                let found = pull_requests::requests::read(session, *id, needs, false).await?;
                artifact("Git/PullRequestId", &[project, &found.repository.id, &id.to_string()])
            }
            LinkTarget::Run(id) => {
                let request = pipeline_runs::requests::read_request(*id);
                let found: pipeline_runs::model::Build = session.send(request).await?;
                format!("vstfs:///Build/Build/{}", found.id)
            }
            LinkTarget::Commit(repository, id) => {
                let needs = &repositories::requests::READ_NEEDS;
                let found = repositories::requests::find(session, repository, needs).await?;
                let request = Request::get(&["git", "repositories", &found.id, "commits", id.as_str()])
                    .named(format!("read the commit {id} of the repository \"{repository}\""))
                    .needs(needs)
                    .missing(format!("the commit {id} of the repository \"{repository}\""));
                let _: Document = session.send(request).await?;
                artifact("Git/Commit", &[project, &found.id, id.as_str()])
            }
            LinkTarget::Branch(repository, name) => {
                let needs = &repositories::requests::READ_NEEDS;
                let found = repositories::requests::find(session, repository, needs).await?;
                if refs::tip(session, repository, name, needs).await?.is_none() {
                    return Err(refs::branch_not_found(session, repository, name, needs).await);
                }
                let name = name.tag().map_or_else(|| format!("GB{}", name.short()), |tag| format!("GT{tag}"));
                artifact("Git/Ref", &[project, &found.id, &name])
            }
            LinkTarget::Address(url) => {
                return Ok(LinkToSend {
                    rel: HYPERLINK.to_owned(),
                    name: None,
                    url: url.as_str().to_owned(),
                });
            }
        };
        Ok(LinkToSend { rel: ARTIFACT.to_owned(), name, url })
    }
}
