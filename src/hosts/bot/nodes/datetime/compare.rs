//! Datetime.isAfter and Datetime.isBefore.

use std::cmp::Ordering;

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Whether a date is after another
#[derive(Debug)]
pub(crate) struct IsAfter(Pair);

/// Whether a date is before another
#[derive(Debug)]
pub(crate) struct IsBefore(Pair);

#[derive(Debug)]
struct Pair {
    source: Expr,
    other: Expr,
}

impl Pair {
    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.required(raw, "source", Expected::DateTime);
        let other = checker.required(raw, "other", Expected::DateTime);
        Some(Pair { source: source?, other: other? })
    }

    fn order(&self, frame: &Frame<'_>) -> Result<Ordering, Error> {
        Ok(self.source.date(&frame.scope)?.cmp(&self.other.date(&frame.scope)?))
    }
}

impl Compute for IsAfter {
    const PACKAGE: &'static str = "Datetime";
    const COMMAND: &'static str = "isAfter";
    const RESULT: Expected = Expected::Boolean;
    const EXAMPLE: &'static str = r#"{ "commandName": "isAfter", "packageName": "Datetime", "attributes": [
    { "name": "source", "value": { "type": "DATETIME", "expression": "$System:Date$" } },
    { "name": "other", "value": { "type": "DATETIME", "expression": "$date$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "flag" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Pair::read(checker, raw).map(IsAfter)
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        Ok(self.0.order(frame)?.is_gt().into())
    }
}

impl Compute for IsBefore {
    const PACKAGE: &'static str = "Datetime";
    const COMMAND: &'static str = "isBefore";
    const RESULT: Expected = Expected::Boolean;
    const EXAMPLE: &'static str = r#"{ "commandName": "isBefore", "packageName": "Datetime", "attributes": [
    { "name": "source", "value": { "type": "DATETIME", "expression": "$System:Date$" } },
    { "name": "other", "value": { "type": "DATETIME", "expression": "$date$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "flag" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Pair::read(checker, raw).map(IsBefore)
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        Ok(self.0.order(frame)?.is_lt().into())
    }
}
