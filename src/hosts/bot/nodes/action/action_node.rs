//! An action of this package as a node.

use crate::contract::Error;
use crate::contract::SessionName;
use crate::contract::TextKind as _;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::TargetVariable;
use crate::package::ActionCard;

/// Runs an action of this package
pub(crate) struct ActionNode {
    pub(crate) card: &'static ActionCard,
    pub(crate) inputs: Vec<(String, Expr)>,
    pub(crate) result: ResultTarget,
}

/// The variables that a result is assigned to
#[derive(Debug)]
pub(crate) enum ResultTarget {
    /// The whole result, if it is assigned to a variable
    Whole(Option<TargetVariable>),
    /// Parts of the result, each with its variable
    Parts(Vec<(String, TargetVariable)>),
    /// A named session
    Named { global: bool, name: Expr },
    /// A session in a variable
    SessionVariable(String),
}

impl std::fmt::Debug for ActionNode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Action({})", self.card.name)
    }
}

/// Parses the name of a session
pub(crate) fn session_name(text: &str) -> Result<SessionName, Error> {
    SessionName::parse(text).map_err(|refusal| Error::new(refusal.code, refusal.reason))
}
