//! The table of the conditions that this host supports.

use crate::hosts::bot::nodes::condition::boolean::BOOLEAN;
use crate::hosts::bot::nodes::condition::date::DATE;
use crate::hosts::bot::nodes::condition::number::NUMBER;
use crate::hosts::bot::nodes::condition::place::FILE_EXISTS;
use crate::hosts::bot::nodes::condition::place::FILE_MISSING;
use crate::hosts::bot::nodes::condition::place::FOLDER_EXISTS;
use crate::hosts::bot::nodes::condition::place::FOLDER_MISSING;
use crate::hosts::bot::nodes::condition::test::ConditionType;
use crate::hosts::bot::nodes::condition::text::TEXT;

/// Every condition that this host supports
pub(crate) const CONDITION_TYPES: &[ConditionType] =
    &[TEXT, NUMBER, BOOLEAN, DATE, FILE_EXISTS, FILE_MISSING, FOLDER_EXISTS, FOLDER_MISSING];
