//! The field of Connect that only Automation 360 has: there, the agent names sessions, and no action learns the name. Decision 0302.

use crate::package::ActionCard;
use crate::package::Attribute;
use crate::package::AttributeType;
use crate::package::Returns;

/// The name of the field
pub const RUN_TREE_NAME: &str = "runTreeName";

/// Returns the field, if the action opens a session
pub(in crate::package) fn run_tree_name(card: &ActionCard) -> Option<Attribute> {
    (card.returns == Returns::Session).then(|| Attribute {
        name: RUN_TREE_NAME.to_owned(),
        label: "Name in the run tree".to_owned(),
        description: "In a run tree of several processes, the name by which all of them use the session until its bot ends: \
                      the name of the global session"
            .to_owned(),
        kind: AttributeType::Text,
        required: false,
        default: None,
        options: Vec::new(),
        inside: None,
        group: Some("Advanced".to_owned()),
        bounds: None,
    })
}
