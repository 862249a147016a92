//! Reads lists page by page, and no more pages than necessary.

use serde::de::DeserializeOwned;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::devops::client::service_client::ServiceClient;
use crate::devops::errors::response_error;
use crate::devops::message::body;
use crate::devops::message::list::List;
use crate::devops::message::pagination::Pagination;
use crate::devops::message::request::Request;

/// More pages than any list has: beyond them the service repeats itself
const MAX_PAGES: usize = 1000;

/// The first entries of a list
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries, in the order of the service
    pub items: Vec<T>,
    /// Whether the list continues after them
    pub more: bool,
}

impl ServiceClient<'_> {
    /// Reads a whole list, page after page
    ///
    /// Errors: those of [`ServiceClient::send`]; `service.response_too_large` if all pages together are
    /// larger than the limit of a list; `service.bad_response` if the pages do not end.
    pub async fn send_list<T: DeserializeOwned>(self, request: Request<'_>) -> Result<Vec<T>, Error> {
        Ok(self.send_page(request, usize::MAX).await?.items)
    }

    /// Reads a list up to `limit` entries
    ///
    /// Errors: those of [`ServiceClient::send_list`].
    pub async fn send_page<T: DeserializeOwned>(
        self,
        request: Request<'_>,
        limit: usize,
    ) -> Result<Page<T>, Error> {
        let request = if request.is_list() { request } else { request.list() };
        let pagination = request.pagination();
        let mut items = Vec::new();
        let mut bytes = 0;
        let mut token: Option<String> = None;
        for _ in 0..MAX_PAGES {
            let left = limit - items.len();
            let (top, skip) = (pagination.top(left), items.len().to_string());
            let top_value = top.map(|top| top.to_string()).unwrap_or_default();
            let page = pagination.parameters(&top_value, &skip, token.as_deref());
            let (mut response, pass) = self.exchange(&request, &page).await?;
            let read = body::decode(&response);
            let page: List<T> = self.readable(read, &request, &mut response, &pass)?;
            let received = page.value.len();
            items.extend(page.value.into_iter().take(left));
            bytes += response.body.len();
            if bytes > self.connection.transport.limits.list_bytes {
                let limit = self.connection.transport.limits.list_bytes;
                let message =
                    format!("Could not {}: the list is larger than {limit} bytes", request.description());
                return Err(Error::new(ErrorCode::ServiceResponseTooLarge, message));
            }
            if received > left {
                return Ok(Page { items, more: true });
            }
            if let Pagination::Count { .. } = pagination {
                if top.is_some_and(|top| received < top) {
                    return Ok(Page { items, more: false });
                }
                continue;
            }
            match response.continuation_token() {
                None => return Ok(Page { items, more: false }),
                next if next == token.as_deref() => break,
                Some(_) if items.len() == limit => return Ok(Page { items, more: true }),
                next => token = next.map(str::to_owned),
            }
        }
        Err(response_error::unreadable(&request, "has too many pages: the list does not end"))
    }
}
