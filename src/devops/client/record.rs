//! A record of the service, and its own words for it when they are asked for.

use serde::Deserialize;
use serde::Deserializer;
use serde::de::DeserializeOwned;
use serde::de::Error as _;

use crate::contract::Error;
use crate::contract::Raw;
use crate::devops::client::page::Page;
use crate::devops::client::service_client::ServiceClient;
use crate::devops::message::request::Request;

/// A record that can keep what it was read from
pub trait Record: DeserializeOwned {
    /// Keeps the record as the service wrote it
    fn keep(&mut self, raw: Raw);
}

impl ServiceClient<'_> {
    /// Sends a request and reads the record it is answered with; `raw` keeps the service's words too
    ///
    /// What is not kept costs nothing. Errors: those of [`ServiceClient::send`].
    pub async fn send_record<R: Record>(&self, request: Request<'_>, raw: bool) -> Result<R, Error> {
        if raw { Ok(self.send::<Kept<R>>(request).await?.0) } else { self.send(request).await }
    }

    /// Reads a list of records until so many are there; `raw` keeps the service's words for each
    ///
    /// Errors: those of [`ServiceClient::send_list`].
    pub async fn send_records<R: Record>(
        &self,
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

/// A record read together with what it was read from
struct Kept<R>(R);

impl<'de, R: Record> Deserialize<'de> for Kept<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Raw::deserialize(deserializer)?;
        let mut record: R = raw.read().map_err(|_| D::Error::custom("another shape"))?;
        record.keep(raw);
        Ok(Kept(record))
    }
}
