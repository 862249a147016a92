//! A record of the service, with its raw JSON on request.

use serde::Deserialize;
use serde::Deserializer;
use serde::de::DeserializeOwned;
use serde::de::Error as _;

use crate::contract::Error;
use crate::contract::Raw;
use crate::devops::client::page::Page;
use crate::devops::client::service_client::ServiceClient;
use crate::devops::message::request::Request;

/// A record that can keep its raw JSON
pub trait Record: DeserializeOwned {
    /// Keeps the raw JSON of the record
    fn keep(&mut self, raw: Raw);
}

impl ServiceClient<'_> {
    /// Sends a request and reads the record in the response; `raw` keeps the raw JSON too
    ///
    /// Errors: those of [`ServiceClient::send`].
    pub async fn send_record<R: Record>(self, request: Request<'_>, raw: bool) -> Result<R, Error> {
        if raw { Ok(self.send::<Kept<R>>(request).await?.0) } else { self.send(request).await }
    }

    /// Reads a list of records up to `limit`; `raw` keeps the raw JSON of each
    ///
    /// Errors: those of [`ServiceClient::send_list`].
    pub async fn send_records<R: Record>(
        self,
        request: Request<'_>,
        limit: usize,
        raw: bool,
    ) -> Result<Page<R>, Error> {
        if raw {
            let page = self.send_page::<Kept<R>>(request, limit).await?;
            Ok(Page { items: page.items.into_iter().map(|kept| kept.0).collect(), more: page.more })
        } else {
            self.send_page(request, limit).await
        }
    }
}

/// A record with its raw JSON
struct Kept<R>(R);

impl<'de, R: Record> Deserialize<'de> for Kept<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Raw::deserialize(deserializer)?;
        let mut record: R = raw.read().map_err(|_| D::Error::custom("the record has another type"))?;
        record.keep(raw);
        Ok(Kept(record))
    }
}
