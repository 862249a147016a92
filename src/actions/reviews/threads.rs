//! Threads of a pull request: their records, and the requests for them.

use time::OffsetDateTime;

use crate::actions::prelude::*;
use crate::actions::shared::wire::Person;

/// A thread of comments
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Thread {
    /// The thread's id
    pub(super) thread_id: u32,
    /// The status: active, fixed, wontFix, closed, byDesign, pending; absent for a thread that needs no answer
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<String>,
    /// The file that it is about
    #[serde(skip_serializing_if = "Option::is_none")]
    file_path: Option<String>,
    /// The first line that it is about, in the changed file or in the former one
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// When it was published
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) published_date: Option<String>,
    /// When it was changed last
    #[serde(skip_serializing_if = "Option::is_none")]
    last_updated_date: Option<String>,
    /// The comments, oldest first
    comments: Vec<ThreadComment>,
}

/// A comment of a thread
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ThreadComment {
    /// The comment's id, which is unique in its thread
    pub(super) id: u32,
    /// The text, in Markdown
    content: String,
    /// The name of the author
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    /// The kind: text, or system for a message of the service
    #[serde(skip_serializing_if = "Option::is_none")]
    comment_type: Option<String>,
    /// The comment that it answers
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_comment_id: Option<u32>,
    /// When it was published
    #[serde(skip_serializing_if = "Option::is_none")]
    published_date: Option<String>,
}

/// A thread in a response of the service
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ThreadRecord {
    pub(super) id: u32,
    #[serde(default)]
    pub(super) status: Option<String>,
    #[serde(default)]
    published_date: Option<String>,
    #[serde(default)]
    last_updated_date: Option<String>,
    #[serde(default)]
    pub(super) comments: Option<Vec<CommentRecord>>,
    #[serde(default)]
    pub(super) properties: Option<Document>,
    #[serde(default)]
    thread_context: Option<Place>,
    #[serde(default)]
    is_deleted: Option<bool>,
}

/// A comment in a response of the service
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CommentRecord {
    pub(super) id: u32,
    #[serde(default)]
    pub(super) parent_comment_id: Option<u32>,
    #[serde(default)]
    pub(super) content: Option<String>,
    #[serde(default)]
    author: Option<Person>,
    #[serde(default)]
    comment_type: Option<String>,
    #[serde(default)]
    published_date: Option<String>,
    #[serde(default)]
    is_deleted: Option<bool>,
    /// The thread, which the service does not repeat
    #[serde(skip)]
    thread: u32,
}

/// What a thread is about
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    #[serde(default)]
    file_path: Option<String>,
    #[serde(default)]
    right_file_start: Option<Position>,
    #[serde(default)]
    left_file_start: Option<Position>,
}

#[derive(Deserialize)]
struct Position {
    #[serde(default)]
    line: Option<u32>,
}

impl ThreadRecord {
    pub(super) fn first(&self) -> Option<&CommentRecord> {
        self.comments.iter().flatten().next()
    }

    /// Returns whether a person wrote one of its comments
    pub(super) fn is_of_people(&self) -> bool {
        let mut comments = self.comments.iter().flatten();
        comments.any(|comment| comment.comment_type.as_deref() != Some("system"))
    }

    pub(super) fn is_deleted(&self) -> bool {
        self.is_deleted == Some(true)
    }

    pub(super) fn is(&self, status: &str) -> bool {
        self.status.as_deref() == Some(status)
    }

    /// Returns the thread as actions return it; deleted comments are left out
    pub(super) fn into_output(self) -> Thread {
        let place = self.thread_context;
        let line = place.as_ref().and_then(|place| {
            let start = place.right_file_start.as_ref().or(place.left_file_start.as_ref());
            start.and_then(|start| start.line)
        });
        let comments = self.comments.into_iter().flatten().filter(|one| one.is_deleted != Some(true));
        Thread {
            thread_id: self.id,
            status: self.status.filter(|status| status != "unknown"),
            file_path: place.and_then(|place| place.file_path),
            line,
            published_date: self.published_date,
            last_updated_date: self.last_updated_date,
            comments: comments.map(ThreadComment::from).collect(),
        }
    }
}

impl CommentRecord {
    /// Returns the comment as one of this thread
    pub(super) fn in_thread(self, thread: ThreadId) -> Self {
        CommentRecord { thread: thread.get(), ..self }
    }
}

impl From<CommentRecord> for ThreadComment {
    fn from(record: CommentRecord) -> Self {
        ThreadComment {
            id: record.id,
            content: record.content.unwrap_or_default(),
            author: record.author.and_then(|author| author.display_name),
            comment_type: record.comment_type,
            parent_comment_id: record.parent_comment_id.filter(|parent| *parent != 0),
            published_date: record.published_date,
        }
    }
}

impl Created for ThreadRecord {
    fn created(&self) -> Option<OffsetDateTime> {
        self.published_date.as_deref().and_then(service_time)
    }

    fn creator(&self) -> Option<&str> {
        self.first()?.author.as_ref()?.id.as_deref()
    }

    fn label(&self) -> String {
        format!("the thread {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        None
    }
}

impl Created for CommentRecord {
    fn created(&self) -> Option<OffsetDateTime> {
        self.published_date.as_deref().and_then(service_time)
    }

    fn creator(&self) -> Option<&str> {
        self.author.as_ref()?.id.as_deref()
    }

    fn label(&self) -> String {
        format!("the comment {} of the thread {}", self.id, self.thread)
    }

    fn link(&self) -> Option<&str> {
        None
    }
}

/// Returns the request that reads a thread
pub(super) fn thread_request(
    path: &[&str],
    id: PullRequestId,
    thread: ThreadId,
    needs: &Needs,
) -> Request<'static> {
    let thread_id = thread.to_string();
    let path: Vec<&str> = path.iter().copied().chain(["threads", &thread_id]).collect();
    let subject = format!("the thread {thread} of the pull request {id}");
    Request::get(&path).named(format!("read {subject}")).needs(needs).missing(subject)
}
