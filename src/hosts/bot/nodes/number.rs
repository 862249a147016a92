//! Number: assignToNumber, increment, toString.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::NodeType;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::run::finished;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::TargetVariable;
use crate::hosts::bot::values::expression::add;

/// Assigns a number to a variable
#[derive(Debug)]
pub(crate) struct AssignNumber {
    number: Expr,
    target: Option<TargetVariable>,
}

/// Assigns the sum of two numbers to a variable
#[derive(Debug)]
pub(crate) struct Increment {
    number: Expr,
    by: Expr,
    target: Option<TargetVariable>,
}

/// Assigns a number to a variable as a text
#[derive(Debug)]
pub(crate) struct NumberToText {
    number: Expr,
    target: Option<TargetVariable>,
}

impl NodeType for AssignNumber {
    const PACKAGE: &'static str = "Number";
    const COMMAND: Option<&'static str> = Some("assignToNumber");

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let number = checker.required(raw, "input", Expected::Number);
        let target = checker.target("returnTo", &raw.return_to, Expected::Number);
        Some(AssignNumber { number: number?, target })
    }
}

impl RunNode for AssignNumber {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, assign(self, frame))
    }
}

fn assign(node: &AssignNumber, frame: &Frame<'_>) -> Result<(), Error> {
    let number = node.number.number(&frame.scope)?;
    frame.assign(node.target.as_ref(), Value::Number(number))
}

impl NodeType for Increment {
    const PACKAGE: &'static str = "Number";
    const COMMAND: Option<&'static str> = Some("increment");

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let number = checker.required(raw, "source", Expected::Number);
        let by = checker.required(raw, "by", Expected::Number);
        let target = checker.target("returnTo", &raw.return_to, Expected::Number);
        Some(Increment { number: number?, by: by?, target })
    }
}

impl RunNode for Increment {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, increment(self, frame))
    }
}

fn increment(node: &Increment, frame: &Frame<'_>) -> Result<(), Error> {
    let number = node.number.number(&frame.scope)?;
    let sum = add(number, node.by.number(&frame.scope)?)?;
    frame.assign(node.target.as_ref(), Value::Number(sum))
}

impl NodeType for NumberToText {
    const PACKAGE: &'static str = "Number";
    const COMMAND: Option<&'static str> = Some("toString");

    /// The attribute of the number has different names in different versions of the package, so it is found by its
    /// type
    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let name = raw
            .attributes
            .iter()
            .find(|attribute| attribute.value.kind == "NUMBER")
            .map(|found| found.name.as_str());
        let number = checker.required(raw, name.unwrap_or("number"), Expected::Number);
        let target = checker.target("returnTo", &raw.return_to, Expected::Text);
        Some(NumberToText { number: number?, target })
    }
}

impl RunNode for NumberToText {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        finished(place, write_as_text(self, frame))
    }
}

fn write_as_text(node: &NumberToText, frame: &Frame<'_>) -> Result<(), Error> {
    let number = node.number.number(&frame.scope)?;
    frame.assign(node.target.as_ref(), Value::Text(number.to_string()))
}
