//! What an action may touch: its session, its deadline, and a way to say how far it is.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::time::Duration;

use serde::de::DeserializeOwned;
use url::Url;

use crate::actions::Folders;
use crate::actions::Mark;
use crate::contract::BotRunId;
use crate::contract::Call;
use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Limit;
use crate::contract::Masker;
use crate::contract::Progress;
use crate::contract::Secret;
use crate::contract::SessionHandle;
use crate::contract::SessionReference;
use crate::contract::SessionTarget;
use crate::contract::Stated;
use crate::contract::TokenSource;
use crate::contract::Warning;
use crate::contract::WarningCode;
use crate::devops::Connection;
use crate::devops::Document;
use crate::devops::Download;
use crate::devops::Network;
use crate::devops::Page;
use crate::devops::Record;
use crate::devops::Request;
use crate::sessions::Session;
use crate::sessions::Sessions;

/// What all actions of a process share
pub struct Services {
    /// The road to Azure DevOps
    pub network: Network,
    /// Where tokens come from
    pub tokens: Box<dyn TokenSource>,
    /// The open sessions
    pub sessions: Sessions<Connection>,
    /// How often a waiting action asks
    pub polling: Polling,
    /// Where files may be written
    pub folders: Folders,
    /// Whether a commit may have a line in its message by which it is found again when its response is lost
    pub commit_trailer: bool,
}

/// How often a waiting action asks: after `first`, then ever more rarely, up to every `most`
#[derive(Debug, Clone, Copy)]
pub struct Polling {
    /// The first wait
    pub first: Duration,
    /// The longest wait
    pub most: Duration,
}

impl Polling {
    /// The wait after this one
    pub fn after(self, wait: Duration) -> Duration {
        self.most.min(wait.mul_f32(1.5))
    }
}

impl Default for Polling {
    fn default() -> Self {
        Polling { first: Duration::from_secs(1), most: Duration::from_secs(15) }
    }
}

/// What one call of an action may touch
pub struct Context<'a> {
    /// What all actions share
    pub services: &'a Services,
    /// The bot run that calls
    pub bot_run: &'a BotRunId,
    /// Where a session that is opened goes
    pub target: &'a SessionTarget,
    /// The call's books
    pub call: &'a Call,
    /// How a long action tells where it is
    pub progress: &'a dyn Progress,
    /// What must not be shown in this run tree
    pub masker: &'a Masker,
    /// What the call did beside its outputs
    pub notes: &'a Notes,
}

/// What a call did beside its outputs, for the answer and the audit file
#[derive(Default)]
pub struct Notes {
    session: OnceLock<Arc<Session<Connection>>>,
    opened: OnceLock<SessionHandle>,
    warnings: Mutex<Vec<Warning>>,
}

impl Notes {
    /// The session the call worked with
    pub fn session(&self) -> Option<&Arc<Session<Connection>>> {
        self.session.get()
    }

    /// The session the call opened
    pub fn opened(&self) -> Option<SessionHandle> {
        self.opened.get().copied()
    }

    /// What the bot's author should know
    pub fn take_warnings(&self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<'a> Context<'a> {
    /// The session an action asks for, ready to send requests
    pub fn session(&'a self, reference: &SessionReference) -> Result<OpenSession<'a>, Error> {
        let session = self.services.sessions.find(self.bot_run, reference)?;
        self.note_session(&session);
        Ok(OpenSession { cx: self, session })
    }

    /// Keeps which session the call is about
    pub fn note_session(&self, session: &Arc<Session<Connection>>) {
        let _ = self.notes.session.set(session.clone());
    }

    /// Keeps the session the call opened
    pub fn note_opened(&self, session: &Arc<Session<Connection>>) {
        self.note_session(session);
        let _ = self.notes.opened.set(session.handle());
    }

    /// Where the call gets tokens
    pub fn tokens(&'a self) -> MaskedTokens<'a> {
        MaskedTokens { tokens: self.services.tokens.as_ref(), masker: self.masker }
    }

    /// Adds what the bot's author should know
    pub fn warn(&self, code: WarningCode, message: impl Into<String>) {
        let warning = Warning { code, message: message.into() };
        self.notes.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }
}

/// Tokens as an action gets them: each is masked in the run tree's output from then on
pub struct MaskedTokens<'a> {
    tokens: &'a dyn TokenSource,
    masker: &'a Masker,
}

impl TokenSource for MaskedTokens<'_> {
    fn token<'a>(
        &'a self,
        credential: &'a Credential,
        target: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        Box::pin(async move {
            let token = self.tokens.token(credential, target).await?;
            self.masker.remember(&token);
            Ok(token)
        })
    }

    fn refused(&self, token: &Secret) {
        self.tokens.refused(token);
    }

    fn stated(&self, credential: &Credential, target: ConnectTarget<'_>) -> Stated {
        self.tokens.stated(credential, target)
    }
}

/// The address in a browser of a place in a project
pub(super) fn web_url(connection: &Connection, project: &str, path: &[&str]) -> String {
    let Ok(mut url) = Url::parse(&connection.organization().base()) else { return String::new() };
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().push(project).extend(path);
    }
    url.into()
}

/// A session while an action works with it
pub struct OpenSession<'a> {
    cx: &'a Context<'a>,
    session: Arc<Session<Connection>>,
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

    /// A mark for the message of a commit, if the operator allows one there
    pub(super) fn commit_mark(&self) -> Option<Mark> {
        self.cx.services.commit_trailer.then(Mark::new)
    }

    /// Adds what the bot's author should know
    pub(super) fn warn(&self, code: WarningCode, message: String) {
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
