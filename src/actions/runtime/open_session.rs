//! The session of a running action.

use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::actions::runtime::context::Context;
use crate::actions::runtime::services::Polling;
use crate::actions::runtime::web_url::web_url;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Limit;
use crate::contract::Secret;
use crate::contract::SessionReference;
use crate::contract::WarningCode;
use crate::devops::Connection;
use crate::devops::Document;
use crate::devops::Download;
use crate::devops::Page;
use crate::devops::Record;
use crate::devops::Request;
use crate::sessions::Session;
use crate::sessions::SessionInUse;

/// The session of a running action, which sends its requests
pub struct OpenSession<'a> {
    cx: &'a Context<'a>,
    session: SessionInUse<Connection>,
}

impl<'a> Context<'a> {
    /// Returns the session that an action names, ready to send requests
    pub fn session(&'a self, reference: &SessionReference) -> Result<OpenSession<'a>, Error> {
        let session = self.services.sessions.find_for_use(self.bot_run, reference)?;
        self.note_session(&session);
        Ok(OpenSession { cx: self, session })
    }
}

impl OpenSession<'_> {
    /// Returns the connection
    pub fn connection(&self) -> &Connection {
        self.session.connection()
    }

    /// Returns the session itself
    pub fn session(&self) -> &Session<Connection> {
        &self.session
    }

    /// Returns the project's name, for messages
    pub fn project(&self) -> &str {
        self.connection().project().shown()
    }

    /// Returns the address in a browser of a page in a project, for records without one
    pub fn web_url(&self, project: &str, path: &[&str]) -> String {
        web_url(self.connection(), project, path)
    }

    /// Returns the beginning of a text from the service, masked before it is cut
    pub fn excerpt(&self, text: &str, most: usize) -> String {
        self.cx.masker.mask(text).excerpt(most)
    }

    /// Masks a value in all further output of the run tree
    pub(crate) fn remember_secret(&self, value: &str) {
        self.cx.masker.remember(&Secret::new(value.to_owned()));
    }

    /// Returns the polling intervals
    pub fn polling(&self) -> Polling {
        self.cx.services.polling
    }

    /// Returns whether the operator allows a mark in commit messages
    pub(crate) fn marks_commits(&self) -> bool {
        self.cx.services.commit_trailer
    }

    /// Adds a warning
    pub(crate) fn warn(&self, code: WarningCode, message: String) {
        self.cx.warn(code, message);
    }

    /// Sends a request and decodes the response
    ///
    /// Ends at once when the session closes in the meantime: nothing starts on a closed session.
    pub async fn send<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().client(self.cx.call, &tokens).send(request)).await
    }

    /// Sends a request for a list and reads all pages
    pub async fn send_list<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<Vec<T>, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().client(self.cx.call, &tokens).send_list(request)).await
    }

    /// Opens the file behind a link from a response; `request` has the name and needs for messages
    pub async fn download(&self, request: &Request<'_>, link: &str) -> Result<Download, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().client(self.cx.call, &tokens).download(request, link)).await
    }

    /// Opens the file that a request for it returns
    pub async fn open_file(&self, request: &Request<'_>) -> Result<Download, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().client(self.cx.call, &tokens).open_file(request)).await
    }

    /// Sends a request and reads the text of a file
    pub async fn send_text(&self, request: Request<'_>) -> Result<String, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().client(self.cx.call, &tokens).send_text(request)).await
    }

    /// Sends a request and reads the beginning of a file, up to the size limit of one object
    pub async fn send_for_start(&self, request: Request<'_>) -> Result<Vec<u8>, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().client(self.cx.call, &tokens).send_for_start(request)).await
    }

    /// Sends a request and reads a record, with the service's own record if `raw`
    pub async fn send_record<R: Record>(&self, request: Request<'_>, raw: bool) -> Result<R, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().client(self.cx.call, &tokens).send_record(request, raw)).await
    }

    /// Reads a list of records up to the limit, and whether there are more
    ///
    /// Adds a warning if the default limit cut the list, since a flow may take it for the complete list.
    pub async fn send_records<R: Record>(
        &self,
        request: Request<'_>,
        limit: Limit,
        raw: bool,
    ) -> Result<Page<R>, Error> {
        let page = self.send_part(request, limit.get(), raw).await?;
        self.warn_of_more(page.more, limit);
        Ok(page)
    }

    /// Reads up to `most` records of a list that is a part of the complete one
    pub async fn send_part<R: Record>(
        &self,
        request: Request<'_>,
        most: usize,
        raw: bool,
    ) -> Result<Page<R>, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(self.connection().client(self.cx.call, &tokens).send_records(request, most, raw))
            .await
    }

    /// Returns the entries of a complete list up to the limit
    pub fn cut<T>(&self, mut items: Vec<T>, limit: Limit) -> Page<T> {
        let more = items.len() > limit.get();
        items.truncate(limit.get());
        self.warn_of_more(more, limit);
        Page { items, more }
    }

    fn warn_of_more(&self, more: bool, limit: Limit) {
        if more && limit == Limit::default() {
            let message = format!("the list has more than {} entries: set a higher `limit`", limit.get());
            self.cx.warn(WarningCode::ListCut, message);
        }
    }

    /// Reads a record, changes it and writes it back; fails with `resource.conflict` if it was changed in the meantime
    ///
    /// See [`ServiceClient::revise`](crate::devops::ServiceClient::revise).
    pub async fn revise<'r>(
        &self,
        subject: &str,
        read: impl Fn() -> Request<'r>,
        change: impl FnOnce(&mut Document) -> Result<(), Error>,
        write: impl FnOnce(&Document) -> Result<Request<'r>, Error>,
    ) -> Result<Document, Error> {
        let tokens = self.cx.tokens();
        self.unless_closed(
            self.connection().client(self.cx.call, &tokens).revise(subject, read, change, write),
        )
        .await
    }

    /// Waits, unless the session closes in the meantime
    pub async fn pause(&self, duration: Duration) -> Result<(), Error> {
        self.unless_closed(async {
            tokio::time::sleep(duration).await;
            Ok(())
        })
        .await
    }

    /// Runs requests until they finish or the session closes
    pub fn unless_closed<'w, T>(
        &'w self,
        work: impl Future<Output = Result<T, Error>> + 'w,
    ) -> impl Future<Output = Result<T, Error>> + 'w {
        // The state of a request is large. On the heap, it is not part of the state of each future above it.
        let work = Box::pin(work);
        async move {
            tokio::select! {
                biased;
                () = self.session.closed() => Err(match self.cx.call.unknown_change() {
                    Some(change) => Error::new(
                        ErrorCode::ServiceOutcomeUnknown,
                        format!("the session was closed before the response to \"{change}\" arrived; it may have been carried out"),
                    ),
                    None => self.session.closed_error(),
                }),
                result = work => result,
            }
        }
    }
}
