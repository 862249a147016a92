//! TaskBot.stopTask: ends the bot.

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

/// Ends the bot
#[derive(Debug)]
pub(crate) struct StopTask;

impl NodeType for StopTask {
    const PACKAGE: &'static str = "TaskBot";
    const COMMAND: Option<&'static str> = Some("stopTask");
    const EXAMPLE: &'static str = r#"{ "commandName": "stopTask", "packageName": "TaskBot" }"#;

    fn read(_checker: &mut Checker<'_>, _raw: &RawNode) -> Option<Self> {
        Some(StopTask)
    }
}

impl RunNode for StopTask {
    fn run<'a>(&'a self, _place: &'a Location, _frame: &'a Frame<'_>) -> Running<'a> {
        leave(Flow::Stop)
    }

    fn session_effect(&self) -> SessionEffect<'_> {
        SessionEffect::Stop
    }
}
