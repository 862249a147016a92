//! Plain values, and the JSON from which they are read.

mod json;
mod raw;
mod value;

pub use json::JsonError;
pub use json::MAX_DEPTH;
pub use json::read_json;
pub use raw::Raw;
pub use value::Dictionary;
pub use value::Number;
pub use value::Value;
