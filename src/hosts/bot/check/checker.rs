//! Reads the nodes of one bot and collects their faults and warnings.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::bot::check::ChildCall;
use crate::hosts::bot::check::CredentialUse;
use crate::hosts::bot::check::FieldUse;
use crate::hosts::bot::check::NodeNeeds;
use crate::hosts::bot::check::OutputReads;
use crate::hosts::bot::check::packages::UNSUPPORTED_PACKAGE;
use crate::hosts::bot::check::packages::why_unsupported;
use crate::hosts::bot::finding::Fault;
use crate::hosts::bot::finding::FlowWarning;
use crate::hosts::bot::folder::Folder;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::format::RawValue;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::run::Node;
use crate::hosts::bot::run::RunNode;
use crate::hosts::bot::values::Declaration;
use crate::hosts::bot::values::Declarations;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::LOOKS_LIKE_TOKEN;
use crate::hosts::bot::values::Named;
use crate::hosts::bot::values::TargetVariable;
use crate::hosts::bot::values::expression::MASKED;
use crate::hosts::bot::values::looks_like_token;
use crate::hosts::bot::values::named;
use crate::package::PACKAGE_NAMES;

/// The child bots of a bot, by path and in the order of the calls; an error instead of a child that is missing
pub(crate) type Children = IndexMap<String, Result<usize, (ErrorCode, String)>>;

/// What the check of one bot needs of the other bots
pub(crate) struct Surroundings<'a> {
    /// The variables of every bot, by the number of the bot
    pub(crate) declarations: &'a [Declarations],
    /// The name of every bot, by the number of the bot
    pub(crate) names: &'a [String],
    /// The child bots of the bot
    pub(crate) children: &'a Children,
    /// The folders that the flow may access
    pub(crate) folder: &'a Folder,
    /// Whether a node of the flow creates folders, so that a folder that is missing now may exist when it is used
    pub(crate) creates_folders: bool,
}

/// A node type of the format: its name, and how its nodes are read
pub(crate) trait NodeType: RunNode + Sized + 'static {
    /// The package of the node
    const PACKAGE: &'static str;
    /// The command of the node; `None` for every command of the package
    const COMMAND: Option<&'static str>;
    /// Whether a node that cannot be read may open, use or close sessions
    const USES_SESSIONS: bool = false;
    /// A node of this type in a bot file, for the documentation
    const EXAMPLE: &'static str;

    /// Reads the node; `None` if it has faults, which are reported
    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self>;
}

/// A node type in the table of node types
pub(crate) struct NodeEntry {
    package: &'static str,
    command: Option<&'static str>,
    example: &'static str,
    uses_sessions: bool,
    read: fn(&mut Checker<'_>, &RawNode) -> Option<Box<dyn RunNode>>,
}

impl NodeEntry {
    /// Creates the entry of a node type
    pub(crate) const fn of<T: NodeType>() -> Self {
        NodeEntry {
            package: T::PACKAGE,
            command: T::COMMAND,
            example: T::EXAMPLE,
            uses_sessions: T::USES_SESSIONS,
            read: |checker, raw| Some(Box::new(T::read(checker, raw)?)),
        }
    }

    /// Creates the entry of a node type under another name of its package
    pub(crate) const fn named<T: NodeType>(package: &'static str) -> Self {
        NodeEntry { package, ..NodeEntry::of::<T>() }
    }

    /// The package of the node
    pub(crate) const fn package(&self) -> &'static str {
        self.package
    }

    /// The command of the node; `None` for every command of the package
    pub(crate) const fn command(&self) -> Option<&'static str> {
        self.command
    }

    /// A node of this type in a bot file
    pub(crate) const fn example(&self) -> &'static str {
        self.example
    }

    fn reads(&self, raw: &RawNode) -> bool {
        self.package == raw.package_name && self.command.is_none_or(|command| command == raw.command_name)
    }
}

