//! Values and variables of a bot: what variables hold, what fields take, and the expressions between them.

pub(crate) mod dates;
mod declaration;
mod error;
mod expected;
mod expr;
pub(crate) mod expression;
mod kind;
mod nesting;
mod scalars;
mod table;
mod target;
mod tokens;
mod variable_scope;

pub(crate) use declaration::Declaration;
pub(crate) use declaration::Declarations;
pub(crate) use declaration::Named;
pub(crate) use declaration::insecure;
pub(crate) use declaration::locker;
pub(crate) use declaration::named;
pub(crate) use error::expression_error;
pub(crate) use error::quoted;
pub(crate) use expected::Expected;
pub(crate) use expr::Expr;
pub(crate) use kind::VariableKind;
pub(crate) use nesting::check_nesting;
pub(crate) use scalars::parse_boolean;
pub(crate) use scalars::parse_number;
pub(crate) use table::columns;
pub(crate) use table::record;
pub(crate) use table::table;
pub(crate) use target::TargetVariable;
pub(crate) use tokens::LOOKS_LIKE_TOKEN;
pub(crate) use tokens::looks_like_token;
pub(crate) use variable_scope::VariableScope;
