//! Misspelt members of the JSON of a bot file: without a warning, `childern` would be a block without nodes.

use std::fmt;

use serde::Deserializer;
use serde::de::DeserializeSeed;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;

use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;

/// The most misspelt members that are reported
const MOST: usize = 50;

/// An object of a bot file, with the members that this host uses
struct Object {
    /// What it is, in words; empty if its members have any name
    words: &'static str,
    members: &'static [(&'static str, Option<&'static Object>)],
    /// What every member is, if they have any name
    each: Option<&'static Object>,
}

static BOT: Object = Object {
    words: "a bot",
    members: &[
        ("nodes", Some(&NODE)),
        ("variables", Some(&VARIABLE)),
        ("triggers", None),
        ("properties", Some(&PROPERTIES)),
    ],
    each: None,
};

static PROPERTIES: Object = Object { words: "the properties", members: &[("timeout", None)], each: None };

static NODE: Object = Object {
    words: "a node",
    members: &[
        ("uid", None),
        ("commandName", None),
        ("packageName", None),
        ("disabled", None),
        ("anchor", None),
        ("attributes", Some(&ATTRIBUTE)),
        ("children", Some(&NODE)),
        ("branches", Some(&NODE)),
        ("returnTo", Some(&VALUE)),
        ("returns", Some(&RETURNS)),
    ],
    each: None,
};

static RETURNS: Object = Object { words: "", members: &[], each: Some(&VALUE) };

static ATTRIBUTE: Object = Object {
    words: "an attribute",
    members: &[
        ("name", None),
        ("value", Some(&VALUE)),
        ("attributes", Some(&ATTRIBUTE)),
        ("returnTo", Some(&VALUE)),
        ("groupAttribute", None),
        ("operator", None),
    ],
    each: None,
};

static VALUE: Object = Object {
    words: "a value",
    members: &[
        ("type", None),
        ("string", None),
        ("expression", None),
        ("number", None),
        ("boolean", None),
        ("list", Some(&VALUE)),
        ("dictionary", Some(&ENTRY)),
        ("variableName", None),
        ("packageName", None),
        ("credential", Some(&CREDENTIAL)),
        ("sessionName", Some(&VALUE)),
        ("sessionTarget", None),
        ("conditionalName", None),
        ("iteratorName", None),
        ("exceptionName", None),
        ("taskbotFile", Some(&VALUE)),
        ("taskbotInput", Some(&VALUE)),
        ("taskbotSelf", None),
        ("table", None),
        ("record", None),
    ],
    each: None,
};

static ENTRY: Object =
    Object { words: "an entry", members: &[("key", None), ("value", Some(&VALUE))], each: None };

static CREDENTIAL: Object = Object {
    words: "a credential",
    members: &[("name", None), ("lockerName", None), ("attributeName", None)],
    each: None,
};

static VARIABLE: Object = Object {
    words: "a variable",
    members: &[
        ("name", None),
        ("type", None),
        ("input", None),
        ("inputRequired", None),
        ("output", None),
        ("defaultValue", Some(&VALUE)),
        ("sessionType", None),
    ],
    each: None,
};

/// Returns a warning for each kind of member that is not used and has nearly the name of one that is missing
pub(super) fn misspelt_members(text: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    // The text was read before, so there is no error.
    let _ = Part { of: &BOT, found: &mut found }.deserialize(&mut serde_json::Deserializer::from_slice(text));
    found
        .iter()
        .map(|Member { name, words, near }| {
            let shown = printable(name, 256);
            let place =
                line_of(text, name).map(|line| format!("line {line} of the file: ")).unwrap_or_default();
            format!(
                "{place}\"{shown}\" is not a member of {words}, and is ignored{}",
                did_you_mean(Some(near))
            )
        })
        .collect()
}

/// Returns the line in which a name first stands, if the text has several
fn line_of(text: &[u8], name: &str) -> Option<usize> {
    let quoted = format!("\"{name}\"");
    let at = text.windows(quoted.len()).position(|part| part == quoted.as_bytes())?;
    let ends = |text: &[u8]| text.iter().filter(|byte| **byte == b'\n').count();
    (ends(text) > 1).then(|| ends(&text[..at]) + 1)
}

/// A misspelt member
#[derive(PartialEq)]
struct Member {
    name: String,
    words: &'static str,
    near: &'static str,
}

/// An object, or a list of objects
struct Part<'a> {
    of: &'static Object,
    found: &'a mut Vec<Member>,
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _value: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _value: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _value: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _value: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _value: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Part { of: self.of, found: &mut *self.found })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let (mut given, mut unknown) = (Vec::new(), Vec::new());
        while let Some(name) = entries.next_key::<String>()? {
            let known = self.of.members.iter().find(|(member, _)| *member == name);
            let inside = known.map_or(self.of.each, |(_, inside)| *inside);
            match known {
                Some((member, _)) => given.push(*member),
                None => unknown.push(name),
            }
            match inside {
                Some(of) => entries.next_value_seed(Part { of, found: &mut *self.found })?,
                None => entries.next_value::<IgnoredAny>().map(drop)?,
            }
        }
        let missing =
            || self.of.members.iter().map(|(member, _)| *member).filter(|member| !given.contains(member));
        for name in unknown {
            if let Some(near) = nearest(&name, missing()) {
                let member = Member { name, words: self.of.words, near };
                if self.found.len() < MOST && !self.found.contains(&member) {
                    self.found.push(member);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_member_is_found_with_its_line_and_others_are_ignored() {
        let text = br#"{
            "nodes": [ { "uid": "a", "childern": [], "retunTo": { "type": "VARIABLE" },
                "attributes": [ { "name": "x", "valu": 1, "value": { "type": "STRING", "strng": "a" } } ],
                "returns": { "anything": { "typ": "VARIABLE" } }, "migrated": false } ],
            "variables": [ { "name": "a", "defaultValu": {} } ],
            "packages": [], "workItemTemplate": null }"#;
        let of = |line: usize, name: &str, words: &str, near: &str| {
            format!(
                "line {line} of the file: \"{name}\" is not a member of {words}, and is ignored; did you mean \"{near}\"?"
            )
        };
        let expected = [
            of(3, "strng", "a value", "string"),
            of(4, "typ", "a value", "type"),
            of(2, "childern", "a node", "children"),
            of(2, "retunTo", "a node", "returnTo"),
            of(5, "defaultValu", "a variable", "defaultValue"),
        ];
        assert_eq!(misspelt_members(text), expected);
        assert_eq!(
            misspelt_members(br#"{"nodes":[{"branchs":[]}]}"#),
            [r#""branchs" is not a member of a node, and is ignored; did you mean "branches"?"#]
        );
    }
}
