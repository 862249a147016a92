//! The iterator over a number of times.

use crate::contract::Error;
use crate::contract::Number;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::nodes::loops::iterator::Items;
use crate::hosts::bot::nodes::loops::iterator::IteratorType;
use crate::hosts::bot::nodes::loops::iterator::LoopItems;
use crate::hosts::bot::nodes::loops::iterator::part;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::session_flow::Iterations;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

pub(super) const TIMES: IteratorType = IteratorType {
    package: "Loop",
    names: &["loop.iterators.times"],
    example: r#"{ "name": "iterator",
  "value": { "type": "ITERATOR", "iteratorName": "loop.iterators.times", "packageName": "Loop" },
  "attributes": [ { "name": "times", "value": { "type": "NUMBER", "number": "3" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#,
    item: Expected::Number,
    read,
};

#[derive(Debug)]
struct Times(Expr);

fn read(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Box<dyn LoopItems>> {
    Some(Box::new(Times(part(checker, raw, "times", Expected::Number)?)))
}

impl LoopItems for Times {
    fn items<'a>(&'a self, frame: &'a Frame<'_>) -> Result<Items<'a>, Error> {
        let times = self.0.whole_number(&frame.scope, "the number of iterations")?;
        Ok(Box::new((1..=times).map(Value::from)))
    }

    fn iterations(&self) -> Iterations {
        match &self.0 {
            Expr::Constant(Value::Number(Number::Integer(times))) => {
                let times = u64::try_from(*times).unwrap_or(0);
                Iterations { least: times, most: Some(times) }
            }
            _ => Iterations { least: 0, most: None },
        }
    }
}
