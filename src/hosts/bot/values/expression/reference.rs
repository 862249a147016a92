//! `$name$` and what may follow the name: keys and indexes, then methods.

use std::borrow::Cow;
use std::fmt;

use crate::contract::Error;
use crate::contract::Number;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::bot::values::VariableScope;
use crate::hosts::bot::values::expression::PathPart;
use crate::hosts::bot::values::expression::method::Method;
use crate::hosts::bot::values::expression::no_key;
use crate::hosts::bot::values::expression::system::SystemVariable;
use crate::hosts::bot::values::expression::system::text_constant;
use crate::hosts::bot::values::expression_error;
use crate::hosts::bot::values::parse_number;
use crate::hosts::bot::values::quoted;

/// A reference to a variable or a part of it
#[derive(Debug)]
pub(crate) struct Reference {
    /// The variable that it starts from
    pub(crate) base: Base,
    path: Vec<Part>,
    /// What is applied to the value, in order
    pub(crate) methods: Vec<Method>,
}

/// The variable that a reference starts from
#[derive(Debug)]
pub(crate) enum Base {
    /// A variable of the bot
    Variable(String),
    /// `$System:Date$`
    System(SystemVariable),
    /// `$String:Newline$`
    Constant(&'static str),
}

/// `{key}` or `[index]`, written out or computed
#[derive(Debug)]
enum Part {
    Key(String),
    /// Texts and variables in order: `{$prefix$ name}`
    ComputedKey(Vec<KeyPiece>),
    Index(usize),
    /// A variable and a number that is added: `[$row$ - 1]`
    ComputedIndex {
        reference: Box<Reference>,
        plus: i64,
    },
}

#[derive(Debug)]
enum KeyPiece {
    Text(String),
    Reference(Reference),
}

/// A part whose key or index is known
enum Step<'a> {
    Key(Cow<'a, str>),
    Index(usize),
}

/// How deep variables may be nested in keys and indexes: `$a[$b[$c$]$]$` has two levels
///
/// Each level uses the stack of the thread.
const MAX_NESTING: usize = 8;

impl Reference {
    /// Returns a reference to a variable as a whole
    pub(crate) fn variable(name: &str) -> Self {
        Reference::to(Base::Variable(name.to_owned()))
    }

    /// Returns a reference to the variable with this name of a package such as `System`
    ///
    /// Errors: `bot.expression` if the package has no such variable.
    pub(crate) fn of_package(package: &str, name: &str) -> Result<Self, Error> {
        match package {
            "System" => SystemVariable::named(name).map(Base::System),
            "String" => text_constant(name).map(Base::Constant).ok_or_else(|| {
                expression_error(format!("the package String has no variable {}", quoted(name)))
                    .help("It has $String:Newline$, $String:Enter$, $String:Tab$ and $String:Separator$.")
            }),
            _ => Err(expression_error(format!(
                "there is no variable {}",
                quoted(&format!("{package}:{name}"))
            ))),
        }
        .map(Reference::to)
    }

    fn to(base: Base) -> Self {
        Reference { base, path: Vec::new(), methods: Vec::new() }
    }

    /// Parses a reference at the start of a text, and returns the rest of the text
    ///
    /// Errors: `bot.expression`.
    pub(crate) fn parse(text: &str) -> Result<(Self, &str), Error> {
        Reference::parse_nested(text, 0)
    }

    /// Parses a reference that is inside the brackets of this number of others
    fn parse_nested(text: &str, level: usize) -> Result<(Self, &str), Error> {
        if level > MAX_NESTING {
            return Err(expression_error(format!(
                "variables inside brackets are nested more than {MAX_NESTING} levels deep"
            )));
        }
        let body =
            text.strip_prefix('$').ok_or_else(|| expression_error("a variable is written as $name$"))?;
        let end = body.find(['$', '{', '[', '.']).ok_or_else(unpaired)?;
        let (name, mut rest) = body.split_at(end);
        let mut reference = match name.split_once(':') {
            None if name.is_empty() => return Err(unpaired()),
            None => Reference::variable(name),
            Some((package, name)) => Reference::of_package(package, name)?,
        };
        loop {
            let has_method = !reference.methods.is_empty();
            rest = match rest.chars().next() {
                Some('$') => return Ok((reference, &rest[1..])),
                Some('.') => reference.method(&rest[1..])?,
                Some(_) if has_method => return Err(expression_error("only a method can follow a method")),
                Some('{') => reference.key(&rest[1..], level)?,
                Some('[') => reference.index(&rest[1..], level)?,
                _ => return Err(unpaired()),
            }
        }
    }

