//! A deserializer over values whose errors name the field, the expected kind and the kind of the value.

use serde::de::DeserializeSeed;
use serde::de::IntoDeserializer;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;
use serde::de::value::StrDeserializer;
use serde::de::value::StringDeserializer;
use serde::forward_to_deserialize_any;

use crate::contract::Dictionary;
use crate::contract::EntryName;
use crate::contract::Number;
use crate::contract::Value;
use crate::contract::inputs::decode_fault::DecodeFault;
use crate::contract::inputs::decode_fault::FaultKind;
use crate::contract::inputs::same_value;

/// A value being decoded; private to this folder, so that nothing else decodes with these errors
pub(super) struct ValueDeserializer {
    value: Value,
    types: Types,
}

/// Whether values of another type than that of their field are taken
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Types {
    Exact,
    /// If they can mean only one thing
    Converted,
}

impl ValueDeserializer {
    pub(super) fn converted(inputs: Dictionary) -> Self {
        ValueDeserializer { value: Value::Dictionary(inputs), types: Types::Converted }
    }

    pub(super) fn exact(fields: Dictionary) -> Self {
        ValueDeserializer { value: Value::Dictionary(fields), types: Types::Exact }
    }

    /// Returns the value as another type, if it is taken as one
    fn as_type<T>(&self, convert: fn(&Value) -> Option<T>) -> Option<T> {
        if self.types == Types::Converted { convert(&self.value) } else { None }
    }
}

impl<'de> serde::Deserializer<'de> for ValueDeserializer {
    type Error = DecodeFault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFault> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Boolean(flag) => visitor.visit_bool(flag),
            Value::Number(Number::Integer(number)) => visitor.visit_i64(number),
            Value::Number(Number::Decimal(number)) => visitor.visit_f64(number),
            Value::Text(text) => visitor.visit_string(text),
            Value::List(items) => {
                visitor.visit_seq(Items { items: items.into_iter(), at: 0, types: self.types })
            }
            Value::Dictionary(entries) => {
                visitor.visit_map(Entries { entries: entries.into_iter(), open: None, types: self.types })
            }
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFault> {
        match self.as_type(same_value::text_of) {
            Some(text) => visitor.visit_string(text),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFault> {
        match self.as_type(same_value::boolean) {
            Some(flag) => visitor.visit_bool(flag),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFault> {
        match self.as_type(same_value::whole_number) {
            Some(number) => visitor.visit_i64(number),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFault> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFault> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFault> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFault> {
        match self.value {
            Value::Null => visitor.visit_none(),
            value => visitor.visit_some(ValueDeserializer { value, types: self.types }),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeFault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeFault> {
        match self.value {
            Value::Text(text) => {
                visitor.visit_enum(text.into_deserializer() as StringDeserializer<DecodeFault>)
            }
            other => Err(DecodeFault::new(FaultKind::Type {
                expected: "one of the choices".to_owned(),
                found: other.kind(),
            })),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Items {
    items: std::vec::IntoIter<Value>,
    at: usize,
    types: Types,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = DecodeFault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeFault> {
        let Some(item) = self.items.next() else { return Ok(None) };
        self.at += 1;
        seed.deserialize(ValueDeserializer { value: item, types: self.types })
            .map(Some)
            .map_err(|fault| fault.inside(&(self.at - 1).to_string()))
    }
}

struct Entries {
    entries: std::vec::IntoIter<(EntryName, Value)>,
    open: Option<(EntryName, Value)>,
    types: Types,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = DecodeFault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, DecodeFault> {
        let Some(entry) = self.entries.next() else { return Ok(None) };
        let (name, _) = self.open.insert(entry);
        seed.deserialize((&**name).into_deserializer() as StrDeserializer<'_, DecodeFault>).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, DecodeFault> {
        let (name, value) = self.open.take().expect("serde asks for a value only after its key");
        seed.deserialize(ValueDeserializer { value, types: self.types }).map_err(|fault| fault.inside(&name))
    }
}
