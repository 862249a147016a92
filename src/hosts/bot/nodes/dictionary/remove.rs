//! Dictionary.remove: removes a key.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::dictionary::keys::has_no_keys;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Removes a key, if it is there; the result is its value
#[derive(Debug)]
pub(crate) struct Remove {
    variable: String,
    key: Expr,
}

impl Compute for Remove {
    const PACKAGE: &'static str = "Dictionary";
    const COMMAND: &'static str = "remove";
    const RESULT: Expected = Expected::Any;
    const EXAMPLE: &'static str = r#"{ "commandName": "remove", "packageName": "Dictionary", "attributes": [
    { "name": "sourceMap", "value": { "type": "VARIABLE", "variableName": "dictionary" } },
    { "name": "key", "value": { "type": "STRING", "string": "name" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let variable = checker.required_variable(raw, "sourceMap", Expected::Dictionary);
        let key = checker.required(raw, "key", Expected::Text);
        checker.changes(&variable);
        Some(Remove { variable: variable?, key: key? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let key = self.key.text(&frame.scope)?;
        let before = frame.scope.change(&self.variable, |place| match place {
            Value::Dictionary(entries) => Ok(entries.remove(&key)),
            other => Err(has_no_keys(&self.variable, other)),
        })?;
        Ok(before.unwrap_or_default())
    }
}
