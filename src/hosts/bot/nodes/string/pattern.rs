//! What Replace, Find and Split look for: a text or a regular expression, with or without case.

use regex::Regex;
use regex::RegexBuilder;

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression_error;

/// The size that a compiled pattern may have, in bytes
const MOST_COMPILED: usize = 1 << 20;

/// The text or the regular expression that a node looks for
#[derive(Debug)]
pub(super) struct Wanted {
    text: Expr,
    match_case: Expr,
    is_regex: Expr,
}

impl Wanted {
    /// Reads the field with this name, and the switches beside it; a constant pattern is compiled
    pub(super) fn read(checker: &mut Checker<'_>, raw: &RawNode, name: &str) -> Option<Self> {
        let text = checker.given_or_empty(raw, name);
        let match_case = checker.flag(raw, "isCaseSensitive", false);
        let is_regex = checker.flag(raw, "isRegularExpression", false);
        let wanted = Wanted { text: text?, match_case: match_case?, is_regex: is_regex? };
        let parts = (&wanted.text, &wanted.match_case, &wanted.is_regex);
        if let (Expr::Constant(text), Expr::Constant(case), Expr::Constant(is_regex)) = parts {
            let compiled =
                compile(text.as_text().unwrap_or_default(), *case == true.into(), *is_regex == true.into());
            checker.parsed(name, compiled)?;
        }
        Some(wanted)
    }

    /// Returns the pattern, and whether it is a regular expression
    ///
    /// Errors: `bot.expression` for an invalid regular expression.
    pub(super) fn pattern(&self, frame: &Frame<'_>) -> Result<(Regex, bool), Error> {
        let is_regex = self.is_regex.boolean(&frame.scope)?;
        let match_case = self.match_case.boolean(&frame.scope)?;
        Ok((compile(&self.text.text(&frame.scope)?, match_case, is_regex)?, is_regex))
    }
}

fn compile(text: &str, match_case: bool, is_regex: bool) -> Result<Regex, Error> {
    let pattern = if is_regex { text.to_owned() } else { regex::escape(text) };
    let built = RegexBuilder::new(&pattern).case_insensitive(!match_case).size_limit(MOST_COMPILED).build();
    built.map_err(|_| {
        expression_error("the regular expression is invalid, or uses what this host does not support")
            .help("Look-around and references to groups in the expression are not supported.")
    })
}
