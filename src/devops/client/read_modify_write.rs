//! Read, change, write: a record that somebody else changed meanwhile is a conflict and never overwritten.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::devops::client::document::Document;
use crate::devops::client::service_client::ServiceClient;
use crate::devops::message::request::Request;

impl ServiceClient<'_> {
    /// Reads a record, changes it and writes it back with the revision it was read at
    ///
    /// `thing` names it in messages: `the pipeline "site"`. `write` makes the request out of the changed record,
    /// whose revision it carries, so that the service refuses it when the record moved on. How it says so differs
    /// from area to area; therefore a refused record is read once more, and another revision than before is
    /// `resource.conflict`. Errors: those of [`ServiceClient::send`], and those of `change`.
    pub async fn revise<'r>(
        &self,
        thing: &str,
        read: impl Fn() -> Request<'r>,
        change: impl FnOnce(&mut Document) -> Result<(), Error>,
        write: impl FnOnce(&Document) -> Result<Request<'r>, Error>,
    ) -> Result<Document, Error> {
        let mut document: Document = self.send(read()).await?;
        let before = document.revision();
        change(&mut document)?;
        let refused = match self.send(write(&document)?).await {
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
                    "{thing} was changed meanwhile: revision {before} was to be changed, {now} is there now"
                ),
            )
            .with("revision", now)
            .caused_by(refused)),
            _ => Err(refused),
        }
    }
}
