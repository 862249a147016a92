//! Reads the values of fields, and checks them against the types that the fields accept.

use std::collections::HashSet;

use crate::contract::Error;
use crate::contract::Value;
use crate::contract::printable;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::format::RawValue;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::VariableKind;
use crate::hosts::bot::values::expression::Arithmetic;
use crate::hosts::bot::values::expression::Base;
use crate::hosts::bot::values::expression::Reference;
use crate::hosts::bot::values::expression::Template;
use crate::hosts::bot::values::expression::parse_number;
use crate::hosts::bot::values::expression::whole_reference;
use crate::hosts::bot::values::insecure;
use crate::hosts::bot::values::locker;
use crate::hosts::bot::values::parse_boolean;

impl Checker<'_> {
    /// Reads a value; `None` if it has a fault, which is reported
    pub(crate) fn value(&mut self, field: &str, raw: &RawValue, expected: Expected) -> Option<Expr> {
        read(self, field, raw, expected)
    }

    /// Returns the value of a required attribute
    pub(crate) fn required(&mut self, raw: &RawNode, name: &str, expected: Expected) -> Option<Expr> {
        match self.optional(raw, name, expected)? {
            Some(value) => Some(value),
            None => self.invalid(name, "is missing"),
        }
    }

    /// Returns the value of an attribute, if it is set; the outer `None` is a fault
    #[expect(clippy::option_option, reason = "reported and not given are two things")]
    pub(crate) fn optional(&mut self, raw: &RawNode, name: &str, expected: Expected) -> Option<Option<Expr>> {
        match raw.attribute(name).filter(|found| found.value.is_given()) {
            Some(found) => self.value(name, &found.value, expected).map(Some),
            None => Some(None),
        }
    }

    /// Returns the text of an attribute; empty if it is not set
    pub(crate) fn given_or_empty(&mut self, raw: &RawNode, name: &str) -> Option<Expr> {
        let text = self.optional(raw, name, Expected::Text)?;
        Some(text.unwrap_or_else(|| Expr::Constant("".into())))
    }

    /// Returns the name of the variable in an attribute that has to be a variable as a whole
    pub(crate) fn required_variable(
        &mut self,
        raw: &RawNode,
        name: &str,
        expected: Expected,
    ) -> Option<String> {
        let value = self.required(raw, name, expected)?;
        match value.whole_variable() {
            Some(variable) => Some(variable.to_owned()),
            None => self.invalid(name, "has to be a variable"),
        }
    }
}

fn read(checker: &mut Checker<'_>, field: &str, raw: &RawValue, expected: Expected) -> Option<Expr> {
    let computed = !raw.expression.is_empty();
    match (raw.kind.as_str(), expected) {
        ("STRING" | "FILE" | "DATETIME", Expected::Text | Expected::Session | Expected::Any) if computed => {
            let template = checker.parsed(field, Template::parse(&raw.expression))?;
            check_all(checker, field, template.references(), Expected::Text)?;
            if let Some(text) = template.constant() {
                checker.look_for_token(field, &text);
                return Some(Expr::Constant(text.into()));
            }
            Some(Expr::Text(template))
        }
        ("STRING" | "FILE" | "DATETIME", Expected::Text | Expected::Session | Expected::Any) => {
            checker.look_for_token(field, &raw.string);
            Some(Expr::Constant(raw.string.as_str().into()))
        }
        ("STRING", Expected::Credential) if !computed => {
            checker.warn(format!("\"{field}\" is an insecure string: the token is in the bot file"));
            Some(Expr::Constant(insecure(&raw.string)))
        }
        ("CREDENTIAL", Expected::Credential) if !computed => Some(Expr::Constant(locker(raw))),
        ("NUMBER", Expected::Number | Expected::Any) if computed => {
            let arithmetic = checker.parsed(field, Arithmetic::parse(&raw.expression))?;
            check_all(checker, field, arithmetic.references(), Expected::Number)?;
            Some(Expr::Number(arithmetic))
        }
        ("NUMBER", Expected::Number | Expected::Any) => match parse_number(&raw.number) {
            Some(number) => Some(Expr::Constant(Value::Number(number))),
            None => checker.invalid(field, "is not a number"),
        },
        ("BOOLEAN", Expected::Boolean | Expected::Any) if !computed => match parse_boolean(&raw.boolean) {
            Some(flag) => Some(Expr::Constant(flag.into())),
            None => checker.invalid(field, "is not a boolean"),
        },
        ("LIST", Expected::List | Expected::Any) if !computed => {
            let items: Vec<_> =
                raw.list.iter().map(|item| read(checker, field, item, Expected::Any)).collect();
            Some(folded(Expr::List(items.into_iter().collect::<Option<_>>()?)))
        }
        ("DICTIONARY", Expected::Dictionary | Expected::Any) if !computed => entries(checker, field, raw),
        ("SESSION", Expected::Session) if !computed => match &raw.session_name {
            Some(name) => read(checker, field, name, Expected::Session),
            None => Some(Expr::Constant("".into())),
        },
        ("VARIABLE", _) => {
            let reference = variable(raw);
            let reference = checker.parsed(field, reference)?;
            check(checker, field, &reference, expected)?;
            Some(Expr::Reference(reference, expected))
        }
        ("STRING" | "CREDENTIAL", Expected::Credential)
        | ("BOOLEAN", Expected::Boolean)
        | ("LIST", Expected::List)
        | ("DICTIONARY", Expected::Dictionary)
        | ("SESSION", Expected::Session) => single(checker, field, &raw.expression, expected),
        ("BOOLEAN", Expected::Any) => single(checker, field, &raw.expression, Expected::Boolean),
        ("LIST", Expected::Any) => single(checker, field, &raw.expression, Expected::List),
        ("DICTIONARY", Expected::Any) => single(checker, field, &raw.expression, Expected::Dictionary),
        (kind, _) => {
            let got = match kind {
                "STRING" => "a text",
                "FILE" => "a file",
                "DATETIME" => "a date",
                "NUMBER" => "a number",
                "BOOLEAN" => "a boolean",
                "LIST" => "a list",
                "DICTIONARY" => "a dictionary",
                "CREDENTIAL" => "a credential",
                "SESSION" => "a session",
                _ => "a value of an unsupported type",
            };
            checker.invalid(field, format!("expected {}, got {got}", expected.words()))
        }
    }
}

