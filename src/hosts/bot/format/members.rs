//! Misspelt members of the JSON of a bot file: without a warning, `childern` would be a block without nodes.

use std::fmt;

use serde::Deserializer;
use serde::de::DeserializeOwned;
use serde::de::DeserializeSeed;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;

use crate::contract::did_you_mean;
use crate::contract::field_names;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::bot::format::bot_file::RawAttribute;
use crate::hosts::bot::format::bot_file::RawBot;
use crate::hosts::bot::format::bot_file::RawCredential;
use crate::hosts::bot::format::bot_file::RawEntry;
use crate::hosts::bot::format::bot_file::RawNode;
use crate::hosts::bot::format::bot_file::RawProperties;
use crate::hosts::bot::format::bot_file::RawValue;
use crate::hosts::bot::format::bot_file::RawVariable;

/// The most misspelt members that are reported
const MOST: usize = 50;

/// An object of a bot file
struct Object {
    /// What it is, in words
    words: &'static str,
    /// Returns the members that this host uses; none if they have any name
    names: fn() -> &'static [&'static str],
    /// The objects that members are or contain
    inside: &'static [(&'static str, &'static Object)],
    /// What every member is, if they have any name
    each: Option<&'static Object>,
}

impl Object {
    /// An object that is read as a type
    const fn read_as<T: DeserializeOwned>(
        words: &'static str,
        inside: &'static [(&'static str, &'static Object)],
    ) -> Self {
        Object { words, names: field_names::<T>, inside, each: None }
    }
}

static BOT: Object = Object::read_as::<RawBot>(
    "a bot",
    &[("nodes", &NODE), ("variables", &VARIABLE), ("properties", &PROPERTIES)],
);

static PROPERTIES: Object = Object::read_as::<RawProperties>("the properties", &[]);

static NODE: Object = Object::read_as::<RawNode>(
    "a node",
    &[
        ("attributes", &ATTRIBUTE),
        ("children", &NODE),
        ("branches", &NODE),
        ("returnTo", &VALUE),
        ("returns", &RETURNS),
    ],
);

static RETURNS: Object = Object { words: "", names: || &[], inside: &[], each: Some(&VALUE) };

static ATTRIBUTE: Object = Object::read_as::<RawAttribute>(
    "an attribute",
    &[("value", &VALUE), ("attributes", &ATTRIBUTE), ("returnTo", &VALUE)],
);

static VALUE: Object = Object::read_as::<RawValue>(
    "a value",
    &[
        ("list", &VALUE),
        ("dictionary", &ENTRY),
        ("credential", &CREDENTIAL),
        ("sessionName", &VALUE),
        ("taskbotFile", &VALUE),
        ("taskbotInput", &VALUE),
    ],
);

static ENTRY: Object = Object::read_as::<RawEntry>("an entry", &[("value", &VALUE)]);

static CREDENTIAL: Object = Object::read_as::<RawCredential>("a credential", &[]);

static VARIABLE: Object = Object::read_as::<RawVariable>("a variable", &[("defaultValue", &VALUE)]);

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
        let names = (self.of.names)();
        let (mut given, mut unknown) = (Vec::new(), Vec::new());
        while let Some(name) = entries.next_key::<String>()? {
            let inside = self.of.inside.iter().find(|(member, _)| *member == name);
            match names.iter().find(|member| **member == name) {
                Some(member) => given.push(*member),
                None => unknown.push(name),
            }
            match inside.map(|(_, inside)| *inside).or(self.of.each) {
                Some(of) => entries.next_value_seed(Part { of, found: &mut *self.found })?,
                None => entries.next_value::<IgnoredAny>().map(drop)?,
            }
        }
        let missing = || names.iter().copied().filter(|member| !given.contains(member));
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
