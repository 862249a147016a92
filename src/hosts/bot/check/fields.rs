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
use crate::hosts::bot::values::expression::whole_reference;
use crate::hosts::bot::values::insecure;
use crate::hosts::bot::values::locker;
use crate::hosts::bot::values::parse_boolean;
use crate::hosts::bot::values::parse_number;
use crate::hosts::bot::values::record;
use crate::hosts::bot::values::table;

impl Checker<'_> {
    /// Reads a value; `None` if it has a fault, which is reported
    pub(crate) fn value(&mut self, field: &str, raw: &RawValue, expected: Expected) -> Option<Expr> {
        read(self, field, raw, expected)
    }

    /// Returns the value of a required attribute
    pub(crate) fn required(&mut self, raw: &RawNode, name: &str, expected: Expected) -> Option<Expr> {
        match self.optional(raw, name, expected)? {
            Some(value) => Some(value),
            None => self.missing(&raw.attributes, name),
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

    /// Returns a switch, which may be written as a text; the default if it is not set
    pub(crate) fn flag(&mut self, raw: &RawNode, name: &str, default: bool) -> Option<Expr> {
        let Some(value) = raw.attribute(name).map(|found| &found.value).filter(|value| value.is_given())
        else {
            return Some(Expr::Constant(default.into()));
        };
        match parse_boolean(&value.string) {
            Some(flag) if value.kind == "STRING" => Some(Expr::Constant(flag.into())),
            _ => self.value(name, value, Expected::Boolean),
        }
    }

    /// Returns a switch that has to be a constant; off if it is not set
    pub(crate) fn constant_flag(&mut self, raw: &RawNode, name: &str) -> Option<bool> {
        match self.flag(raw, name, false)? {
            Expr::Constant(Value::Boolean(flag)) => Some(flag),
            _ => self.unsupported(format!("\"{name}\" cannot be computed in this host")),
        }
    }

    /// Returns the path of a file that is written; a constant path is checked
    pub(crate) fn path_to_write(&mut self, raw: &RawNode, name: &str) -> Option<Expr> {
        let path = self.required(raw, name, Expected::Text)?;
        let around = &self.around;
        if let Some(path) = constant_path(&path)
            && !(around.creates_folders && around.folder.may_be_created(path))
        {
            let writable = around.folder.writable(path);
            self.parsed(name, writable)?;
        }
        Some(path)
    }

    /// Returns the path of a file that is read; a constant path is checked, and may exist only later
    pub(crate) fn path_to_read(&mut self, raw: &RawNode, name: &str) -> Option<Expr> {
        let path = self.required(raw, name, Expected::Text)?;
        let around = &self.around;
        if let Some(path) = constant_path(&path)
            && !(around.creates_folders && around.folder.may_be_created(path))
        {
            let readable = around.folder.may_become_readable(path);
            self.parsed(name, readable)?;
        }
        Some(path)
    }

    /// Returns the path of a folder that is created or deleted; a constant path is checked
    pub(crate) fn folder_to_write(&mut self, raw: &RawNode, name: &str) -> Option<Expr> {
        let path = self.required(raw, name, Expected::Text)?;
        if let Some(constant) = constant_path(&path) {
            let kind = self.around.folder.kind_of(constant);
            self.parsed(name, kind)?;
        }
        Some(path)
    }

    /// Returns a number; the default if it is not set
    pub(crate) fn number_or(&mut self, raw: &RawNode, name: &str, default: i64) -> Option<Expr> {
        let number = self.optional(raw, name, Expected::Number)?;
        Some(number.unwrap_or_else(|| Expr::Constant(default.into())))
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

/// Returns a path that is written out, and names one file
fn constant_path(path: &Expr) -> Option<&str> {
    path.constant().and_then(Value::as_text).filter(|path| !path.contains(['*', '?']))
}

fn read(checker: &mut Checker<'_>, field: &str, raw: &RawValue, expected: Expected) -> Option<Expr> {
    let computed = !raw.expression.is_empty();
    match (raw.kind.as_str(), expected) {
        ("STRING" | "FILE" | "DATETIME", _) if computed && expected.is_written_as_text() => {
            let mut template = checker.parsed(field, Template::parse(&raw.expression))?;
            check_all(checker, field, template.references_mut(), text_or_date(expected))?;
            if let Some(text) = template.constant() {
                checker.look_for_token(field, &text);
                return Some(Expr::Constant(text.into()));
            }
            Some(Expr::Text(template))
        }
        ("STRING" | "FILE" | "DATETIME", _) if expected.is_written_as_text() => {
            checker.look_for_token(field, &raw.string);
            Some(Expr::Constant(raw.string.as_str().into()))
        }
        ("STRING", Expected::Credential) if !computed => {
            checker.warn(format!("\"{field}\" is an insecure string: the token is in the bot file"));
            Some(Expr::Constant(insecure(&raw.string)))
        }
        ("CREDENTIAL", Expected::Credential) if !computed => Some(Expr::Constant(locker(raw))),
        ("NUMBER", Expected::Number | Expected::Any) if computed => {
            let mut arithmetic = checker.parsed(field, Arithmetic::parse(&raw.expression))?;
            check_all(checker, field, arithmetic.references_mut(), Expected::Number)?;
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
        ("TABLE", Expected::Table | Expected::List | Expected::Any) if !computed => {
            let mut cell = |cell: &RawValue| read(checker, field, cell, Expected::Any).ok_or(());
            let rows = table(raw, &mut cell).ok()?;
            Some(folded(Expr::List(rows.into_iter().map(|row| folded(Expr::Dictionary(row))).collect())))
        }
        ("RECORD", Expected::Dictionary | Expected::Any) if !computed => {
            let mut part = |part: &RawValue| read(checker, field, part, Expected::Any).ok_or(());
            Some(folded(Expr::Dictionary(record(raw, &mut part).ok()?)))
        }
        ("SESSION", Expected::Session) if !computed => match &raw.session_name {
            Some(name) => read(checker, field, name, Expected::Session),
            None => Some(Expr::Constant("".into())),
        },
        ("VARIABLE", _) => {
            let reference = variable(raw);
            let mut reference = checker.parsed(field, reference)?;
            check(checker, field, &mut reference, expected)?;
            Some(Expr::Reference(reference, expected))
        }
        ("STRING" | "CREDENTIAL", Expected::Credential)
        | ("BOOLEAN", Expected::Boolean)
        | ("LIST", Expected::List)
        | ("DICTIONARY" | "RECORD", Expected::Dictionary)
        | ("LIST", Expected::Table)
        | ("TABLE", Expected::Table | Expected::List)
        | ("SESSION", Expected::Session) => single(checker, field, &raw.expression, expected),
        ("BOOLEAN", Expected::Any) => single(checker, field, &raw.expression, Expected::Boolean),
        ("LIST", Expected::Any) => single(checker, field, &raw.expression, Expected::List),
        ("TABLE", Expected::Any) => single(checker, field, &raw.expression, Expected::Table),
        ("DICTIONARY" | "RECORD", Expected::Any) => {
            single(checker, field, &raw.expression, Expected::Dictionary)
        }
        (kind, _) => {
            let got = match kind {
                "STRING" => "a text",
                "FILE" => "a file",
                "DATETIME" => "a date",
                "NUMBER" => "a number",
                "BOOLEAN" => "a boolean",
                "LIST" => "a list",
                "DICTIONARY" => "a dictionary",
                "TABLE" => "a table",
                "RECORD" => "a record",
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

/// Returns the type of value that a text field accepts
const fn text_or_date(expected: Expected) -> Expected {
    match expected {
        Expected::DateTime => Expected::DateTime,
        _ => Expected::Text,
    }
}

/// Returns the reference of a value of type VARIABLE
fn variable(raw: &RawValue) -> Result<Reference, Error> {
    match raw.package_name.as_str() {
        package @ ("System" | "String") => Reference::of_package(package, &raw.variable_name),
        _ => Ok(Reference::variable(&raw.variable_name)),
    }
}

/// Reads an expression that has to be a single variable
fn single(checker: &mut Checker<'_>, field: &str, text: &str, expected: Expected) -> Option<Expr> {
    let mut reference = checker.parsed(field, whole_reference(text))?;
    check(checker, field, &mut reference, expected)?;
    Some(Expr::Reference(reference, expected))
}

fn check_all<'a>(
    checker: &mut Checker<'_>,
    field: &str,
    references: impl Iterator<Item = &'a mut Reference>,
    expected: Expected,
) -> Option<()> {
    let results: Vec<_> = references.map(|reference| check(checker, field, reference, expected)).collect();
    results.into_iter().collect()
}

/// Checks the type of a reference, as far as it is known before the run, and writes its variables as they are declared
fn check(
    checker: &mut Checker<'_>,
    field: &str,
    reference: &mut Reference,
    expected: Expected,
) -> Option<()> {
    let inner = reference.inner_mut().into_iter();
    let inner: Vec<_> = inner.map(|inner| check(checker, field, inner, Expected::Text)).collect();
    inner.into_iter().collect::<Option<()>>()?;
    let kind = match &mut reference.base {
        Base::Variable(name) => {
            let declaration = checker.variable(field, name)?;
            if *name != declaration.name {
                name.clone_from(&declaration.name);
            }
            let kind = &declaration.kind;
            checker.outputs.read(&checker.place, field, reference, expected);
            Some(kind)
        }
        Base::System(variable) if variable.is_masked() => {
            let name = variable.name();
            checker.masked(name);
            None
        }
        Base::System(_) | Base::Constant(_) => None,
    };
    let given = match (&reference.base, kind) {
        (Base::System(variable), _) => variable.gives(),
        (_, Some(kind)) => Expected::of(kind),
        (_, None) => Expected::Text,
    };
    let is_part = reference.is_part();
    if let (false, true, Some(kind)) = (is_part, reference.methods.is_empty(), kind) {
        return check_variable(checker, field, reference, kind, expected);
    }
    let name = reference.to_string();
    if is_part && !matches!(given, Expected::Dictionary | Expected::List | Expected::Table | Expected::Any) {
        let what = kind.map_or_else(|| given.words().to_owned(), ToString::to_string);
        let name = match &reference.base {
            Base::Variable(name) => format!("\"{name}\""),
            Base::System(_) | Base::Constant(_) => name,
        };
        return checker.wrong_expression(field, format!("{name} is {what}, which has no such part"));
    }
    // The type of a part is known only at run time.
    let mut given = if is_part { Expected::Any } else { given };
    for method in &reference.methods {
        if !method.takes().accepts(given) {
            let message = format!(
                "{name}: {} works on {}, not on {}",
                method.name(),
                method.takes().words(),
                given.words()
            );
            return checker.wrong_expression(field, message);
        }
        given = method.gives();
    }
    if expected == Expected::Session {
        let got = if is_part { "a part of a variable" } else { given.words() };
        return checker.session_expected(field, got);
    }
    if expected.accepts(given) {
        return Some(());
    }
    checker.wrong_expression(field, format!("expected {}, but {name} is {}", expected.words(), given.words()))
}

/// Checks the type of a variable as a whole
fn check_variable(
    checker: &mut Checker<'_>,
    field: &str,
    reference: &Reference,
    kind: &VariableKind,
    expected: Expected,
) -> Option<()> {
    if expected.takes(kind) {
        return Some(());
    }
    let name = reference.whole_variable().unwrap_or_default();
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
