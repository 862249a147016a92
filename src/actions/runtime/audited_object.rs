//! What an action changes, for the audit record: declared by the action, read from its inputs and outputs.

use crate::contract::Dictionary;
use crate::contract::Value;

/// What an action changes: its kind, and where its name and id are
///
/// The outputs know both; before and after a failure there is the input that names it. A field that does not exist is an
/// empty text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditedObject {
    /// Its kind: `repository`
    pub kind: &'static str,
    /// The input that names it, by name or id
    pub input: &'static str,
    /// The output that is its id
    pub id: &'static str,
    /// The output that is its name
    pub name: &'static str,
}

impl AuditedObject {
    /// An object that this input names, and whose outputs are `id` and `name`
    pub const fn named_by(kind: &'static str, input: &'static str) -> Self {
        AuditedObject { kind, input, id: "id", name: "name" }
    }

    /// An object that no input names, and whose outputs are `id` and `name`
    pub const fn new(kind: &'static str) -> Self {
        AuditedObject::named_by(kind, "")
    }

    /// Its id is this output
    #[must_use]
    pub const fn id(self, id: &'static str) -> Self {
        AuditedObject { id, ..self }
    }

    /// Its name is this output
    #[must_use]
    pub const fn name(self, name: &'static str) -> Self {
        AuditedObject { name, ..self }
    }

    /// Returns id and name as the inputs have them
    pub fn of_inputs(&self, inputs: &Dictionary) -> (Option<String>, Option<String>) {
        let Some(text) = inputs.get(self.input).and_then(text) else { return (None, None) };
        let is_id = text.bytes().all(|byte| byte.is_ascii_digit()) || uuid::Uuid::try_parse(&text).is_ok();
        if is_id { (Some(text), None) } else { (None, Some(text)) }
    }

    /// Returns id and name as the outputs have them
    pub fn of_outputs(&self, outputs: &Dictionary) -> (Option<String>, Option<String>) {
        let output = |name| outputs.get(name).and_then(text);
        (output(self.id), output(self.name))
    }
}

/// Returns a text or a number as text
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
