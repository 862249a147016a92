//! The condition on numbers.

use crate::contract::Error;
use crate::contract::Number;
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

pub(super) const NUMBER: ConditionType = ConditionType {
    package: "Number",
    names: &["numberVariable"],
    example: r#"{ "name": "condition",
  "value": { "type": "CONDITIONAL", "conditionalName": "numberVariable", "packageName": "Number" },
  "attributes": [
    { "name": "variable", "value": { "type": "NUMBER", "expression": "$count$" } },
    { "name": "operator", "value": { "type": "STRING", "string": "LTE" } },
    { "name": "value", "value": { "type": "NUMBER", "number": "3" } } ] }"#,
    read,
};

#[derive(Debug)]
struct NumberTest {
    left: Expr,
    right: Expr,
    operator: OrderOperator,
}

fn read(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Box<dyn Test>> {
    let left = part(checker, raw, "variable", Expected::Number);
    let right = part(checker, raw, "value", Expected::Number);
    let operator = operator(checker, raw, OrderOperator::named, ORDER_OPERATORS);
    Some(Box::new(NumberTest { left: left?, right: right?, operator: operator? }))
}

impl Test for NumberTest {
    fn passes(&self, frame: &Frame<'_>) -> Result<bool, Error> {
        let (left, right) = (self.left.number(&frame.scope)?, self.right.number(&frame.scope)?);
        let order = match (left, right) {
            (Number::Integer(left), Number::Integer(right)) => left.cmp(&right),
            (left, right) => left.to_decimal().total_cmp(&right.to_decimal()),
        };
        Ok(self.operator.accepts(order))
    }
}
