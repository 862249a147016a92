//! The session that an action works through.

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::actions::runtime::context::Context;
use crate::actions::runtime::services::Polling;
use crate::actions::runtime::web_url::web_url;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Limit;
use crate::contract::SessionReference;
use crate::contract::WarningCode;
use crate::devops::Connection;
use crate::devops::Document;
use crate::devops::Download;
use crate::devops::Page;
use crate::devops::Record;
use crate::devops::Request;
use crate::sessions::Session;

/// A session while an action works with it
pub struct OpenSession<'a> {
    cx: &'a Context<'a>,
    session: Arc<Session<Connection>>,
}

impl<'a> Context<'a> {
    /// The session an action asks for, ready to send requests
    pub fn session(&'a self, reference: &SessionReference) -> Result<OpenSession<'a>, Error> {
        let session = self.services.sessions.find(self.bot_run, reference)?;
        self.note_session(&session);
        Ok(OpenSession { cx: self, session })
    }
}

impl OpenSession<'_> {
    /// The connection
    pub fn connection(&self) -> &Connection {
        self.session.connection()
    }

    /// The session itself
    pub fn session(&self) -> &Session<Connection> {
        &self.session
    }

    /// The project's name, for messages
    pub fn project(&self) -> &str {
        &self.connection().project().name
    }

    /// The address in a browser of a place in a project, where the service's record does not have it
    pub fn web_url(&self, project: &str, path: &[&str]) -> String {
        web_url(self.connection(), project, path)
    }

    /// The beginning of a text of the service, safe to show: masked before it is cut
    pub fn excerpt(&self, text: &str, most: usize) -> String {
        self.cx.masker.mask(text).excerpt(most)
    }

    /// How often a waiting action asks
    pub fn polling(&self) -> Polling {
        self.cx.services.polling
    }

    /// Whether the operator allows a mark in the message of a commit
    pub(crate) fn marks_commits(&self) -> bool {
        self.cx.services.commit_trailer
    }

    /// Adds what the bot's author should know
    pub(crate) fn warn(&self, code: WarningCode, message: String) {
        self.cx.warn(code, message);
    }

    /// Sends a request and decodes its answer
    ///
    /// Ends at once when the session is closed meanwhile: nothing starts on a closed session.
    pub async fn send<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().send(self.cx.call, &tokens, request)).await
    }

    /// Sends a request for a list and follows its pages
    pub async fn send_list<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<Vec<T>, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().send_list(self.cx.call, &tokens, request)).await
    }

    /// Opens the file that a link out of an answer leads to; `request` has the words and needs of messages
    pub async fn download(&self, request: &Request<'_>, link: &str) -> Result<Download, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().download(self.cx.call, &tokens, request, link)).await
    }

    /// Sends a request and reads the text of a file
    pub async fn send_text(&self, request: Request<'_>) -> Result<String, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().send_text(self.cx.call, &tokens, request)).await
    }

    /// Sends a request and reads a record, with the service's own words for it when `raw` says so
    pub async fn send_record<R: Record>(&self, request: Request<'_>, raw: bool) -> Result<R, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().send_record(self.cx.call, &tokens, request, raw)).await
    }

    /// Reads a list of records, as many as the limit says, and whether there are more
    ///
    /// A list that the default limit cut is warned about, since a flow may take it for the whole.
    pub async fn send_records<R: Record>(
        &self,
        request: Request<'_>,
        limit: Limit,
        raw: bool,
    ) -> Result<Page<R>, Error> {
        let tokens = self.cx.tokens();
        let records = self.connection().send_records(self.cx.call, &tokens, request, limit.get(), raw);
        let page = self.unless_closed(records).await?;
        self.warn_of_more(page.more, limit);
        Ok(page)
    }

    /// The first entries of a list that came in one answer, as many as the limit says
    pub fn cut<T>(&self, mut items: Vec<T>, limit: Limit) -> Page<T> {
        let more = items.len() > limit.get();
        items.truncate(limit.get());
        self.warn_of_more(more, limit);
        Page { items, more }
    }

    fn warn_of_more(&self, more: bool, limit: Limit) {
        if more && limit == Limit::default() {
            let message = format!("the list has more than {} entries: give a higher `limit`", limit.get());
            self.cx.warn(WarningCode::ListCut, message);
        }
    }

    /// Reads a record, changes it and writes it back; one that was changed meanwhile is `resource.conflict`
    ///
    /// See [`Connection::revise`].
    pub async fn revise<'r>(
        &self,
        thing: &str,
        read: impl Fn() -> Request<'r>,
        change: impl FnOnce(&mut Document) -> Result<(), Error>,
        write: impl FnOnce(&Document) -> Result<Request<'r>, Error>,
    ) -> Result<Document, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().revise(self.cx.call, &tokens, thing, read, change, write)).await
    }

    /// Waits, unless the session is closed meanwhile
    pub async fn pause(&self, duration: Duration) -> Result<(), Error> {
        self.unless_closed(async {
            tokio::time::sleep(duration).await;
            Ok(())
        })
        .await
    }

    /// Runs some work of the connection; closing the session ends it at once
    pub async fn unless_closed<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        tokio::select! {
            biased;
            () = self.session.closed() => Err(match self.cx.call.unknown_change() {
                Some(change) => Error::new(
                    ErrorCode::ServiceOutcomeUnknown,
                    format!("the session was closed while the answer to \"{change}\" was awaited; it may have been carried out"),
                ),
                None => self.session.closed_error(),
            }),
            result = work => result,
        }
    }
}
