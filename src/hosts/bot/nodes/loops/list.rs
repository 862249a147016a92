//! The iterator over the items of a list.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::nodes::loops::iterator::Items;
use crate::hosts::bot::nodes::loops::iterator::IteratorType;
use crate::hosts::bot::nodes::loops::iterator::LoopItems;
use crate::hosts::bot::nodes::loops::iterator::part;
use crate::hosts::bot::nodes::loops::range::Range;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::session_flow::Iterations;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

pub(super) const LIST: IteratorType = IteratorType {
    package: "List",
    names: &["list.iterators.list"],
    example: r#"{ "name": "iterator",
  "value": { "type": "ITERATOR", "iteratorName": "list.iterators.list", "packageName": "List" },
  "attributes": [ { "name": "list", "value": { "type": "VARIABLE", "variableName": "list" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#,
    item: Expected::Any,
    read,
};

#[derive(Debug)]
struct ListItems {
    list: Expr,
    range: Range,
}

fn read(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Box<dyn LoopItems>> {
    let list = part(checker, raw, "list", Expected::List);
    let range = Range::read(checker, raw);
    Some(Box::new(ListItems { list: list?, range: range? }))
}

impl LoopItems for ListItems {
    fn items<'a>(&'a self, frame: &'a Frame<'_>) -> Result<Items<'a>, Error> {
        Ok(Box::new(self.range.of(self.list.list(&frame.scope)?, frame)?.into_iter()))
    }

    fn list(&self) -> Option<&Expr> {
        Some(&self.list)
    }

    fn iterations(&self) -> Iterations {
        match &self.list {
            Expr::Constant(Value::List(items)) if self.range.is_all() => {
                let times = u64::try_from(items.len()).unwrap_or(u64::MAX);
                Iterations { least: times, most: Some(times) }
            }
            _ => Iterations { least: 0, most: None },
        }
    }
}
