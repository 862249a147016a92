//! The iterators over the keys and the values of a dictionary.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::nodes::loops::iterator::Items;
use crate::hosts::bot::nodes::loops::iterator::IteratorType;
use crate::hosts::bot::nodes::loops::iterator::LoopItems;
use crate::hosts::bot::nodes::loops::iterator::field_of_type;
use crate::hosts::bot::nodes::loops::iterator::part;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

pub(super) const KEYS: IteratorType = IteratorType {
    package: "Dictionary",
    names: &["dictionary.iterators.keys", "dictionary.iterators.key"],
    example: r#"{ "name": "iterator",
  "value": { "type": "ITERATOR", "iteratorName": "dictionary.iterators.keys", "packageName": "Dictionary" },
  "attributes": [ { "name": "dictionary", "value": { "type": "VARIABLE", "variableName": "dictionary" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#,
    item: Expected::Text,
    read: |checker, raw| Some(Box::new(Keys(dictionary(checker, raw)?))),
};

pub(super) const VALUES: IteratorType = IteratorType {
    package: "Dictionary",
    names: &["dictionary.iterators.values", "dictionary.iterators.value"],
    example: r#"{ "name": "iterator",
  "value": { "type": "ITERATOR", "iteratorName": "dictionary.iterators.values", "packageName": "Dictionary" },
  "attributes": [ { "name": "dictionary", "value": { "type": "VARIABLE", "variableName": "dictionary" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#,
    item: Expected::Any,
    read: |checker, raw| Some(Box::new(Values(dictionary(checker, raw)?))),
};

#[derive(Debug)]
struct Keys(Expr);

#[derive(Debug)]
struct Values(Expr);

fn dictionary(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Expr> {
    let name = field_of_type(raw, &["VARIABLE", "DICTIONARY"], "dictionary");
    part(checker, raw, name, Expected::Dictionary)
}

impl LoopItems for Keys {
    fn items<'a>(&'a self, frame: &'a Frame<'_>) -> Result<Items<'a>, Error> {
        Ok(Box::new(
            self.0.dictionary(&frame.scope)?.into_iter().map(|(name, _)| Value::Text(name.into_owned())),
        ))
    }
}

impl LoopItems for Values {
    fn items<'a>(&'a self, frame: &'a Frame<'_>) -> Result<Items<'a>, Error> {
        Ok(Box::new(self.0.dictionary(&frame.scope)?.into_iter().map(|(_, value)| value)))
    }
}
