//! Plain values as every host passes them, and the JSON they are read from.

mod json;
mod raw;
mod value;

pub use json::JsonFault;
pub use json::MAX_DEPTH;
pub use json::read_json;
pub use raw::Raw;
pub use value::Dictionary;
pub use value::Number;
pub use value::Value;
