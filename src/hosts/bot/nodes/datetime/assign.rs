//! Datetime.assign: sets a date variable from a text or another date.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::dates;
use crate::hosts::bot::values::dates::Pattern;
use crate::hosts::bot::values::dates::prebuilt;

/// Reads a date
#[derive(Debug)]
pub(crate) struct AssignDate {
    source: Expr,
    /// The pattern of the text; without one, it is a date in RFC 3339 form
    pattern: Option<Pattern>,
}

impl Compute for AssignDate {
    const PACKAGE: &'static str = "Datetime";
    const COMMAND: &'static str = "assign";
    const RESULT: Expected = Expected::DateTime;
    const EXAMPLE: &'static str = r#"{ "commandName": "assign", "packageName": "Datetime", "attributes": [
    { "name": "option", "value": { "type": "STRING", "string": "constant" } },
    { "name": "source", "value": { "type": "STRING", "string": "24.12.2026" } },
    { "name": "formatType", "value": { "type": "STRING", "string": "custom" } },
    { "name": "customFormat", "value": { "type": "STRING", "string": "dd.MM.yyyy" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "date" } }"#;

    /// With `option` `variable`, `dateTime` is a date; otherwise, `source` is a text in a format
    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let word = |name: &str| raw.attribute(name).map_or("", |found| found.value.string.as_str());
        if word("option") == "variable" {
            let name = if raw.attribute("dateTime").is_some() { "dateTime" } else { "source" };
            return Some(AssignDate {
                source: checker.required(raw, name, Expected::DateTime)?,
                pattern: None,
            });
        }
        let source = checker.required(raw, "source", Expected::Text);
        let (field, pattern) = match word("formatType") {
            "custom" | "CUSTOM" => ("customFormat", Pattern::parse(word("customFormat"))),
            _ => ("preBuiltFormat", prebuilt(word("preBuiltFormat"))),
        };
        let pattern = checker.parsed(field, pattern)?;
        if let Some(Expr::Constant(Value::Text(text))) = &source {
            checker.parsed("source", pattern.read(text))?;
        }
        Some(AssignDate { source: source?, pattern: Some(pattern) })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let text = self.source.text(&frame.scope)?;
        let date = match &self.pattern {
            Some(pattern) => pattern.read(&text)?,
            None => dates::parse(&text)?,
        };
        Ok(dates::to_text(&date).into())
    }
}
