//! The types that every room shares: values, errors, needs, kinds of input, calls, and the traits that others implement.
//!
//! This room does no input or output and imports no other room. Each folder imports only the folders
//! above it in this list:
//!
//! - `values`: plain values, and the JSON they are read from
//! - `secrets`: secrets, the shapes of tokens, and masking
//! - `errors`: codes, the error type, warnings, and suggestions of a name
//! - `access`: permissions, scopes, and what is known about them
//! - `inputs`: decoding and rejecting inputs
//! - `kinds`: the kinds of input, one type each
//! - `calls`: invocations, outcomes, and the state of a running call
//! - `ports`: the traits that other rooms and hosts implement

mod access;
mod calls;
mod errors;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod inputs;
mod kinds;
mod ports;
mod secrets;
mod values;

pub use access::*;
pub use calls::*;
pub use errors::*;
pub use inputs::*;
pub use kinds::*;
pub use ports::*;
pub use secrets::*;
pub use values::*;
