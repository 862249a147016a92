//! Finds where a flow reads an output that may be empty before a condition tests it. Decision 0191.

use std::collections::HashSet;

use crate::hosts::bot::finding::FlowWarning;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::expression::Base;
use crate::hosts::bot::values::expression::PathPart;
use crate::hosts::bot::values::expression::Reference;
use crate::package::ActionCard;
use crate::package::OutputField;
use crate::package::Returns;

/// How many loops over the items of other loops are followed
const MAX_LOOPS: usize = 8;

/// The outputs in the variables of a bot, and where the bot reads them
#[derive(Default)]
pub(crate) struct OutputReads {
    sources: Vec<(String, Source)>,
    reads: Vec<OutputRead>,
    /// The variables and parts that conditions test, as a flow writes them
    tested: HashSet<String>,
    /// Whether a condition is being read
    in_condition: bool,
}

/// What a node assigns to a variable
enum Source {
    /// The result of an action
    Result(&'static ActionCard),
    /// The items of a list, one after the other
    ItemsOf(OutputPath),
}

/// A part of a variable
struct OutputPath {
    variable: String,
    parts: Vec<PathPart>,
}

struct OutputRead {
    place: Location,
    field: String,
    path: OutputPath,
    may_fail: bool,
    /// The number of sources that were known before the read
    known: usize,
    /// The variable that the value is copied into
    copy: Option<String>,
}

/// What is known of a value: the outputs of which action it has
#[derive(Clone, Copy)]
enum Shape {
    Record(&'static [OutputField]),
    List(&'static [OutputField]),
}

impl OutputReads {
    /// Records that the result of an action is assigned to a variable
    pub(crate) fn assigned(&mut self, variable: &str, card: &'static ActionCard) {
        self.sources.push((variable.to_owned(), Source::Result(card)));
    }

    /// Records that a loop assigns the items of a list to a variable
    pub(crate) fn assigned_items(&mut self, variable: &str, list: &Reference) {
        if let Some(path) = OutputPath::of(list) {
            self.sources.push((variable.to_owned(), Source::ItemsOf(path)));
        }
    }

    /// Reads a condition: the outputs that it reads count as tested after it
    pub(crate) fn set_in_condition(&mut self, in_condition: bool) {
        self.in_condition = in_condition;
    }

    /// Records that a field reads a variable
    pub(crate) fn read(&mut self, place: &Location, field: &str, reference: &Reference, expected: Expected) {
        let Some(path) = OutputPath::of(reference) else { return };
        if self.in_condition {
            self.tested.insert(path.shown());
        } else if !path.parts.is_empty() && !self.tested.contains(&path.shown()) {
            let (place, field) = (place.clone(), field.to_owned());
            let may_fail = !matches!(expected, Expected::Text | Expected::Any);
            let known = self.sources.len();
            self.reads.push(OutputRead { place, field, path, may_fail, known, copy: None });
        }
    }

    /// Records that the value that was read last is copied into a variable, which a condition may test
    pub(crate) fn copied_into(&mut self, place: &Location, variable: &str) {
        if let Some(read) = self.reads.last_mut().filter(|read| read.place == *place) {
            read.copy = Some(variable.to_owned());
        }
    }

    /// Returns a warning for each read of an output that may be empty
    ///
    /// A copy in a variable that a condition tests, or that the bot returns to its parent, is no such read.
    pub(crate) fn warnings(&self, is_returned: impl Fn(&str) -> bool) -> Vec<FlowWarning> {
        let warning = |read: &OutputRead| {
            let (card, output) = self.empty_output(read)?;
            let text = format!(
                "\"{}\": {} may be empty, since \"{}\" returns \"{}\" only if there is one; test it in a condition first",
                read.field,
                read.path.shown(),
                card.label,
                output.name
            );
            Some(FlowWarning { place: read.place.clone(), text, may_fail: read.may_fail })
        };
        let is_tested = |copy: &String| is_returned(copy) || self.tested.contains(&format!("${copy}$"));
        let untested = self.reads.iter().filter(|read| !read.copy.as_ref().is_some_and(is_tested));
        untested.filter_map(warning).collect()
    }

    /// Returns the output on a path that may be empty
    fn empty_output(&self, read: &OutputRead) -> Option<(&'static ActionCard, &'static OutputField)> {
        let (card, shape) = self.shape(&read.path.variable, read.known, 0)?;
        follow(shape, &read.path.parts).0.map(|field| (card, field))
    }

    /// Returns what a variable holds: what was assigned to it last before the read, in the order of the file
    fn shape(&self, variable: &str, known: usize, loops: usize) -> Option<(&'static ActionCard, Shape)> {
        let assigns = |(_, (name, _)): &(usize, &(String, Source))| name == variable;
        let (at, (_, source)) = self.sources[..known].iter().enumerate().rfind(assigns)?;
        match source {
            Source::Result(card) => result(card).map(|shape| (*card, shape)),
            Source::ItemsOf(_) if loops == MAX_LOOPS => None,
            Source::ItemsOf(list) => {
                let (card, shape) = self.shape(&list.variable, at, loops + 1)?;
                match follow(shape, &list.parts).1 {
                    Some(Shape::List(fields)) => Some((card, Shape::Record(fields))),
                    _ => None,
                }
            }
        }
    }
}

/// Returns the shape of the result of an action as it is assigned to a variable
fn result(card: &'static ActionCard) -> Option<Shape> {
    match &card.returns {
        Returns::Session => None,
        Returns::Dictionary => Some(Shape::Record(&card.outputs)),
        Returns::List(name) => {
            let list = card.outputs.iter().find(|output| output.name == *name)?;
            Some(Shape::List(&list.parts))
        }
    }
}

/// Returns the first output on the way that may be empty, and the shape at its end, if it is known
fn follow(shape: Shape, parts: &[PathPart]) -> (Option<&'static OutputField>, Option<Shape>) {
    let (mut at, mut empty) = (Some(shape), None);
    for part in parts {
        at = match (at, part) {
            (Some(Shape::Record(fields)), PathPart::Key(key)) => {
                let field = fields.iter().find(|field| field.name == *key);
                empty = empty.or(field.filter(|field| field.may_be_empty));
                field.filter(|field| !field.parts.is_empty()).map(|field| Shape::List(&field.parts))
            }
            (Some(Shape::List(fields)), PathPart::Index(_)) => Some(Shape::Record(fields)),
            _ => None,
        };
    }
    (empty, at)
}

impl OutputPath {
    fn of(reference: &Reference) -> Option<Self> {
        match &reference.base {
            Base::Variable(variable) => {
                Some(OutputPath { variable: variable.clone(), parts: reference.parts() })
            }
            Base::System(_) | Base::Constant(_) => None,
        }
    }

    /// Returns the path as a flow writes it: `$run{stages}[0]{result}$`
    fn shown(&self) -> String {
        let parts: String = self.parts.iter().map(ToString::to_string).collect();
        format!("${}{parts}$", self.variable)
    }
}
