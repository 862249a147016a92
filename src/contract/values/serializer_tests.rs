//! Tests of the serializer: it agrees with the JSON of every shape of type.

use std::collections::BTreeMap;

use serde_json::json;
use serde_json::value::RawValue;

use super::*;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Inner {
    is_set: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<u8>,
}

#[derive(Serialize)]
enum Choice {
    Unit,
    One(u64),
    Two(i8, f32),
    Named { text: &'static str },
}

#[derive(Serialize)]
struct All {
    texts: (char, &'static str, ()),
    numbers: (u64, i64, f64, u128, i128, f64),
    choices: Vec<Choice>,
    #[serde(flatten)]
    inner: Inner,
    by_number: BTreeMap<i16, bool>,
    by_flag: BTreeMap<bool, Option<()>>,
    record: Box<RawValue>,
}

fn all() -> All {
    All {
        texts: ('x', "text", ()),
        numbers: (u64::MAX, i64::MIN, 2.5, 7, -7, f64::NAN),
        choices: vec![Choice::Unit, Choice::One(1), Choice::Two(-1, 0.5), Choice::Named { text: "t" }],
        inner: Inner { is_set: Some(true), left_out: None },
        by_number: BTreeMap::from([(-1, true), (2, false)]),
        by_flag: BTreeMap::from([(true, None)]),
        record: RawValue::from_string(r#"{"z":1,"a":[null,{"b":"c"}],"n":1e3}"#.to_owned()).expect("JSON"),
    }
}

#[test]
fn a_type_is_the_value_of_its_json() {
    let value = to_value(&all()).expect("it has a form");
    let json = serde_json::to_value(all()).expect("it has a JSON form");
    let text = |value: &Value| serde_json::to_string(value).expect("it is JSON");
    assert_eq!(text(&value), text(&Value::from(json)));
}

#[test]
fn a_type_without_a_json_form_is_refused() {
    assert_eq!(to_value(&u128::MAX), Err(NoValue));
    assert_eq!(to_value(&BTreeMap::from([(vec![1], 1)])), Err(NoValue));
    assert_eq!(to_value(&BTreeMap::from([((), 1)])), Err(NoValue));
}

#[test]
fn a_record_of_the_service_is_kept_as_it_is() {
    let record = |text: &str| {
        let raw = RawValue::from_string(text.to_owned()).expect("it is JSON");
        serde_json::to_value(to_value(&raw).expect("it has a form")).expect("it has a JSON form")
    };
    // The service decides what it repeats and how deep it nests; a caller must not.
    assert_eq!(record(r#"{"a":1,"b":2,"a":3}"#), json!({"a": 3, "b": 2}));
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    assert_eq!(record(&deep).to_string(), deep);
}
