//! Decoding of inputs, and the traits and errors of kinds of input.

mod decode;
mod decode_fault;
mod field_names;
pub(super) mod integer;
pub(super) mod parse_error;
mod same_value;
pub(super) mod text_kind;
mod value_deserializer;

pub use decode::decode;
pub use decode::decode_inputs;
pub use decode_fault::LONGEST_NAME;
pub use decode_fault::Spelling;
pub use field_names::field_names;
pub use parse_error::ParseError;
pub use text_kind::TextKind;
