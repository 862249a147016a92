//! Nodes that compute a value from their fields and assign it to a variable.

use std::fmt;

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
use crate::hosts::bot::values::TargetVariable;

/// The fields of a node that computes a value
pub(crate) trait Compute: fmt::Debug + Send + Sync + Sized + 'static {
    /// The package of the node
    const PACKAGE: &'static str;
    /// The command of the node
    const COMMAND: &'static str;
    /// A node of this type in a bot file
    const EXAMPLE: &'static str;
    /// The type of the value
    const RESULT: Expected;

    /// Reads the fields; `None` if there are faults, which are reported
    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self>;

    /// Computes the value
    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error>;
}

/// A node that computes a value; without a variable, the value is dropped
#[derive(Debug)]
pub(crate) struct Computed<T> {
    fields: T,
    target: Option<TargetVariable>,
}

impl<T: Compute> NodeType for Computed<T> {
    const PACKAGE: &'static str = T::PACKAGE;
    const COMMAND: Option<&'static str> = Some(T::COMMAND);
    const EXAMPLE: &'static str = T::EXAMPLE;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let fields = T::read(checker, raw);
        let target = checker.target("returnTo", &raw.return_to, T::RESULT);
        Some(Computed { fields: fields?, target })
    }
}

impl<T: Compute> RunNode for Computed<T> {
    fn run<'a>(&'a self, place: &'a Location, frame: &'a Frame<'_>) -> Running<'a> {
        let computed = self.fields.compute(frame);
        finished(place, computed.and_then(|value| frame.assign(self.target.as_ref(), value)))
    }
}
