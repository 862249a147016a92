//! Reads a record, changes it, and writes it back; a concurrent change is a conflict and is never overwritten.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::devops::client::document::Document;
use crate::devops::client::service_client::ServiceClient;
use crate::devops::message::request::Request;

impl ServiceClient<'_> {
    /// Reads a record, changes it and writes it back with the revision that was read
    ///
    /// `thing` names it in messages: `the pipeline "site"`. `write` builds the request from the changed record,
    /// which contains its revision, so that the service rejects the request after a concurrent change. The errors
    /// of that differ by area; so after an error the record is read again, and another revision means
    /// `resource.conflict`. Errors: those of [`ServiceClient::send`], and those of `change`.
    pub async fn revise<'r>(
        self,
        thing: &str,
        read: impl Fn() -> Request<'r>,
        change: impl FnOnce(&mut Document) -> Result<(), Error>,
        write: impl FnOnce(&Document) -> Result<Request<'r>, Error>,
    ) -> Result<Document, Error> {
        let mut document: Document = self.send(read()).await?;
        let before = document.revision();
        change(&mut document)?;
        let error = match self.send(write(&document)?).await {
            Err(error)
                if matches!(error.code(), ErrorCode::ServiceRejected | ErrorCode::ResourceConflict) =>
            {
                error
            }
            result => return result,
        };
        let now = self.send::<Document>(read()).await.ok().and_then(|now| now.revision());
        match (before, now) {
            (Some(before), Some(now)) if before != now => Err(Error::new(
                ErrorCode::ResourceConflict,
                format!(
                    "{thing} was changed in the meantime: it was read at revision {before} and is at {now} now"
                ),
            )
            .with("revision", now)
            .caused_by(error)),
            _ => Err(error),
        }
    }
}