    /// Parses a key: `{name}`, `{"name"}` or `{$name$}`
    fn key<'a>(&mut self, text: &'a str, level: usize) -> Result<&'a str, Error> {
        let (text, end) = match text.strip_prefix('"') {
            Some(quoted) => (quoted, "\"}"),
            None => (text, "}"),
        };
        let missing = || expression_error("a { has no matching }");
        // Most keys are written out.
        let (key, rest) = text.split_once(end).ok_or_else(missing)?;
        if !key.contains('$') {
            self.path.push(Part::Key(key.to_owned()));
            return Ok(rest);
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        loop {
            let dollar = rest.find('$').unwrap_or(rest.len());
            let ends = rest.find(end).unwrap_or(rest.len());
            let (plain, after) = rest.split_at(dollar.min(ends));
            if !plain.is_empty() {
                pieces.push(KeyPiece::Text(plain.to_owned()));
            }
            if ends < dollar {
                self.path.push(Part::ComputedKey(pieces));
                return Ok(&after[end.len()..]);
            }
            if after.is_empty() {
                return Err(missing());
            }
            rest = match after.strip_prefix("$$") {
                Some(after) => {
                    pieces.push(KeyPiece::Text("$".to_owned()));
                    after
                }
                None => {
                    let (reference, after) = Reference::parse_nested(after, level + 1)?;
                    pieces.push(KeyPiece::Reference(reference));
                    after
                }
            };
        }
    }

