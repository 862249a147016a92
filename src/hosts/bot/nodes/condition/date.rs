//! The condition on dates.

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::nodes::condition::order_operator::ORDER_OPERATORS;
use crate::hosts::bot::nodes::condition::order_operator::OrderOperator;
use crate::hosts::bot::nodes::condition::test::ConditionType;
use crate::hosts::bot::nodes::condition::test::Test;
use crate::hosts::bot::nodes::condition::test::operator;
use crate::hosts::bot::nodes::condition::test::part;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

pub(super) const DATE: ConditionType = ConditionType {
    package: "Datetime",
    names: &["datetimeVariable", "dateTimeVariable", "dateVariable"],
    example: r#"{ "name": "condition",
  "value": { "type": "CONDITIONAL", "conditionalName": "datetimeVariable", "packageName": "Datetime" },
  "attributes": [
    { "name": "variable", "value": { "type": "DATETIME", "expression": "$date$" } },
    { "name": "operator", "value": { "type": "STRING", "string": "LT" } },
    { "name": "value", "value": { "type": "DATETIME", "expression": "$System:Date$" } } ] }"#,
    read,
};

#[derive(Debug)]
struct DateTest {
    left: Expr,
    right: Expr,
    operator: OrderOperator,
}

fn read(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Box<dyn Test>> {
    let left = part(checker, raw, "variable", Expected::DateTime);
    let right = part(checker, raw, "value", Expected::DateTime);
    let operator = operator(checker, raw, OrderOperator::named, ORDER_OPERATORS);
    Some(Box::new(DateTest { left: left?, right: right?, operator: operator? }))
}

impl Test for DateTest {
    fn passes(&self, frame: &Frame<'_>) -> Result<bool, Error> {
        let (left, right) = (self.left.date(&frame.scope)?, self.right.date(&frame.scope)?);
        Ok(self.operator.accepts(left.cmp(&right)))
    }
}
