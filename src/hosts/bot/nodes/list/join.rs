//! List.joinList: joins the items to a text.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::VariableKind;
use crate::hosts::bot::values::expression_error;

/// Joins the items of a list to a text
#[derive(Debug)]
pub(crate) struct JoinList {
    source: Expr,
    delimiter: Expr,
}

impl Compute for JoinList {
    const PACKAGE: &'static str = "List";
    const COMMAND: &'static str = "joinList";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "joinList", "packageName": "List", "attributes": [
    { "name": "sourceList", "value": { "type": "VARIABLE", "variableName": "list" } },
    { "name": "delimiter", "value": { "type": "STRING", "string": ", " } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.required(raw, "sourceList", Expected::List);
        let delimiter = checker.given_or_empty(raw, "delimiter");
        Some(JoinList { source: source?, delimiter: delimiter? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let items = self.source.list(&frame.scope)?.into_iter().map(|item| {
            let got = item.kind();
            match VariableKind::Text.keep(item) {
                Some(Value::Text(text)) => Ok(text),
                _ => Err(expression_error(format!("an item of the list is {got}, which is not a text"))),
            }
        });
        let items: Vec<String> = items.collect::<Result<_, _>>()?;
        Ok(items.join(&self.delimiter.text(&frame.scope)?).into())
    }
}
