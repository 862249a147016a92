//! The identities of a request without an accepted token.

use uuid::Uuid;

/// The anonymous identities: an organization with public projects responds with status 200 and one of them
/// to a token that it does not accept
pub(crate) const ANONYMOUS: [Uuid; 2] =
    [Uuid::from_u128(0xaaaa_aaaa_aaaa_aaaa_aaaa_aaaa_aaaa_aaaa), Uuid::nil()];
