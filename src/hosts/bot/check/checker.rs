//! Reads the nodes of one bot and collects everything that is wrong with them.

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
use crate::hosts::bot::values::TargetVariable;
use crate::hosts::bot::values::VariableKind;
use crate::hosts::bot::values::looks_like_token;
use crate::package::PACKAGE_NAME;

/// A bot's children by the path it names them with, or why there is none, in the order they are named
pub(crate) type Children = IndexMap<String, Result<usize, (ErrorCode, String)>>;

/// What the check of one bot knows of the others
pub(crate) struct Surroundings<'a> {
    /// Every bot's variables, by the bot's number
    pub(crate) declarations: &'a [Declarations],
    /// Every bot's name, by the bot's number
    pub(crate) names: &'a [String],
    /// The bot's own children
    pub(crate) children: &'a Children,
    /// Where files are looked up and written
    pub(crate) folder: &'a Folder,
}

/// A node type of the format: how its nodes are named and read
pub(crate) trait NodeType: RunNode + Sized + 'static {
    /// The package of the node
    const PACKAGE: &'static str;
    /// The command of the node; `None` for every command of the package
    const COMMAND: Option<&'static str>;
    /// Whether a node that cannot be read may open, use or close sessions
    const USES_SESSIONS: bool = false;

    /// Reads the node; `None` if it has faults, which are reported
    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self>;
}

/// A node type in the table of node types
pub(crate) struct NodeEntry {
    package: &'static str,
    command: Option<&'static str>,
    uses_sessions: bool,
    read: fn(&mut Checker<'_>, &RawNode) -> Option<Box<dyn RunNode>>,
}

impl NodeEntry {
    /// The entry of a node type
    pub(crate) const fn of<T: NodeType>() -> Self {
        NodeEntry {
            package: T::PACKAGE,
            command: T::COMMAND,
            uses_sessions: T::USES_SESSIONS,
            read: |checker, raw| Some(Box::new(T::read(checker, raw)?)),
        }
    }

    fn reads(&self, raw: &RawNode) -> bool {
        self.package == raw.package_name && self.command.is_none_or(|command| command == raw.command_name)
    }
}

/// The check of one bot: where it is, and what it found
pub(crate) struct Checker<'a> {
    pub(crate) around: Surroundings<'a>,
    /// The node types that this host runs
    node_types: &'static [NodeEntry],
    /// The bot's own number
    pub(crate) number: usize,
    /// The node at hand
    pub(crate) place: Location,
    /// How many loops surround the node at hand
    pub(crate) loops: usize,
    line: usize,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<FlowWarning>,
    pub(crate) needs: Vec<NodeNeeds>,
    pub(crate) credentials: Vec<CredentialUse>,
    /// The variables that nodes change
    pub(crate) assigned: HashSet<String>,
    /// Fields of actions that a variable fills
    pub(crate) fields: Vec<FieldUse>,
    /// The nodes that run child bots
    pub(crate) calls: Vec<ChildCall>,
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
            loops: 0,
            line: 0,
            faults: Vec::new(),
            warnings: Vec::new(),
            needs: Vec::new(),
            credentials: Vec::new(),
            assigned: HashSet::new(),
            fields: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// Reads nodes in order; those that are disabled are left out
    pub(crate) fn block(&mut self, nodes: &[RawNode]) -> Vec<Node> {
        let mut read = Vec::with_capacity(nodes.len());
        for raw in nodes {
            if self.enter(raw) {
                read.push(self.node(raw));
            }
        }
        read
    }

    /// Reads the node at hand; its faults are reported
    fn node(&mut self, raw: &RawNode) -> Node {
        let place = self.place.clone();
        let body = match self.node_types.iter().find(|entry| entry.reads(raw)) {
            Some(entry) => (entry.read)(self, raw),
            None => self.unknown_node(raw),
        };
        match body {
            Some(body) => Node::new(place, body),
            None => {
                let holds_others = !raw.children.is_empty() || !raw.branches.is_empty();
                let of_package = |entry: &&NodeEntry| entry.package == raw.package_name;
                let uses_sessions =
                    self.node_types.iter().filter(of_package).any(|entry| entry.uses_sessions);
                Node::faulty(place, holds_others || uses_sessions)
            }
        }
    }

    /// A node that this host does not run; the nodes below it are checked all the same
    fn unknown_node(&mut self, raw: &RawNode) -> Option<Box<dyn RunNode>> {
        if self.node_types.iter().any(|entry| entry.package == raw.package_name) {
            self.unsupported::<()>("this host does not support this node here");
        } else {
            let near = nearest(&raw.package_name, [PACKAGE_NAME]);
            let hint = did_you_mean(near);
            let package = printable(&raw.package_name, 256);
            self.unsupported::<()>(format!("the package \"{package}\" is not supported{hint}"));
        }
        self.block(&raw.children);
        for branch in &raw.branches {
            if self.enter(branch) {
                self.block(&branch.children);
            }
        }
        None
    }

