//! The faults that the nodes of a bot report, each about one field or about the node.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::finding::FlowWarning;
use crate::hosts::bot::format::RawAttributes;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::location::Location;

impl Checker<'_> {
    /// Reports a value that its field does not accept; `what` continues a sentence that begins with the field
    pub(crate) fn invalid<T>(&mut self, field: &str, what: impl std::fmt::Display) -> Option<T> {
        self.fault(Error::new(ErrorCode::InputInvalid, format!("\"{field}\" {what}")).with("field", field))
    }

    /// Reports a word that is not one of those that its field accepts
    pub(crate) fn unknown_word<T>(&mut self, field: &str, word: &str, known: &[&str]) -> Option<T> {
        let hint = did_you_mean(nearest(word, known.iter().copied()));
        self.invalid(field, format!("is not one of {}{hint}", known.join(", ")))
    }

    /// Reports an expression that cannot be computed
    pub(crate) fn wrong_expression<T>(&mut self, field: &str, what: impl std::fmt::Display) -> Option<T> {
        self.fault(Error::new(ErrorCode::BotExpression, format!("\"{field}\": {what}")).with("field", field))
    }

    /// Reports a value where a session of this package is expected
    pub(crate) fn session_expected<T>(&mut self, field: &str, got: &str) -> Option<T> {
        let message = format!("\"{field}\": expected an Azure DevOps session, got {got}");
        self.fault(Error::new(ErrorCode::SessionWrongType, message).with("field", field))
    }

    /// Reports a node, or a use of one, that this host does not support
    pub(crate) fn unsupported<T>(&mut self, what: impl std::fmt::Display) -> Option<T> {
        let message = format!("{}: {what}", self.place.node);
        self.fault(Error::new(ErrorCode::BotUnsupportedNode, message))
    }

    /// Reports a required attribute that is missing, with an attribute that may be meant to be it
    pub(crate) fn missing<T>(&mut self, attributes: &RawAttributes, name: &str) -> Option<T> {
        match attributes.nearest_to(name) {
            Some(near) => self.invalid(
                name,
                format!("is missing, and the node has an attribute \"{}\"", printable(near, 256)),
            ),
            None => self.invalid(name, "is missing"),
        }
    }

    /// Warns of attributes that a node does not have, or a condition or iterator in it; only those with a near name, since designers add attributes
    pub(crate) fn warn_of_misspelt(&mut self, raw: &RawNode, place: &Location) {
        for misspelt in raw.attributes.misspelt() {
            let text = format!(
                "\"{}\" is not an attribute of the {}, and is ignored{}",
                printable(misspelt.name, 256),
                misspelt.owner,
                did_you_mean(Some(&misspelt.near))
            );
            self.warnings.push(FlowWarning { place: place.clone(), text, may_fail: false });
        }
    }
}
