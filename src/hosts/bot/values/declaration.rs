//! The variables that a bot declares, with their defaults, and which of them are inputs and outputs.

use indexmap::IndexMap;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Value;
use crate::hosts::bot::format::RawValue;
use crate::hosts::bot::format::RawVariable;
use crate::hosts::bot::values::VariableKind;
use crate::hosts::bot::values::expression_error;
use crate::hosts::bot::values::looks_like_token;
use crate::hosts::bot::values::parse_boolean;
use crate::hosts::bot::values::parse_number;
use crate::hosts::bot::values::record;
use crate::hosts::bot::values::table;

/// The variables of a bot, by name
pub(crate) type Declarations = IndexMap<String, Declaration>;

/// The variables that a name of a flow may refer to
pub(crate) enum Named<'a> {
    None,
    One(&'a Declaration),
    /// Several, which differ from the name only in case: the first, and another
    Several(&'a Declaration, &'a Declaration),
}

/// Returns the variable with this name: as it is written, or else the one that differs only in case
pub(crate) fn named<'a>(declarations: &'a Declarations, name: &str) -> Named<'a> {
    if let Some(declaration) = declarations.get(name) {
        return Named::One(declaration);
    }
    let lower = name.to_lowercase();
    let mut others = declarations.values().filter(|declared| declared.name.to_lowercase() == lower);
    match (others.next(), others.next()) {
        (None, _) => Named::None,
        (Some(one), None) => Named::One(one),
        (Some(first), Some(second)) => Named::Several(first, second),
    }
}

/// A variable that a bot declares
#[derive(Debug)]
pub(crate) struct Declaration {
    pub(crate) name: String,
    pub(crate) kind: VariableKind,
    pub(crate) input: bool,
    /// Whether the input has to be given: it is marked as required and has no default
    pub(crate) required: bool,
    pub(crate) output: bool,
    pub(crate) default: Value,
    /// Whether the default is an insecure string: a text in a credential variable
    pub(crate) insecure: bool,
}

impl Declaration {
    /// Reads a declaration
    ///
    /// Errors: `input.invalid` for a default that the variable cannot hold; the declaration then
    /// has no default.
    pub(crate) fn of(raw: &RawVariable) -> (Self, Result<(), Error>) {
        let kind = VariableKind::of(&raw.kind, &raw.session_type);
        let given = raw.default_value.is_given();
        let default = if given { constant(&raw.default_value, &kind) } else { Ok(Value::Null) };
        let fits = default.and_then(|value| {
            kind.keep(value)
                .or_else(|| matches!(kind, VariableKind::Unknown(_)).then_some(Value::Null))
                .ok_or_else(|| {
                    Error::new(
                        ErrorCode::InputInvalid,
                        format!(
                            "the default of the variable \"{}\" has the wrong type: it is {kind}",
                            raw.name
                        ),
                    )
                })
        });
        let (default, result) = match fits {
            Ok(value) => (value, Ok(())),
            Err(error) => (kind.empty(), Err(error)),
        };
        let declaration = Declaration {
            name: raw.name.clone(),
            input: raw.input == "true",
            required: raw.input == "true" && raw.input_required == "true" && !given,
            output: raw.output == "true",
            insecure: kind == VariableKind::Credential && !raw.default_value.string.is_empty(),
            kind,
            default,
        };
        (declaration, result)
    }
}

impl Declaration {
    /// Returns whether the default value looks like a token
    ///
    /// The default of a credential variable is reported where the credential is used.
    pub(crate) fn default_looks_like_token(&self) -> bool {
        self.default.as_text().is_some_and(looks_like_token)
    }
}

/// Reads a default value, which must not be computed
fn constant(raw: &RawValue, kind: &VariableKind) -> Result<Value, Error> {
    if raw.credential.is_given() {
        return Ok(locker(raw));
    }
    let entries = || {
        raw.dictionary
            .iter()
            .map(|entry| Ok((entry.key.clone(), constant(&entry.value, &VariableKind::Any)?)))
    };
    match raw.kind.as_str() {
        "LIST" => raw
            .list
            .iter()
            .map(|item| constant(item, &VariableKind::Any))
            .collect::<Result<_, _>>()
            .map(Value::List),
        "DICTIONARY" => entries().collect::<Result<_, _>>().map(Value::Dictionary),
        "TABLE" => table(raw, &mut |cell| constant(cell, &VariableKind::Any))
            .map(|rows| Value::List(rows.into_iter().map(Value::Dictionary).collect())),
        "RECORD" => record(raw, &mut |field| constant(field, &VariableKind::Any)).map(Value::Dictionary),
        "NUMBER" => parse_number(&raw.number)
            .map(Value::Number)
            .ok_or_else(|| expression_error("a default is not a number")),
        "BOOLEAN" => parse_boolean(&raw.boolean)
            .map(Value::from)
            .ok_or_else(|| expression_error("a default is not a boolean")),
        _ if kind == &VariableKind::Credential => Ok(insecure(&raw.string)),
        _ if raw.string.is_empty() && !raw.expression.is_empty() => {
            Err(expression_error("a default value cannot be computed"))
        }
        _ if matches!(kind, VariableKind::Session(_)) => Ok(Value::Null),
        _ => Ok(Value::from(raw.string.as_str())),
    }
}

/// Returns a credential of the Credential Vault as the input of an action
pub(crate) fn locker(raw: &RawValue) -> Value {
    let entries = [
        ("lockerName", &raw.credential.locker_name),
        ("name", &raw.credential.name),
        ("attributeName", &raw.credential.attribute_name),
    ];
    Value::Dictionary(entries.into_iter().map(|(key, text)| (key.to_owned(), text.as_str().into())).collect())
}

/// Returns an insecure string as the input of an action
pub(crate) fn insecure(text: &str) -> Value {
    Value::Dictionary(Dictionary::from_iter([("insecure".to_owned(), text.into())]))
}
