//! Reads the nodes of one bot and collects everything that is wrong with them.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::bot::analysis::CredentialUse;
use crate::hosts::bot::analysis::NodeNeeds;
use crate::hosts::bot::expr::Expr;
use crate::hosts::bot::file::RawNode;
use crate::hosts::bot::file::RawValue;
use crate::hosts::bot::folder::Folder;
use crate::hosts::bot::location::Fault;
use crate::hosts::bot::location::FlowWarning;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes;
use crate::hosts::bot::nodes::Node;
use crate::hosts::bot::origins::ChildCall;
use crate::hosts::bot::tokens::LOOKS_LIKE_TOKEN;
use crate::hosts::bot::tokens::looks_like_token;
use crate::hosts::bot::values;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::variable_check::FieldUse;
use crate::hosts::bot::variables::Declaration;
use crate::hosts::bot::variables::VariableKind;

/// The variables a bot declares, by name
pub(super) type Declarations = IndexMap<String, Declaration>;

/// A bot's children by the path it names them with, or why there is none, in the order they are named
pub(super) type Children = IndexMap<String, Result<usize, (ErrorCode, String)>>;

/// What the check of one bot knows of the others
pub(super) struct Surroundings<'a> {
    /// Every bot's variables, by the bot's number
    pub(super) declarations: &'a [Declarations],
    /// Every bot's name, by the bot's number
    pub(super) names: &'a [String],
    /// The bot's own children
    pub(super) children: &'a Children,
    /// Where files are looked up and written
    pub(super) folder: &'a Folder,
}

/// The check of one bot: where it is, and what it found
pub(super) struct Checker<'a> {
    pub(super) around: Surroundings<'a>,
    /// The bot's own number
    pub(super) number: usize,
    /// The node at hand
    pub(super) place: Location,
    /// How many loops surround the node at hand
    pub(super) loops: usize,
    line: usize,
    pub(super) faults: Vec<Fault>,
    pub(super) warnings: Vec<FlowWarning>,
    pub(super) needs: Vec<NodeNeeds>,
    pub(super) credentials: Vec<CredentialUse>,
    /// The variables that nodes change
    pub(super) assigned: HashSet<String>,
    /// Fields of actions that a variable fills
    pub(super) fields: Vec<FieldUse>,
    /// The nodes that run child bots
    pub(super) calls: Vec<ChildCall>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(around: Surroundings<'a>, number: usize, file: &str) -> Self {
        Checker {
            around,
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
    pub(super) fn block(&mut self, nodes: &[RawNode]) -> Vec<Node> {
        let mut read = Vec::with_capacity(nodes.len());
        for raw in nodes {
            if self.enter(raw) {
                read.push(nodes::read(self, raw));
            }
        }
        read
    }

    /// Makes a node or a branch the one at hand; `false` if it is disabled and to be skipped
    pub(super) fn enter(&mut self, raw: &RawNode) -> bool {
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
    pub(super) fn fault<T>(&mut self, error: Error) -> Option<T> {
        self.faults.push(Fault { place: self.place.clone(), error });
        None
    }

    /// Reports what the bot's author should know
    pub(super) fn warn(&mut self, text: String) {
        self.warnings.push(FlowWarning { place: self.place.clone(), text, may_fail: false });
    }

    /// Takes what was parsed, or reports the field's fault
    pub(super) fn parsed<T>(&mut self, field: &str, result: Result<T, Error>) -> Option<T> {
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
    pub(super) fn invalid<T>(&mut self, field: &str, what: impl std::fmt::Display) -> Option<T> {
        self.fault(Error::new(ErrorCode::InputInvalid, format!("\"{field}\": {what}")).with("field", field))
    }

    /// Reports an expression that cannot be computed
    pub(super) fn wrong_expression<T>(&mut self, field: &str, what: impl std::fmt::Display) -> Option<T> {
        self.fault(Error::new(ErrorCode::BotExpression, format!("\"{field}\": {what}")).with("field", field))
    }

    /// Reports something else in the place of a session of this package
    pub(super) fn session_expected<T>(&mut self, field: &str, got: &str) -> Option<T> {
        let message = format!("\"{field}\": expected an Azure DevOps session, got {got}");
        self.fault(Error::new(ErrorCode::SessionWrongType, message).with("field", field))
    }

    /// Reports a node, or a use of one, that this host does not run
    pub(super) fn unsupported<T>(&mut self, what: impl std::fmt::Display) -> Option<T> {
        let message = format!("{}: {what}", self.place.node);
        self.fault(Error::new(ErrorCode::BotUnsupportedNode, message))
    }

    /// A variable of the bot
    pub(super) fn variable(&mut self, field: &str, name: &str) -> Option<&'a Declaration> {
        let known = &self.around.declarations[self.number];
        if let Some(declaration) = known.get(name) {
            return Some(declaration);
        }
        let near = nearest(name, known.keys().map(String::as_str));
        let hint = did_you_mean(near);
        self.wrong_expression(field, format!("there is no variable \"{}\"{hint}", printable(name, 256)))
    }

    /// The value of an attribute that has to be given
    pub(super) fn required(&mut self, raw: &RawNode, name: &str, expected: Expected) -> Option<Expr> {
        match self.optional(raw, name, expected)? {
            Some(value) => Some(value),
            None => self.invalid(name, "is missing"),
        }
    }

    /// The value of an attribute, if it is given; the outer `None` is a fault
    #[expect(clippy::option_option, reason = "reported and not given are two things")]
    pub(super) fn optional(&mut self, raw: &RawNode, name: &str, expected: Expected) -> Option<Option<Expr>> {
        match raw.attribute(name).filter(|found| found.value.is_given()) {
            Some(found) => values::read(self, name, &found.value, expected).map(Some),
            None => Some(None),
        }
    }

    /// A text that is empty when it is not given
    pub(super) fn given_or_empty(&mut self, raw: &RawNode, name: &str) -> Option<Expr> {
        let text = self.optional(raw, name, Expected::Text)?;
        Some(text.unwrap_or_else(|| Expr::Constant("".into())))
    }

    /// The name of the variable that an attribute has to name as a whole
    pub(super) fn required_variable(
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

    /// The variable that takes a result, if one is named and can hold it
    pub(super) fn target(&mut self, field: &str, raw: &RawValue, result: Expected) -> Option<TargetVariable> {
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
    pub(super) fn look_for_token(&mut self, field: &str, text: &str) {
        if looks_like_token(text) {
            self.warn(format!("\"{field}\" holds {LOOKS_LIKE_TOKEN}"));
        }
    }
}

/// A variable that takes a result
#[derive(Debug)]
pub(super) struct TargetVariable {
    pub(super) name: String,
    pub(super) kind: VariableKind,
}

/// How many lines a node takes in the designer, with all below it
fn lines(raw: &RawNode) -> usize {
    1 + raw.children.iter().chain(&raw.branches).map(lines).sum::<usize>()
}
