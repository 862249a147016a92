//! The requests of a connection, each with its call and tokens.

use serde::de::DeserializeOwned;

use crate::contract::Call;
use crate::contract::Error;
use crate::contract::Findings;
use crate::contract::Needs;
use crate::contract::TokenSource;
use crate::devops::auth::identity::Identity;
use crate::devops::client::connection::Connection;
use crate::devops::client::document::Document;
use crate::devops::client::download::Download;
use crate::devops::client::page::Page;
use crate::devops::client::record::Record;
use crate::devops::message::request::Request;

#[allow(missing_docs)]
impl Connection {
    pub async fn send<T: DeserializeOwned>(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        request: Request<'_>,
    ) -> Result<T, Error> {
        self.client(call, tokens).send(request).await
    }
    pub async fn send_text(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        request: Request<'_>,
    ) -> Result<String, Error> {
        self.client(call, tokens).send_text(request).await
    }
    pub async fn check(&self, call: &Call, tokens: &dyn TokenSource) -> Result<Identity, Error> {
        self.client(call, tokens).check().await
    }
    pub async fn preflight(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        needs: &[Needs],
    ) -> Result<Findings, Error> {
        self.client(call, tokens).preflight(needs).await
    }
    pub async fn download(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        request: &Request<'_>,
        link: &str,
    ) -> Result<Download, Error> {
        self.client(call, tokens).download(request, link).await
    }
    pub async fn send_list<T: DeserializeOwned>(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        request: Request<'_>,
    ) -> Result<Vec<T>, Error> {
        self.client(call, tokens).send_list(request).await
    }
    pub async fn send_page<T: DeserializeOwned>(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        request: Request<'_>,
        limit: usize,
    ) -> Result<Page<T>, Error> {
        self.client(call, tokens).send_page(request, limit).await
    }
    pub async fn send_record<R: Record>(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        request: Request<'_>,
        raw: bool,
    ) -> Result<R, Error> {
        self.client(call, tokens).send_record(request, raw).await
    }
    pub async fn send_records<R: Record>(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        request: Request<'_>,
        limit: usize,
        raw: bool,
    ) -> Result<Page<R>, Error> {
        self.client(call, tokens).send_records(request, limit, raw).await
    }
    pub async fn revise<'r>(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        thing: &str,
        read: impl Fn() -> Request<'r>,
        change: impl FnOnce(&mut Document) -> Result<(), Error>,
        write: impl FnOnce(&Document) -> Result<Request<'r>, Error>,
    ) -> Result<Document, Error> {
        self.client(call, tokens).revise(thing, read, change, write).await
    }
}
