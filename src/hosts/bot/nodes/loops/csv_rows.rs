//! The iterator over the rows of an open CSV or text file.

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::nodes::csv;
use crate::hosts::bot::nodes::loops::iterator::Items;
use crate::hosts::bot::nodes::loops::iterator::IteratorType;
use crate::hosts::bot::nodes::loops::iterator::LoopItems;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

pub(super) const CSV_ROWS: IteratorType = IteratorType {
    package: "CsvTxt",
    names: &["loop.iterators.forEachRowInCSVTXT", "loop.iterators.csvtxt"],
    example: r#"{ "name": "iterator",
  "value": { "type": "ITERATOR", "iteratorName": "loop.iterators.forEachRowInCSVTXT", "packageName": "CsvTxt" },
  "attributes": [ { "name": "session", "value": { "type": "STRING", "string": "Default" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "record" } }"#,
    item: Expected::Dictionary,
    read,
};

#[derive(Debug)]
struct CsvRows(Expr);

fn read(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Box<dyn LoopItems>> {
    Some(Box::new(CsvRows(csv::session(checker, &raw.attributes)?)))
}

impl LoopItems for CsvRows {
    fn items<'a>(&'a self, frame: &'a Frame<'_>) -> Result<Items<'a>, Error> {
        let rows = frame.tables.rows(&self.0.text(&frame.scope)?)?;
        Ok(Box::new((0..rows.len()).map(move |at| rows[at].clone())))
    }
}
