//! Arithmetic expressions of NUMBER fields: numbers, references and `+ - * / ( )`.

use crate::contract::Error;
use crate::contract::Number;
use crate::hosts::bot::values::VariableScope;
use crate::hosts::bot::values::expression::Reference;
use crate::hosts::bot::values::expression_error;
use crate::hosts::bot::values::parse_number;

/// An arithmetic expression, as steps for a stack machine
///
/// It has steps instead of a tree, since an expression can have any length, and neither evaluating nor
/// dropping it may use a stack frame for each operator.
#[derive(Debug)]
pub(crate) struct Arithmetic(Vec<Step>);

#[derive(Debug)]
enum Step {
    Number(Number),
    Reference(Reference),
    Negate,
    Apply(Operator),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// An operator that waits for its right operand during parsing
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Open,
    Negate,
    Apply(Operator),
}

impl Waiting {
    const fn rank(self) -> u8 {
        match self {
            Waiting::Open => 0,
            Waiting::Apply(Operator::Add | Operator::Subtract) => 1,
            Waiting::Apply(Operator::Multiply | Operator::Divide) => 2,
            Waiting::Negate => 3,
        }
    }

    fn step(self) -> Step {
        match self {
            Waiting::Negate => Step::Negate,
            Waiting::Apply(operator) => Step::Apply(operator),
            Waiting::Open => unreachable!("a parenthesis is never carried out"),
        }
    }
}

impl Arithmetic {
    /// Parses the expression of a NUMBER field
    ///
    /// Errors: `bot.expression`.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let mut steps = Vec::new();
        let mut waiting: Vec<Waiting> = Vec::new();
        let mut operand_next = true;
        let mut rest = text.trim_start();
        while let Some(c) = rest.chars().next() {
            let mut after = &rest[c.len_utf8()..];
            match (operand_next, c) {
                (true, '(') => waiting.push(Waiting::Open),
                (true, '-') => waiting.push(Waiting::Negate),
                (true, '+') => {}
                (true, '$') => {
                    let (reference, left) = Reference::parse(rest)?;
                    steps.push(Step::Reference(reference));
                    (after, operand_next) = (left, false);
                }
                (true, '0'..='9' | '.') => {
                    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
                    steps.push(Step::Number(parse_number(&rest[..end]).ok_or_else(malformed)?));
                    (after, operand_next) = (&rest[end..], false);
                }
                (false, ')') => loop {
                    match waiting.pop() {
                        Some(Waiting::Open) => break,
                        Some(other) => steps.push(other.step()),
                        None => return Err(expression_error("a ) has no matching (")),
                    }
                },
                (false, '+' | '-' | '*' | '/') => {
                    let next = Waiting::Apply(match c {
                        '+' => Operator::Add,
                        '-' => Operator::Subtract,
                        '*' => Operator::Multiply,
                        _ => Operator::Divide,
                    });
                    while let Some(earlier) = waiting.pop_if(|earlier| earlier.rank() >= next.rank()) {
                        steps.push(earlier.step());
                    }
                    waiting.push(next);
                    operand_next = true;
                }
                _ => return Err(malformed()),
            }
            rest = after.trim_start();
        }
        if operand_next {
            return Err(malformed());
        }
        while let Some(earlier) = waiting.pop() {
            if earlier == Waiting::Open {
                return Err(expression_error("a ( has no matching )"));
            }
            steps.push(earlier.step());
        }
        Ok(Arithmetic(steps))
    }

    /// Returns the references, in order
    pub(crate) fn references_mut(&mut self) -> impl Iterator<Item = &mut Reference> {
        self.0.iter_mut().filter_map(|step| match step {
            Step::Reference(reference) => Some(reference),
            _ => None,
        })
    }

    /// Returns the reference, if the expression consists of one
    pub(crate) fn only_reference(&self) -> Option<&Reference> {
        match self.0.as_slice() {
            [Step::Reference(reference)] => Some(reference),
            _ => None,
        }
    }

    /// Evaluates the expression
    ///
    /// Errors: `bot.expression` if a value is not a number, or if there is no result.
    pub(crate) fn number(&self, scope: &VariableScope) -> Result<Number, Error> {
        let mut stack: Vec<Number> = Vec::new();
        let pop = |stack: &mut Vec<Number>| stack.pop().expect("parsing pairs every operator with operands");
        for step in &self.0 {
            let number = match step {
                Step::Number(number) => *number,
                Step::Reference(reference) => reference.number(scope)?,
                Step::Negate => apply(Operator::Subtract, Number::Integer(0), pop(&mut stack))?,
                Step::Apply(operator) => {
                    let right = pop(&mut stack);
                    let left = pop(&mut stack);
                    apply(*operator, left, right)?
                }
            };
            stack.push(number);
        }
        Ok(pop(&mut stack))
    }
}

/// Returns the sum of two numbers
pub(crate) fn add(left: Number, right: Number) -> Result<Number, Error> {
    apply(Operator::Add, left, right)
}

/// Returns the difference of two numbers
pub(crate) fn subtract(left: Number, right: Number) -> Result<Number, Error> {
    apply(Operator::Subtract, left, right)
}

/// Applies an operator; the result of whole numbers is whole if it is exact and fits
fn apply(operator: Operator, left: Number, right: Number) -> Result<Number, Error> {
    if let (Number::Integer(left), Number::Integer(right)) = (left, right) {
        let exact = match operator {
            Operator::Add => left.checked_add(right),
            Operator::Subtract => left.checked_sub(right),
            Operator::Multiply => left.checked_mul(right),
            Operator::Divide if left.checked_rem(right) == Some(0) => left.checked_div(right),
            Operator::Divide => None,
        };
        if let Some(integer) = exact {
            return Ok(Number::Integer(integer));
        }
    }
    let (left, right) = (left.to_decimal(), right.to_decimal());
    let result = match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide if right == 0.0 => return Err(expression_error("division by zero")),
        Operator::Divide => left / right,
    };
    if !result.is_finite() {
        return Err(expression_error("the result is too large"));
    }
    Ok(Number::Decimal(result))
}

fn malformed() -> Error {
    expression_error("the arithmetic expression is invalid")
        .help("Use numbers, variables as in $name$, and + - * / ( ).")
}
