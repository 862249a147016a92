//! The table of the iterators that this host supports.

use crate::hosts::bot::nodes::loops::csv_rows::CSV_ROWS;
use crate::hosts::bot::nodes::loops::dictionary::KEYS;
use crate::hosts::bot::nodes::loops::dictionary::VALUES;
use crate::hosts::bot::nodes::loops::files::FILES;
use crate::hosts::bot::nodes::loops::files::FOLDERS;
use crate::hosts::bot::nodes::loops::iterator::IteratorType;
use crate::hosts::bot::nodes::loops::list::LIST;
use crate::hosts::bot::nodes::loops::table_rows::TABLE_ROWS;
use crate::hosts::bot::nodes::loops::times::TIMES;

/// Every iterator that this host supports
pub(crate) const ITERATOR_TYPES: &[IteratorType] =
    &[TIMES, LIST, KEYS, VALUES, TABLE_ROWS, CSV_ROWS, FILES, FOLDERS];
