//! `$name$` and what may follow the name: a key, an index, a method.

use std::fmt;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::bot::values::VariableScope;
use crate::hosts::bot::values::expression::expression_error;

/// A reference to a variable or a part of it
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The variable that it starts from
    pub(crate) base: Base,
    path: Vec<Part>,
    to_text: bool,
}

/// The variable that a reference starts from
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Base {
    /// Returns the variable of the bot with this name, or reports that it does not exist
    Variable(String),
    /// `$System:AATaskName$`: the name of the bot
    TaskName,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Key(String),
    Index(usize),
}

const TASK_NAME: &str = "AATaskName";

/// A length that cuts no text that has to be masked
const UNSHORTENED: usize = 1 << 20;

impl Reference {
    /// Returns a reference to a variable as a whole
    pub(crate) fn variable(name: &str) -> Self {
        Reference { base: Base::Variable(name.to_owned()), path: Vec::new(), to_text: false }
    }

    /// Returns a reference to the variable of the package System with this name
    ///
    /// Errors: `bot.expression` for any but `AATaskName`.
    pub(crate) fn system(name: &str) -> Result<Self, Error> {
        if name != TASK_NAME {
            return Err(expression_error(format!("there is no system variable {}", quoted(name)))
                .help("This host supports only the system variable $System:AATaskName$."));
        }
        Ok(Reference { base: Base::TaskName, path: Vec::new(), to_text: false })
    }

    /// Parses a reference at the start of a text, and returns the rest of the text
    ///
    /// Errors: `bot.expression`.
    pub(crate) fn parse(text: &str) -> Result<(Self, &str), Error> {
        let body =
            text.strip_prefix('$').ok_or_else(|| expression_error("a variable is written as $name$"))?;
        let end = body.find(['$', '{', '[', '.']).ok_or_else(unpaired)?;
        let (name, mut rest) = body.split_at(end);
        let mut reference = match name.split_once(':') {
            None if name.is_empty() => return Err(unpaired()),
            None => Reference::variable(name),
            Some(("System", name)) => Reference::system(name)?,
            Some(_) => return Err(expression_error(format!("there is no variable {}", quoted(name)))),
        };
        loop {
            rest = match rest.chars().next() {
                Some('$') => return Ok((reference, &rest[1..])),
                Some(_) if reference.to_text => {
                    return Err(expression_error("nothing can follow Number:toString"));
                }
                Some('{') => reference.key(&rest[1..])?,
                Some('[') => reference.index(&rest[1..])?,
                Some('.') => reference.method(&rest[1..])?,
                _ => return Err(unpaired()),
            }
        }
    }

    fn key<'a>(&mut self, text: &'a str) -> Result<&'a str, Error> {
        let (key, rest) = match text.strip_prefix('"') {
            Some(quoted) => {
                quoted.split_once("\"}").ok_or_else(|| expression_error("a { has no matching }"))?
            }
            None => text.split_once('}').ok_or_else(|| expression_error("a { has no matching }"))?,
        };
        if key.contains('$') {
            return Err(expression_error("a key inside { } cannot be computed")
                .help("Read a computed key with the node Dictionary.get."));
        }
        self.path.push(Part::Key(key.to_owned()));
        Ok(rest)
    }

    fn index<'a>(&mut self, text: &'a str) -> Result<&'a str, Error> {
        let (index, rest) = text.split_once(']').ok_or_else(|| expression_error("a [ has no matching ]"))?;
        let index = index
            .trim()
            .parse()
            .map_err(|_| expression_error("an index inside [ ] has to be a whole number, 0 or more"))?;
        self.path.push(Part::Index(index));
        Ok(rest)
    }

    fn method<'a>(&mut self, text: &'a str) -> Result<&'a str, Error> {
        let end = text.find(['$', '{', '[', '.']).ok_or_else(unpaired)?;
        let (method, rest) = text.split_at(end);
        if method != "Number:toString" {
            return Err(expression_error(format!("there is no method {}", quoted(method)))
                .help("This host supports only the method Number:toString."));
        }
        self.to_text = true;
        Ok(rest)
    }

    /// Returns the name of the variable, if this refers to a variable as a whole
    pub(crate) fn whole_variable(&self) -> Option<&str> {
        match &self.base {
            Base::Variable(name) if self.path.is_empty() && !self.to_text => Some(name),
            _ => None,
        }
    }

    /// Returns whether the value is always a text
    pub(crate) fn is_text(&self) -> bool {
        self.to_text || (self.base == Base::TaskName && self.path.is_empty())
    }

    /// Returns whether this refers to a part of the variable
    pub(crate) fn is_part(&self) -> bool {
        !self.path.is_empty()
    }

    /// Evaluates the reference
    ///
    /// Errors: `bot.expression` if a key or an index does not exist.
    pub(crate) fn value(&self, scope: &VariableScope) -> Result<Value, Error> {
        let value = match &self.base {
            Base::Variable(name) => scope.read(name, |value| self.part_of(value).cloned())?,
            Base::TaskName => self.part_of(&Value::from(scope.task_name())).cloned()?,
        };
        match (self.to_text, value) {
            (false, value) => Ok(value),
            (true, Value::Number(number)) => Ok(Value::Text(number.to_string())),
            (true, other) => Err(expression_error(format!("{self} is {}, not a number", other.kind()))),
        }
    }

    fn part_of<'a>(&self, whole: &'a Value) -> Result<&'a Value, Error> {
        self.path.iter().try_fold(whole, |value, part| match (part, value) {
            (Part::Key(key), Value::Dictionary(entries)) => {
                entries.get(key).ok_or_else(|| expression_error(format!("{self} {}", no_key(entries, key))))
            }
            (Part::Index(index), Value::List(items)) => items.get(*index).ok_or_else(|| {
                expression_error(format!("{self} has {} items, none at index {index}", items.len()))
            }),
            (Part::Key(_), other) => {
                Err(expression_error(format!("{self} is {} and has no keys", other.kind())))
            }
            (Part::Index(_), other) => {
                Err(expression_error(format!("{self} is {} and has no items", other.kind())))
            }
        })
    }
}

/// Returns the message for a missing key: `has no key "reslt"; did you mean "result"?`
///
/// Keys are not shortened here: a key may be a token, and a part of a token would not be masked.
pub(crate) fn no_key(entries: &Dictionary, key: &str) -> String {
    let near = nearest(key, entries.keys());
    format!("has no key \"{}\"{}", printable(key, UNSHORTENED), did_you_mean(near))
}

impl fmt::Display for Reference {
    /// Writes the variable in the notation of a flow
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.base {
            Base::Variable(name) => write!(f, "${}$", printable(name, 256)),
            Base::TaskName => write!(f, "$System:{TASK_NAME}$"),
        }
    }
}

fn unpaired() -> Error {
    expression_error("a $ has no matching $").help("Write $name$ for a variable and $$ for a dollar sign.")
}

/// Quotes a name only if it looks like one: the text between two stray dollar signs may be a token
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '@');
    if name.len() <= 50 && name.chars().all(plain) {
        format!("\"{name}\"")
    } else {
        "of that name".to_owned()
    }
}
