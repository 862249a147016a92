//! The iterator over the rows of a table.

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::nodes::loops::iterator::Items;
use crate::hosts::bot::nodes::loops::iterator::IteratorType;
use crate::hosts::bot::nodes::loops::iterator::LoopItems;
use crate::hosts::bot::nodes::loops::iterator::field_of_type;
use crate::hosts::bot::nodes::loops::iterator::part;
use crate::hosts::bot::nodes::loops::range::Range;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

pub(super) const TABLE_ROWS: IteratorType = IteratorType {
    package: "DataTable",
    names: &["iteratorTableRow"],
    example: r#"{ "name": "iterator",
  "value": { "type": "ITERATOR", "iteratorName": "iteratorTableRow", "packageName": "DataTable" },
  "attributes": [ { "name": "table", "value": { "type": "VARIABLE", "variableName": "table" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "record" } }"#,
    item: Expected::Dictionary,
    read,
};

#[derive(Debug)]
struct TableRows {
    table: Expr,
    range: Range,
}

fn read(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Box<dyn LoopItems>> {
    let name = field_of_type(raw, &["VARIABLE", "TABLE"], "table");
    let table = part(checker, raw, name, Expected::Table);
    let range = Range::read(checker, raw);
    Some(Box::new(TableRows { table: table?, range: range? }))
}

impl LoopItems for TableRows {
    fn items<'a>(&'a self, frame: &'a Frame<'_>) -> Result<Items<'a>, Error> {
        Ok(Box::new(self.range.of(self.table.list(&frame.scope)?, frame)?.into_iter()))
    }

    fn list(&self) -> Option<&Expr> {
        Some(&self.table)
    }
}