    /// Parses an index: `[0]`, `[$row$]` or `[$row$ - 1]`
    fn index<'a>(&mut self, text: &'a str, level: usize) -> Result<&'a str, Error> {
        let missing = || expression_error("a [ has no matching ]");
        let (index, rest) = text.split_once(']').ok_or_else(missing)?;
        if let Ok(index) = index.trim().parse() {
            self.path.push(Part::Index(index));
            return Ok(rest);
        }
        if !index.contains('$') {
            return Err(expression_error(
                "an index inside [ ] has to be a whole number, 0 or more, or a variable as in [$row$]",
            ));
        }
        let (reference, rest) = Reference::parse_nested(text.trim_start(), level + 1)?;
        let (added, rest) = rest.split_once(']').ok_or_else(missing)?;
        let added: String = added.chars().filter(|c| !c.is_whitespace()).collect();
        let plus = match added.as_str() {
            "" => Some(0),
            added if added.starts_with(['+', '-']) => added.parse().ok(),
            _ => None,
        };
        let plus = plus.ok_or_else(|| {
            expression_error("an index inside [ ] has to be a variable, with or without a number to add")
                .help("Write [0], [$row$] or [$row$ - 1]; compute another index with Number.assignToNumber.")
        })?;
        self.path.push(Part::ComputedIndex { reference: Box::new(reference), plus });
        Ok(rest)
    }

    fn method<'a>(&mut self, text: &'a str) -> Result<&'a str, Error> {
        let end = text.find(['$', '{', '[', '.']).ok_or_else(unpaired)?;
        let (name, rest) = text.split_at(end);
        let method = Method::named(name).ok_or_else(|| {
            let near = nearest(name, Method::names());
            expression_error(format!("there is no method {}{}", quoted(name), did_you_mean(near)))
                .help("The page on bot files lists the methods that this host supports.")
        })?;
        self.methods.push(method);
        Ok(rest)
    }

    /// Returns the name of the variable, if this refers to a variable as a whole
    pub(crate) fn whole_variable(&self) -> Option<&str> {
        match &self.base {
            Base::Variable(name) if self.path.is_empty() && self.methods.is_empty() => Some(name),
            _ => None,
        }
    }

    /// Returns whether this refers to a part of the variable
    pub(crate) fn is_part(&self) -> bool {
        !self.path.is_empty()
    }

    /// Returns the parts that the reference goes through
    pub(crate) fn parts(&self) -> Vec<PathPart> {
        let part = |part: &Part| match part {
            Part::Key(key) => PathPart::Key(key.clone()),
            Part::ComputedKey(_) => PathPart::Computed,
            Part::Index(index) => PathPart::Index(Some(*index)),
            Part::ComputedIndex { .. } => PathPart::Index(None),
        };
        self.path.iter().map(part).collect()
    }

    /// Returns the references inside the brackets of this one
    pub(crate) fn inner_mut(&mut self) -> Vec<&mut Reference> {
        let mut found = Vec::new();
        for part in &mut self.path {
            match part {
                Part::ComputedKey(pieces) => {
                    found.extend(pieces.iter_mut().filter_map(|piece| match piece {
                        KeyPiece::Text(_) => None,
                        KeyPiece::Reference(reference) => Some(reference),
                    }))
                }
                Part::ComputedIndex { reference, .. } => found.push(reference),
                Part::Key(_) | Part::Index(_) => {}
            }
        }
        found
    }

    /// Evaluates the reference
    ///
    /// Errors: `bot.expression` if a key or an index does not exist, or a method cannot be applied.
    pub(crate) fn value(&self, scope: &VariableScope) -> Result<Value, Error> {
        // Computed parts are evaluated first: they may read the variable that is read below.
        let steps = self.steps(scope)?;
        let read = |whole: &Value| {
            let part = self.part_of(whole, &steps)?;
            let Some((first, others)) = self.methods.split_first() else { return Ok(part.clone()) };
            others.iter().try_fold(first.apply(part, &self, scope)?, |value, method| {
                method.apply(&value, &self, scope)
            })
        };
        match &self.base {
            Base::Variable(name) => scope.read(name, read),
            Base::System(variable) => read(&variable.value(scope.task_name())),
            Base::Constant(text) => read(&Value::from(*text)),
        }
    }

    /// Returns whether the value is nothing, such as an output that is empty
    ///
    /// Errors: those of [`Reference::value`].
    pub(crate) fn is_nothing(&self, scope: &VariableScope) -> Result<bool, Error> {
        match (&self.base, self.methods.is_empty()) {
            (Base::Variable(name), true) => {
                let steps = self.steps(scope)?;
                scope.read(name, |whole| Ok(*self.part_of(whole, &steps)? == Value::Null))
            }
            _ => Ok(false),
        }
    }

    /// Evaluates the reference as a text; nothing becomes an empty text
    ///
    /// Errors: `bot.expression` if the value cannot be written as a text.
    pub(super) fn text(&self, scope: &VariableScope) -> Result<String, Error> {
        match self.value(scope)? {
            Value::Null => Ok(String::new()),
            Value::Boolean(flag) => Ok(flag.to_string()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Text(text) => Ok(text),
            other => {
                Err(expression_error(format!("{self} is {} and cannot be written as a text", other.kind())))
            }
        }
    }

    /// Evaluates the reference as a number, which may be written as a text
    ///
    /// Errors: `bot.expression` if the value is not a number.
    pub(super) fn number(&self, scope: &VariableScope) -> Result<Number, Error> {
        let value = self.value(scope)?;
        match &value {
            Value::Number(number) => Some(*number),
            Value::Text(text) => parse_number(text),
            _ => None,
        }
        .ok_or_else(|| expression_error(format!("{self} is {}, not a number", value.kind())))
    }

    fn steps(&self, scope: &VariableScope) -> Result<Vec<Step<'_>>, Error> {
        let step = |part| match part {
            &Part::Index(index) => Ok(Step::Index(index)),
            Part::Key(key) => Ok(Step::Key(Cow::Borrowed(key.as_str()))),
            Part::ComputedKey(pieces) => {
                let mut key = String::new();
                for piece in pieces {
                    match piece {
                        KeyPiece::Text(text) => key.push_str(text),
                        KeyPiece::Reference(reference) => key.push_str(&reference.text(scope)?),
                    }
                }
                Ok(Step::Key(Cow::Owned(key)))
            }
            Part::ComputedIndex { reference, plus } => {
                let index = match reference.number(scope)? {
                    Number::Integer(index) => index.checked_add(*plus),
                    Number::Decimal(_) => None,
                };
                index.and_then(|index| usize::try_from(index).ok()).map(Step::Index).ok_or_else(|| {
                    expression_error(format!(
                        "{self}: an index inside [ ] has to be a whole number, 0 or more"
                    ))
                })
            }
        };
        self.path.iter().map(step).collect()
    }

    fn part_of<'a>(&self, whole: &'a Value, steps: &[Step<'_>]) -> Result<&'a Value, Error> {
        steps.iter().try_fold(whole, |value, step| match (step, value) {
            (Step::Key(key), Value::Dictionary(entries)) => entries
                .get(key.as_ref())
                .ok_or_else(|| expression_error(format!("{self} {}", no_key(entries, key)))),
            (Step::Index(index), Value::List(items)) => items.get(*index).ok_or_else(|| {
                expression_error(format!("{self} has {} items, none at index {index}", items.len()))
            }),
            // The fields of a record have positions.
            (Step::Index(index), Value::Dictionary(entries)) => {
                entries.values().nth(*index).ok_or_else(|| {
                    expression_error(format!("{self} has {} fields, none at index {index}", entries.len()))
                })
            }
            (Step::Key(_), other) => {
                Err(expression_error(format!("{self} is {} and has no keys", other.kind())))
            }
            (Step::Index(_), other) => {
                Err(expression_error(format!("{self} is {} and has no items", other.kind())))
            }
        })
    }
}

impl fmt::Display for Reference {
    /// Writes the variable in the notation of a flow
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.base {
            Base::Variable(name) => write!(f, "${}$", printable(name, 256)),
            Base::System(variable) => write!(f, "$System:{}$", variable.name()),
            Base::Constant(_) => f.write_str("the text"),
        }
    }
}

fn unpaired() -> Error {
    expression_error("a $ has no matching $").help("Write $name$ for a variable and $$ for a dollar sign.")
}
