//! Turns a type that serializes into a [`Value`], without a tree of another kind in between. Decision 0170.

use std::fmt;

use serde::Serialize;
use serde::ser::SerializeMap;
use serde::ser::SerializeSeq;
use serde::ser::SerializeStruct;
use serde::ser::SerializeStructVariant;
use serde::ser::SerializeTuple;
use serde::ser::SerializeTupleStruct;
use serde::ser::SerializeTupleVariant;
use serde::ser::Serializer;

use crate::contract::Dictionary;
use crate::contract::Number;
use crate::contract::Value;
use crate::contract::values::json::read_record;
use crate::contract::values::ordered_map::EntryName;

/// The name of the structure as which `serde_json::value::RawValue` serializes itself, and of its only field
const RAW: &str = "$serde_json::private::RawValue";

/// A type has no form as a value: the name of a member is not a text, or a number is too large
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the type has no form as a value")]
pub struct NoValue;

impl serde::ser::Error for NoValue {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        NoValue
    }
}

/// Returns the value as which a type serializes
///
/// It is the value of the JSON that the type has. A number without a JSON form (NaN) is null.
pub fn to_value(data: &(impl Serialize + ?Sized)) -> Result<Value, NoValue> {
    data.serialize(ToValue)
}

struct ToValue;

impl Serializer for ToValue {
    type Ok = Value;
    type Error = NoValue;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = Variant<List>;
    type SerializeMap = Members;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Variant<Fields>;

    fn serialize_bool(self, flag: bool) -> Result<Value, NoValue> {
        Ok(Value::Boolean(flag))
    }

