//! What the fuzz targets of bot files and their expressions check. Decision 0280.

use std::path::Path;

use crate::contract::Error;
use crate::contract::Number;
use crate::contract::fuzzing::check_error;
use crate::contract::fuzzing::check_text;
use crate::contract::fuzzing::planted;
use crate::contract::read_json;
use crate::hosts::bot::format::read_bot_file;
use crate::hosts::bot::load::LoadOptions;
use crate::hosts::bot::load::load;
use crate::hosts::bot::values::VariableScope;
use crate::hosts::bot::values::expression::Arithmetic;
use crate::hosts::bot::values::expression::Base;
use crate::hosts::bot::values::expression::Reference;
use crate::hosts::bot::values::expression::Template;
use crate::hosts::bot::values::expression::whole_reference;

/// A file is read and checked, its faults contain no token, and a file that cannot be read has a fault
///
/// The file at `place` has this text, with the token at each mark, and is alone in its folder.
pub fn bot_file(place: &Path, text: &[u8]) {
    let analysis = load(place, &LoadOptions::default());
    for fault in &analysis.faults {
        check_error(&fault.error);
        check_text(&fault.place.to_string());
    }
    analysis.warnings.iter().for_each(|warning| check_text(&warning.to_string()));
    assert!(analysis.supported_nodes <= analysis.enabled_nodes);
    if let Err(error) = read_bot_file(text) {
        check_error(&error);
        assert!(!analysis.faults.is_empty(), "a file that cannot be read has no fault");
    }
}

/// An expression is refused or has a value; a text whose dollar signs are doubled is that text
pub fn expression(input: &[u8]) {
    let Ok(text) = String::from_utf8(planted(input, " ")) else { return };
    let scope = scope();
    let doubled = Template::parse(&text.replace('$', "$$")).and_then(|template| template.text(&scope));
    assert_eq!(doubled.ok().as_ref(), Some(&text), "doubled dollar signs are not read as single ones");
    check_result(Template::parse(&text).and_then(|mut template| {
        let is_declared = template.references_mut().all(is_declared);
        if is_declared { template.text(&scope).map(drop) } else { Ok(()) }
    }));
    check_result(whole_reference(&text).and_then(|mut reference| match is_declared(&mut reference) {
        true => reference.value(&scope).map(drop),
        false => Ok(()),
    }));
    check_result(Arithmetic::parse(&text).and_then(|mut arithmetic| {
        if !arithmetic.references_mut().all(is_declared) {
            return Ok(());
        }
        let number = arithmetic.number(&scope)?;
        assert!(matches!(number, Number::Integer(_)) || number.to_decimal().is_finite(), "{number:?}");
        Ok(())
    }));
}

/// Returns whether a reference and those inside it name variables of the scope, as the check of a flow ensures
fn is_declared(reference: &mut Reference) -> bool {
    let known = match &reference.base {
        Base::Variable(name) => VARIABLES.iter().any(|(variable, _)| variable == name),
        Base::System(_) | Base::Constant(_) => true,
    };
    known && reference.inner_mut().into_iter().all(is_declared)
}

fn check_result(result: Result<(), Error>) {
    if let Err(error) = result {
        check_error(&error);
    }
}

/// Variables of every type, each with a name of one letter
const VARIABLES: [(&str, &str); 8] = [
    ("t", r#""text""#),
    ("n", "7"),
    ("h", "0.5"),
    ("b", "true"),
    ("z", "null"),
    ("l", "[10,[20]]"),
    ("d", r#"{"a":1,"b":{"c":"e"}}"#),
    ("r", r#"[{"id":"1"},{"id":"2"}]"#),
];

fn scope() -> VariableScope {
    let scope = VariableScope::new("bot");
    for (name, json) in VARIABLES {
        scope.declare(name, read_json(json.as_bytes(), 1000).expect("it is JSON"));
    }
    scope
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fuzzing::over_kept_inputs;

    #[test]
    fn kept_bot_files_are_checked_without_a_token_in_a_fault() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("a.bot.json");
        over_kept_inputs("bot_file", |input| {
            let text = planted(input, " ");
            std::fs::write(&place, &text).expect("the folder can be written");
            bot_file(&place, &text);
        });
    }

    #[test]
    fn kept_expressions_are_refused_or_have_a_value() {
        over_kept_inputs("expression", expression);
    }
}
