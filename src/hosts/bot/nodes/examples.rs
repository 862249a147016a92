//! What this host supports of the format, each with its form in a bot file: for the documentation.

use crate::hosts::bot::nodes::condition::CONDITION_TYPES;
use crate::hosts::bot::nodes::loops::ITERATOR_TYPES;
use crate::hosts::bot::nodes::table::NODE_TYPES;

/// The part of a bot file that an example shows
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExampleKind {
    /// A node
    Node,
    /// The attribute of a condition
    Condition,
    /// The attribute of an iterator
    Iterator,
}

/// A node, condition or iterator as it is written in a bot file
#[derive(Debug, Clone)]
pub struct FormatExample {
    /// The part of a bot file that it is
    pub kind: ExampleKind,
    /// Its package
    pub package: &'static str,
    /// Its names: the command of a node (none for every command of the package), or the names of a condition or iterator
    pub names: Vec<&'static str>,
    /// Its JSON
    pub json: &'static str,
}

/// Returns an example of every node, condition and iterator that this host supports
pub fn format_examples() -> Vec<FormatExample> {
    let nodes = NODE_TYPES.iter().map(|entry| FormatExample {
        kind: ExampleKind::Node,
        package: entry.package(),
        names: entry.command().into_iter().collect(),
        json: entry.example(),
    });
    let conditions = CONDITION_TYPES.iter().map(|kind| FormatExample {
        kind: ExampleKind::Condition,
        package: kind.package,
        names: kind.names.to_vec(),
        json: kind.example,
    });
    let iterators = ITERATOR_TYPES.iter().map(|kind| FormatExample {
        kind: ExampleKind::Iterator,
        package: kind.package,
        names: kind.names.to_vec(),
        json: kind.example,
    });
    nodes.chain(conditions).chain(iterators).collect()
}
