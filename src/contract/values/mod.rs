//! Plain values, and the JSON from which they are read.

mod json;
mod machine_clock;
mod ordered_map;
mod raw;
mod serializer;
mod value;

pub use json::JsonError;
pub use json::MAX_DEPTH;
pub use json::read_json;
pub use machine_clock::local_now;
pub use machine_clock::timestamp_now;
pub use machine_clock::utc_now;
pub use ordered_map::EntryName;
pub use ordered_map::MapEntries;
pub use ordered_map::OrderedMap;
pub use raw::Raw;
pub use serializer::NoValue;
pub use serializer::to_value;
pub use value::Dictionary;
pub use value::Number;
pub use value::Value;
