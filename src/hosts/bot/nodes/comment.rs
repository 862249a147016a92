//! Comment: does nothing.

use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Flow;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::leave;
use crate::hosts::bot::session_flow::SessionEffect;

/// A comment
#[derive(Debug)]
pub(crate) struct Comment;

impl NodeType for Comment {
    const PACKAGE: &'static str = "Comment";
    const COMMAND: Option<&'static str> = None;
    const EXAMPLE: &'static str = r#"{ "commandName": "Comment", "packageName": "Comment", "attributes": [
    { "name": "comment", "value": { "type": "STRING", "string": "Nothing happens here." } } ] }"#;

    fn read(_checker: &mut Checker<'_>, _raw: &RawNode) -> Option<Self> {
        Some(Comment)
    }
}

impl RunNode for Comment {
    fn run<'a>(&'a self, _place: &'a Location, _frame: &'a Frame<'_>) -> Running<'a> {
        leave(Flow::Next)
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        SessionEffect::Nothing
    }
}
