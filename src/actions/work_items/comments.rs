//! Comments of work items as the service describes them, and the requests for them.

use time::OffsetDateTime;

use crate::actions::prelude::*;
use crate::actions::shared::wire::Person;
use crate::actions::work_items::requests::READ_NEEDS;

/// The preview version of the comments API, which the service has never released
pub(super) const PREVIEW: u8 = 4;

/// The service's page size for comments
const PAGE: usize = 200;

/// The format of a text
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub(super) enum TextFormat {
    /// HTML
    #[default]
    Html,
    /// Markdown
    Markdown,
}

impl TextFormat {
    /// Returns the service's name
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            TextFormat::Html => "html",
            TextFormat::Markdown => "markdown",
        }
    }
}

/// A comment of a work item; fields that the service leaves out are absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WorkItemComment {
    /// The comment's id
    pub(super) id: u32,
    /// The text
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    /// The format of the text: html, markdown
    pub(super) text_format: String,
    /// The version of the comment: 1 until it is edited
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    /// The name of its author
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<String>,
    /// When it was written
    #[serde(skip_serializing_if = "Option::is_none")]
    created_date: Option<String>,
    /// When it was edited last
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_date: Option<String>,
    /// The service's own record; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
    /// The id of its author
    #[serde(skip)]
    author: Option<String>,
}

/// A comment in a response of the service
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WorkItemCommentRecord {
    id: u32,
    #[serde(default)]
    text: Option<String>,
    /// Missing in the responses of servers, whose comments are HTML
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    version: Option<u32>,
    #[serde(default)]
    created_by: Option<Person>,
    #[serde(default)]
    created_date: Option<String>,
    #[serde(default)]
    modified_date: Option<String>,
    #[serde(default)]
    pub(super) is_deleted: Option<bool>,
}

/// One page of the comments of a work item; this API has a list of its own form
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommentPage {
    #[serde(default)]
    comments: Option<Vec<Document>>,
    #[serde(default)]
    continuation_token: Option<String>,
}

impl From<WorkItemCommentRecord> for WorkItemComment {
    fn from(record: WorkItemCommentRecord) -> Self {
        let (author, created_by) =
            record.created_by.map_or((None, None), |person| (person.id, person.display_name));
        WorkItemComment {
            id: record.id,
            text: record.text,
            text_format: format_of(record.format),
            version: record.version,
            created_by,
            created_date: record.created_date,
            modified_date: record.modified_date,
            raw: None,
            author,
        }
    }
}

impl WorkItemComment {
    /// Returns whether it has this text in this format
    pub(super) fn is(&self, text: &str, format: &str) -> bool {
        self.text.as_deref() == Some(text) && self.text_format == format
    }
}

impl Created for WorkItemComment {
    fn created(&self) -> Option<OffsetDateTime> {
        service_time(self.created_date.as_deref()?)
    }

    fn creator(&self) -> Option<&str> {
        self.author.as_deref()
    }

    fn label(&self) -> String {
        format!("the comment {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        None
    }
}

/// The body of a new comment, and of a change
#[derive(Serialize)]
pub(super) struct CommentBody<'a> {
    pub(super) text: &'a str,
}

/// Adds the words for messages to a request about one comment
pub(super) fn about<'a>(
    request: Request<'a>,
    what: &str,
    id: WorkItemId,
    comment: WorkItemCommentId,
) -> Request<'a> {
    let subject = format!("the comment {comment} of the work item {id}");
    request.preview(PREVIEW).named(format!("{what} {subject}")).missing(subject)
}

/// Returns the path of a comment
pub(super) fn path(id: WorkItemId, comment: WorkItemCommentId) -> [String; 5] {
    ["wit".to_owned(), "workItems".to_owned(), id.to_string(), "comments".to_owned(), comment.to_string()]
}

/// Reads a comment
pub(super) async fn read(
    session: &OpenSession<'_>,
    id: WorkItemId,
    comment: WorkItemCommentId,
) -> Result<WorkItemCommentRecord, Error> {
    let path = path(id, comment);
    let request = Request::get(&path.each_ref().map(String::as_str)).needs(&READ_NEEDS);
    session.send(about(request, "read", id, comment)).await.map_err(with_help)
}

/// Returns a format in one spelling; an unknown one stays as it is, so that a token in its place is recognized and masked
fn format_of(format: Option<String>) -> String {
    let format = format.unwrap_or_else(|| TextFormat::Html.as_str().to_owned());
    let known = [TextFormat::Html, TextFormat::Markdown].map(TextFormat::as_str);
    known.into_iter().find(|one| one.eq_ignore_ascii_case(&format)).map_or(format.clone(), str::to_owned)
}

/// Adds the way to the ids to the error for a comment that does not exist
pub(super) fn with_help(error: Error) -> Error {
    match error.code() {
        ErrorCode::ResourceNotFound => error.help("List work item comments returns the ids of the comments."),
        _ => error,
    }
}

/// Returns the comments of a work item up to a maximum
pub(super) async fn list(
    session: &OpenSession<'_>,
    id: WorkItemId,
    newest_first: bool,
    most: usize,
    raw: bool,
) -> Result<Vec<WorkItemComment>, Error> {
    let mut comments = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let top = PAGE.min(most - comments.len());
        let mut request = Request::get(&["wit", "workItems", &id.to_string(), "comments"])
            .preview(PREVIEW)
            .query("order", if newest_first { "desc" } else { "asc" })
            .query("$top", &top.to_string())
            .named(format!("list the comments of the work item {id}"))
            .needs(&READ_NEEDS)
            .missing(format!("the work item {id}"));
        if let Some(token) = &token {
            request = request.query("continuationToken", token);
        }
        let page: CommentPage = session.send(request).await?;
        let found = page.comments.unwrap_or_default();
        let is_empty = found.is_empty();
        for document in found {
            let Some(record) = document.read::<WorkItemCommentRecord>() else { continue };
            if record.is_deleted == Some(true) {
                continue;
            }
            let mut comment = WorkItemComment::from(record);
            if raw {
                comment.raw = document.read();
            }
            comments.push(comment);
        }
        // The same token again would read the same page for ever.
        let next = page.continuation_token.filter(|next| !is_empty && token.as_ref() != Some(next));
        if comments.len() >= most || next.is_none() {
            return Ok(comments.into_iter().take(most).collect());
        }
        token = next;
    }
}
