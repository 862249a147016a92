//! MessageBox.messageBox: writes the message; the flow continues at once, since the run is unattended.

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::finished;
use crate::hosts::bot::values::Expr;

/// Shows a message
#[derive(Debug)]
pub(crate) struct MessageBox {
    title: Expr,
    content: Expr,
}

impl NodeType for MessageBox {
    const PACKAGE: &'static str = "MessageBox";
    const COMMAND: Option<&'static str> = Some("messageBox");
    const EXAMPLE: &'static str = r#"{ "commandName": "messageBox", "packageName": "MessageBox", "attributes": [
    { "name": "title", "value": { "type": "STRING", "string": "Release" } },
    { "name": "content", "value": { "type": "STRING", "expression": "$text$" } },
    { "name": "scrollLines", "value": { "type": "NUMBER", "number": "30" } },
    { "name": "closeMsgBox", "value": { "type": "BOOLEAN", "boolean": true } },
    { "name": "closeTimeOut", "value": { "type": "NUMBER", "number": "5" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let title = checker.given_or_empty(raw, "title");
        let content = checker.given_or_empty(raw, "content");
        Some(MessageBox { title: title?, content: content? })
    }
}

impl RunNode for MessageBox {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, run(self, place, frame))
    }
}

fn run(node: &MessageBox, place: &Location, frame: &Frame<'_>) -> Result<(), Error> {
    let title = node.title.text(&frame.scope)?;
    let content = node.content.text(&frame.scope)?;
    frame.reporter().message(place, &title, &content);
    Ok(())
}
