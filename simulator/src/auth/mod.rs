//! Tokens and their scopes, roles and their permissions, and the permissions that requests require.

mod magic_tokens;
pub(crate) mod permissions;
mod rejection;
mod required_permissions;
mod roles;
mod scopes;
mod tokens;

pub use magic_tokens::ANONYMOUS_TOKEN;
pub use magic_tokens::CONDITIONAL_ACCESS_TOKEN;
pub use magic_tokens::EXPIRED_TOKEN;
pub(crate) use magic_tokens::MagicToken;
pub use magic_tokens::REDIRECT_TOKEN;
pub use magic_tokens::REVOKED_TOKEN;
pub use magic_tokens::SCOPES_TOKEN_PREFIX;
pub use magic_tokens::SIGNIN_PAGE_TOKEN;
pub use magic_tokens::UNAUTHORIZED_JSON_TOKEN;
pub use magic_tokens::is_special_token;
pub(crate) use permissions::COLLECTION;
pub use permissions::Permission;
pub use rejection::ConditionalAccess;
pub use rejection::Refusal;
pub use rejection::RefusalForm;
pub use rejection::Rejection;
pub use required_permissions::RequiredPermissions;
pub use roles::Role;
pub(crate) use scopes::FULL;
pub(crate) use scopes::Grant;
pub(crate) use tokens::Token;
pub use tokens::TokenOptions;
pub(crate) use tokens::Tokens;
