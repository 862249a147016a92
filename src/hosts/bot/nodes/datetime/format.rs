//! Datetime.toString: writes a date as a text.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::dates::Pattern;
use crate::hosts::bot::values::dates::prebuilt;

/// Writes a date as a text
#[derive(Debug)]
pub(crate) struct DateToText {
    source: Expr,
    pattern: DatePattern,
}

#[derive(Debug)]
enum DatePattern {
    Known(Pattern),
    Computed(Expr),
}

impl Compute for DateToText {
    const PACKAGE: &'static str = "Datetime";
    const COMMAND: &'static str = "toString";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "toString", "packageName": "Datetime", "attributes": [
    { "name": "source", "value": { "type": "DATETIME", "expression": "$System:Date$" } },
    { "name": "selectPattern", "value": { "type": "STRING", "string": "CUSTOM" } },
    { "name": "patternInput", "value": { "type": "STRING", "string": "yyyy-MM-dd HH:mm:ss" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let word = |name: &str| raw.attribute(name).map_or("", |found| found.value.string.as_str());
        let source = checker.required(raw, "source", Expected::DateTime);
        let pattern = match word("selectPattern") {
            "CUSTOM" | "custom" => match checker.required(raw, "patternInput", Expected::Text)? {
                Expr::Constant(Value::Text(text)) => {
                    DatePattern::Known(checker.parsed("patternInput", Pattern::parse(&text))?)
                }
                computed => DatePattern::Computed(computed),
            },
            _ => {
                let names = ["preBuiltPattern", "preBuiltFormat"];
                let name = names.into_iter().find(|name| raw.attribute(name).is_some()).unwrap_or(names[0]);
                let pattern = match word(name) {
                    "" => prebuilt("ISO_OFFSET_DATE_TIME"),
                    known => prebuilt(known),
                };
                DatePattern::Known(checker.parsed(name, pattern)?)
            }
        };
        Some(DateToText { source: source?, pattern })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let date = self.source.date(&frame.scope)?;
        match &self.pattern {
            DatePattern::Known(pattern) => pattern.format(&date),
            DatePattern::Computed(pattern) => Pattern::parse(&pattern.text(&frame.scope)?)?.format(&date),
        }
        .map(Value::Text)
    }
}
