//! The name of the session in which a file is open.

use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttributes;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// The name of a session if none is given
const DEFAULT: &str = "Default";

/// Reads the name of the session in which a file is open: a text, or a session by name
pub(in crate::hosts::bot::nodes) fn session(
    checker: &mut Checker<'_>,
    attributes: &RawAttributes,
) -> Option<Expr> {
    let Some(value) = attributes.named("session").map(|found| &found.value).filter(|one| one.is_given())
    else {
        return Some(Expr::Constant(DEFAULT.into()));
    };
    match (value.kind.as_str(), value.session_name.as_deref()) {
        ("SESSION", Some(name)) => checker.value("session", name, Expected::Text),
        ("SESSION", None) => {
            checker.unsupported("this host keeps the session of a CSV file by its name, not in a variable")
        }
        _ => checker.value("session", value, Expected::Text),
    }
}
