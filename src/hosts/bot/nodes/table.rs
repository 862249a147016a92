//! The table of the node types that this host supports.

use crate::hosts::bot::check::NodeEntry;
use crate::hosts::bot::nodes::action::ActionNode;
use crate::hosts::bot::nodes::boolean::AssignBoolean;
use crate::hosts::bot::nodes::comment::Comment;
use crate::hosts::bot::nodes::delay::Delay;
use crate::hosts::bot::nodes::dictionary::Get;
use crate::hosts::bot::nodes::dictionary::Put;
use crate::hosts::bot::nodes::error_handler::Throw;
use crate::hosts::bot::nodes::error_handler::Try;
use crate::hosts::bot::nodes::if_else::If;
use crate::hosts::bot::nodes::log_to_file::LogToFile;
use crate::hosts::bot::nodes::loop_exits::Break;
use crate::hosts::bot::nodes::loop_exits::Continue;
use crate::hosts::bot::nodes::loops::Loop;
use crate::hosts::bot::nodes::message_box::MessageBox;
use crate::hosts::bot::nodes::number::AssignNumber;
use crate::hosts::bot::nodes::number::Increment;
use crate::hosts::bot::nodes::number::NumberToText;
use crate::hosts::bot::nodes::step::StepBlock;
use crate::hosts::bot::nodes::string::AssignString;
use crate::hosts::bot::nodes::task_bot::RunTask;
use crate::hosts::bot::nodes::task_bot::StopTask;
use crate::package::PACKAGE_NAME_IN_AUTOMATION_360;

/// Every node type that this host supports
pub(crate) const NODE_TYPES: &[NodeEntry] = &[
    NodeEntry::of::<Comment>(),
    NodeEntry::of::<StepBlock>(),
    NodeEntry::of::<If>(),
    NodeEntry::of::<Loop>(),
    NodeEntry::of::<Break>(),
    NodeEntry::of::<Continue>(),
    NodeEntry::of::<Try>(),
    NodeEntry::of::<Throw>(),
    NodeEntry::of::<AssignString>(),
    NodeEntry::of::<AssignNumber>(),
    NodeEntry::of::<Increment>(),
    NodeEntry::of::<NumberToText>(),
    NodeEntry::of::<AssignBoolean>(),
    NodeEntry::of::<Get>(),
    NodeEntry::of::<Put>(),
    NodeEntry::of::<Delay>(),
    NodeEntry::of::<LogToFile>(),
    NodeEntry::of::<MessageBox>(),
    NodeEntry::of::<RunTask>(),
    NodeEntry::of::<StopTask>(),
    NodeEntry::of::<ActionNode>(),
    NodeEntry::named::<ActionNode>(PACKAGE_NAME_IN_AUTOMATION_360),
];