/// The check of one bot: its position and its findings
pub(crate) struct Checker<'a> {
    pub(crate) around: Surroundings<'a>,
    /// The node types that this host runs
    node_types: &'static [NodeEntry],
    /// The number of the bot
    pub(crate) number: usize,
    /// The current node
    pub(crate) place: Location,
    /// The anchors of the loops around the current node, the innermost last; an anchor may be empty
    pub(crate) loops: Vec<String>,
    line: usize,
    /// The number of nodes and branches that are not disabled
    pub(crate) enabled: usize,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<FlowWarning>,
    pub(crate) needs: Vec<NodeNeeds>,
    pub(crate) credentials: Vec<CredentialUse>,
    /// The variables that nodes assign
    pub(crate) assigned: HashSet<String>,
    /// The fields of actions that are set by a variable
    pub(crate) fields: Vec<FieldUse>,
    /// The nodes that run child bots
    pub(crate) calls: Vec<ChildCall>,
    /// The outputs of actions that the bot reads
    pub(crate) outputs: OutputReads,
    /// The system variables that were reported as masked
    masked: HashSet<&'static str>,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(
        around: Surroundings<'a>,
        node_types: &'static [NodeEntry],
        number: usize,
        file: &str,
    ) -> Self {
        Checker {
            around,
            node_types,
            number,
            place: Location::file(file),
            loops: Vec::new(),
            line: 0,
            enabled: 0,
            faults: Vec::new(),
            warnings: Vec::new(),
            needs: Vec::new(),
            credentials: Vec::new(),
            assigned: HashSet::new(),
            fields: Vec::new(),
            calls: Vec::new(),
            outputs: OutputReads::default(),
            masked: HashSet::new(),
        }
    }

    /// Reads nodes in order, without the disabled ones
    pub(crate) fn block(&mut self, nodes: &[RawNode]) -> Vec<Node> {
        let mut read = Vec::with_capacity(nodes.len());
        for raw in nodes {
            if self.enter(raw) {
                read.push(self.node(raw));
            }
        }
        read
    }

    /// Reads the current node, and reports its faults
    fn node(&mut self, raw: &RawNode) -> Node {
        let place = self.place.clone();
        let body = match self.node_types.iter().find(|entry| entry.reads(raw)) {
            Some(entry) => (entry.read)(self, raw),
            None => self.unknown_node(raw),
        };
        match body {
            Some(body) => {
                self.warn_of_misspelt(raw, &place);
                Node::new(place, body)
            }
            None => {
                let holds_others = !raw.children.is_empty() || !raw.branches.is_empty();
                let of_package = |entry: &&NodeEntry| entry.package == raw.package_name;
                let uses_sessions =
                    self.node_types.iter().filter(of_package).any(|entry| entry.uses_sessions);
                Node::faulty(place, holds_others || uses_sessions)
            }
        }
    }

    /// Reports a node that this host does not support, and checks the nodes below it
    fn unknown_node(&mut self, raw: &RawNode) -> Option<Box<dyn RunNode>> {
        let of_package = self.node_types.iter().filter(|entry| entry.package == raw.package_name);
        let commands: Vec<&str> = of_package.filter_map(|entry| entry.command).collect();
        if !commands.is_empty() {
            let hint = did_you_mean(nearest(&raw.command_name, commands));
            self.unsupported::<()>(format!("this host does not support this node here{hint}"));
        } else {
            self.unknown_package(&raw.package_name);
        }
        self.block(&raw.children);
        for branch in &raw.branches {
            if self.enter(branch) {
                self.block(&branch.children);
            }
        }
        None
    }

    /// Reports a node of a package that this host does not support, with the reason
    fn unknown_package(&mut self, package: &str) {
        let shown = printable(package, 256);
        let what = match why_unsupported(package) {
            Some(why) => format!("the package \"{shown}\" {why}"),
            None => {
                let supported = self.node_types.iter().map(|entry| entry.package);
                let hint = did_you_mean(nearest(package, PACKAGE_NAMES.into_iter().chain(supported)));
                format!("the package \"{shown}\" is not supported{hint}")
            }
        };
        let message = format!("{}: {what}", self.place.node);
        let error = Error::new(ErrorCode::BotUnsupportedNode, message).with(UNSUPPORTED_PACKAGE, shown);
        self.fault::<()>(error);
    }

    /// Makes a node or a branch the current one; returns `false` if it is disabled and has to be skipped
    pub(crate) fn enter(&mut self, raw: &RawNode) -> bool {
        self.line += 1;
        if raw.is_disabled() {
            self.line += raw.children.iter().chain(&raw.branches).map(lines).sum::<usize>();
            return false;
        }
        self.enabled += 1;
        self.place = Location {
            file: std::mem::take(&mut self.place.file),
            line: self.line,
            uid: printable(&raw.uid, 256),
            node: format!("{}.{}", printable(&raw.package_name, 256), printable(&raw.command_name, 256)),
        };
        true
    }

    /// Reports a fault
    pub(crate) fn fault<T>(&mut self, error: Error) -> Option<T> {
        self.faults.push(Fault { place: self.place.clone(), error });
        None
    }

    /// Reports a warning
    pub(crate) fn warn(&mut self, text: String) {
        self.warnings.push(FlowWarning { place: self.place.clone(), text, may_fail: false });
    }

    /// Returns a parsed value, or reports the error of its field
    pub(crate) fn parsed<T>(&mut self, field: &str, result: Result<T, Error>) -> Option<T> {
        result.map_or_else(
            |error| {
                let message = format!("\"{field}\": {}", error.message());
                let help = error.help_text().to_owned();
                self.fault(Error::new(error.code(), message).help(help).with("field", field))
            },
            Some,
        )
    }

    /// Returns the variable of the bot with this name, or reports that it does not exist
    pub(crate) fn variable(&mut self, field: &str, name: &str) -> Option<&'a Declaration> {
        let declarations = &self.around.declarations[self.number];
        self.declared(field, name, declarations)
    }

    /// Returns the variable with this name, ignoring case if there is none with the name as it is written
    fn declared(
        &mut self,
        field: &str,
        name: &str,
        declarations: &'a Declarations,
    ) -> Option<&'a Declaration> {
        match named(declarations, name) {
            Named::One(declaration) => Some(declaration),
            Named::Several(first, second) => {
                self.warn(format!(
                    "\"{field}\": \"{}\" is both \"{}\" and \"{}\", which differ only in case; the first is used",
                    printable(name, 256),
                    printable(&first.name, 256),
                    printable(&second.name, 256)
                ));
                Some(first)
            }
            Named::None => {
                let near = nearest(name, declarations.keys().map(String::as_str));
                let hint = did_you_mean(near);
                let what = format!("there is no variable \"{}\"{hint}", printable(name, 256));
                self.wrong_expression(field, what)
            }
        }
    }

    /// Warns, once in a bot, that a system variable is masked
    pub(crate) fn masked(&mut self, variable: &'static str) {
        if self.masked.insert(variable) {
            self.warn(format!(
                "$System:{variable}$ is \"{MASKED}\" here: a bot gets nothing that identifies the machine or its user"
            ));
        }
    }

    /// Records that a node changes the variable in place
    pub(crate) fn changes(&mut self, variable: &Option<String>) {
        self.assigned.extend(variable.clone());
    }

    /// Returns the variable that a result is assigned to, if one is given and can hold the result
    pub(crate) fn target(&mut self, field: &str, raw: &RawValue, result: Expected) -> Option<TargetVariable> {
        if raw.variable_name.is_empty() {
            return None;
        }
        let declaration = self.variable(field, &raw.variable_name)?;
        if !result.fits_into(&declaration.kind) {
            let what =
                format!("\"{}\" is {}, which cannot hold the result", declaration.name, declaration.kind);
            return self.wrong_expression(field, what);
        }
        self.assigned.insert(declaration.name.clone());
        Some(TargetVariable { name: declaration.name.clone(), kind: declaration.kind.clone() })
    }

    /// Returns a warning for each read of an output that may be empty
    pub(crate) fn empty_outputs(&self) -> Vec<FlowWarning> {
        let declarations = &self.around.declarations[self.number];
        self.outputs.warnings(|variable| declarations.get(variable).is_some_and(|one| one.output))
    }

    /// Warns about a text that looks like a token
    pub(crate) fn look_for_token(&mut self, field: &str, text: &str) {
        if looks_like_token(text) {
            self.warn(format!("\"{field}\" holds {LOOKS_LIKE_TOKEN}"));
        }
    }
}

/// Returns the number of lines of a node in the designer, including all nodes below it
fn lines(raw: &RawNode) -> usize {
    1 + raw.children.iter().chain(&raw.branches).map(lines).sum::<usize>()
}
