//! Results that are too long for one answer: the whole text is kept, and read in pages.
//!
//! The dispatcher has masked all of it, so that a cut leaves no part of a token.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use serde_json::Value as Json;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::printable;

/// The longest text of one answer, in bytes; `docs/hosts/mcp.md` states it
pub(super) const LONGEST: usize = 32 * 1024;

/// How many long results of a caller are kept; the oldest makes room
const KEPT: usize = 32;

/// How many bytes the kept results of a caller have at most, the newest apart
const KEPT_BYTES: usize = 32 << 20;

/// The lengths to which texts and lists are cut, one pair after the other until the result is short enough
const CUTS: &[(usize, usize)] =
    &[(8192, 200), (2048, 100), (1024, 50), (512, 20), (256, 10), (128, 5), (64, 2), (16, 1), (0, 0)];

/// The long results of one caller
#[derive(Default)]
pub(super) struct Results(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    counted: u64,
    results: VecDeque<(String, Arc<str>)>,
    bytes: usize,
}

/// A part of a long result
pub(super) struct ResultPage {
    pub(super) text: String,
    /// Where the next page begins, in bytes; `None` after the last page
    pub(super) next: Option<usize>,
    pub(super) total: usize,
}

impl Results {
    /// Keeps a text and returns its name: `result-3`
    pub(super) fn keep(&self, text: String) -> String {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.counted += 1;
        let name = format!("result-{}", kept.counted);
        kept.bytes += text.len();
        kept.results.push_back((name.clone(), text.into()));
        while kept.results.len() > 1 && (kept.results.len() > KEPT || kept.bytes > KEPT_BYTES) {
            let oldest = kept.results.pop_front().map_or(0, |(_, text)| text.len());
            kept.bytes -= oldest;
        }
        name
    }

    /// Returns the part of a result that begins at this byte
    ///
    /// Errors: `resource.not_found` for a result that is not kept, `input.invalid` for an offset that is not in it.
    pub(super) fn page(&self, name: &str, offset: usize) -> Result<ResultPage, Error> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.results.iter().find(|(known, _)| known == name).map(|(_, text)| Arc::clone(text));
        drop(kept);
        let text = found.ok_or_else(|| {
            let message = format!("there is no result \"{}\"", printable(name, 64));
            let help = format!("The last {KEPT} long results are kept. Call the tool again, with a lower limit if it has one.");
            Error::new(ErrorCode::ResourceNotFound, message).help(help)
        })?;
        page(&text, offset).ok_or_else(|| {
            let message = format!("the field \"offset\" must be the start of a page, 0 to {}", text.len());
            Error::new(ErrorCode::InputInvalid, message).with("field", "offset")
        })
    }
}

/// Returns the page that begins at this byte; `None` if no character does
pub(super) fn page(text: &str, offset: usize) -> Option<ResultPage> {
    let rest = text.get(offset..)?;
    let end = rest.floor_char_boundary(LONGEST);
    let next = (end < rest.len()).then_some(offset + end);
    Some(ResultPage { text: rest[..end].to_owned(), next, total: text.len() })
}

/// Returns a value whose JSON is short enough: long texts and lists are cut, and it keeps its schema
pub(super) fn shortened(whole: &Json) -> Json {
    let short = |value: &Json| value.to_string().len() <= LONGEST;
    if short(whole) {
        return whole.clone();
    }
    let cut = |(text, items): &(usize, usize)| cut(whole, *text, *items, 0);
    CUTS.iter().map(cut).find(short).unwrap_or_else(|| cut(&(0, 0)))
}

fn cut(value: &Json, text: usize, items: usize, depth: usize) -> Json {
    match value {
        Json::String(long) if long.len() > text => {
            let end = long.floor_char_boundary(text);
            Json::String(format!("{}[cut]", &long[..end]))
        }
        Json::Array(list) => list.iter().take(items).map(|item| cut(item, text, items, depth + 1)).collect(),
        Json::Object(members) => {
            // The members of the action's own types are few. A larger object below the top has names of the service.
            let most = if depth == 0 || members.len() <= 64 { usize::MAX } else { items };
            let members = members.iter().take(most);
            members.map(|(name, value)| (name.clone(), cut(value, text, items, depth + 1))).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_pages_of_a_long_text_have_all_of_it() {
        let whole = "äöü€🎉 text ".repeat(9000);
        let results = Results::default();
        let name = results.keep(whole.clone());
        let (mut read, mut offset) = (String::new(), Some(0));
        while let Some(at) = offset {
            let page = results.page(&name, at).expect("it is a page");
            assert!(page.text.len() <= LONGEST && page.total == whole.len());
            read.push_str(&page.text);
            offset = page.next;
        }
        assert_eq!(read, whole);
        for bad in [1, whole.len() + 1, usize::MAX] {
            assert_eq!(
                results.page(&name, bad).err().map(|error| error.code()),
                Some(ErrorCode::InputInvalid)
            );
        }
    }

    #[test]
    fn only_the_last_results_are_kept() {
        let results = Results::default();
        let first = results.keep("a".to_owned());
        (0..KEPT).for_each(|_| drop(results.keep("b".to_owned())));
        assert!(results.page(&first, 0).is_err());
        let large = results.keep("c".repeat(KEPT_BYTES + 1));
        assert!(results.page(&large, 0).is_ok());
        assert_eq!(results.0.lock().expect("no panic").results.len(), 1);
    }

    #[test]
    fn a_long_value_is_cut_to_the_limit_and_keeps_its_members() {
        let many: serde_json::Map<String, Json> = (0..9999).map(|n| (n.to_string(), json!("x"))).collect();
        for long in [
            json!({ "text": "é".repeat(99_999), "n": 1 }),
            json!({ "list": vec![json!({ "id": 1, "text": "x".repeat(999) }); 9999], "more": true }),
            json!({ "fields": many }),
        ] {
            let short = shortened(&long);
            assert!(short.to_string().len() <= LONGEST);
            let names =
                |value: &Json| value.as_object().expect("it is one").keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(&short), names(&long));
        }
        let short = json!({ "text": "whole" });
        assert_eq!(shortened(&short), short);
    }
}