/// Reads a dictionary of values, whose keys must be unique
fn entries(checker: &mut Checker<'_>, field: &str, raw: &RawValue) -> Option<Expr> {
    let mut keys = HashSet::new();
    if let Some(twice) = raw.dictionary.iter().find(|entry| !keys.insert(entry.key.as_str())) {
        return checker.invalid(field, format!("has the key \"{}\" twice", printable(&twice.key, 256)));
    }
    let entries: Vec<_> = raw
        .dictionary
        .iter()
        .map(|entry| Some((entry.key.clone(), read(checker, field, &entry.value, Expected::Any)?)))
        .collect();
    Some(folded(Expr::Dictionary(entries.into_iter().collect::<Option<_>>()?)))
}

/// Returns the reference of a value of type VARIABLE
fn variable(raw: &RawValue) -> Result<Reference, Error> {
    match raw.package_name.as_str() {
        "System" => Reference::system(&raw.variable_name),
        _ => Ok(Reference::variable(&raw.variable_name)),
    }
}

/// Reads an expression that has to be a single variable
fn single(checker: &mut Checker<'_>, field: &str, text: &str, expected: Expected) -> Option<Expr> {
    let reference = checker.parsed(field, whole_reference(text))?;
    check(checker, field, &reference, expected)?;
    Some(Expr::Reference(reference, expected))
}

fn check_all<'a>(
    checker: &mut Checker<'_>,
    field: &str,
    references: impl Iterator<Item = &'a Reference>,
    expected: Expected,
) -> Option<()> {
    let results: Vec<_> = references.map(|reference| check(checker, field, reference, expected)).collect();
    results.into_iter().collect()
}

/// Checks the type of a reference, as far as it is known before the run
fn check(checker: &mut Checker<'_>, field: &str, reference: &Reference, expected: Expected) -> Option<()> {
    let Base::Variable(name) = &reference.base else {
        return (!matches!(expected, Expected::Session))
            .then_some(())
            .or_else(|| checker.session_expected(field, "a system variable"));
    };
    let kind = &checker.variable(field, name)?.kind;
    if reference.is_part() || reference.is_text() {
        let open = match kind {
            VariableKind::Dictionary | VariableKind::List | VariableKind::Any => reference.is_part(),
            VariableKind::Number => !reference.is_part(),
            _ => false,
        };
        if !open {
            return checker.wrong_expression(field, format!("\"{name}\" is {kind}, which has no such part"));
        }
        return match expected {
            Expected::Session => checker.session_expected(field, "a part of a variable"),
            _ => Some(()),
        };
    }
    if expected.takes(kind) {
        return Some(());
    }
    if expected == Expected::Session {
        return checker.session_expected(field, &format!("\"{name}\", {kind}"));
    }
    checker.wrong_expression(field, format!("expected {}, but \"{name}\" is {kind}", expected.words()))
}

/// Turns a list or dictionary of constants into a constant
fn folded(expr: Expr) -> Expr {
    let constant = match &expr {
        Expr::List(items) => items.iter().all(|item| matches!(item, Expr::Constant(_))),
        Expr::Dictionary(entries) => entries.iter().all(|(_, value)| matches!(value, Expr::Constant(_))),
        _ => false,
    };
    if !constant {
        return expr;
    }
    let taken = |expr| match expr {
        Expr::Constant(value) => value,
        _ => unreachable!("all parts were seen to be constants"),
    };
    match expr {
        Expr::List(items) => Expr::Constant(Value::List(items.into_iter().map(taken).collect())),
        Expr::Dictionary(entries) => Expr::Constant(Value::Dictionary(
            entries.into_iter().map(|(key, value)| (key, taken(value))).collect(),
        )),
        other => other,
    }
}
