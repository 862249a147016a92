//! Secrets, the shapes of tokens, and masking of both in every text that is shown.

pub(super) mod access_token;
mod escape;
mod mask_tokens;
mod masker;
pub(super) mod misplaced_token;
mod printable;
mod secret;
mod spellings;
mod stores;
pub(super) mod token_shapes;

pub use mask_tokens::mask_tokens;
pub use masker::Masked;
pub use masker::Masker;
pub use masker::mask_log;
pub use misplaced_token::TOKEN_AS_NAME;
pub use misplaced_token::TOKEN_FOR_REFERENCE;
pub use misplaced_token::TOKEN_IN_REFERENCE;
pub use misplaced_token::WRITE_THE_NAME;
pub use printable::printable;
pub use secret::Scheme;
pub use secret::Secret;
pub use stores::STORES;
pub use token_shapes::holds_token;
pub use token_shapes::is_token_for_place;
pub use token_shapes::is_token_shaped;
