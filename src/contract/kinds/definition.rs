//! The parts of a classic pipeline: variables, agents, steps.

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;

/// Defines a kind of text, of one or several lines
///
/// The service publishes no limit for its length, so there is none here: the service answers for it.
macro_rules! plain_text {
    ($(#[$doc:meta])* $kind:ident, $expected:literal, $lines:tt) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $kind(String);

        impl $kind {
            /// Returns the text as it was written
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TextKind for $kind {
            const EXPECTED: &'static str = $expected;

            fn parse(text: &str) -> Result<Self, ParseError> {
                let control = |c: char| c.is_control() && !($lines && matches!(c, '\n' | '\r' | '\t'));
                if text.trim().is_empty() || text.chars().any(control) {
                    let reason = concat!($expected, " is not empty and has no control characters");
                    return Err(ParseError::invalid(reason));
                }
                Ok($kind(text.to_owned()))
            }
        }

        plain_text!(@schema $kind, $lines);
    };
    (@schema $kind:ident, false) => {
        text_kind!($kind, { "minLength": 1 });
    };
    (@schema $kind:ident, true) => {
        text_kind!($kind, { "minLength": 1, "x-attribute": "TEXTAREA" });
    };
}
pub(super) use plain_text;

plain_text! {
    /// The name of a pipeline's variable: one line
    VariableName, "a variable's name", false
}
plain_text! {
    /// The name of an agent pool, or of an image of its agents: one line
    AgentName, "the name of an agent pool or image", false
}
plain_text! {
    /// The title of a step: one line
    StepTitle, "a step's title", false
}
plain_text! {
    /// A script for an agent's command line
    StepScript, "a script", true
}

/// A task by its id and major version: `e213ff0f-5d5c-4791-802d-52ea3e7be1f1@2`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskReference {
    id: String,
    version: u16,
}

impl TaskReference {
    /// Returns the task's id
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the major version
    pub fn version(&self) -> u16 {
        self.version
    }
}

impl TextKind for TaskReference {
    const EXPECTED: &'static str = "a task's id and major version";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let refused = || {
            ParseError::invalid("a task is its id, \"@\" and its major version")
                .help("For example e213ff0f-5d5c-4791-802d-52ea3e7be1f1@2. `GET _apis/distributedtask/tasks` lists tasks and their ids.")
        };
        let (id, version) = text.split_once('@').ok_or_else(refused)?;
        let id = uuid::Uuid::try_parse(id).map_err(|_| refused())?;
        let version = version.parse().map_err(|_| refused())?;
        Ok(TaskReference { id: id.to_string(), version })
    }
}

text_kind!(TaskReference, { "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}@[0-9]{1,5}$" });
