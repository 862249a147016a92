//! A web page in place of a response of the service: its title, and the page that it leads to.

use reqwest::header::HeaderMap;

use crate::devops::message::service_error::media_type;
use crate::devops::message::service_error::without_mark;

/// The part of a page that is read, in bytes: title and refresh are in its head
const HEAD: usize = 64 * 1024;

/// The longest title that is returned, in bytes
const TITLE: usize = 240;

/// Whether a response is a web page: by its media type, or without one by the beginning of its body
pub(crate) fn is_web_page(headers: &HeaderMap, body: &[u8]) -> bool {
    match media_type(headers) {
        Some(media) => matches!(&*media, "text/html" | "application/xhtml+xml"),
        None => {
            let start = without_mark(body).trim_ascii_start();
            let begins =
                |tag: &[u8]| start.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
            let tags: [&[u8]; 5] = [b"<!doctype html", b"<html", b"<head", b"<meta", b"<!--"];
            tags.into_iter().any(begins)
        }
    }
}

/// Returns the title of a page; nothing if it has none
pub(crate) fn title(body: &[u8]) -> Option<String> {
    let (page, lower) = head(body);
    let tag = lower.find("<title")?;
    let start = tag + lower[tag..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    words(&plain(&page[start..end])).filter(|title| !title.is_empty())
}

/// Returns the URL that a page leads to after a moment: `<meta http-equiv="refresh" content="0; url=…">`
pub(crate) fn refresh(body: &[u8]) -> Option<String> {
    let (page, lower) = head(body);
    let mut from = 0;
    while let Some(at) = lower[from..].find("<meta").map(|at| from + at) {
        let end = at + lower[at..].find('>')?;
        let tag = &lower[at..end];
        if tag.contains("http-equiv") && tag.contains("refresh") {
            let url = at + tag.find("url=")? + "url=".len();
            let target = page[url..end].trim_start_matches(['"', '\'']);
            let target = target.split(['"', '\'']).next().unwrap_or_default();
            return Some(plain(target.trim())).filter(|target| !target.is_empty());
        }
        from = end;
    }
    None
}

/// Returns the words of a text on one line, as many as fit
///
/// A word is returned whole or not at all: a part of a token would not be masked.
pub(crate) fn words(text: &str) -> Option<String> {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.len() + word.len() >= TITLE {
            line.push_str(if line.is_empty() { "..." } else { " ..." });
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    Some(line).filter(|line| !line.is_empty())
}

/// Returns the beginning of a page as text, and the same in lower case, at the same positions
fn head(body: &[u8]) -> (String, String) {
    let page = String::from_utf8_lossy(&body[..body.len().min(HEAD)]).into_owned();
    let lower = page.to_ascii_lowercase();
    (page, lower)
}

/// Replaces the character references that titles and URLs have
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference = rest.find(';').filter(|end| *end <= 10).map(|end| &rest[1..end]);
        match reference.and_then(character) {
            Some(c) => {
                out.push(c);
                rest = &rest[reference.map_or(1, |name| name.len() + 2)..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(reference: &str) -> Option<char> {
    let code = match reference {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        "nbsp" => return Some(' '),
        _ => reference.strip_prefix('#')?,
    };
    let number = match code.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => code.parse().ok()?,
    };
    char::from_u32(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::CONTENT_TYPE;
    use reqwest::header::HeaderValue;

    #[test]
    fn a_page_is_recognized_by_its_media_type_or_else_by_its_first_tag() {
        let page = |media: Option<&'static str>, body: &str| {
            let header = media.map(|media| (CONTENT_TYPE, HeaderValue::from_static(media)));
            is_web_page(&HeaderMap::from_iter(header), body.as_bytes())
        };
        assert!(page(Some("text/html; charset=utf-8"), "") && page(Some("Application/XHTML+xml"), ""));
        assert!(page(None, "\u{feff}\r\n <!DOCTYPE HTML><html>") && page(None, "<html lang=en>"));
        for (media, body) in [
            (Some("text/plain"), "<html>"),
            (Some("application/json"), "<html>"),
            (None, "{\"message\":\"<html>\"}"),
            (None, ""),
        ] {
            assert!(!page(media, body), "{media:?} {body}");
        }
    }

    #[test]
    fn the_title_is_one_line_of_whole_words() {
        let rows = [
            ("<html><head><TITLE lang=en>\r\n  Access\tDenied\n</Title>", Some("Access Denied")),
            (
                "<title>A &amp; B&#39;s &quot;gate&quot; &#x2013; &lt;1&gt; &unknown; R&D</title>",
                Some("A & B's \"gate\" – <1> &unknown; R&D"),
            ),
            ("<title></title>", None),
            ("<title>never closed", None),
            ("<h1>no title</h1>", None),
            ("", None),
        ];
        for (page, expected) in rows {
            assert_eq!(title(page.as_bytes()).as_deref(), expected, "{page}");
        }
        let long = format!("<title>{} {}</title>", "word ".repeat(40), "x".repeat(300));
        let shown = title(long.as_bytes()).expect("it has a title");
        assert!(shown.ends_with("word ...") && !shown.contains('x'), "{shown}");
        assert_eq!(title(format!("<title>{}</title>", "x".repeat(300)).as_bytes()).as_deref(), Some("..."));
        assert_eq!(title(b"<title>caf\xe9</title>").as_deref(), Some("caf\u{fffd}"));
    }

    #[test]
    fn the_page_that_a_page_leads_to_is_in_its_refresh() {
        let rows = [
            (
                "<meta charset=utf-8><META HTTP-EQUIV='refresh' CONTENT='10; URL=https://login.example/'>",
                Some("https://login.example/"),
            ),
            ("<meta http-equiv=\"refresh\" content=\"0;url='/a?b=1&amp;c=2'\"/>", Some("/a?b=1&c=2")),
            ("<meta http-equiv=refresh content=5>", None),
            ("<meta name=url content='url=x'>", None),
            ("<meta", None),
        ];
        for (page, expected) in rows {
            assert_eq!(refresh(page.as_bytes()).as_deref(), expected, "{page}");
        }
    }
}
