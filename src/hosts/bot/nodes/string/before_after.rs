//! String.beforeAfter: returns the text before, after or between marks.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression_error;

/// Returns the text before, after or between marks
#[derive(Debug)]
pub(crate) struct BeforeAfter {
    source: Expr,
    /// The text ends before this mark
    before: Option<Mark>,
    /// The text begins after this mark
    after: Option<Mark>,
    /// Whether one of two marks is enough
    either: bool,
    match_case: Expr,
    if_missing: IfMissing,
    most: Option<Expr>,
    trim: Expr,
    remove_lines: Expr,
}

/// A mark and its occurrence, counted from 1
#[derive(Debug)]
struct Mark {
    text: Expr,
    occurrence: Expr,
}

#[derive(Debug, Clone, Copy)]
enum IfMissing {
    Source,
    Blank,
    Fail,
}

impl Compute for BeforeAfter {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "beforeAfter";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "beforeAfter", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$" } },
    { "name": "getCharacters", "value": { "type": "STRING", "string": "BEFOREAFTER" } },
    { "name": "beforeStringInBeforeAfter", "value": { "type": "STRING", "string": "]" } },
    { "name": "beforeOccurrenceInBeforeAfter", "value": { "type": "NUMBER", "number": "1" } },
    { "name": "beforeAfterCondition", "value": { "type": "STRING", "string": "AND" } },
    { "name": "afterStringInBeforeAfter", "value": { "type": "STRING", "string": "[" } },
    { "name": "afterOccurrenceInBeforeAfter", "value": { "type": "NUMBER", "number": "1" } },
    { "name": "ifNoMatchFound", "value": { "type": "STRING", "string": "EMPTY" } },
    { "name": "noOfCharsToGet", "value": { "type": "STRING", "string": "ALL" } },
    { "name": "isCaseSensitive", "value": { "type": "STRING", "string": "true" } },
    { "name": "trimSpaces", "value": { "type": "BOOLEAN", "boolean": true } },
    { "name": "removeEnter", "value": { "type": "BOOLEAN", "boolean": false } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let word = |name: &str| raw.attribute(name).map_or("", |found| found.value.string.as_str());
        let source = checker.given_or_empty(raw, "sourceString");
        let (before, after) = match word("getCharacters") {
            "BEFORE" => (true, false),
            "AFTER" => (false, true),
            "BEFOREAFTER" | "BEFORE_AFTER" => (true, true),
            other => {
                return checker.unknown_word("getCharacters", other, &["BEFORE", "AFTER", "BEFOREAFTER"]);
            }
        };
        let before = if before { Some(mark(checker, raw, "before")?) } else { None };
        let after = if after { Some(mark(checker, raw, "after")?) } else { None };
        let if_missing = match word("ifNoMatchFound") {
            "" | "EMPTY" | "BLANK" => IfMissing::Blank,
            "SOURCE" => IfMissing::Source,
            "ERROR" | "EXCEPTION" => IfMissing::Fail,
            other => return checker.unknown_word("ifNoMatchFound", other, &["EMPTY", "SOURCE", "ERROR"]),
        };
        let most = match word("noOfCharsToGet") {
            "" | "ALL" => None,
            number => match number.parse::<i64>() {
                Ok(number) => Some(Expr::Constant(number.into())),
                Err(_) => Some(checker.required(raw, "numberOfCharacters", Expected::Number)?),
            },
        };
        let match_case = checker.flag(raw, "isCaseSensitive", false);
        let trim = checker.flag(raw, "trimSpaces", false);
        let remove_lines = checker.flag(raw, "removeEnter", false);
        Some(BeforeAfter {
            source: source?,
            before,
            after,
            either: word("beforeAfterCondition") == "OR",
            match_case: match_case?,
            if_missing,
            most,
            trim: trim?,
            remove_lines: remove_lines?,
        })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let scope = &frame.scope;
        let text = scope.masked(self.source.text(scope)?);
        let match_case = self.match_case.boolean(scope)?;
        let begin = match &self.after {
            Some(mark) => mark.place(&text, 0, match_case, frame)?.map(|(_, end)| end),
            None => Some(0),
        };
        // With both marks, the second one is looked for after the first.
        let end = match &self.before {
            Some(mark) => mark.place(&text, begin.unwrap_or(0), match_case, frame)?.map(|(at, _)| at),
            None => Some(text.len()),
        };
        let range = match (begin, end) {
            (Some(begin), Some(end)) => Some(begin..end),
            (Some(begin), None) if self.either => Some(begin..text.len()),
            (None, Some(end)) if self.either => Some(0..end),
            _ => None,
        };
        let mut found = match (range, self.if_missing) {
            (Some(range), _) => text[range].to_owned(),
            (None, IfMissing::Source) => return Ok(text.into()),
            (None, IfMissing::Blank) => return Ok("".into()),
            (None, IfMissing::Fail) => return Err(expression_error("the text does not contain the marks")),
        };
        if self.remove_lines.boolean(scope)? {
            found.retain(|c| !matches!(c, '\r' | '\n'));
        }
        if self.trim.boolean(scope)? {
            found = found.trim().to_owned();
        }
        if let Some(most) = &self.most {
            let most = usize::try_from(most.whole_number(scope, "\"noOfCharsToGet\"")?).unwrap_or(0);
            found = found.chars().take(most).collect();
        }
        Ok(found.into())
    }
}

/// Reads a mark: its attributes have one name with one mark, and another with both
fn mark(checker: &mut Checker<'_>, raw: &RawNode, which: &str) -> Option<Mark> {
    let named = |part: &str| {
        let names = [format!("{which}{part}InBeforeAfter"), format!("{which}{part}")];
        names.into_iter().find(|name| raw.attribute(name).is_some())
    };
    let Some(text) = named("String") else {
        return checker.missing(&raw.attributes, &format!("{which}String"));
    };
    let text = checker.required(raw, &text, Expected::Text);
    let occurrence = match named("Occurrence") {
        Some(name) => checker.number_or(raw, &name, 1),
        None => Some(Expr::Constant(1.into())),
    };
    Some(Mark { text: text?, occurrence: occurrence? })
}

impl Mark {
    /// Returns where the mark begins and ends, from an offset on
    fn place(
        &self,
        text: &str,
        from: usize,
        match_case: bool,
        frame: &Frame<'_>,
    ) -> Result<Option<(usize, usize)>, Error> {
        let mark = self.text.text(&frame.scope)?;
        let occurrence = self.occurrence.whole_number(&frame.scope, "an occurrence")?;
        let Ok(skipped) = usize::try_from(occurrence.saturating_sub(1)) else { return Ok(None) };
        let pattern = regex::RegexBuilder::new(&regex::escape(&mark)).case_insensitive(!match_case).build();
        let pattern = pattern.map_err(|_| expression_error("the mark is too long"))?;
        let found = pattern.find_iter(&text[from..]).nth(skipped);
        Ok(found.map(|found| (from + found.start(), from + found.end())))
    }
}
