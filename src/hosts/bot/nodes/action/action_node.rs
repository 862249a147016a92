//! An action of this package as a node.

use crate::contract::Error;
use crate::contract::SessionName;
use crate::contract::TextKind as _;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::TargetVariable;
use crate::package::ActionCard;

/// An action, its inputs, and where its result goes
pub(crate) struct ActionNode {
    pub(crate) card: &'static ActionCard,
    pub(crate) inputs: Vec<(String, Expr)>,
    pub(crate) result: Outlet,
}

/// Where a result goes
#[derive(Debug)]
pub(crate) enum Outlet {
    /// Nowhere, or all of it to one variable
    Whole(Option<TargetVariable>),
    /// Each part to a variable of its own
    Parts(Vec<(String, TargetVariable)>),
    /// A session under a name
    Named { global: bool, name: Expr },
    /// A session into a variable
    SessionVariable(String),
}

impl std::fmt::Debug for ActionNode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Action({})", self.card.name)
    }
}

/// Reads the name of a session
pub(crate) fn session_name(text: &str) -> Result<SessionName, Error> {
    SessionName::parse(text).map_err(|refusal| Error::new(refusal.code, refusal.reason))
}
