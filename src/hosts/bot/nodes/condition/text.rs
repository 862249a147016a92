//! The condition on texts.

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::nodes::condition::test::ConditionType;
use crate::hosts::bot::nodes::condition::test::Test;
use crate::hosts::bot::nodes::condition::test::operator;
use crate::hosts::bot::nodes::condition::test::part;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

pub(super) const TEXT: ConditionType = ConditionType {
    package: "String",
    names: &["stringVariable"],
    example: r#"{ "name": "condition",
  "value": { "type": "CONDITIONAL", "conditionalName": "stringVariable", "packageName": "String" },
  "attributes": [
    { "name": "variable", "value": { "type": "STRING", "expression": "$text$" } },
    { "name": "operator", "value": { "type": "STRING", "string": "INCLUDE" } },
    { "name": "value", "value": { "type": "STRING", "string": "failed" } },
    { "name": "matchCase", "value": { "type": "BOOLEAN", "boolean": false } } ] }"#,
    read,
};

#[derive(Debug)]
struct TextTest {
    left: Expr,
    right: Expr,
    operator: Operator,
    match_case: Expr,
}

#[derive(Debug, Clone, Copy)]
enum Operator {
    Equal,
    NotEqual,
    Includes,
    IncludesNot,
    BeginsWith,
    EndsWith,
}

/// The usual names of the operators
const OPERATORS: [&str; 6] = ["EQ", "NEQ", "INCLUDE", "NOT_INCLUDE", "BEGINS_WITH", "ENDS_WITH"];

impl Operator {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "EQ" => Operator::Equal,
            "NEQ" | "NE" => Operator::NotEqual,
            "INCLUDE" | "INCLUDES" | "CONTAINS" => Operator::Includes,
            "NOT_INCLUDE" | "NOT_INCLUDES" | "NINCLUDE" | "EXCLUDE" | "NOT_CONTAINS" => Operator::IncludesNot,
            "BEGINS_WITH" | "STARTS_WITH" => Operator::BeginsWith,
            "ENDS_WITH" => Operator::EndsWith,
            _ => return None,
        })
    }
}

fn read(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Box<dyn Test>> {
    let left = part(checker, raw, "variable", Expected::Text);
    let right = part(checker, raw, "value", Expected::Text);
    let match_case = match raw.attributes.named("matchCase").filter(|found| found.value.is_given()) {
        Some(_) => part(checker, raw, "matchCase", Expected::Boolean),
        None => Some(Expr::Constant(false.into())),
    };
    let operator = operator(checker, raw, Operator::named, &OPERATORS);
    Some(Box::new(TextTest { left: left?, right: right?, operator: operator?, match_case: match_case? }))
}

impl Test for TextTest {
    fn passes(&self, frame: &Frame<'_>) -> Result<bool, Error> {
        let scope = &frame.scope;
        let (mut left, mut right) = (self.left.text(scope)?, self.right.text(scope)?);
        if !self.match_case.boolean(scope)? {
            (left, right) = (left.to_lowercase(), right.to_lowercase());
        }
        Ok(match self.operator {
            Operator::Equal => left == right,
            Operator::NotEqual => left != right,
            Operator::Includes => left.contains(&right),
            Operator::IncludesNot => !left.contains(&right),
            Operator::BeginsWith => left.starts_with(&right),
            Operator::EndsWith => left.ends_with(&right),
        })
    }
}
