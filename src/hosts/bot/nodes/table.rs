//! The table of the node types that this host supports.

use crate::hosts::bot::check::NodeEntry;
use crate::hosts::bot::nodes::action::ActionNode;
use crate::hosts::bot::nodes::boolean;
use crate::hosts::bot::nodes::comment::Comment;
use crate::hosts::bot::nodes::compute::Computed;
use crate::hosts::bot::nodes::csv;
use crate::hosts::bot::nodes::data_table;
use crate::hosts::bot::nodes::datetime;
use crate::hosts::bot::nodes::delay::Delay;
use crate::hosts::bot::nodes::dictionary;
use crate::hosts::bot::nodes::error_handler::Throw;
use crate::hosts::bot::nodes::error_handler::Try;
use crate::hosts::bot::nodes::file;
use crate::hosts::bot::nodes::folder;
use crate::hosts::bot::nodes::if_else::If;
use crate::hosts::bot::nodes::list;
use crate::hosts::bot::nodes::log_to_file::LogToFile;
use crate::hosts::bot::nodes::loops;
use crate::hosts::bot::nodes::message_box::MessageBox;
use crate::hosts::bot::nodes::number;
use crate::hosts::bot::nodes::step::StepBlock;
use crate::hosts::bot::nodes::string;
use crate::hosts::bot::nodes::system::SystemInformation;
use crate::hosts::bot::nodes::task_bot::RunTask;
use crate::hosts::bot::nodes::task_bot::StopTask;
use crate::hosts::bot::nodes::wait::WaitForCondition;
use crate::package::PACKAGE_NAME_IN_AUTOMATION_360;

/// Every node type that this host supports
pub(crate) const NODE_TYPES: &[NodeEntry] = &[
    NodeEntry::of::<Comment>(),
    NodeEntry::of::<StepBlock>(),
    NodeEntry::of::<If>(),
    NodeEntry::of::<loops::Loop>(),
    NodeEntry::of::<loops::Break>(),
    NodeEntry::of::<loops::Continue>(),
    NodeEntry::of::<Try>(),
    NodeEntry::of::<Throw>(),
    NodeEntry::of::<Computed<string::AssignString>>(),
    NodeEntry::of::<Computed<string::Replace>>(),
    NodeEntry::of::<Computed<string::Split>>(),
    NodeEntry::of::<Computed<string::BeforeAfter>>(),
    NodeEntry::of::<Computed<string::Reverse>>(),
    NodeEntry::of::<Computed<string::SubString>>(),
    NodeEntry::of::<Computed<string::Find>>(),
    NodeEntry::of::<Computed<string::Trim>>(),
    NodeEntry::of::<Computed<string::Length>>(),
    NodeEntry::of::<Computed<string::Uppercase>>(),
    NodeEntry::of::<Computed<string::Lowercase>>(),
    NodeEntry::of::<Computed<string::Compare>>(),
    NodeEntry::of::<Computed<string::ToNumber>>(),
    NodeEntry::of::<Computed<string::ToBoolean>>(),
    NodeEntry::of::<Computed<number::AssignNumber>>(),
    NodeEntry::of::<Computed<number::Increment>>(),
    NodeEntry::of::<Computed<number::Decrement>>(),
    NodeEntry::of::<Computed<number::NumberToText>>(),
    NodeEntry::of::<Computed<number::RandomNumber>>(),
    NodeEntry::of::<Computed<boolean::AssignBoolean>>(),
    NodeEntry::of::<Computed<boolean::Invert>>(),
    NodeEntry::of::<Computed<boolean::EqualTo>>(),
    NodeEntry::of::<Computed<datetime::AssignDate>>(),
    NodeEntry::of::<Computed<datetime::DateToText>>(),
    NodeEntry::of::<Computed<datetime::Add>>(),
    NodeEntry::of::<Computed<datetime::Subtract>>(),
    NodeEntry::of::<Computed<datetime::GetPart>>(),
    NodeEntry::of::<Computed<datetime::Difference>>(),
    NodeEntry::of::<Computed<datetime::IsAfter>>(),
    NodeEntry::of::<Computed<datetime::IsBefore>>(),
    NodeEntry::of::<Computed<SystemInformation>>(),
    NodeEntry::of::<Computed<list::AssignList>>(),
    NodeEntry::of::<Computed<list::AddItem>>(),
    NodeEntry::of::<Computed<list::GetItem>>(),
    NodeEntry::of::<Computed<list::SetItem>>(),
    NodeEntry::of::<Computed<list::RemoveItem>>(),
    NodeEntry::of::<Computed<list::ListSize>>(),
    NodeEntry::of::<Computed<list::JoinList>>(),
    NodeEntry::of::<Computed<list::ClearList>>(),
    NodeEntry::of::<Computed<dictionary::AssignDictionary>>(),
    NodeEntry::of::<Computed<dictionary::Get>>(),
    NodeEntry::of::<Computed<dictionary::Put>>(),
    NodeEntry::of::<Computed<dictionary::Remove>>(),
    NodeEntry::of::<Computed<dictionary::Size>>(),
    NodeEntry::of::<Computed<data_table::AssignTable>>(),
    NodeEntry::of::<Computed<data_table::RowCount>>(),
    NodeEntry::of::<Computed<data_table::ColumnCount>>(),
    NodeEntry::of::<Computed<data_table::InsertRow>>(),
    NodeEntry::of::<Computed<data_table::SetCell>>(),
    NodeEntry::of::<Computed<data_table::SortTable>>(),
    NodeEntry::of::<Computed<data_table::JoinTables>>(),
    NodeEntry::of::<Computed<data_table::RemoveDuplicateRows>>(),
    NodeEntry::of::<data_table::WriteToFile>(),
    NodeEntry::of::<csv::OpenCsv>(),
    NodeEntry::of::<Computed<csv::ReadCsv>>(),
    NodeEntry::of::<Computed<csv::CloseCsv>>(),
    NodeEntry::of::<folder::CreateFolder>(),
    NodeEntry::of::<folder::DeleteFolder>(),
    NodeEntry::of::<file::CreateFile>(),
    NodeEntry::of::<file::DeleteFiles>(),
    NodeEntry::of::<file::CopyFiles>(),
    NodeEntry::of::<file::RenameFiles>(),
    NodeEntry::of::<Computed<file::AssignFile>>(),
    NodeEntry::of::<Computed<file::GetName>>(),
    NodeEntry::of::<Computed<file::GetPath>>(),
    NodeEntry::of::<LogToFile>(),
    NodeEntry::of::<MessageBox>(),
    NodeEntry::of::<Delay>(),
    NodeEntry::of::<WaitForCondition>(),
    NodeEntry::of::<RunTask>(),
    NodeEntry::of::<StopTask>(),
    NodeEntry::of::<ActionNode>(),
    NodeEntry::named::<ActionNode>(PACKAGE_NAME_IN_AUTOMATION_360),
];
