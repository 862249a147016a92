//! The range of a loop over a list or a table: from one item to another, counted from 0.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::nodes::loops::iterator::part;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression_error;

/// The names that the first item may have in a file
const FROM: [&str; 6] = ["startIndex", "fromIndex", "startRow", "fromRow", "rowFrom", "from"];
/// The names that the last item may have in a file
const TO: [&str; 6] = ["endIndex", "toIndex", "endRow", "toRow", "rowTo", "to"];

/// The first and the last item of a loop; all items without them
#[derive(Debug, Default)]
pub(super) struct Range {
    from: Option<Expr>,
    to: Option<Expr>,
}

impl Range {
    /// Reads the range of an iterator
    pub(super) fn read(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Self> {
        let mut read = |names: [&'static str; 6]| {
            let is_given =
                |name: &&str| raw.attributes.named(name).is_some_and(|found| found.value.is_given());
            match names.into_iter().find(is_given) {
                Some(name) => part(checker, raw, name, Expected::Number).map(Some),
                None => Some(None),
            }
        };
        Some(Range { from: read(FROM)?, to: read(TO)? })
    }

    /// Returns whether all items are in the range
    pub(super) fn is_all(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Returns the items in the range
    ///
    /// Errors: `bot.expression` if there is no first item.
    pub(super) fn of(&self, mut items: Vec<Value>, frame: &Frame<'_>) -> Result<Vec<Value>, Error> {
        if let Some(to) = &self.to {
            let count = to.whole_number(&frame.scope, "the end of the loop")?.saturating_add(1);
            items.truncate(usize::try_from(count).unwrap_or(0));
        }
        if let Some(from) = &self.from {
            let from = from.whole_number(&frame.scope, "the start of the loop")?;
            let from =
                usize::try_from(from).map_err(|_| expression_error("the start of the loop is below 0"))?;
            items.drain(..from.min(items.len()));
        }
        Ok(items)
    }
}