    /// Makes a node or a branch the one at hand; `false` if it is disabled and to be skipped
    pub(crate) fn enter(&mut self, raw: &RawNode) -> bool {
        self.line += 1;
        if raw.is_disabled() {
            self.line += raw.children.iter().chain(&raw.branches).map(lines).sum::<usize>();
            return false;
        }
        self.place = Location {
            file: std::mem::take(&mut self.place.file),
            line: self.line,
            uid: printable(&raw.uid, 256),
            node: format!("{}.{}", printable(&raw.package_name, 256), printable(&raw.command_name, 256)),
        };
        true
    }

    /// Reports what keeps the bot from running
    pub(crate) fn fault<T>(&mut self, error: Error) -> Option<T> {
        self.faults.push(Fault { place: self.place.clone(), error });
        None
    }

    /// Reports what the bot's author should know
    pub(crate) fn warn(&mut self, text: String) {
        self.warnings.push(FlowWarning { place: self.place.clone(), text, may_fail: false });
    }

    /// Takes what was parsed, or reports the field's fault
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

    /// Reports a value that its field does not take
    pub(crate) fn invalid<T>(&mut self, field: &str, what: impl std::fmt::Display) -> Option<T> {
        self.fault(Error::new(ErrorCode::InputInvalid, format!("\"{field}\": {what}")).with("field", field))
    }

    /// Reports an expression that cannot be computed
    pub(crate) fn wrong_expression<T>(&mut self, field: &str, what: impl std::fmt::Display) -> Option<T> {
        self.fault(Error::new(ErrorCode::BotExpression, format!("\"{field}\": {what}")).with("field", field))
    }

    /// Reports something else in the place of a session of this package
    pub(crate) fn session_expected<T>(&mut self, field: &str, got: &str) -> Option<T> {
        let message = format!("\"{field}\": expected an Azure DevOps session, got {got}");
        self.fault(Error::new(ErrorCode::SessionWrongType, message).with("field", field))
    }

    /// Reports a node, or a use of one, that this host does not run
    pub(crate) fn unsupported<T>(&mut self, what: impl std::fmt::Display) -> Option<T> {
        let message = format!("{}: {what}", self.place.node);
        self.fault(Error::new(ErrorCode::BotUnsupportedNode, message))
    }

    /// A variable of the bot
    pub(crate) fn variable(&mut self, field: &str, name: &str) -> Option<&'a Declaration> {
        let known = &self.around.declarations[self.number];
        if let Some(declaration) = known.get(name) {
            return Some(declaration);
        }
        let near = nearest(name, known.keys().map(String::as_str));
        let hint = did_you_mean(near);
        self.wrong_expression(field, format!("there is no variable \"{}\"{hint}", printable(name, 256)))
    }

    /// The variable that takes a result, if one is named and can hold it
    pub(crate) fn target(&mut self, field: &str, raw: &RawValue, result: Expected) -> Option<TargetVariable> {
        if raw.variable_name.is_empty() {
            return None;
        }
        let declaration = self.variable(field, &raw.variable_name)?;
        let fits = match (&declaration.kind, result) {
            (VariableKind::Session(_), Expected::Session) => declaration.kind.is_own_session(),
            (VariableKind::Unknown(_) | VariableKind::Session(_) | VariableKind::Credential, _)
            | (_, Expected::Session) => false,
            (VariableKind::Any, _) | (_, Expected::Any) => true,
            (VariableKind::Text, Expected::Number | Expected::Boolean) => true,
            (kind, result) => Expected::of(kind) == result,
        };
        if !fits {
            let what =
                format!("\"{}\" is {}, which cannot hold the result", declaration.name, declaration.kind);
            return self.wrong_expression(field, what);
        }
        self.assigned.insert(declaration.name.clone());
        Some(TargetVariable { name: declaration.name.clone(), kind: declaration.kind.clone() })
    }

    /// Warns about a text that looks like a token
    pub(crate) fn look_for_token(&mut self, field: &str, text: &str) {
        if looks_like_token(text) {
            self.warn(format!("\"{field}\" holds {LOOKS_LIKE_TOKEN}"));
        }
    }
}

/// How many lines a node takes in the designer, with all below it
fn lines(raw: &RawNode) -> usize {
    1 + raw.children.iter().chain(&raw.branches).map(lines).sum::<usize>()
}
