//! Dictionary.put: sets the value of a key.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::dictionary::keys::has_no_keys;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::check_nesting;

/// Sets the value of a key; the result is the previous value
#[derive(Debug)]
pub(crate) struct Put {
    variable: String,
    key: Expr,
    value: Expr,
}

impl Compute for Put {
    const PACKAGE: &'static str = "Dictionary";
    const COMMAND: &'static str = "put";
    const RESULT: Expected = Expected::Any;
    const EXAMPLE: &'static str = r#"{ "commandName": "put", "packageName": "Dictionary", "attributes": [
    { "name": "sourceMap", "value": { "type": "VARIABLE", "variableName": "dictionary" } },
    { "name": "key", "value": { "type": "STRING", "string": "name" } },
    { "name": "varOrManual", "value": { "type": "STRING", "string": "Manual" } },
    { "name": "newValue", "value": { "type": "STRING", "expression": "$text$" } } ] }"#;

    /// The value is `newValue`, and `value` in older files
    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let variable = checker.required_variable(raw, "sourceMap", Expected::Dictionary);
        let key = checker.required(raw, "key", Expected::Text);
        let name = if raw.attribute("newValue").is_none() && raw.attribute("value").is_some() {
            "value"
        } else {
            "newValue"
        };
        // An empty text is a valid value; only a missing attribute is a fault.
        let value = match raw.attribute(name) {
            Some(found) if !found.value.is_given() && found.value.kind == "STRING" => {
                Some(Expr::Constant("".into()))
            }
            _ => checker.required(raw, name, Expected::Any),
        };
        checker.changes(&variable);
        Some(Put { variable: variable?, key: key?, value: value? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let key = self.key.text(&frame.scope)?;
        let value = self.value.value(&frame.scope)?;
        check_nesting(&self.variable, &value, 1)?;
        let before = frame.scope.change(&self.variable, |place| match place {
            Value::Dictionary(entries) => Ok(entries.insert(key, value)),
            other => Err(has_no_keys(&self.variable, other)),
        })?;
        Ok(before.unwrap_or_default())
    }
}
