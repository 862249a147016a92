//! Dictionary.assign: sets a dictionary variable.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Assigns a dictionary to a variable
#[derive(Debug)]
pub(crate) struct AssignDictionary {
    source: Expr,
}

impl Compute for AssignDictionary {
    const PACKAGE: &'static str = "Dictionary";
    const COMMAND: &'static str = "assign";
    const RESULT: Expected = Expected::Dictionary;
    const EXAMPLE: &'static str = r#"{ "commandName": "assign", "packageName": "Dictionary", "attributes": [
    { "name": "sourceDictionary", "value": { "type": "DICTIONARY", "dictionary": [
        { "key": "name", "value": { "type": "STRING", "string": "site" } },
        { "key": "runs", "value": { "type": "NUMBER", "number": "3" } } ] } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "dictionary" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let name = if raw.attribute("sourceMap").is_some() { "sourceMap" } else { "sourceDictionary" };
        // An empty dictionary is a valid value.
        let source = match raw.attribute(name) {
            Some(found) if !found.value.is_given() => {
                Some(Expr::Constant(Value::Dictionary(Default::default())))
            }
            _ => checker.required(raw, name, Expected::Dictionary),
        };
        Some(AssignDictionary { source: source? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        self.source.dictionary(&frame.scope).map(Value::Dictionary)
    }
}
