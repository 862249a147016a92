//! The names of the fields that a type has, asked of its decoder.

use serde::Deserialize;
use serde::de::Visitor;
use serde::forward_to_deserialize_any;

use crate::contract::inputs::decode_fault::DecodeFault;
use crate::contract::inputs::decode_fault::FaultKind;

/// Returns the names of the fields of a type; none for a type that is not decoded by names
pub fn field_names<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut names: &[&str] = &[];
    // The decoder of a struct names its fields before it reads one.
    let _ = T::deserialize(FieldNames(&mut names));
    names
}

/// A decoder that has no value, and keeps the names that it is asked for
struct FieldNames<'a>(&'a mut &'static [&'static str]);

impl<'de> serde::Deserializer<'de> for FieldNames<'_> {
    type Error = DecodeFault;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, DecodeFault> {
        *self.0 = fields;
        Err(DecodeFault::new(FaultKind::Refused))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, DecodeFault> {
        Err(DecodeFault::new(FaultKind::Refused))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
