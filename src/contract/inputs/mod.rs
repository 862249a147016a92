//! Decoding of inputs, and the traits and errors of kinds of input.

mod decode;
pub(super) mod integer;
pub(super) mod parse_error;
mod same_value;
pub(super) mod text_kind;

pub use decode::LONGEST_NAME;
pub use decode::Spelling;
pub use decode::decode;
pub use decode::decode_inputs;
pub use parse_error::ParseError;
pub use text_kind::TextKind;