    fn serialize_i8(self, number: i8) -> Result<Value, NoValue> {
        self.serialize_i64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Result<Value, NoValue> {
        self.serialize_i64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Result<Value, NoValue> {
        self.serialize_i64(number.into())
    }

    fn serialize_i64(self, number: i64) -> Result<Value, NoValue> {
        Ok(Value::Number(Number::Integer(number)))
    }

    fn serialize_i128(self, number: i128) -> Result<Value, NoValue> {
        match (i64::try_from(number), u64::try_from(number)) {
            (Ok(number), _) => self.serialize_i64(number),
            (_, Ok(number)) => self.serialize_u64(number),
            _ => Err(NoValue),
        }
    }

    fn serialize_u8(self, number: u8) -> Result<Value, NoValue> {
        self.serialize_i64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Result<Value, NoValue> {
        self.serialize_i64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<Value, NoValue> {
        self.serialize_i64(number.into())
    }

    fn serialize_u64(self, number: u64) -> Result<Value, NoValue> {
        Ok(Value::Number(Number::from(number)))
    }

    fn serialize_u128(self, number: u128) -> Result<Value, NoValue> {
        u64::try_from(number).map_err(|_| NoValue).and_then(|number| self.serialize_u64(number))
    }

    fn serialize_f32(self, number: f32) -> Result<Value, NoValue> {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<Value, NoValue> {
        Ok(if number.is_finite() { Value::Number(Number::Decimal(number)) } else { Value::Null })
    }

    fn serialize_char(self, text: char) -> Result<Value, NoValue> {
        Ok(Value::Text(text.to_string()))
    }

    fn serialize_str(self, text: &str) -> Result<Value, NoValue> {
        Ok(Value::Text(text.to_owned()))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Value, NoValue> {
        Ok(Value::List(bytes.iter().map(|byte| Value::from(i64::from(*byte))).collect()))
    }

    fn serialize_none(self) -> Result<Value, NoValue> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, data: &T) -> Result<Value, NoValue> {
        data.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, NoValue> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Value, NoValue> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Value, NoValue> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        data: &T,
    ) -> Result<Value, NoValue> {
        data.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        data: &T,
    ) -> Result<Value, NoValue> {
        Ok(of_variant(variant, to_value(data)?))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List, NoValue> {
        Ok(List(Vec::with_capacity(length.unwrap_or(0))))
    }

    fn serialize_tuple(self, length: usize) -> Result<List, NoValue> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Result<List, NoValue> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Variant<List>, NoValue> {
        Ok(Variant { variant, inner: self.serialize_seq(Some(length))? })
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Members, NoValue> {
        Ok(Members { entries: Dictionary::with_capacity(length.unwrap_or(0)), name: None })
    }

    fn serialize_struct(self, name: &'static str, length: usize) -> Result<Fields, NoValue> {
        if name == RAW {
            return Ok(Fields::Record(Value::Null));
        }
        Ok(Fields::Plain(Dictionary::with_capacity(length)))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Variant<Fields>, NoValue> {
        Ok(Variant { variant, inner: self.serialize_struct(name, length)? })
    }
}

fn of_variant(variant: &'static str, value: Value) -> Value {
    Value::Dictionary(Dictionary::from_iter([(variant, value)]))
}

/// Returns the name of a member: a text, or a number or boolean written as one
fn name_of(name: Value) -> Result<EntryName, NoValue> {
    match name {
        Value::Text(text) => Ok(text.into()),
        Value::Number(number) => Ok(number.to_string().into()),
        Value::Boolean(flag) => Ok(flag.to_string().into()),
        Value::Null | Value::List(_) | Value::Dictionary(_) => Err(NoValue),
    }
}

fn record_of(json: Value) -> Result<Value, NoValue> {
    json.as_text().and_then(|json| read_record(json).ok()).ok_or(NoValue)
}

struct List(Vec<Value>);

impl SerializeSeq for List {
    type Ok = Value;
    type Error = NoValue;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, data: &T) -> Result<(), NoValue> {
        self.0.push(to_value(data)?);
        Ok(())
    }

    fn end(self) -> Result<Value, NoValue> {
        Ok(Value::List(self.0))
    }
}

impl SerializeTuple for List {
    type Ok = Value;
    type Error = NoValue;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, data: &T) -> Result<(), NoValue> {
        SerializeSeq::serialize_element(self, data)
    }

    fn end(self) -> Result<Value, NoValue> {
        SerializeSeq::end(self)
    }
}

impl SerializeTupleStruct for List {
    type Ok = Value;
    type Error = NoValue;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, data: &T) -> Result<(), NoValue> {
        SerializeSeq::serialize_element(self, data)
    }

    fn end(self) -> Result<Value, NoValue> {
        SerializeSeq::end(self)
    }
}

/// The fields of a structure, or the JSON of a record
enum Fields {
    Plain(Dictionary),
    Record(Value),
}

impl SerializeStruct for Fields {
    type Ok = Value;
    type Error = NoValue;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        data: &T,
    ) -> Result<(), NoValue> {
        match self {
            // The names of the fields of a type differ.
            Fields::Plain(entries) => entries.push(EntryName::Borrowed(name), to_value(data)?),
            Fields::Record(record) => *record = record_of(to_value(data)?)?,
        }
        Ok(())
    }

    fn end(self) -> Result<Value, NoValue> {
        Ok(match self {
            Fields::Plain(entries) => Value::Dictionary(entries),
            Fields::Record(record) => record,
        })
    }
}

struct Members {
    entries: Dictionary,
    name: Option<EntryName>,
}

impl SerializeMap for Members {
    type Ok = Value;
    type Error = NoValue;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), NoValue> {
        self.name = Some(name_of(to_value(name)?)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, data: &T) -> Result<(), NoValue> {
        let name = self.name.take().ok_or(NoValue)?;
        self.entries.insert(name, to_value(data)?);
        Ok(())
    }

    fn end(self) -> Result<Value, NoValue> {
        Ok(Value::Dictionary(self.entries))
    }
}

/// A variant of an enum with content: a dictionary with one entry
struct Variant<T> {
    variant: &'static str,
    inner: T,
}

impl SerializeTupleVariant for Variant<List> {
    type Ok = Value;
    type Error = NoValue;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, data: &T) -> Result<(), NoValue> {
        SerializeSeq::serialize_element(&mut self.inner, data)
    }

    fn end(self) -> Result<Value, NoValue> {
        Ok(of_variant(self.variant, SerializeSeq::end(self.inner)?))
    }
}

impl SerializeStructVariant for Variant<Fields> {
    type Ok = Value;
    type Error = NoValue;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        data: &T,
    ) -> Result<(), NoValue> {
        SerializeStruct::serialize_field(&mut self.inner, name, data)
    }

    fn end(self) -> Result<Value, NoValue> {
        Ok(of_variant(self.variant, SerializeStruct::end(self.inner)?))
    }
}

#[cfg(test)]
#[path = "serializer_tests.rs"]
mod tests;
