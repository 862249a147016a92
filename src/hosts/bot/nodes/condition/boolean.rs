//! The condition on booleans.

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::nodes::condition::order_operator::OrderOperator;
use crate::hosts::bot::nodes::condition::test::ConditionType;
use crate::hosts::bot::nodes::condition::test::Test;
use crate::hosts::bot::nodes::condition::test::operator;
use crate::hosts::bot::nodes::condition::test::part;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

pub(super) const BOOLEAN: ConditionType = ConditionType {
    package: "Boolean",
    names: &["booleanVariable"],
    example: r#"{ "name": "condition",
  "value": { "type": "CONDITIONAL", "conditionalName": "booleanVariable", "packageName": "Boolean" },
  "attributes": [
    { "name": "variable", "value": { "type": "BOOLEAN", "expression": "$flag$" } },
    { "name": "operator", "value": { "type": "STRING", "string": "NEQ" } },
    { "name": "value", "value": { "type": "BOOLEAN", "boolean": true } } ] }"#,
    read,
};

#[derive(Debug)]
struct BooleanTest {
    left: Expr,
    right: Expr,
    equal: bool,
}

fn read(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Box<dyn Test>> {
    let left = part(checker, raw, "variable", Expected::Boolean);
    let right = part(checker, raw, "value", Expected::Boolean);
    let equality = |name: &str| OrderOperator::named(name).and_then(OrderOperator::equality);
    let equal = operator(checker, raw, equality, &["EQ", "NEQ"]);
    Some(Box::new(BooleanTest { left: left?, right: right?, equal: equal? }))
}

impl Test for BooleanTest {
    fn passes(&self, frame: &Frame<'_>) -> Result<bool, Error> {
        Ok((self.left.boolean(&frame.scope)? == self.right.boolean(&frame.scope)?) == self.equal)
    }
}
