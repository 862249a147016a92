//! Boolean.assign: sets a boolean variable.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::parse_boolean;

/// Assigns a boolean to a variable
#[derive(Debug)]
pub(crate) struct AssignBoolean {
    source: Expr,
}

impl Compute for AssignBoolean {
    const PACKAGE: &'static str = "Boolean";
    const COMMAND: &'static str = "assign";
    const RESULT: Expected = Expected::Boolean;
    const EXAMPLE: &'static str = r#"{ "commandName": "assign", "packageName": "Boolean", "attributes": [
    { "name": "source", "value": { "type": "STRING", "string": "constant" } },
    { "name": "userDefined", "value": { "type": "STRING", "string": "true" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "flag" } }"#;

    /// If `source` is `constant`, `userDefined` is the text `true` or `false`; if it is `variable`, another attribute
    /// is a boolean; otherwise, `source` is one itself
    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let given =
            |name: &str| raw.attribute(name).map(|found| &found.value).filter(|value| value.is_given());
        let source = match given("userDefined") {
            Some(value) if !value.string.is_empty() => match parse_boolean(&value.string) {
                Some(flag) => Some(Expr::Constant(flag.into())),
                None => checker.unknown_word("userDefined", &value.string, &["true", "false"]),
            },
            Some(value) => checker.value("userDefined", value, Expected::Boolean),
            None if given("source").is_some_and(|source| source.string == "variable") => {
                let holds = |found: &&crate::hosts::bot::format::RawAttribute| {
                    matches!(found.value.kind.as_str(), "VARIABLE" | "BOOLEAN")
                };
                let name = raw.attributes.iter().find(holds).map(|found| found.name.as_str());
                checker.required(raw, name.unwrap_or("variable"), Expected::Boolean)
            }
            None => checker.required(raw, "source", Expected::Boolean),
        };
        Some(AssignBoolean { source: source? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        self.source.boolean(&frame.scope).map(Value::Boolean)
    }
}
