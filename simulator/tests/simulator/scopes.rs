//! Token scopes, route by route.
