//! Conditions of If and of Loop WHILE: texts, numbers and booleans, chained with AND and OR.

use crate::contract::Error;
use crate::contract::Number;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::format::find_attribute;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::VariableScope;
use crate::hosts::bot::values::parse_boolean;

/// A chain of tests; AND and OR have the same precedence and are evaluated from left to right
#[derive(Debug)]
pub(crate) struct Condition {
    first: Test,
    rest: Vec<(Join, Test)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    And,
    Or,
}

#[derive(Debug)]
enum Test {
    Text { left: Expr, right: Expr, equal: bool, match_case: Expr },
    Number { left: Expr, right: Expr, operator: Comparison },
    Boolean { left: Expr, right: Expr, equal: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Reads all conditions of a node
pub(crate) fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Condition> {
    if raw.attributes.iter().any(|attribute| !matches!(attribute.group_attribute.as_str(), "" | "false")) {
        return checker.unsupported("this host does not support groups of conditions");
    }
    let conditions: Vec<&RawAttribute> =
        raw.attributes.iter().filter(|attribute| attribute.value.kind == "CONDITIONAL").collect();
    let tests: Vec<Option<Test>> = conditions.iter().map(|attribute| test(checker, attribute)).collect();
    let joins = joins(checker, raw, tests.len());
    let mut tests = tests.into_iter().collect::<Option<Vec<_>>>()?.into_iter();
    let Some(first) = tests.next() else { return checker.invalid("condition", "is missing") };
    Some(Condition { first, rest: joins?.into_iter().zip(tests).collect() })
}

/// Reads the operators between the conditions
///
/// They are members of the conditions or of separate attributes; some files have one at the first
/// condition as well, which is ignored.
fn joins(checker: &mut Checker<'_>, raw: &RawNode, conditions: usize) -> Option<Vec<Join>> {
    let joining =
        |attribute: &&RawAttribute| attribute.value.kind == "CONDITIONAL" || !attribute.value.is_given();
    let words: Vec<&str> = raw
        .attributes
        .iter()
        .filter(joining)
        .map(|attribute| attribute.operator.as_str())
        .filter(|word| !word.is_empty())
        .collect();
    let needed = conditions.saturating_sub(1);
    let surplus = words.len().saturating_sub(needed);
    if words.len() < needed || surplus > 1 {
        return checker
            .invalid("condition", "conditions have to be joined by AND or OR, one between each two");
    }
    let joined: Option<Vec<Join>> = words[surplus..]
        .iter()
        .map(|word| match *word {
            "AND" => Some(Join::And),
            "OR" => Some(Join::Or),
            _ => None,
        })
        .collect();
    joined.or_else(|| checker.invalid("condition", "conditions have to be joined by AND or OR"))
}

fn test(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Test> {
    let parts = &raw.attributes;
    let operator =
        find_attribute(parts, "operator").map(|found| found.value.string.as_str()).unwrap_or_default();
    let equal = match operator {
        "EQ" => Some(true),
        "NE" => Some(false),
        _ => None,
    };
    match (raw.value.package_name.as_str(), raw.value.conditional_name.as_str()) {
        ("String", "stringVariable") => {
            let left = part(checker, parts, "variable", Expected::Text);
            let right = part(checker, parts, "value", Expected::Text);
            let match_case = match find_attribute(parts, "matchCase").filter(|found| found.value.is_given()) {
                Some(found) => checker.value("matchCase", &found.value, Expected::Boolean),
                None => Some(Expr::Constant(false.into())),
            };
            let Some(equal) = equal else { return unknown_operator(checker, "EQ and NE") };
            Some(Test::Text { left: left?, right: right?, equal, match_case: match_case? })
        }
        ("Number", "numberVariable") => {
            let left = part(checker, parts, "variable", Expected::Number);
            let right = part(checker, parts, "value", Expected::Number);
            let operator = match operator {
                "EQ" => Comparison::Equal,
                "NE" => Comparison::NotEqual,
                "LT" => Comparison::Less,
                "LE" => Comparison::LessOrEqual,
                "GT" => Comparison::Greater,
                "GE" => Comparison::GreaterOrEqual,
                _ => return unknown_operator(checker, "EQ, NE, LT, LE, GT and GE"),
            };
            Some(Test::Number { left: left?, right: right?, operator })
        }
        ("Boolean", "booleanVariable") => {
            let left = part(checker, parts, "variable", Expected::Boolean);
            let right = part(checker, parts, "value", Expected::Boolean);
            let Some(equal) = equal else { return unknown_operator(checker, "EQ and NE") };
            Some(Test::Boolean { left: left?, right: right?, equal })
        }
        _ => checker.unsupported("this host supports only conditions on texts, numbers and booleans"),
    }
}

/// Reads an operand of a test, which may be an empty text; a boolean may be written as a text
fn part(checker: &mut Checker<'_>, parts: &[RawAttribute], name: &str, expected: Expected) -> Option<Expr> {
    let Some(value) = find_attribute(parts, name).map(|found| &found.value) else {
        return checker.invalid(name, "is missing");
    };
    match (expected, parse_boolean(&value.string)) {
        (Expected::Text, _) if !value.is_given() => Some(Expr::Constant("".into())),
        (Expected::Boolean, Some(flag)) if value.kind == "STRING" => Some(Expr::Constant(flag.into())),
        _ => checker.value(name, value, expected),
    }
}

fn unknown_operator<T>(checker: &mut Checker<'_>, known: &str) -> Option<T> {
    checker.unsupported(format!("the operator of this condition is not one of {known}"))
}

/// Evaluates a condition; every test is evaluated, so that an error shows on the first run
pub(crate) fn holds(condition: &Condition, scope: &VariableScope) -> Result<bool, Error> {
    let mut result = passes(&condition.first, scope)?;
    for (join, test) in &condition.rest {
        let passed = passes(test, scope)?;
        result = match join {
            Join::And => result && passed,
            Join::Or => result || passed,
        };
    }
    Ok(result)
}

fn passes(test: &Test, scope: &VariableScope) -> Result<bool, Error> {
    match test {
        Test::Text { left, right, equal, match_case } => {
            let (left, right) = (left.text(scope)?, right.text(scope)?);
            let same = match match_case.boolean(scope)? {
                true => left == right,
                false => left.to_lowercase() == right.to_lowercase(),
            };
            Ok(same == *equal)
        }
        Test::Number { left, right, operator } => {
            Ok(compare(left.number(scope)?, right.number(scope)?, *operator))
        }
        Test::Boolean { left, right, equal } => Ok((left.boolean(scope)? == right.boolean(scope)?) == *equal),
    }
}

fn compare(left: Number, right: Number, operator: Comparison) -> bool {
    let order = match (left, right) {
        (Number::Integer(left), Number::Integer(right)) => left.cmp(&right),
        (left, right) => left.to_decimal().total_cmp(&right.to_decimal()),
    };
    match operator {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}
