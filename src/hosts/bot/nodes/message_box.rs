//! MessageBox.messageBox: an unattended run has nobody to click it away, so it is shown and the flow goes on.

use crate::contract::Error;
use crate::hosts::bot::checker::Checker;
use crate::hosts::bot::expr::Expr;
use crate::hosts::bot::file::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Frame;

/// What is shown
#[derive(Debug)]
pub(super) struct MessageBox {
    title: Expr,
    content: Expr,
}

pub(super) fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<MessageBox> {
    let title = checker.given_or_empty(raw, "title");
    let content = checker.given_or_empty(raw, "content");
    Some(MessageBox { title: title?, content: content? })
}

pub(super) fn run(node: &MessageBox, place: &Location, frame: &Frame<'_>) -> Result<(), Error> {
    let title = node.title.text(&frame.scope)?;
    let content = node.content.text(&frame.scope)?;
    frame.reporter().message(place, &title, &content);
    Ok(())
}
