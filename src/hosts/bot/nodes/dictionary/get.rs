//! Dictionary.get: reads the value of a key.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::dictionary::keys::has_no_keys;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression::no_key;
use crate::hosts::bot::values::expression_error;

/// Reads the value of a key
#[derive(Debug)]
pub(crate) struct Get {
    variable: String,
    key: Expr,
}

impl Compute for Get {
    const PACKAGE: &'static str = "Dictionary";
    const COMMAND: &'static str = "get";
    const RESULT: Expected = Expected::Any;
    const EXAMPLE: &'static str = r#"{ "commandName": "get", "packageName": "Dictionary", "attributes": [
    { "name": "sourceMap", "value": { "type": "VARIABLE", "variableName": "dictionary" } },
    { "name": "key", "value": { "type": "STRING", "string": "name" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let variable = checker.required_variable(raw, "sourceMap", Expected::Dictionary);
        let key = checker.required(raw, "key", Expected::Text);
        Some(Get { variable: variable?, key: key? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let key = self.key.text(&frame.scope)?;
        frame.scope.read(&self.variable, |value| match value {
            Value::Dictionary(entries) => entries
                .get(&key)
                .cloned()
                .ok_or_else(|| expression_error(format!("${}$ {}", self.variable, no_key(entries, &key)))),
            other => Err(has_no_keys(&self.variable, other)),
        })
    }
}
