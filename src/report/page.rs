//! The frame of a page: one file without scripts, whose style is in it.

use maud::DOCTYPE;
use maud::Markup;
use maud::PreEscaped;
use maud::html;

/// Everything but the style in the page is refused by the browser, so that no text of a flow can load or run anything
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("style.css");

/// Returns a whole page
pub(super) fn page(title: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (body)
                footer { "Made by azdo-bot " (env!("CARGO_PKG_VERSION")) ". Tokens are masked." }
            }
        }
    };
    page.into_string()
}

/// Returns a text whose words in backquotes are code
pub(super) fn text_with_code(text: &str) -> Markup {
    let parts: Vec<&str> = text.split('`').collect();
    // A backquote without a second one is a character like any other.
    if parts.len().is_multiple_of(2) {
        return html! { (text) };
    }
    html! {
        @for (at, part) in parts.iter().enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// Returns a link to a page of the service; a text that is no address of the web stays a text
pub(super) fn link(address: &str, text: &str) -> Markup {
    let is_address = address.starts_with("https://") || address.starts_with("http://");
    html! {
        @if is_address { a href=(address) rel="noreferrer" { (text) } } @else { (text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_backquotes_are_code() {
        for (text, expected) in [
            ("`azdo-bot actions` lists <them>.", "<code>azdo-bot actions</code> lists &lt;them&gt;."),
            ("a ` b", "a ` b"),
            ("plain", "plain"),
        ] {
            assert_eq!(text_with_code(text).into_string(), expected);
        }
    }
}
